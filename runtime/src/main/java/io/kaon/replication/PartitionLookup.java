// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import io.kaon.common.ErrorCode;

/** The answer to "do you lead this partition?". */
public sealed interface PartitionLookup {
    /** This broker leads it. Its log may still be opening: what is sent to the partition waits in order. */
    record Found(Partition partition) implements PartitionLookup {}

    /**
     * This broker cannot serve it.
     *
     * @param error UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID, NOT_LEADER_OR_FOLLOWER or KAFKA_STORAGE_ERROR
     */
    record Missing(ErrorCode error) implements PartitionLookup {}
}
