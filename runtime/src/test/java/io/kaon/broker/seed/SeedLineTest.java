// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker.seed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeedLineTest {
    @Test
    void shouldReadEveryMember() {
        // When
        SeedRecord record = SeedLine.parse(
                "{\"key\": \"k\", \"value\": \"v\", \"headers\": {\"a\": \"1\", \"a\": null}, \"partition\": 2,"
                        + " \"timestamp\": 17}",
                4);

        // Then
        assertThat(record.line()).isEqualTo(4);
        assertThat(text(record.key())).isEqualTo("k");
        assertThat(text(record.value())).isEqualTo("v");
        assertThat(record.partition()).isEqualTo(2);
        assertThat(record.timestampMs()).isEqualTo(17);
        assertThat(record.headers()).hasSize(2).allMatch(header -> header.key().equals("a"));
        assertThat(record.headers().get(1).hasValue()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"value\": \"a \\\"b\\\" é\"} | a \"b\" é",
                "{\"value\": {\"b\": 1.10, \"a\": [ 1,2 ]} } | {\"b\": 1.10, \"a\": [ 1,2 ]}",
                "{\"value\": [1, {\"x\": \"]\"}]} | [1, {\"x\": \"]\"}]",
                "{\"value\": 12345678901234567890.10} | 12345678901234567890.10",
                "{\"value\": true} | true",
                "{\"valueBase64\": \"aGk=\"} | hi",
            })
    void shouldTakeTheValueAsItStands(String line, String expected) {
        assertThat(text(SeedLine.parse(line, 1).value())).isEqualTo(expected);
    }

    @Test
    void shouldReadTombstoneAndRecordWithoutKey() {
        // When
        SeedRecord record = SeedLine.parse("{\"value\": null}", 1);

        // Then
        assertThat(record.key()).isNull();
        assertThat(record.value()).isNull();
        assertThat(record.partition()).isEqualTo(SeedRecord.NO_PARTITION);
    }

    @Test
    void shouldReadTimestampWrittenAsTime() {
        assertThat(SeedLine.parse("{\"value\": 1, \"timestamp\": \"1970-01-01T01:00:01+01:00\"}", 1)
                        .timestampMs())
                .isEqualTo(1000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "hello | not JSON",
                "{\"value\": 1 | not JSON",
                "[1] | not a JSON object",
                "{\"value\": 1} {} | more than one JSON object",
                "{\"key\": \"k\"} | no value",
                "{\"value\": 1, \"vlaue\": 2} | 'vlaue' is not known; a record has key, keyBase64, value",
                "{\"value\": 1, \"valueBase64\": \"\"} | two values",
                "{\"value\": 1, \"partition\": -1} | partition must be a whole number from 0, was -1",
                "{\"value\": 1, \"partition\": 99999999999} | partition",
                "{\"value\": 1, \"partition\": \"0\"} | partition must be a whole number",
                "{\"value\": 1, \"timestamp\": \"noon\"} | 2026-03-01T12:00:00Z, was noon",
                "{\"value\": 1, \"headers\": [\"a\"]} | headers must be an object",
                "{\"value\": 1, \"headers\": {\"a\": 1}} | the header 'a' must be a text or null",
                "{\"valueBase64\": \"?\"} | valueBase64 is not base64",
            })
    void shouldSayWhatIsWrongAndWhatIsExpected(String line, String message) {
        assertThatThrownBy(() -> SeedLine.parse(line, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void shouldReadLinesOfEveryKindOfEnd() throws IOException {
        // Given
        Lines lines = new Lines(new StringReader("a\r\n\nb\rc"), 10);
        StringBuilder line = new StringBuilder();
        List<String> seen = new ArrayList<>();

        // When
        while (lines.next(line)) {
            seen.add(lines.number() + line.toString());
        }

        // Then
        assertThat(seen).containsExactly("1a", "2", "3b", "4c");
    }

    @Test
    void shouldRefuseLongLine() {
        assertThatThrownBy(() -> new Lines(new StringReader("abc"), 2).next(new StringBuilder()))
                .hasMessageContaining("at most 2 characters");
    }

    @ParameterizedTest
    @CsvSource({
        "21, -973932308",
        "foobar, -790332482",
        "a-little-bit-long-string, -985981536",
        "a-little-bit-longer-string, -1486304829",
        "abc, 479470107"
    })
    void shouldHashKeysAsKafkaClientsDo(String key, int expected) {
        assertThat(KeyHash.hash(key.getBytes(StandardCharsets.UTF_8))).isEqualTo(expected);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
