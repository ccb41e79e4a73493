// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.producer;

import io.kaon.record.BatchFormat;
import io.kaon.record.BatchHeader;
import io.kaon.record.Sequences;

/**
 * What a batch of data says of its producer.
 *
 * @param producerId not negative
 * @param epoch the producer's epoch
 * @param baseSequence sequence of the first record; −1 in what a coordinator writes for a producer (offsets of a
 *     transaction)
 * @param lastOffsetDelta records minus one
 * @param timestamp the largest of its records, in ms
 * @param isTransactional whether the records belong to a transaction
 */
public record ProducerBatch(
        long producerId, short epoch, int baseSequence, int lastOffsetDelta, long timestamp, boolean isTransactional) {
    /** Reads a batch that has a producer id and is no control batch. */
    public static ProducerBatch of(BatchHeader batch) {
        return new ProducerBatch(
                batch.producerId(),
                batch.producerEpoch(),
                batch.baseSequence(),
                batch.lastOffsetDelta(),
                batch.maxTimestamp(),
                // Compaction leaves an empty batch for its sequence; the transaction is over, and its marker may be
                // gone.
                batch.isTransactional() && batch.count() > 0);
    }

    int lastSequence() {
        return baseSequence < 0 ? BatchFormat.NO_SEQUENCE : Sequences.add(baseSequence, lastOffsetDelta);
    }
}
