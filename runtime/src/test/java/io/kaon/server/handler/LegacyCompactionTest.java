// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.record.CompressionType;
import io.kaon.record.legacy.LegacyMessages;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.FetchResponse;
import io.kaon.wire.message.FetchResponse.PartitionData;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Topics whose producers and consumers know only the old formats, over the time that segments and compaction take. */
class LegacyCompactionTest {
    private static final long MINUTE_MS = 60_000;

    @TempDir
    Path data;

    private SettingsFixture topic;

    @BeforeEach
    void start() {
        topic = new SettingsFixture(data);
        topic.broker.compact();
    }

    @AfterEach
    void stop() {
        topic.close();
    }

    @Test
    void shouldBeginASegmentByTheClockWhereRecordsHaveNoTimestamps() {
        // Given
        topic.alter("segment.ms", Long.toString(10 * MINUTE_MS));
        produce(CompressionType.NONE, "a");

        // When
        topic.broker.time.advance(6 * MINUTE_MS);
        produce(CompressionType.NONE, "b");
        List<String> young = topic.files(".log");
        topic.broker.time.advance(6 * MINUTE_MS);
        produce(CompressionType.NONE, "c");

        // Then
        assertThat(young).hasSize(1);
        assertThat(topic.files(".log")).containsExactly("00000000000000000000.log", "00000000000000000002.log");
    }

    @ParameterizedTest
    @EnumSource(names = {"NONE", "GZIP", "SNAPPY", "LZ4"})
    void shouldReadPastWhatCompactionTookAway(CompressionType type) {
        // Given: all with one key, and the last segment is never compacted
        topic.alter("segment.ms", "1");
        topic.alter("cleanup.policy", "compact");
        for (String value : List.of("a", "b", "c", "d")) {
            topic.broker.time.advance(1_000);
            produce(type, value, value + "2");
        }

        // When
        topic.broker.time.advance(TestBroker.COMPACTION_MS);

        // Then
        for (int version = 0; version <= 3; version++) {
            String magic = version < 2 ? "m0 " : "m1 ";
            boolean isWrapped = type != CompressionType.NONE;
            String kept = isWrapped ? (version < 2 ? "5:[5=c2]" : "5:[0=c2]") : "5=c2";
            for (int offset = 0; offset <= 5; offset++) {
                assertThat(read(version, offset).get(0))
                        .as("Fetch %d from %d", version, offset)
                        .isEqualTo(magic + kept);
            }
            assertThat(read(version, 6).get(0)).startsWith(magic + (isWrapped ? "7:[" : "6=d"));
        }
    }

    private void produce(CompressionType type, String... values) {
        assertThat(topic.produce(0, LegacyMessages.set(0, type, values)).errorCode())
                .isEqualTo(ErrorCode.NONE.code());
    }

    private List<String> read(int version, long offset) {
        FetchResponse response =
                topic.broker.call(ApiKey.FETCH, version, Batches.fetch(SettingsFixture.TOPIC, Uuid.ZERO, offset));
        PartitionData partition = response.responses().get(0).partitions().get(0);
        assertThat(partition.errorCode()).isZero();
        List<String> read = LegacyMessages.read(partition.records().toBuffer());
        partition.records().release();
        return read;
    }
}
