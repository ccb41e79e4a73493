// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static io.kaon.server.handler.SettingsFixture.EARLIEST;
import static io.kaon.server.handler.SettingsFixture.LATEST;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.record.Record;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.record.RecordLimits;
import io.kaon.record.codec.StandardCodecs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The settings of compaction, changed while the topic is in use: a consumer sees what they do. */
class CompactionSettingsEffectTest {
    private static final long MINUTE_MS = 60_000;

    @TempDir
    Path data;

    private SettingsFixture topic;

    @BeforeEach
    void start() {
        topic = new SettingsFixture(data);
        topic.broker.compact();
        // Each record has a segment of its own, and the last one is never compacted.
        topic.alter("segment.ms", "1");
    }

    @AfterEach
    void stop() {
        topic.close();
    }

    @Test
    void shouldCompactWithTheCleanupPolicyCompactOnly() {
        // Given
        produce("a1", "a2", "b1", "a3", "b2", "c1");
        List<String> before = records();

        // When
        topic.alter("cleanup.policy", "compact");
        topic.broker.time.advance(TestBroker.COMPACTION_MS);

        // Then
        assertThat(before).containsExactly("a1", "a2", "b1", "a3", "b2", "c1");
        assertThat(records()).containsExactly("a3", "b2", "c1");
        assertThat(topic.offset(LATEST)).isEqualTo(6);
    }

    @Test
    void shouldWaitForMinCleanableDirtyRatio() {
        // Given
        topic.alter("min.cleanable.dirty.ratio", "1.0");
        topic.alter("cleanup.policy", "compact");
        produce("a1", "a2", "b1", "c1");
        topic.broker.time.advance(TestBroker.COMPACTION_MS);
        topic.alter("min.cleanable.dirty.ratio", "0.1");
        topic.broker.time.advance(TestBroker.COMPACTION_MS);
        assertThat(records()).containsExactly("a2", "b1", "c1");

        // When: one new record beside many that are compacted
        topic.alter("min.cleanable.dirty.ratio", "0.9");
        produce("a3", "d1");
        topic.broker.time.advance(TestBroker.COMPACTION_MS);
        List<String> before = records();
        topic.alter("min.cleanable.dirty.ratio", "0.1");
        topic.broker.time.advance(TestBroker.COMPACTION_MS);

        // Then
        assertThat(before).containsExactly("a2", "b1", "c1", "a3", "d1");
        assertThat(records()).containsExactly("b1", "c1", "a3", "d1");
    }

    @Test
    void shouldLeaveRecordsAloneForMinCompactionLagMs() {
        // Given
        topic.alter("min.compaction.lag.ms", Long.toString(60 * MINUTE_MS));
        topic.alter("cleanup.policy", "compact");
        produce("a1", "a2", "b1");

        // When
        topic.broker.time.advance(50 * MINUTE_MS);
        List<String> young = records();
        topic.broker.time.advance(20 * MINUTE_MS);

        // Then
        assertThat(young).containsExactly("a1", "a2", "b1");
        assertThat(records()).containsExactly("a2", "b1");
    }

    @Test
    void shouldCompactAfterMaxCompactionLagMsWhateverTheRatio() {
        // Given
        topic.alter("cleanup.policy", "compact");
        produce("a1", "a2", "b1", "c1");
        topic.broker.time.advance(TestBroker.COMPACTION_MS);
        topic.alter("min.cleanable.dirty.ratio", "1.0");
        produce("a3", "d1");

        // When
        topic.alter("max.compaction.lag.ms", Long.toString(60 * MINUTE_MS));
        topic.broker.time.advance(50 * MINUTE_MS);
        List<String> young = records();
        topic.broker.time.advance(20 * MINUTE_MS);

        // Then
        assertThat(young).containsExactly("a2", "b1", "c1", "a3", "d1");
        assertThat(records()).containsExactly("b1", "c1", "a3", "d1");
    }

    @Test
    void shouldKeepTombstonesForDeleteRetentionMs() {
        // Given
        topic.alter("min.cleanable.dirty.ratio", "0");
        topic.alter("delete.retention.ms", Long.toString(60 * MINUTE_MS));
        topic.alter("cleanup.policy", "compact");
        produce("a1", "a", "b1", "c1");
        topic.broker.time.advance(TestBroker.COMPACTION_MS);

        // When
        List<String> first = records();
        topic.broker.time.advance(50 * MINUTE_MS);
        produce("d1");
        topic.broker.time.advance(TestBroker.COMPACTION_MS);
        List<String> before = records();
        topic.broker.time.advance(20 * MINUTE_MS);
        produce("e1");
        topic.broker.time.advance(TestBroker.COMPACTION_MS);

        // Then
        assertThat(first).containsExactly("a", "b1", "c1");
        assertThat(before).containsExactly("a", "b1", "c1", "d1");
        assertThat(records()).containsExactly("b1", "c1", "d1", "e1");
    }

    /** Values whose first letter is the key; one letter alone is a tombstone. A second apart, so that segments roll. */
    private void produce(String... values) {
        for (String value : values) {
            topic.broker.time.advance(1000);
            RecordBatchBuilder batch = RecordBatchBuilder.uncompressed()
                    .append(
                            topic.broker.time.wallMs(),
                            value.substring(0, 1).getBytes(UTF_8),
                            value.length() == 1 ? null : value.getBytes(UTF_8));
            assertThat(topic.produced(batch.build())).isEqualTo(ErrorCode.NONE);
        }
    }

    /** What a consumer that begins at the start sees. */
    private List<String> records() {
        List<String> records = new ArrayList<>();
        long end = topic.offset(LATEST);
        for (long offset = topic.offset(EARLIEST); offset < end; ) {
            List<RecordBatch> batches = topic.batches(offset);
            if (batches.isEmpty()) {
                throw new AssertionError("nothing to read at " + offset);
            }
            for (RecordBatch batch : batches) {
                for (Record record : batch.records(RecordLimits.of(new StandardCodecs()))) {
                    records.add(text(record));
                }
                offset = batch.nextOffset();
            }
        }
        return records;
    }

    private static String text(Record record) {
        return UTF_8.decode(record.value() == null ? record.key() : record.value())
                .toString();
    }
}
