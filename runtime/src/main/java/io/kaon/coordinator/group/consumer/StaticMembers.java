// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import io.kaon.common.ErrorCode;

/** Static membership (KIP-345) in consumer groups: an instance id outlives the member that has it. */
final class StaticMembers {
    private StaticMembers() {}

    /** Everything of a member goes. */
    static void remove(GroupDraft draft, String memberId) {
        draft.write(new ModernGroupRecord.CurrentRemoved(draft.groupId(), memberId));
        draft.write(new ModernGroupRecord.TargetRemoved(draft.groupId(), memberId));
        draft.write(new ModernGroupRecord.MemberRemoved(draft.groupId(), memberId));
    }

    /** The instance has a new member, which takes over what the old one was meant to own, and what it owned. */
    static MemberProfile replace(GroupDraft draft, MemberProfile old, String memberId) {
        MemberProfile member = old.withMemberId(memberId);
        CurrentAssignment owned = draft.current(old.memberId());
        ModernGroupRecord target =
                new ModernGroupRecord.TargetStored(draft.groupId(), memberId, draft.target(old.memberId()));
        remove(draft, old.memberId());
        draft.write(new ModernGroupRecord.MemberStored(draft.groupId(), member));
        draft.write(target);
        draft.write(new ModernGroupRecord.CurrentStored(
                draft.groupId(),
                memberId,
                new CurrentAssignment(
                        HeartbeatRules.JOIN_EPOCH,
                        HeartbeatRules.JOIN_EPOCH,
                        owned.state(),
                        owned.assigned(),
                        owned.revoking())));
        return member;
    }

    static HeartbeatDecision unknown(String instanceId) {
        return HeartbeatDecision.refused(
                ErrorCode.UNKNOWN_MEMBER_ID, "The group has no member with the instance id " + instanceId + ".");
    }

    static HeartbeatDecision fenced(String instanceId) {
        return HeartbeatDecision.refused(
                ErrorCode.FENCED_INSTANCE_ID, "Another member has the instance id " + instanceId + " now.");
    }

    static HeartbeatDecision unreleased(String instanceId) {
        return HeartbeatDecision.refused(
                ErrorCode.UNRELEASED_INSTANCE_ID, "A member with the instance id " + instanceId + " is still there.");
    }
}
