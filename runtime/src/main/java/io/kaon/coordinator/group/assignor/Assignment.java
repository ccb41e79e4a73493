// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.assignor;

import io.kaon.common.Uuid;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/**
 * Partitions of several topics: what a member has, shall have, or gives up.
 *
 * @param topics in the order of the ids, no topic without partitions; unmodifiable
 */
public record Assignment(Map<Uuid, PartitionSet> topics) {
    public static final Assignment EMPTY = new Assignment(Map.of());

    public Assignment {
        TreeMap<Uuid, PartitionSet> copy = new TreeMap<>(topics);
        copy.values().removeIf(PartitionSet::isEmpty);
        topics = Collections.unmodifiableMap(copy);
    }

    public PartitionSet partitions(Uuid topic) {
        return topics.getOrDefault(topic, PartitionSet.EMPTY);
    }

    public boolean contains(Uuid topic, int partition) {
        return partitions(topic).contains(partition);
    }

    public boolean isEmpty() {
        return topics.isEmpty();
    }

    /** How many partitions, of all topics. */
    public int partitionCount() {
        int count = 0;
        for (PartitionSet partitions : topics.values()) {
            count += partitions.size();
        }
        return count;
    }

    public Assignment plus(Assignment other) {
        if (isEmpty() || other.isEmpty()) {
            return isEmpty() ? other : this;
        }
        TreeMap<Uuid, PartitionSet> sum = new TreeMap<>(topics);
        other.topics.forEach((topic, partitions) -> sum.merge(topic, partitions, PartitionSet::plus));
        return new Assignment(sum);
    }

    /** What is here and not there. */
    public Assignment minus(Assignment other) {
        return other.isEmpty() ? this : with(other, PartitionSet::minus);
    }

    /** What is here and there. */
    public Assignment intersection(Assignment other) {
        return with(other, PartitionSet::intersection);
    }

    private Assignment with(Assignment other, BinaryOperator<PartitionSet> operation) {
        TreeMap<Uuid, PartitionSet> result = new TreeMap<>();
        topics.forEach((topic, here) -> result.put(topic, operation.apply(here, other.partitions(topic))));
        return new Assignment(result);
    }
}
