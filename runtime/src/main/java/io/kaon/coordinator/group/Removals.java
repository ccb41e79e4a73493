// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.coordinator.group.GroupPhase.Stable;
import io.kaon.coordinator.group.consumer.ConsumerGroup;
import io.kaon.coordinator.group.consumer.ConsumerGroups;
import io.kaon.coordinator.group.consumer.ModernGroupRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Decides what is to be removed: groups that somebody deletes, offsets that have expired, offsets of topics that are
 * gone. Decides only; changes nothing.
 */
final class Removals {
    private final GroupOptions options;
    private final Groups groups;
    private final ConsumerGroups consumerGroups;
    private final OffsetStore offsets;
    private final Generations generations;
    private final Function<String, List<ModernGroupRecord>> tombstones;

    /** @param tombstones the records that remove a consumer group without members */
    Removals(
            GroupOptions options,
            Groups groups,
            ConsumerGroups consumerGroups,
            OffsetStore offsets,
            Generations generations,
            Function<String, List<ModernGroupRecord>> tombstones) {
        this.options = options;
        this.groups = groups;
        this.consumerGroups = consumerGroups;
        this.offsets = offsets;
        this.generations = generations;
        this.tombstones = tombstones;
    }

    /**
     * DeleteGroups (api 42): a group without members goes, with its offsets; also with those that wait for the end of
     * their transaction, which then brings nothing back.
     */
    Decision<ErrorCode> deleteGroup(String groupId) {
        Optional<ConsumerGroup> consumerGroup = consumerGroups.find(groupId);
        Optional<ClassicGroup> group = groups.find(groupId);
        if (consumerGroup.isEmpty() && group.isEmpty() && !offsets.holds(groupId)) {
            return new Decision<>(List.of(), ErrorCode.GROUP_ID_NOT_FOUND);
        }
        boolean hasMembers = consumerGroup.map(found -> !found.isEmpty()).orElse(false)
                || group.map(found -> !found.isEmpty()).orElse(false);
        if (hasMembers) {
            return new Decision<>(List.of(), ErrorCode.NON_EMPTY_GROUP);
        }
        List<GroupRecord> records = remove(groupId, (partition, entry) -> true);
        removePending(groupId, partition -> true, records);
        removeGroup(groupId, consumerGroup, records);
        return new Decision<>(records, ErrorCode.NONE);
    }

    private void removeGroup(String groupId, Optional<ConsumerGroup> consumerGroup, List<GroupRecord> records) {
        if (consumerGroup.isPresent()) {
            tombstones.apply(groupId).forEach(record -> records.add(new GroupRecord.Modern(record)));
        } else {
            records.add(new GroupRecord.GroupRemoved(groupId));
        }
    }

    /** Offsets whose time is over (KIP-211), and the group if it has neither members nor offsets then. */
    List<GroupRecord> expired(String groupId, long nowMs) {
        Optional<ConsumerGroup> consumerGroup = consumerGroups.find(groupId);
        BiPredicate<TopicPartition, OffsetEntry> isExpired = consumerGroup
                .map(group -> isExpired(group, nowMs))
                .orElseGet(() -> isExpired(groups.find(groupId), nowMs));
        List<GroupRecord> records = remove(
                groupId,
                (partition, entry) -> isExpired.test(partition, entry)
                        && !offsets.transactions().isPending(groupId, partition));
        int[] left = {-records.size()};
        offsets.forEachLatest(groupId, (partition, entry) -> left[0]++);
        boolean isWritten = consumerGroup.isPresent() || generations.isStored(groupId) || !records.isEmpty();
        boolean hasOffsets = left[0] > 0 || offsets.transactions().isPending(groupId);
        if (!hasOffsets && isUnused(groupId) && isWritten) {
            removeGroup(groupId, consumerGroup, records);
        }
        return records;
    }

    /** Whether the group exists in memory alone and for nobody: a first member asked for an id and never came back. */
    boolean isGhost(String groupId) {
        return isUnused(groupId)
                && consumerGroups.find(groupId).isEmpty()
                && !generations.isStored(groupId)
                && !offsets.holds(groupId);
    }

    private boolean isUnused(String groupId) {
        return consumerGroups.find(groupId).map(ConsumerGroup::isEmpty).orElse(true)
                && groups.find(groupId)
                        .map(present -> present.isEmpty() && present.roster().pendingJoinCount() == 0)
                        .orElse(true);
    }

    /**
     * Offsets of topics that have been deleted. A partition in which a transaction waits that means a newer topic of
     * the name is left alone: the tombstone would take the new offset with it. Readers ask for the new topic and do not see
     * the old one's.
     */
    List<GroupRecord> ofTopics(String groupId, DeletedTopics topics) {
        OpenTransactions transactions = offsets.transactions();
        List<GroupRecord> records = remove(
                groupId,
                (partition, entry) -> topics.own(partition, entry)
                        && transactions.allPending(groupId, partition, pending -> topics.own(partition, pending)));
        removePending(
                groupId,
                partition -> topics.mentions(partition)
                        && transactions.allPending(groupId, partition, pending -> topics.own(partition, pending)),
                records);
        return records;
    }

    private List<GroupRecord> remove(String groupId, BiPredicate<TopicPartition, OffsetEntry> which) {
        List<GroupRecord> records = new ArrayList<>();
        offsets.forEachLatest(groupId, (partition, entry) -> {
            if (which.test(partition, entry)) {
                records.add(new GroupRecord.OffsetRemoved(groupId, partition));
            }
        });
        return records;
    }

    /** Those that have a committed offset too are in the records already. */
    private void removePending(String groupId, Predicate<TopicPartition> which, List<GroupRecord> records) {
        for (TopicPartition partition : offsets.transactions().pendingOf(groupId)) {
            if (which.test(partition) && offsets.latest(groupId, partition).isEmpty()) {
                records.add(new GroupRecord.OffsetRemoved(groupId, partition));
            }
        }
    }

    /** With or without members: what nobody subscribes to goes its time after the commit. */
    private BiPredicate<TopicPartition, OffsetEntry> isExpired(ConsumerGroup group, long nowMs) {
        Map<String, Boolean> subscribed = new HashMap<>();
        return (partition, entry) -> isOver(entry, entry.commitTimestampMs(), nowMs)
                && !subscribed.computeIfAbsent(partition.topic(), group::isSubscribedTo);
    }

    private BiPredicate<TopicPartition, OffsetEntry> isExpired(Optional<ClassicGroup> group, long nowMs) {
        return (partition, entry) -> isExpired(group, partition, entry, nowMs);
    }

    private boolean isOver(OffsetEntry entry, long retainedSinceMs, long nowMs) {
        return entry.hasExpireTimestamp()
                ? nowMs >= entry.expireTimestampMs()
                : nowMs - retainedSinceMs >= options.offsetsRetentionMs();
    }

    private boolean isExpired(Optional<ClassicGroup> group, TopicPartition partition, OffsetEntry entry, long nowMs) {
        if (group.isPresent() && !group.get().protocolType().isEmpty()) {
            boolean unused = group.get().isEmpty()
                    || group.get().phase() instanceof Stable && !isInUse(group.get(), partition.topic());
            if (!unused) {
                return false;
            }
        }
        return isOver(entry, retainedSinceMs(group, entry), nowMs);
    }

    private static boolean isInUse(ClassicGroup group, String topic) {
        return !group.protocolType().equals(ClassicGroup.CONSUMER) || group.isSubscribedTo(topic);
    }

    /** A group that had members keeps its offsets for the retention time after the last one left. */
    private static long retainedSinceMs(Optional<ClassicGroup> group, OffsetEntry entry) {
        boolean hadMembers = group.map(present ->
                        present.isEmpty() && !present.protocolType().isEmpty() && present.phaseSinceMs() >= 0)
                .orElse(false);
        return hadMembers ? group.get().phaseSinceMs() : entry.commitTimestampMs();
    }
}
