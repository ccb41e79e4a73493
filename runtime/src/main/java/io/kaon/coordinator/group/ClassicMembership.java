// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.group.GroupPhase.CompletingRebalance;
import io.kaon.coordinator.group.GroupPhase.Dead;

/**
 * Members of a classic group must be of its present generation; others may commit while it has no members.
 *
 * @param group as it is now
 */
record ClassicMembership(ClassicGroup group) implements MemberCheck {
    @Override
    public boolean isEmpty() {
        return group.isEmpty();
    }

    @Override
    public ErrorCode onCommit(String memberId, String instanceId, int epoch, short version) {
        if (epoch < 0 && isEmpty()) {
            return ErrorCode.NONE;
        }
        ErrorCode error = isNobody(memberId, instanceId, epoch)
                ? ErrorCode.UNKNOWN_MEMBER_ID
                : group.check(memberId, instanceId, epoch);
        if (error == ErrorCode.NONE && group.phase() instanceof CompletingRebalance) {
            // The partitions may be somebody else's already. While members are only called to join, commits are
            // welcome.
            return ErrorCode.REBALANCE_IN_PROGRESS;
        }
        return error;
    }

    @Override
    public ErrorCode onTransactionalCommit(String memberId, String instanceId, int epoch) {
        if (group.phase() instanceof Dead) {
            return ErrorCode.COORDINATOR_NOT_AVAILABLE;
        }
        // Producers before TxnOffsetCommit 3 cannot say which member they commit for.
        boolean isUnchecked = epoch < 0 && isEmpty() || isNobody(memberId, instanceId, epoch);
        return isUnchecked ? ErrorCode.NONE : group.check(memberId, instanceId, epoch);
    }

    private static boolean isNobody(String memberId, String instanceId, int epoch) {
        return epoch < 0 && memberId.isEmpty() && instanceId == null;
    }

    @Override
    public boolean isSubscribedTo(String topic) {
        return group.isSubscribedTo(topic);
    }
}
