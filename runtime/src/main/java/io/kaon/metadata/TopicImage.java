// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata;

import io.kaon.common.Uuid;
import java.util.List;
import java.util.Optional;

/**
 * A topic and its partitions, in the order of their index. Changing a partition costs O(log n).
 *
 * @param name the topic's name
 * @param id never used twice, also when the name is
 * @param partitions unmodifiable
 */
public record TopicImage(String name, Uuid id, List<PartitionImage> partitions) {
    public TopicImage {
        partitions = PersistentList.copyOf(partitions);
    }

    /** Whether the broker keeps it for itself. */
    public boolean isInternal() {
        return InternalTopics.isInternal(name);
    }

    public Optional<PartitionImage> partition(int index) {
        return index >= 0 && index < partitions.size() ? Optional.of(partitions.get(index)) : Optional.empty();
    }

    /** This topic with a partition changed, or added after the last. */
    TopicImage with(PartitionImage partition) {
        return new TopicImage(name, id, PersistentList.copyOf(partitions).with(partition.index(), partition));
    }
}
