// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.assignor;

import io.kaon.common.Uuid;

/**
 * What an assignor sees of a topic.
 *
 * @param id the topic's id
 * @param partitionCount its partitions are 0 to {@code partitionCount - 1}
 * @param racks where the replicas of each are
 */
public record AssignorTopic(Uuid id, int partitionCount, PartitionRacks racks) {
    /** A topic of which only the size matters. */
    public AssignorTopic(Uuid id, int partitionCount) {
        this(id, partitionCount, PartitionRacks.NONE);
    }
}
