// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.group.GroupPhase.Formed;
import io.kaon.wire.message.LeaveGroupRequest;
import io.kaon.wire.message.LeaveGroupRequest.MemberIdentity;
import io.kaon.wire.message.LeaveGroupResponse;
import io.kaon.wire.message.LeaveGroupResponse.MemberResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Answers LeaveGroup (api 13): one member, or from version 3 on several, static ones also by their instance id alone.
 */
final class Leaving {
    static final short SEVERAL_MEMBERS_VERSION = 3;
    private static final Logger LOG = Logger.getLogger(Leaving.class);

    private final Groups groups;
    private final Rebalancer rebalancer;

    Leaving(Groups groups, Rebalancer rebalancer) {
        this.groups = groups;
        this.rebalancer = rebalancer;
    }

    LeaveGroupResponse leave(GroupRequest from, LeaveGroupRequest request) {
        boolean several = from.version() >= SEVERAL_MEMBERS_VERSION;
        List<MemberIdentity> leaving =
                several ? request.members() : List.of(new MemberIdentity().setMemberId(request.memberId()));
        Optional<ClassicGroup> group = groups.find(request.groupId());
        List<MemberResponse> responses = new ArrayList<>(leaving.size());
        boolean anyLeft = false;
        for (MemberIdentity member : leaving) {
            ErrorCode error = group.map(present -> remove(present, member)).orElse(ErrorCode.UNKNOWN_MEMBER_ID);
            anyLeft |= error == ErrorCode.NONE;
            responses.add(new MemberResponse()
                    .setMemberId(member.memberId())
                    .setGroupInstanceId(member.groupInstanceId())
                    .setErrorCode(error.code()));
        }
        if (anyLeft && group.isPresent()) {
            shareAnew(group.get());
        }
        return several
                ? new LeaveGroupResponse().setMembers(responses)
                : new LeaveGroupResponse().setErrorCode(responses.get(0).errorCode());
    }

    private ErrorCode remove(ClassicGroup group, MemberIdentity leaving) {
        String memberId = leaving.memberId();
        String instanceId = leaving.groupInstanceId();
        if (memberId.isEmpty()) {
            // An administrator removes a static member by the name that people know.
            if (instanceId == null || group.roster().idOfInstance(instanceId).isEmpty()) {
                return ErrorCode.UNKNOWN_MEMBER_ID;
            }
            memberId = group.roster().idOfInstance(instanceId).get();
        } else if (!group.roster().isPendingJoin(memberId)) {
            ErrorCode error = group.check(memberId, instanceId);
            if (error != ErrorCode.NONE) {
                return error;
            }
        }
        LOG.debugf("Member %s leaves group %s: %s", memberId, group.groupId(), GroupAnswers.reason(leaving.reason()));
        rebalancer.endSession(group, memberId);
        group.remove(memberId);
        return ErrorCode.NONE;
    }

    private void shareAnew(ClassicGroup group) {
        if (group.phase() instanceof Formed) {
            rebalancer.rebalanceOrComplete(group, "members leave");
        } else {
            rebalancer.maybeCompleteJoin(group);
        }
    }
}
