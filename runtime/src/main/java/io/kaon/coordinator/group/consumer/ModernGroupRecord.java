// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import io.kaon.coordinator.group.assignor.Assignment;

/**
 * What {@code __consumer_offsets} holds of groups of the consumer protocol (record types 3 to 8 and 16 of Kafka). Each
 * has a key of its own: the newest of a key counts, the ones that end in "Removed" are its tombstones.
 */
public sealed interface ModernGroupRecord {
    String groupId();

    /**
     * The group has this epoch: something that the assignment rests on has changed.
     *
     * @param metadataHash of the topics that its members subscribe to; 0 when not known
     */
    record EpochStored(String groupId, int epoch, long metadataHash) implements ModernGroupRecord {}

    /** The group is no more, or no longer of this protocol. Written after everything else of it is removed. */
    record EpochRemoved(String groupId) implements ModernGroupRecord {}

    /** Who a member is and what it wants. */
    record MemberStored(String groupId, MemberProfile member) implements ModernGroupRecord {}

    /** The member left, was fenced or replaced. */
    record MemberRemoved(String groupId, String memberId) implements ModernGroupRecord {}

    /**
     * The target assignment has been computed for this epoch. Written after the members' parts.
     *
     * @param timestampMs when; 0 when not known
     */
    record TargetEpochStored(String groupId, int epoch, long timestampMs) implements ModernGroupRecord {}

    /** There is no target assignment any more. */
    record TargetEpochRemoved(String groupId) implements ModernGroupRecord {}

    /** What a member is to own in the end. */
    record TargetStored(String groupId, String memberId, Assignment target) implements ModernGroupRecord {}

    /** Nothing is meant for the member. */
    record TargetRemoved(String groupId, String memberId) implements ModernGroupRecord {}

    /** Where a member is on its way to the target. */
    record CurrentStored(String groupId, String memberId, CurrentAssignment assignment) implements ModernGroupRecord {}

    /** The member owns nothing. */
    record CurrentRemoved(String groupId, String memberId) implements ModernGroupRecord {}

    /** A regular expression of a subscription, and the topics that match it. */
    record RegexStored(String groupId, String regex, ResolvedRegex resolved) implements ModernGroupRecord {}

    /** No member subscribes by that expression any more. */
    record RegexRemoved(String groupId, String regex) implements ModernGroupRecord {}

    /** Kafka before 4.2 kept the topics' metadata in the group: of no use any more, and removed when seen. */
    record TopicMetadataStored(String groupId) implements ModernGroupRecord {}

    /** The metadata of old is gone. */
    record TopicMetadataRemoved(String groupId) implements ModernGroupRecord {}
}
