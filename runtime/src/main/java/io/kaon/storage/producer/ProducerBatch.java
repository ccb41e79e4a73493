// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.producer;

import io.kaon.record.BatchFormat;
import io.kaon.record.BatchHeader;
import io.kaon.record.Sequences;

/**
 * What a batch says of its producer.
 *
 * @param producerId not negative
 * @param epoch the producer's epoch
 * @param baseSequence sequence of the first record; −1 in a control batch
 * @param lastOffsetDelta records minus one
 * @param timestamp the largest of its records, in ms
 */
public record ProducerBatch(long producerId, short epoch, int baseSequence, int lastOffsetDelta, long timestamp) {
    /** Reads a batch that has a producer id. */
    public static ProducerBatch of(BatchHeader batch) {
        return new ProducerBatch(
                batch.producerId(),
                batch.producerEpoch(),
                batch.baseSequence(),
                batch.lastOffsetDelta(),
                batch.maxTimestamp());
    }

    int lastSequence() {
        return baseSequence < 0 ? BatchFormat.NO_SEQUENCE : Sequences.add(baseSequence, lastOffsetDelta);
    }
}
