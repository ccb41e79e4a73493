// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.WriteResult;
import io.kaon.coordinator.group.GroupPhase.CompletingRebalance;
import io.kaon.coordinator.group.GroupPhase.Dead;
import io.kaon.coordinator.group.GroupPhase.Formed;
import io.kaon.coordinator.group.GroupPhase.PreparingRebalance;
import io.kaon.coordinator.group.GroupPhase.Rebalanceable;
import io.kaon.wire.message.JoinGroupResponse;
import io.kaon.wire.message.JoinGroupResponse.JoinGroupResponseMember;
import io.kaon.wire.message.SyncGroupResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Moves classic groups from one generation to the next: calls members to join, waits for them or gives up on them,
 * hands out assignments, and ends the sessions of members that fell silent. Owned by the shard.
 */
final class Rebalancer {
    /**
     * A member that has just joined does not know its id and cannot send heartbeats. If its join is not answered for so
     * long, it has probably gone and come again as another one.
     */
    static final int NEW_MEMBER_JOIN_TIMEOUT_MS = 5 * 60 * 1000;

    private static final Logger LOG = Logger.getLogger(Rebalancer.class);

    private final GroupContext context;

    Rebalancer(GroupContext context) {
        this.context = context;
    }

    /** Begins a rebalance, or, if one is under way already, ends its join phase when nobody is missing any more. */
    void rebalanceOrComplete(ClassicGroup group, String reason) {
        if (group.phase() instanceof Rebalanceable from) {
            prepare(group, from, reason);
        } else {
            maybeCompleteJoin(group);
        }
    }

    /** Ends the join phase when nobody is missing; a group that was empty waits for its delay. */
    void maybeCompleteJoin(ClassicGroup group) {
        if (group.phase() instanceof PreparingRebalance preparing
                && !preparing.initial()
                && group.roster().hasAllJoined()) {
            completeJoin(group);
        }
    }

    /** A member or pending id has been taken out of the group: the others share anew. */
    void onMemberGone(ClassicGroup group, String reason) {
        if (group.phase() instanceof Formed formed) {
            prepare(group, formed, reason);
        } else if (group.phase() instanceof PreparingRebalance && group.roster().hasAllJoined()) {
            completeJoin(group);
        }
    }

    private void prepare(ClassicGroup group, Rebalanceable from, String reason) {
        if (group.phase() instanceof CompletingRebalance) {
            resetAssignments(group, ErrorCode.REBALANCE_IN_PROGRESS);
        }
        group.roster().clearPendingSyncs();
        context.timers().cancel(new SyncTimer(group.groupId()));
        PreparingRebalance preparing = from.prepare();
        group.moveTo(preparing, nowMs());
        LOG.debugf("Group %s rebalances, generation was %d: %s", group.groupId(), group.generation(), reason);
        if (preparing.initial()) {
            int delayMs = context.options().initialRebalanceDelayMs();
            waitForMore(group, delayMs, Math.max(group.roster().rebalanceTimeoutMs() - delayMs, 0));
        } else if (group.roster().hasAllJoined()) {
            completeJoin(group);
        } else {
            scheduleJoinEnd(group);
        }
    }

    /**
     * The group was empty: more members may be about to come, each of which extends the wait, up to the rebalance
     * timeout.
     */
    private void waitForMore(ClassicGroup group, int delayMs, int remainingMs) {
        if (delayMs == 0) {
            completeJoin(group);
            return;
        }
        context.timers().schedule(new JoinTimer(group.groupId()), delayMs, () -> {
            if (group.phase() instanceof PreparingRebalance preparing && preparing.newMember() && remainingMs > 0) {
                group.moveTo(preparing.withNewMember(false), nowMs());
                int nextDelayMs = Math.min(context.options().initialRebalanceDelayMs(), remainingMs);
                waitForMore(group, nextDelayMs, Math.max(remainingMs - delayMs, 0));
            } else {
                completeJoin(group);
            }
        });
    }

    private void scheduleJoinEnd(ClassicGroup group) {
        context.timers()
                .schedule(
                        new JoinTimer(group.groupId()), group.roster().rebalanceTimeoutMs(), () -> completeJoin(group));
    }

    /**
     * Ends the join phase: whoever is missing is out (static members keep their seat), the others form the next
     * generation.
     */
    void completeJoin(ClassicGroup group) {
        context.timers().cancel(new JoinTimer(group.groupId()));
        if (!(group.phase() instanceof PreparingRebalance preparing)) {
            return;
        }
        for (ClassicMember missing : group.roster().missingDynamicMembers()) {
            LOG.infof("Member %s of group %s did not join again in time", missing.memberId(), group.groupId());
            endSession(group, missing.memberId());
            group.remove(missing.memberId());
        }
        if (!group.electJoinedLeader() && !group.roster().isEmpty()) {
            // Only static members are left and none of them has joined: their sessions decide.
            scheduleJoinEnd(group);
            return;
        }
        group.beginGeneration(preparing, nowMs());
        if (group.isEmpty()) {
            storeEmpty(group);
        } else {
            answerJoins(group);
        }
    }

    private void storeEmpty(ClassicGroup group) {
        LOG.debugf("Group %s is empty, generation %d", group.groupId(), group.generation());
        GroupRecord record = new GroupRecord.GroupStored(group.groupId(), group.toStored(Map.of()));
        context.write(List.of(record), result -> {
            if (result instanceof WriteResult.Failed failed) {
                // An earlier generation would come back after a crash; its members are gone and would time out.
                LOG.warnf("That group %s is empty could not be written: %s", group.groupId(), failed.error());
            }
        });
    }

    private void answerJoins(ClassicGroup group) {
        LOG.debugf(
                "Group %s formed generation %d with %d members, leader %s",
                group.groupId(), group.generation(), group.roster().size(), group.leader());
        for (ClassicMember member : List.copyOf(group.roster().all())) {
            group.roster().addPendingSync(member.memberId());
            startSession(group, member);
            member.setNew(false);
            group.roster().answerJoin(member, generationFor(group, member.memberId()));
        }
        int generation = group.generation();
        context.timers()
                .schedule(
                        new SyncTimer(group.groupId()),
                        group.roster().rebalanceTimeoutMs(),
                        () -> onSyncOverdue(group, generation));
    }

    /** The answer to a join: this generation; the leader gets the members too. */
    JoinGroupResponse generationFor(ClassicGroup group, String memberId) {
        return new JoinGroupResponse()
                .setMemberId(memberId)
                .setGenerationId(group.generation())
                .setProtocolType(group.protocolType())
                .setProtocolName(group.protocol())
                .setLeader(group.leader())
                .setMembers(group.isLeader(memberId) ? membersOf(group) : new ArrayList<>());
    }

    private static List<JoinGroupResponseMember> membersOf(ClassicGroup group) {
        List<JoinGroupResponseMember> members = new ArrayList<>(group.roster().size());
        for (ClassicMember member : group.roster().all()) {
            members.add(new JoinGroupResponseMember()
                    .setMemberId(member.memberId())
                    .setGroupInstanceId(member.isStatic() ? member.instanceId() : null)
                    .setMetadata(member.metadata(group.protocol())));
        }
        return members;
    }

    /** Somebody has asked for its assignment: if everybody has, nobody is overdue any more. */
    void onSynced(ClassicGroup group, String memberId) {
        group.roster().removePendingSync(memberId);
        if (!group.roster().hasPendingSyncs()) {
            context.timers().cancel(new SyncTimer(group.groupId()));
        }
    }

    private void onSyncOverdue(ClassicGroup group, int generation) {
        if (generation != group.generation()
                || !(group.phase() instanceof Formed formed)
                || !group.roster().hasPendingSyncs()) {
            return;
        }
        List<String> overdue = group.roster().pendingSyncs();
        for (String memberId : overdue) {
            endSession(group, memberId);
            group.remove(memberId);
        }
        LOG.infof("Members %s of group %s did not ask for their assignment in time", overdue, group.groupId());
        prepare(group, formed, "members did not sync");
    }

    /** Gives every member its assignment and those that wait for it their answer. */
    void assign(ClassicGroup group, Map<String, byte[]> assignments) {
        for (ClassicMember member : group.roster().all()) {
            member.assign(assignments.getOrDefault(member.memberId(), ClassicMember.NO_ASSIGNMENT));
        }
        answerSyncs(group, ErrorCode.NONE);
    }

    /** Takes the assignments back and tells those that wait for one why. */
    void resetAssignments(ClassicGroup group, ErrorCode error) {
        group.roster().all().forEach(ClassicMember::unassign);
        answerSyncs(group, error);
    }

    private void answerSyncs(ClassicGroup group, ErrorCode error) {
        for (ClassicMember member : List.copyOf(group.roster().all())) {
            SyncGroupResponse response =
                    error == ErrorCode.NONE ? assignmentOf(group, member) : GroupAnswers.syncError(error);
            // A session that ended while the member waited here was not held against it: it starts again.
            if (member.answerSync(response)) {
                startSession(group, member);
            }
        }
    }

    /** The answer to a sync of a member that may have its assignment. */
    SyncGroupResponse assignmentOf(ClassicGroup group, ClassicMember member) {
        return new SyncGroupResponse()
                .setProtocolType(group.protocolType())
                .setProtocolName(group.protocol())
                .setAssignment(member.assignment());
    }

    /** The member is alive: its session starts again. */
    void startSession(ClassicGroup group, ClassicMember member) {
        startSession(group, member.memberId(), member.timeouts().sessionMs());
    }

    /** As {@link #startSession(ClassicGroup, ClassicMember)}, for an id that may not belong to a member yet. */
    void startSession(ClassicGroup group, String memberId, int timeoutMs) {
        context.timers()
                .schedule(new SessionTimer(group.groupId(), memberId), timeoutMs, () -> onSessionEnd(group, memberId));
    }

    /** Nobody waits for a sign of life any more. */
    void endSession(ClassicGroup group, String memberId) {
        context.timers().cancel(new SessionTimer(group.groupId(), memberId));
    }

    private void onSessionEnd(ClassicGroup group, String memberId) {
        if (group.phase() instanceof Dead) {
            return;
        }
        if (group.roster().isPendingJoin(memberId)) {
            // It never belonged to a generation: only a group that waits for it goes on, a formed one is left alone.
            group.remove(memberId);
            if (group.phase() instanceof PreparingRebalance && group.roster().hasAllJoined()) {
                completeJoin(group);
            }
            return;
        }
        group.roster().find(memberId).filter(Rebalancer::isLost).ifPresent(member -> {
            LOG.infof("Member %s of group %s has fallen silent", memberId, group.groupId());
            group.remove(memberId);
            onMemberGone(group, "a member has fallen silent");
        });
    }

    /** A member that waits for our answer cannot send heartbeats. */
    private static boolean isLost(ClassicMember member) {
        return member.isNew() || !(member.isAwaitingJoin() || member.isAwaitingSync());
    }

    /** Tells everybody who waits to join again: the group is under another protocol now. */
    void sendBack(ClassicGroup group) {
        for (ClassicMember member : List.copyOf(group.roster().all())) {
            group.roster()
                    .answerJoin(member, GroupAnswers.joinError(member.memberId(), ErrorCode.REBALANCE_IN_PROGRESS));
            member.answerSync(GroupAnswers.syncError(ErrorCode.REBALANCE_IN_PROGRESS));
        }
    }

    /** Cancels what runs for the group. */
    void forget(ClassicGroup group) {
        context.timers().cancel(new JoinTimer(group.groupId()));
        context.timers().cancel(new SyncTimer(group.groupId()));
        group.roster().all().forEach(member -> endSession(group, member.memberId()));
    }

    private long nowMs() {
        return context.clock().wallMs();
    }

    private record JoinTimer(String groupId) {}

    private record SyncTimer(String groupId) {}

    private record SessionTimer(String groupId, String memberId) {}
}
