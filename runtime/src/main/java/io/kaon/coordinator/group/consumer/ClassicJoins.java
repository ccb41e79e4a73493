// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import io.kaon.common.Uuid;
import io.kaon.coordinator.group.assignor.Assignment;
import io.kaon.coordinator.group.assignor.PartitionSet;
import io.kaon.metadata.ClusterImage;
import io.kaon.wire.message.ConsumerGroupHeartbeatResponse;
import java.util.Optional;

/**
 * Decides what members of the classic protocol do in a group of this one (KIP-848): a join is for them what a heartbeat
 * is for the others. In between they only ask whether they have to join again.
 *
 * <pre>
 * JoinGroup ──▶ one step towards the target, the generation is the member's epoch
 * SyncGroup ──▶ what it is assigned
 * Heartbeat ──▶ REBALANCE_IN_PROGRESS as soon as another join would bring it further
 * </pre>
 */
final class ClassicJoins {
    private final ConsumerContext context;

    ClassicJoins(ConsumerContext context) {
        this.context = context;
    }

    /**
     * A member joins, or joins again. A static one takes the seat that its instance had.
     *
     * @param wanted who it is and what it wants, all of it
     * @param owned what it says it owns: all that it has not given up yet
     * @return with the member's epoch in the response
     */
    HeartbeatDecision decide(ConsumerGroup group, MemberProfile wanted, Assignment owned) {
        GroupDraft draft = new GroupDraft(group);
        String memberId = wanted.memberId();
        if (wanted.isStatic()) {
            group.staticMember(wanted.instanceId())
                    .filter(old -> !old.memberId().equals(memberId))
                    .ifPresent(old -> StaticMembers.replace(draft, old, memberId));
        }
        ClusterImage image = context.ports().images().get();
        MemberProfile before = draft.member(memberId).orElseGet(() -> MemberProfile.blank(memberId));
        boolean topicsChanged = new SubscriptionChange(context, draft, image).subscribe(before, wanted, false);
        CurrentAssignment next = new MemberStep(context, draft, image).take(wanted, Optional.of(owned), topicsChanged);
        return new HeartbeatDecision(
                draft.records(),
                new ConsumerGroupHeartbeatResponse().setMemberId(memberId).setMemberEpoch(next.memberEpoch()),
                memberId,
                HeartbeatDecision.NOT_COMPARED); // expressions were not looked up: that is left to a heartbeat
    }

    /** Whether another join would bring the member further. */
    boolean hasToJoinAgain(ConsumerGroup group, String memberId) {
        CurrentAssignment current = group.current(memberId);
        return isBehind(group, current)
                || current.state() == MemberState.UNREVOKED_PARTITIONS
                || current.state() == MemberState.UNRELEASED_PARTITIONS && !waits(group, memberId, current);
    }

    /** Whether what the member is about to be told is out of date. What it has to give up it is told in any case. */
    boolean isOutOfDate(ConsumerGroup group, String memberId) {
        CurrentAssignment current = group.current(memberId);
        return current.state() != MemberState.UNREVOKED_PARTITIONS && isBehind(group, current);
    }

    private boolean isBehind(ConsumerGroup group, CurrentAssignment current) {
        return current.memberEpoch() < group.targetEpoch()
                || group.epoch() > group.targetEpoch() && bringsNewTarget(group);
    }

    /** While a target is not due yet, or is computed elsewhere, to join for it would only mean to join once more. */
    private boolean bringsNewTarget(ConsumerGroup group) {
        GroupDraft draft = new GroupDraft(group);
        ConsumerGroupConfig config = context.ports().configs().apply(group.groupId());
        return TargetComputation.isDue(draft, config, context.clock().wallMs())
                && !TargetComputation.isLarge(
                        draft, context.ports().images().get(), context.ports().largeFrom());
    }

    /** Whether somebody else still owns what is meant for the member. */
    private static boolean waits(ConsumerGroup group, String memberId, CurrentAssignment current) {
        Assignment target = group.target(memberId);
        for (Uuid topicId : target.topics().keySet()) {
            PartitionSet wanted = target.partitions(topicId);
            for (int place = 0; place < wanted.size(); place++) {
                int partition = wanted.get(place);
                if (!current.assigned().contains(topicId, partition)
                        && group.ownerEpoch(topicId, partition) != ConsumerGroup.NOT_OWNED) {
                    return true;
                }
            }
        }
        return false;
    }
}
