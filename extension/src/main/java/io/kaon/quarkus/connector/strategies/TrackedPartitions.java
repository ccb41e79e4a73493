// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.strategies;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * The partitions whose progress a channel follows. Any thread reads; a rebalance, which is rare, replaces the table that
 * they read.
 */
final class TrackedPartitions {
    /**
     * One partition of the channel.
     *
     * @param isCommitted whether the group has assigned it, so that its offsets are committed
     */
    record Tracked(TopicPartition id, PartitionProgress<Message<?>> progress, boolean isCommitted) {}

    private volatile Map<String, Tracked[]> byTopic = Map.of();
    private volatile boolean isAssignedByGroup;

    /** The partition, if it is tracked. */
    Optional<Tracked> find(String topic, int partition) {
        return Optional.ofNullable(get(topic, partition));
    }

    /**
     * The partition of a record that the application is about to get. One that no group has assigned is followed all the
     * same, unless a group does assign: then it has been revoked since the record was fetched.
     */
    Optional<Tracked> findOrTrack(String topic, int partition) {
        Tracked found = get(topic, partition);
        if (found == null && !isAssignedByGroup) {
            found = track(new TopicPartition(topic, partition), false);
        }
        return Optional.ofNullable(found);
    }

    /** The group has assigned partitions. */
    void assigned(Collection<TopicPartition> partitions) {
        isAssignedByGroup = true;
        partitions.forEach(partition -> track(partition, true));
    }

    /** Takes partitions out and returns what they were. */
    synchronized List<Tracked> remove(Collection<TopicPartition> partitions) {
        List<Tracked> removed = new ArrayList<>();
        Map<String, Tracked[]> next = new HashMap<>(byTopic);
        for (TopicPartition partition : partitions) {
            Tracked tracked = get(partition.topic(), partition.partition());
            if (tracked != null) {
                removed.add(tracked);
                next.computeIfPresent(partition.topic(), (topic, row) -> {
                    Tracked[] copy = row.clone();
                    copy[partition.partition()] = null;
                    return copy;
                });
            }
        }
        byTopic = next;
        return removed;
    }

    /** Whether it is this very one, and not one of an earlier or later assignment. */
    boolean isTracked(Tracked tracked) {
        return get(tracked.id().topic(), tracked.id().partition()) == tracked;
    }

    List<Tracked> all() {
        List<Tracked> all = new ArrayList<>();
        for (Tracked[] row : byTopic.values()) {
            for (Tracked tracked : row) {
                if (tracked != null) {
                    all.add(tracked);
                }
            }
        }
        return all;
    }

    /** How many records of all partitions are not processed. */
    long unprocessed() {
        return all().stream()
                .mapToLong(tracked -> tracked.progress().unprocessed())
                .sum();
    }

    private Tracked get(String topic, int partition) {
        Tracked[] row = byTopic.get(topic);
        return row != null && partition < row.length ? row[partition] : null;
    }

    private synchronized Tracked track(TopicPartition id, boolean isCommitted) {
        Tracked present = get(id.topic(), id.partition());
        if (present != null) {
            return present;
        }
        Tracked tracked = new Tracked(id, new PartitionProgress<>(), isCommitted);
        Map<String, Tracked[]> next = new HashMap<>(byTopic);
        Tracked[] row = next.getOrDefault(id.topic(), new Tracked[0]);
        Tracked[] grown = Arrays.copyOf(row, Math.max(row.length, id.partition() + 1));
        grown[id.partition()] = tracked;
        next.put(id.topic(), grown);
        byTopic = next;
        return tracked;
    }
}
