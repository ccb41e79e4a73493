// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.coordinator.group.GroupPhase.Stable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * Decides what is to be removed: groups that somebody deletes, offsets that have expired, offsets of topics that are
 * gone. Decides only; changes nothing.
 */
final class Removals {
    private final GroupOptions options;
    private final Groups groups;
    private final OffsetStore offsets;
    private final Generations generations;

    Removals(GroupOptions options, Groups groups, OffsetStore offsets, Generations generations) {
        this.options = options;
        this.groups = groups;
        this.offsets = offsets;
        this.generations = generations;
    }

    /** DeleteGroups (api 42): a group without members goes, with its offsets. */
    Decision<ErrorCode> deleteGroup(String groupId) {
        Optional<ClassicGroup> group = groups.find(groupId);
        if (group.isEmpty() && !offsets.hasOffsets(groupId)) {
            return new Decision<>(List.of(), ErrorCode.GROUP_ID_NOT_FOUND);
        }
        if (group.isPresent() && !group.get().isEmpty()) {
            return new Decision<>(List.of(), ErrorCode.NON_EMPTY_GROUP);
        }
        List<GroupRecord> records = remove(groupId, (partition, entry) -> true);
        records.add(new GroupRecord.GroupRemoved(groupId));
        return new Decision<>(records, ErrorCode.NONE);
    }

    /** Offsets whose time is over (KIP-211), and the group if it has neither members nor offsets then. */
    List<GroupRecord> expired(String groupId, long nowMs) {
        Optional<ClassicGroup> group = groups.find(groupId);
        List<GroupRecord> records = remove(groupId, (partition, entry) -> isExpired(group, partition, entry, nowMs));
        int[] left = {-records.size()};
        offsets.forEachLatest(groupId, (partition, entry) -> left[0]++);
        boolean isWritten = generations.isStored(groupId) || !records.isEmpty();
        if (left[0] == 0 && isUnused(group) && isWritten) {
            records.add(new GroupRecord.GroupRemoved(groupId));
        }
        return records;
    }

    /** Whether the group exists in memory alone and for nobody: a first member asked for an id and never came back. */
    boolean isGhost(String groupId) {
        return isUnused(groups.find(groupId)) && !generations.isStored(groupId) && !offsets.hasOffsets(groupId);
    }

    private static boolean isUnused(Optional<ClassicGroup> group) {
        return group.map(present -> present.isEmpty() && present.roster().pendingJoinCount() == 0)
                .orElse(true);
    }

    /** Offsets of topics that have been deleted: a topic of the same name starts from nothing. */
    List<GroupRecord> ofTopics(String groupId, Set<String> topics) {
        return remove(groupId, (partition, entry) -> topics.contains(partition.topic()));
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

    private boolean isExpired(Optional<ClassicGroup> group, TopicPartition partition, OffsetEntry entry, long nowMs) {
        if (group.isPresent() && !group.get().protocolType().isEmpty()) {
            boolean unused = group.get().isEmpty()
                    || group.get().phase() instanceof Stable && !isInUse(group.get(), partition.topic());
            if (!unused) {
                return false;
            }
        }
        if (entry.hasExpireTimestamp()) {
            return nowMs >= entry.expireTimestampMs();
        }
        return nowMs - retainedSinceMs(group, entry) >= options.offsetsRetentionMs();
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
