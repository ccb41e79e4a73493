// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

/**
 * A consumer's partitions as its group gives and takes them; the listener is told in Kafka's order. A listener that fails
 * does not change what happens, or the group would wait for it for ever: what is given up is given up, and what is taken
 * in is taken in. Owned by the thread that polls.
 */
final class OwnedPartitions {
    private final Map<TopicPartition, ConsumedPartition> partitions;
    private final Runnable beforeRevoke;
    private int changes;
    private boolean isListenerBehind;

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
        tell(added, listener);
    }

    /** Whether the listener failed when it was told of partitions. */
    boolean isListenerBehind() {
        return isListenerBehind;
    }

    /** Calls a listener that has failed again, as Kafka's client does: there is nothing new, it only has to succeed. */
    void tellAgain(ConsumerRebalanceListener listener) {
        tell(Set.of(), listener);
    }

    private void tell(Set<TopicPartition> added, ConsumerRebalanceListener listener) {
        isListenerBehind = true;
        listener.onPartitionsAssigned(added);
        isListenerBehind = false;
    }

    /** Gives some up, while they are still this member's. */
    void revoke(Set<TopicPartition> revoked, ConsumerRebalanceListener listener) {
        if (!revoked.isEmpty()) {
            try {
                beforeRevoke.run();
                listener.onPartitionsRevoked(revoked);
            } finally {
                partitions.keySet().removeAll(revoked);
            }
        }
    }

    /** All are gone: they may belong to others already. */
    void lose(ConsumerRebalanceListener listener) {
        Set<TopicPartition> lost = all();
        if (!lost.isEmpty()) {
            changes++;
            try {
                listener.onPartitionsLost(lost);
            } finally {
                partitions.clear();
            }
        }
    }
}
