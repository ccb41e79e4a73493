// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.producer;

/**
 * What a snapshot keeps of one producer.
 *
 * @param producerId its id
 * @param epoch its epoch
 * @param lastSequence sequence of its last record; −1 when it wrote only control records
 * @param lastOffset offset of that record
 * @param offsetDelta records of its last batch minus one
 * @param timestamp when that batch was appended, in ms of the broker's clock (Kafka puts the records' own time here)
 */
public record ProducerEntry(
        long producerId, short epoch, int lastSequence, long lastOffset, int offsetDelta, long timestamp) {}
