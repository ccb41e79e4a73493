// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.coordinator.group.consumer.ConsumerGroup;
import io.kaon.coordinator.group.consumer.CurrentAssignment;
import io.kaon.coordinator.group.consumer.MemberProfile;
import io.kaon.coordinator.group.consumer.PartitionEpochs;
import java.util.Optional;

/**
 * Members of a consumer group (KIP-848) show their member epoch. A member that has not heard of its newest epoch yet
 * may still commit what it has owned since the epoch that it shows (KIP-1251). Members that speak the classic protocol
 * in such a group get the classic errors.
 *
 * @param group as it is now
 */
record ConsumerMembership(ConsumerGroup group) implements MemberCheck {
    /** The first OffsetCommit that knows STALE_MEMBER_EPOCH. */
    private static final short MEMBER_EPOCH_VERSION = 9;

    @Override
    public boolean isEmpty() {
        return group.isEmpty();
    }

    @Override
    public ErrorCode onCommit(String memberId, String instanceId, int epoch, short version) {
        if (epoch < 0 && isEmpty()) {
            return ErrorCode.NONE;
        }
        Optional<MemberProfile> member = group.member(memberId);
        if (member.isPresent() && !member.get().usesClassicProtocol() && version < MEMBER_EPOCH_VERSION) {
            return ErrorCode.UNSUPPORTED_VERSION;
        }
        return notNewer(member, memberId, epoch);
    }

    @Override
    public ErrorCode onTransactionalCommit(String memberId, String instanceId, int epoch) {
        boolean isNobody = epoch == -1 && memberId.isEmpty() && instanceId == null;
        if (isNobody || epoch < 0 && isEmpty()) {
            return ErrorCode.NONE;
        }
        return notNewer(group.member(memberId), memberId, epoch);
    }

    private ErrorCode notNewer(Optional<MemberProfile> member, String memberId, int epoch) {
        if (member.isEmpty()) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        return epoch > group.current(memberId).memberEpoch() ? stale(member.get()) : ErrorCode.NONE;
    }

    @Override
    public ErrorCode onPartition(String memberId, int epoch, Uuid topicId, int partition) {
        Optional<MemberProfile> member = group.member(memberId);
        CurrentAssignment current = group.current(memberId);
        if (member.isEmpty() || epoch == current.memberEpoch()) {
            return ErrorCode.NONE;
        }
        boolean isOwned = isOwnedSince(current.assigned(), topicId, partition, epoch)
                || isOwnedSince(current.revoking(), topicId, partition, epoch);
        return isOwned ? ErrorCode.NONE : stale(member.get());
    }

    private static boolean isOwnedSince(PartitionEpochs partitions, Uuid topicId, int partition, int epoch) {
        Integer since = partitions.of(topicId).get(partition);
        return since != null && since <= epoch;
    }

    @Override
    public ErrorCode onFetch(String memberId, int epoch) {
        if (memberId == null && epoch < 0) {
            return ErrorCode.NONE;
        }
        Optional<MemberProfile> member = memberId == null ? Optional.empty() : group.member(memberId);
        if (member.isEmpty()) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        return epoch == group.current(memberId).memberEpoch() ? ErrorCode.NONE : stale(member.get());
    }

    private static ErrorCode stale(MemberProfile member) {
        return member.usesClassicProtocol() ? ErrorCode.ILLEGAL_GENERATION : ErrorCode.STALE_MEMBER_EPOCH;
    }

    @Override
    public boolean isSubscribedTo(String topic) {
        return group.isSubscribedTo(topic);
    }
}
