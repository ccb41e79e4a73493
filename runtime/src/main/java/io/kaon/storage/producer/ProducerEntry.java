// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.producer;

/**
 * What is known of one producer, as a snapshot keeps it and as others may see it. Immutable.
 *
 * @param producerId its id
 * @param epoch its epoch
 * @param lastSequence sequence of its last record of data; −1 when there is none in this epoch
 * @param lastOffset offset of that record; −1 when there is none in this epoch
 * @param offsetDelta records of its last batch minus one
 * @param timestamp when that batch was appended, in ms of the broker's clock (Kafka puts the records' own time here)
 * @param coordinatorEpoch epoch of the coordinator that ended its last transaction here; −1 when none did
 * @param openTransactionFirstOffset where its transaction that has not ended begins; −1 when there is none
 */
public record ProducerEntry(
        long producerId,
        short epoch,
        int lastSequence,
        long lastOffset,
        int offsetDelta,
        long timestamp,
        int coordinatorEpoch,
        long openTransactionFirstOffset) {
    /** No coordinator has ended a transaction of the producer here. */
    public static final int NO_COORDINATOR_EPOCH = -1;

    /** There is no batch, or no transaction. */
    public static final long NO_OFFSET = -1;

    /** A producer without transactions. */
    public ProducerEntry(
            long producerId, short epoch, int lastSequence, long lastOffset, int offsetDelta, long timestamp) {
        this(producerId, epoch, lastSequence, lastOffset, offsetDelta, timestamp, NO_COORDINATOR_EPOCH, NO_OFFSET);
    }
}
