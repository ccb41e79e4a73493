// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

/**
 * A consumer's partitions as its group gives and takes them; the listener is told in Kafka's order. Owned by the thread
 * that polls.
 */
final class OwnedPartitions {
    private final Map<TopicPartition, ConsumedPartition> partitions;
    private final Runnable beforeRevoke;
    private int changes;

    /**
     * @param partitions the consumer's, shared with it
     * @param beforeRevoke runs while partitions that are to be given up are still this member's
     */
    OwnedPartitions(Map<TopicPartition, ConsumedPartition> partitions, Runnable beforeRevoke) {
        this.partitions = partitions;
        this.beforeRevoke = beforeRevoke;
    }

    /** How often the group has assigned or lost something. */
    int changes() {
        return changes;
    }

    /** A copy. */
    Set<TopicPartition> all() {
        return new HashSet<>(partitions.keySet());
    }

    /** Those of the owned ones that are not among the others. A copy. */
    Set<TopicPartition> allBut(Set<TopicPartition> kept) {
        Set<TopicPartition> rest = all();
        rest.removeAll(kept);
        return rest;
    }

    /** Takes in those that are new, and tells the listener of them, even if there are none. */
    void take(Set<TopicPartition> assigned, ConsumerRebalanceListener listener) {
        Set<TopicPartition> added = new LinkedHashSet<>(assigned);
        added.removeAll(partitions.keySet());
        added.forEach(partition -> partitions.put(partition, new ConsumedPartition(partition)));
        changes++;
        listener.onPartitionsAssigned(added);
    }

    /** Gives some up, while they are still this member's. */
    void revoke(Set<TopicPartition> revoked, ConsumerRebalanceListener listener) {
        if (!revoked.isEmpty()) {
            beforeRevoke.run();
            listener.onPartitionsRevoked(revoked);
            partitions.keySet().removeAll(revoked);
        }
    }

    /** All are gone: they may belong to others already. */
    void lose(ConsumerRebalanceListener listener) {
        Set<TopicPartition> lost = all();
        if (!lost.isEmpty()) {
            changes++;
            listener.onPartitionsLost(lost);
            partitions.clear();
        }
    }
}
