// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import io.kaon.common.Uuid;
import io.kaon.coordinator.group.assignor.Assignment;
import io.kaon.coordinator.group.assignor.PartitionSet;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Partitions by topic, each with the member epoch at which it was given to its owner. Unmodifiable; topics without
 * partitions are left out.
 *
 * @param topics epoch by partition, by topic id
 */
public record PartitionEpochs(SortedMap<Uuid, SortedMap<Integer, Integer>> topics) {
    public static final PartitionEpochs EMPTY = new PartitionEpochs(new TreeMap<>());

    /** Wraps what the caller does not change any more. */
    public PartitionEpochs {
        topics = Collections.unmodifiableSortedMap(topics);
    }

    public boolean isEmpty() {
        return topics.isEmpty();
    }

    /** Partitions of a topic with their epochs, possibly none. */
    public SortedMap<Integer, Integer> of(Uuid topicId) {
        return topics.getOrDefault(topicId, Collections.emptySortedMap());
    }

    public boolean contains(Uuid topicId, int partition) {
        return of(topicId).containsKey(partition);
    }

    /** How many partitions. */
    public int size() {
        return topics.values().stream().mapToInt(Map::size).sum();
    }

    /** Visits each partition. */
    public void forEach(Visitor visitor) {
        topics.forEach((topicId, partitions) ->
                partitions.forEach((partition, epoch) -> visitor.visit(topicId, partition, epoch)));
    }

    /** The same partitions, all with this epoch. */
    public PartitionEpochs withEpochs(int epoch) {
        Builder all = new Builder();
        forEach((topicId, partition, ignored) -> all.add(topicId, partition, epoch));
        return all.build();
    }

    /** The partitions alone. */
    public Assignment partitions() {
        Map<Uuid, PartitionSet> plain = new TreeMap<>();
        topics.forEach((topicId, partitions) -> plain.put(topicId, PartitionSet.copyOf(partitions.keySet())));
        return new Assignment(plain);
    }

    /** Collects partitions. */
    public static final class Builder {
        private final SortedMap<Uuid, SortedMap<Integer, Integer>> topics = new TreeMap<>();

        public Builder add(Uuid topicId, int partition, int epoch) {
            topics.computeIfAbsent(topicId, ignored -> new TreeMap<>()).put(partition, epoch);
            return this;
        }

        public Builder addAll(PartitionEpochs others) {
            others.forEach(this::add);
            return this;
        }

        public boolean isEmpty() {
            return topics.isEmpty();
        }

        /** The builder is not used afterwards. */
        public PartitionEpochs build() {
            return topics.isEmpty() ? EMPTY : new PartitionEpochs(topics);
        }
    }

    /** Looks at one partition. */
    @FunctionalInterface
    public interface Visitor {
        void visit(Uuid topicId, int partition, int epoch);
    }
}
