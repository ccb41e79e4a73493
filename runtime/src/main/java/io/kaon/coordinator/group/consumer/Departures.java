// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import io.kaon.common.ErrorCode;
import io.kaon.wire.message.ConsumerGroupHeartbeatRequest;
import io.kaon.wire.message.ConsumerGroupHeartbeatResponse;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Decides what happens when members go: by themselves, for a while, or because they were silent or too slow. */
final class Departures {
    private static final long NEVER = 0;

    private final ConsumerContext context;

    Departures(ConsumerContext context) {
        this.context = context;
    }

    /** A heartbeat with one of the epochs that mean: I am leaving. */
    HeartbeatDecision leave(ConsumerGroupHeartbeatRequest request, ConsumerGroup group) {
        if (request.instanceId() == null) {
            return group.member(request.memberId())
                    .map(member -> gone(request, group, member))
                    .orElseGet(() -> HeartbeatDecision.refused(
                            ErrorCode.UNKNOWN_MEMBER_ID,
                            "Group " + group.groupId() + " has no member " + request.memberId() + "."));
        }
        Optional<MemberProfile> member = group.staticMember(request.instanceId());
        if (member.isEmpty()) {
            return StaticMembers.unknown(request.instanceId());
        }
        if (!member.get().memberId().equals(request.memberId())) {
            return StaticMembers.fenced(request.instanceId());
        }
        return request.memberEpoch() == HeartbeatRules.STATIC_LEAVE_EPOCH
                ? goneForAWhile(request, group)
                : gone(request, group, member.get());
    }

    private HeartbeatDecision gone(ConsumerGroupHeartbeatRequest request, ConsumerGroup group, MemberProfile member) {
        return answered(request, remove(group, List.of(member)).records());
    }

    /** It keeps its partitions until it is back or its session is over; nobody knows what it has given up. */
    private HeartbeatDecision goneForAWhile(ConsumerGroupHeartbeatRequest request, ConsumerGroup group) {
        CurrentAssignment current = group.current(request.memberId());
        CurrentAssignment away = new CurrentAssignment(
                HeartbeatRules.STATIC_LEAVE_EPOCH,
                current.previousEpoch(),
                current.state(),
                current.assigned().withEpochs(0),
                PartitionEpochs.EMPTY);
        return answered(
                request, List.of(new ModernGroupRecord.CurrentStored(group.groupId(), request.memberId(), away)));
    }

    private static HeartbeatDecision answered(ConsumerGroupHeartbeatRequest request, List<ModernGroupRecord> records) {
        ConsumerGroupHeartbeatResponse response = new ConsumerGroupHeartbeatResponse()
                .setMemberId(request.memberId())
                .setMemberEpoch(request.memberEpoch());
        return new HeartbeatDecision(records, response, "", HeartbeatDecision.NOT_COMPARED);
    }

    /** The group without these members, in its next epoch. A group without any stays, for its offsets' sake. */
    GroupDraft remove(ConsumerGroup group, Collection<MemberProfile> members) {
        GroupDraft draft = new GroupDraft(group);
        Set<String> regexes = new TreeSet<>();
        for (MemberProfile member : members) {
            StaticMembers.remove(draft, member.memberId());
            regexes.add(member.subscription().regex());
        }
        SubscriptionChange change =
                new SubscriptionChange(context, draft, context.ports().images().get());
        change.removeUnused(regexes);
        change.updateEpoch(true);
        if (draft.memberCount() == 0) {
            // Nothing is left to assign, and the next member is not to wait.
            draft.write(new ModernGroupRecord.TargetEpochStored(group.groupId(), draft.epoch(), NEVER));
        }
        return draft;
    }
}
