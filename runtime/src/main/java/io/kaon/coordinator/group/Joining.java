// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.WriteResult;
import io.kaon.coordinator.group.GroupPhase.CompletingRebalance;
import io.kaon.coordinator.group.GroupPhase.PreparingRebalance;
import io.kaon.coordinator.group.GroupPhase.Stable;
import io.kaon.wire.message.JoinGroupRequest;
import io.kaon.wire.message.JoinGroupResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/**
 * Answers JoinGroup (api 11). A join either gets an answer at once, or waits until the group has formed its next
 * generation. Owned by the shard.
 */
final class Joining {
    /** Ids that one group may have given out to clients that have not come back with them yet. */
    static final int MAX_PENDING_JOINS = 10_000;
    /**
     * From here on a dynamic member first gets an id and joins with it (KIP-394): a lost answer leaves no ghost behind.
     */
    private static final short MEMBER_ID_REQUIRED_VERSION = 4;
    /** From here on a leader can be told that nothing has to be assigned (KIP-814). */
    private static final short SKIP_ASSIGNMENT_VERSION = 9;

    private static final String NO_MEMBER = "";
    private static final Logger LOG = Logger.getLogger(Joining.class);

    private final GroupContext context;
    private final Groups groups;
    private final Rebalancer rebalancer;

    Joining(GroupContext context, Groups groups, Rebalancer rebalancer) {
        this.context = context;
        this.groups = groups;
        this.rebalancer = rebalancer;
    }

    /** The answer completes inside the owner. */
    CompletableFuture<JoinGroupResponse> join(GroupRequest from, JoinGroupRequest request) {
        Join join = new Join(
                from,
                request,
                new ClientIdentity(from.clientId(), from.clientHost()),
                MemberTimeouts.of(from.version() == 0 ? -1 : request.rebalanceTimeoutMs(), request.sessionTimeoutMs()),
                MemberProtocol.of(request.protocols()),
                new CompletableFuture<>());
        if (!context.options().allowsSessionTimeout(request.sessionTimeoutMs())) {
            return join.refuse(request.memberId(), ErrorCode.INVALID_SESSION_TIMEOUT);
        }
        boolean isNew = request.memberId().isEmpty();
        Optional<ClassicGroup> found = isNew ? groups.findOrCreate(request.groupId()) : groups.find(request.groupId());
        if (found.isEmpty()) {
            return join.refuse(
                    request.memberId(), isNew ? ErrorCode.COORDINATOR_NOT_AVAILABLE : ErrorCode.UNKNOWN_MEMBER_ID);
        }
        ClassicGroup group = found.get();
        if (!hasRoom(group, request.memberId())) {
            refuseForSize(group, join);
        } else if (!group.supports(request.protocolType(), join.protocols)) {
            join.refuse(request.memberId(), ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        } else if (isNew) {
            joinAsNew(group, join);
        } else {
            joinAgain(group, join);
        }
        return join.answer;
    }

    /** Whether the join could found a group: NONE, or what is wrong with it. */
    ErrorCode checkFounder(JoinGroupRequest request) {
        if (!context.options().allowsSessionTimeout(request.sessionTimeoutMs())) {
            return ErrorCode.INVALID_SESSION_TIMEOUT;
        }
        if (!request.memberId().isEmpty()) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        return request.protocolType().isEmpty() || request.protocols().isEmpty()
                ? ErrorCode.INCONSISTENT_GROUP_PROTOCOL
                : ErrorCode.NONE;
    }

    /**
     * Whether the group takes this member. While it gathers, the members that wait are counted, not all: a limit that
     * was lowered throws out those who come last.
     */
    private boolean hasRoom(ClassicGroup group, String memberId) {
        Roster roster = group.roster();
        if (group.isEmpty()) {
            return roster.pendingJoinCount() < MAX_PENDING_JOINS || roster.isPendingJoin(memberId);
        }
        if (roster.pendingJoinCount() >= MAX_PENDING_JOINS && memberId.isEmpty()) {
            return false;
        }
        int maxSize = context.options().maxSize();
        if (group.phase() instanceof PreparingRebalance) {
            return roster.find(memberId).map(ClassicMember::isAwaitingJoin).orElse(false)
                    || roster.awaitingJoinCount() < maxSize;
        }
        return roster.contains(memberId) || roster.size() < maxSize;
    }

    private void refuseForSize(ClassicGroup group, Join join) {
        join.refuse(NO_MEMBER, ErrorCode.GROUP_MAX_SIZE_REACHED);
        String memberId = join.request.memberId();
        if (!memberId.isEmpty()) {
            rebalancer.endSession(group, memberId);
            group.remove(memberId);
            rebalancer.maybeCompleteJoin(group);
        }
    }

    private void joinAsNew(ClassicGroup group, Join join) {
        String instanceId = join.request.groupInstanceId();
        if (instanceId != null) {
            String memberId = instanceId + "-" + context.randomIds().get();
            Optional<ClassicMember> seat =
                    group.roster().idOfInstance(instanceId).flatMap(group.roster()::find);
            if (seat.isPresent()) {
                takeSeat(group, seat.get(), memberId, join);
            } else {
                add(group, memberId, join);
            }
            return;
        }
        String memberId = join.from.clientId() + "-" + context.randomIds().get();
        if (join.from.version() >= MEMBER_ID_REQUIRED_VERSION) {
            group.roster().addPendingJoin(memberId);
            rebalancer.startSession(group, memberId, join.timeouts.sessionMs());
            join.refuse(memberId, ErrorCode.MEMBER_ID_REQUIRED);
        } else {
            add(group, memberId, join);
        }
    }

    private void add(ClassicGroup group, String memberId, Join join) {
        String instanceId = join.request.groupInstanceId();
        ClassicMember member = new ClassicMember(
                memberId, instanceId == null ? "" : instanceId, join.client, join.timeouts, join.protocols);
        member.setNew(true);
        if (group.phase() instanceof PreparingRebalance preparing && preparing.initial()) {
            group.moveTo(preparing.withNewMember(true), group.phaseSinceMs());
        }
        group.add(member, join.request.protocolType());
        group.roster().awaitJoin(member, join.answer);
        rebalancer.startSession(group, memberId, Rebalancer.NEW_MEMBER_JOIN_TIMEOUT_MS);
        rebalancer.rebalanceOrComplete(group, "a new member joins, " + join.reason());
    }

    private void joinAgain(ClassicGroup group, Join join) {
        String memberId = join.request.memberId();
        String instanceId = join.request.groupInstanceId();
        if (group.roster().isPendingJoin(memberId)) {
            if (instanceId == null) {
                add(group, memberId, join);
            } else {
                // Such ids are given to dynamic members only.
                join.refuse(memberId, ErrorCode.UNKNOWN_MEMBER_ID);
            }
            return;
        }
        ErrorCode error = group.check(memberId, instanceId);
        Optional<ClassicMember> member = group.roster().find(memberId);
        if (error != ErrorCode.NONE || member.isEmpty()) {
            join.refuse(memberId, error);
        } else {
            joinAsMember(group, member.get(), join);
        }
    }

    private void joinAsMember(ClassicGroup group, ClassicMember member, Join join) {
        boolean sameProtocols = member.protocols().equals(join.protocols);
        if (group.phase() instanceof CompletingRebalance && sameProtocols) {
            // Its answer probably got lost.
            join.answer.complete(rebalancer.generationFor(group, member.memberId()));
        } else if (group.phase() instanceof Stable && sameProtocols && !group.isLeader(member.memberId())) {
            join.answer.complete(rebalancer.generationFor(group, member.memberId()));
        } else if (group.isEmpty()) {
            join.refuse(member.memberId(), ErrorCode.UNKNOWN_MEMBER_ID);
        } else {
            // Something changed for this member, or the leader asks for a new assignment (topics have changed, say).
            group.roster().update(member, join.protocols, join.timeouts, join.answer);
            rebalancer.rebalanceOrComplete(group, "a member joins again, " + join.reason());
        }
    }

    /** A static member is back under a new id, after a restart. */
    private void takeSeat(ClassicGroup group, ClassicMember old, String memberId, Join join) {
        LOG.debugf("Static member %s of group %s is back", old.instanceId(), group.groupId());
        rebalancer.endSession(group, old.memberId());
        ClassicMember member = group.replaceStatic(old, memberId, join.client);
        rebalancer.startSession(group, member);
        group.roster().update(member, join.protocols, join.timeouts, join.answer);
        if (!(group.phase() instanceof Stable)) {
            // While the leader assigns, it still knows the old id: everybody has to join again.
            rebalancer.rebalanceOrComplete(group, "a static member is back");
        } else if (group.roster().electProtocol().orElse("").equals(group.protocol())) {
            storeSeat(group, old, member, join);
        } else {
            rebalancer.rebalanceOrComplete(group, "a static member is back and the protocol changes");
        }
    }

    /** Nothing changes but the id: the group stays as it is, once the id is written. */
    private void storeSeat(ClassicGroup group, ClassicMember old, ClassicMember member, Join join) {
        boolean skipsAssignment = join.from.version() >= SKIP_ASSIGNMENT_VERSION;
        String leader = group.isLeader(member.memberId()) && !skipsAssignment ? old.memberId() : group.leader();
        int generation = group.generation();
        GroupRecord record = new GroupRecord.GroupStored(group.groupId(), group.toStored(Map.of()));
        context.write(List.of(record), result -> {
            if (!(group.phase() instanceof Stable) || group.generation() != generation || !member.isAwaitingJoin()) {
                return; // The group has moved on, and the join is answered with it.
            }
            if (result instanceof WriteResult.Failed failed) {
                ErrorCode error = GroupAnswers.ofWrite(failed.error(), ErrorCode.UNKNOWN_SERVER_ERROR);
                group.roster().answerJoin(member, GroupAnswers.joinError(NO_MEMBER, error));
                restoreSeat(group, old, member);
                return;
            }
            boolean leads = group.isLeader(member.memberId());
            JoinGroupResponse response = rebalancer.generationFor(group, member.memberId());
            if (skipsAssignment) {
                response.setSkipAssignment(leads);
            } else {
                // An old client that found itself the leader would assign anew: it is told that somebody else leads.
                response.setLeader(leader).setMembers(new ArrayList<>());
            }
            group.roster().answerJoin(member, response);
        });
    }

    private void restoreSeat(ClassicGroup group, ClassicMember old, ClassicMember member) {
        if (!group.roster().contains(member.memberId())) {
            return;
        }
        rebalancer.endSession(group, member.memberId());
        group.roster().describe(member, old.protocols(), old.timeouts());
        rebalancer.startSession(group, group.replaceStatic(member, old.memberId(), old.client()));
    }

    /** One join on its way. */
    private record Join(
            GroupRequest from,
            JoinGroupRequest request,
            ClientIdentity client,
            MemberTimeouts timeouts,
            List<MemberProtocol> protocols,
            CompletableFuture<JoinGroupResponse> answer) {

        String reason() {
            return GroupAnswers.reason(request.reason());
        }

        CompletableFuture<JoinGroupResponse> refuse(String memberId, ErrorCode error) {
            answer.complete(GroupAnswers.joinError(memberId, error));
            return answer;
        }
    }
}
