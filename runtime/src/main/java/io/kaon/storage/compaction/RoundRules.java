// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.compaction;

import io.kaon.record.Compression;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordLimits;
import io.kaon.storage.producer.ProducerEntry;
import java.util.Map;
import java.util.Optional;

/**
 * What one round goes by. It does not change while the round runs.
 *
 * @param nowMs wall time at its start
 * @param deleteRetentionMs {@code delete.retention.ms}
 * @param logStartOffset records below were deleted by request
 * @param producers the active ones by their id, as of the round's start
 * @param limits codecs, and how far a batch may be decompressed
 * @param compression at which level batches of its codec are compressed again
 */
public record RoundRules(
        long nowMs,
        long deleteRetentionMs,
        long logStartOffset,
        Map<Long, ProducerEntry> producers,
        RecordLimits limits,
        Optional<Compression> compression) {
    public RoundRules {
        producers = Map.copyOf(producers);
    }

    /** Whether a producer's sequence, or its epoch, is known from this batch when the log is loaded again. */
    boolean isLastOfProducer(RecordBatch batch) {
        ProducerEntry producer = batch.hasProducerId() ? producers.get(batch.producerId()) : null;
        if (producer == null) {
            return false;
        }
        return producer.lastOffset() >= 0
                ? producer.lastOffset() == batch.lastOffset()
                : batch.isControl() && producer.epoch() == batch.producerEpoch();
    }

    /** When what is seen for the first time now may be forgotten, in ms. */
    long horizonMs() {
        return nowMs > Long.MAX_VALUE - deleteRetentionMs ? Long.MAX_VALUE : nowMs + deleteRetentionMs;
    }
}
