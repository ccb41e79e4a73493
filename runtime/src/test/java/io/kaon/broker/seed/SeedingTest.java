// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker.seed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.broker.Broker;
import io.kaon.broker.BrokerOptions;
import io.kaon.broker.DataDirectory;
import io.kaon.broker.TopicSpec;
import io.kaon.network.InJvmCaller;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Seeding a real broker. */
class SeedingTest {
    private static Broker broker;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        broker = Broker.start(BrokerOptions.embedded()
                .withTopics(Map.of(
                        "three",
                        new TopicSpec(3, Map.of()),
                        "strict",
                        new TopicSpec(3, Map.of()),
                        "twice",
                        new TopicSpec(1, Map.of()),
                        "small",
                        new TopicSpec(1, Map.of("max.message.bytes", "2000")),
                        "table",
                        new TopicSpec(1, Map.of("cleanup.policy", "compact")),
                        "compacted",
                        new TopicSpec(1, Map.of("cleanup.policy", "compact")))));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void shouldWriteEveryRecordOfALargeFile() throws IOException {
        // Given
        String text = IntStream.range(0, 50_000)
                .mapToObj(index -> "{\"key\": \"" + index + "\", \"value\": {\"number\": " + index + "}}\n")
                .collect(Collectors.joining());

        // When
        long written = broker.seed("three", file("large.jsonl", "# numbers\n\n" + text));

        // Then
        assertThat(written).isEqualTo(50_000);
        assertThat(endOf("three", 3)).isTrue();
    }

    @Test
    void shouldSeedATopicOnce() throws IOException {
        // Given
        RecordsFile file = file("once.jsonl", "{\"value\": \"a\"}\n{\"value\": \"b\"}");
        assertThat(broker.seed("twice", file)).isEqualTo(2);

        // When
        long again = broker.seed("twice", file);

        // Then
        assertThat(again).isZero();
    }

    @Test
    void shouldReplaceTheRecordsOfATopic() throws IOException {
        // Given
        broker.seed("replaced", file("first.jsonl", "{\"value\": \"a\"}\n{\"value\": \"b\"}"));

        // When
        long written = broker.seedAnew("replaced", file("second.jsonl", "{\"value\": \"c\"}"));

        // Then
        assertThat(written).isEqualTo(1);
    }

    @Test
    void shouldAddToACompactedTopicInsteadOfEmptyingIt() throws IOException {
        // Given
        broker.seed("table", file("table.jsonl", "{\"key\": \"k\", \"value\": \"a\"}"));

        // When
        long written = broker.seedAnew("table", file("later.jsonl", "{\"key\": \"k\", \"value\": \"b\"}"));

        // Then
        assertThat(written).isEqualTo(1);
    }

    @Test
    void shouldTellOneContentFromAnother() throws IOException {
        assertThat(file("a.jsonl", "a").fingerprint())
                .isEqualTo(file("b.jsonl", "a").fingerprint())
                .isNotEqualTo(file("c.jsonl", "b").fingerprint());
    }

    @Test
    void shouldNotSeedAgainAfterRestart() throws IOException {
        // Given
        RecordsFile file = file("kept.jsonl", "{\"value\": \"a\"}");
        BrokerOptions options = BrokerOptions.embedded().withData(DataDirectory.at(folder.resolve("data")));
        try (Broker first = Broker.start(options)) {
            assertThat(first.seed("kept", file)).isEqualTo(1);
        }

        // When
        try (Broker second = Broker.start(options)) {
            // Then
            assertThat(second.seed("kept", file)).isZero();
        }
    }

    @Test
    void shouldBeginAnewWhenASeedingWasCutShort() throws IOException {
        // Given
        BrokerOptions options = BrokerOptions.embedded().withData(DataDirectory.at(folder.resolve("data")));
        try (Broker first = Broker.start(options)) {
            first.seed("cut", file("half.jsonl", "{\"value\": \"a\"}"));
        }
        SeedMark.of(folder.resolve("data"), "cut").set(); // As a process that was killed leaves it.

        // When
        RecordsFile whole = file("whole.jsonl", "{\"value\": \"a\"}\n{\"value\": \"b\"}\n");
        try (Broker second = Broker.start(options)) {
            // Then
            assertThat(second.seed("cut", whole)).isEqualTo(2);
            assertThat(second.seed("cut", whole)).isZero();
        }
    }

    @Test
    void shouldNameFileAndLineAndWriteNothingWhenALineIsBad() throws IOException {
        // When
        RecordsFile file = file("bad.jsonl", "{\"value\": \"a\"}\n{\"value\": \"b\", \"partition\": 7}\n");

        // Then
        assertThatThrownBy(() -> broker.seed("strict", file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bad.jsonl:2: there is no partition 7: the topic strict has 3");
        assertThat(endOf("strict", 3)).isFalse();
    }

    @Test
    void shouldSplitBatchThatATopicDoesNotTake() throws IOException {
        // Given
        String record = "{\"value\": \"" + "x".repeat(900) + "\"}\n";

        // When
        long written = broker.seed("small", file("small.jsonl", record.repeat(10)));

        // Then
        assertThat(written).isEqualTo(10);
    }

    @Test
    void shouldNameTheRecordThatATopicDoesNotTake() throws IOException {
        // When
        RecordsFile file = file("keyless.jsonl", "{\"key\": \"k\", \"value\": \"a\"}\n{\"value\": \"b\"}\n");

        // Then
        assertThatThrownBy(() -> broker.seed("compacted", file))
                .isInstanceOf(RecordsFileException.class)
                .hasMessageContaining("keyless.jsonl:2: the topic compacted does not take this record");
    }

    @Test
    void shouldSayThatAFileIsNotText() throws IOException {
        // Given
        Path path = folder.resolve("latin.jsonl");
        Files.write(path, "{\"value\": \"é\"}".getBytes(StandardCharsets.ISO_8859_1));

        // Then
        assertThatThrownBy(() -> broker.seed("latin", RecordsFile.of(path)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("latin.jsonl:1: this or a later line is not UTF-8");
    }

    @Test
    void shouldFindResourceBeforeFile() {
        assertThat(RecordsFile.find("io/kaon/broker/Broker.class", Broker.class.getClassLoader()))
                .isPresent();
        assertThat(RecordsFile.find("no/such/file.jsonl", Broker.class.getClassLoader()))
                .isEmpty();
    }

    private RecordsFile file(String name, String text) throws IOException {
        return RecordsFile.of(Files.writeString(folder.resolve(name), text));
    }

    private static boolean endOf(String topic, int partitions) {
        InJvmCaller caller = broker.connect("test");
        try {
            return new TopicCalls(caller, topic).hasEverHeldRecords(partitions);
        } finally {
            caller.close();
        }
    }
}
