// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.common.TopicPartition;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Offsets that were committed in transactions which have not ended, by producer. Nobody sees them, but that they are
 * there: readers who want stable offsets wait for the end, and what waits does not expire. Changed by replay only, as
 * of the newest record. Owned by the shard.
 */
final class OpenTransactions {
    /** Pending offsets of a shard; a commit that comes when there are more is to come again. */
    static final int MAX_PENDING_OFFSETS = 1_000_000;

    private final Map<Long, Transaction> transactions = new HashMap<>();
    /** How many transactions have an offset of the partition, by group. */
    private final Map<String, Map<TopicPartition, Integer>> groups = new HashMap<>();

    private int pendingOffsets;

    void replay(ProducerIdAndEpoch producer, GroupRecord.OffsetCommitted record, OffsetEntry entry) {
        Transaction transaction =
                transactions.computeIfAbsent(producer.producerId(), id -> new Transaction(producer.epoch()));
        transaction.epoch = producer.epoch();
        OffsetEntry previous = transaction
                .groups
                .computeIfAbsent(record.groupId(), id -> new HashMap<>())
                .put(record.partition(), entry);
        if (previous == null) {
            pendingOffsets++;
            groups.computeIfAbsent(record.groupId(), id -> new HashMap<>()).merge(record.partition(), 1, Integer::sum);
        }
    }

    /** Takes the producer's transaction out; empty if it has none here. */
    Optional<Transaction> end(long producerId) {
        Transaction transaction = transactions.remove(producerId);
        if (transaction != null) {
            transaction.groups.forEach(
                    (groupId, entries) -> entries.keySet().forEach(partition -> release(groupId, partition)));
        }
        return Optional.ofNullable(transaction);
    }

    /** The partition's offset has been removed: what waits for its transaction's end is gone too. */
    void forget(String groupId, TopicPartition partition) {
        if (!isPending(groupId, partition)) {
            return;
        }
        for (Transaction transaction : transactions.values()) {
            Map<TopicPartition, OffsetEntry> entries = transaction.groups.get(groupId);
            if (entries != null && entries.remove(partition) != null) {
                release(groupId, partition);
            }
        }
    }

    private void release(String groupId, TopicPartition partition) {
        pendingOffsets--;
        Map<TopicPartition, Integer> counts = groups.get(groupId);
        counts.computeIfPresent(partition, (key, count) -> count == 1 ? null : count - 1);
        if (counts.isEmpty()) {
            groups.remove(groupId);
        }
    }

    /** Whether the producer has begun a transaction here in this epoch, and not ended it. */
    boolean isOpen(ProducerIdAndEpoch producer) {
        Transaction transaction = transactions.get(producer.producerId());
        return transaction != null && transaction.epoch == producer.epoch();
    }

    boolean isPending(String groupId) {
        return groups.containsKey(groupId);
    }

    boolean isPending(String groupId, TopicPartition partition) {
        Map<TopicPartition, Integer> counts = groups.get(groupId);
        return counts != null && counts.containsKey(partition);
    }

    /** Whether the test holds for every offset of the partition that waits. */
    boolean allPending(String groupId, TopicPartition partition, Predicate<OffsetEntry> test) {
        return !isPending(groupId, partition)
                || transactions.values().stream()
                        .map(transaction -> transaction
                                .groups
                                .getOrDefault(groupId, Map.of())
                                .get(partition))
                        .allMatch(entry -> entry == null || test.test(entry));
    }

    /** Partitions of the group of which offsets wait; a view. */
    Set<TopicPartition> pendingOf(String groupId) {
        Map<TopicPartition, Integer> counts = groups.get(groupId);
        return counts == null ? Set.of() : counts.keySet();
    }

    /** The groups of which offsets wait; a view. */
    Set<String> groupIds() {
        return groups.keySet();
    }

    /** How many offsets wait. */
    int pendingOffsets() {
        return pendingOffsets;
    }

    /** How many producers have a transaction here. */
    int count() {
        return transactions.size();
    }

    /** What one producer has committed since its last transaction ended. */
    static final class Transaction {
        private short epoch;
        private final Map<String, Map<TopicPartition, OffsetEntry>> groups = new HashMap<>(2);

        private Transaction(short epoch) {
            this.epoch = epoch;
        }

        void forEach(String groupId, BiConsumer<TopicPartition, OffsetEntry> visitor) {
            groups.getOrDefault(groupId, Map.of()).forEach(visitor);
        }

        Set<String> groupIds() {
            return groups.keySet();
        }
    }
}
