// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.common.TopicPartition;
import java.util.Collection;

/** How much room the partitions of a transaction take in its record, at most. */
final class PartitionListSize {
    /** The lengths of a topic's name and of its list of partitions, in either version, and room for a tag. */
    private static final int BYTES_PER_TOPIC = 12;

    private static final int BYTES_PER_PARTITION = 4;

    private PartitionListSize() {}

    /** Partitions of one topic stand together. */
    static long inBytes(Collection<TopicPartition> sorted) {
        long bytes = 0;
        String topic = null;
        for (TopicPartition partition : sorted) {
            if (!partition.topic().equals(topic)) {
                topic = partition.topic();
                bytes += BYTES_PER_TOPIC + (long) topic.length() * TransactionRecord.MAX_BYTES_PER_CHAR;
            }
            bytes += BYTES_PER_PARTITION;
        }
        return bytes;
    }
}
