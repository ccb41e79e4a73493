// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.WriteResult;
import io.kaon.coordinator.group.GroupPhase.CompletingRebalance;
import io.kaon.coordinator.group.GroupPhase.Dead;
import io.kaon.coordinator.group.GroupPhase.PreparingRebalance;
import io.kaon.coordinator.group.GroupPhase.Stable;
import io.kaon.wire.message.HeartbeatRequest;
import io.kaon.wire.message.HeartbeatResponse;
import io.kaon.wire.message.SyncGroupRequest;
import io.kaon.wire.message.SyncGroupRequest.SyncGroupRequestAssignment;
import io.kaon.wire.message.SyncGroupResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Answers SyncGroup (api 14) and Heartbeat (api 12). The leader's sync brings the assignments; they are written, and
 * everybody gets its own when that is committed. Owned by the shard.
 */
final class Syncing {
    /** From here on a member must say which protocol it believes in (KIP-559). */
    private static final short PROTOCOL_VERSION = 5;

    private final GroupContext context;
    private final Groups groups;
    private final Rebalancer rebalancer;
    private final Generations generations;

    Syncing(GroupContext context, Groups groups, Rebalancer rebalancer, Generations generations) {
        this.context = context;
        this.groups = groups;
        this.rebalancer = rebalancer;
        this.generations = generations;
    }

    /** The answer completes inside the owner. */
    CompletableFuture<SyncGroupResponse> sync(GroupRequest from, SyncGroupRequest request) {
        CompletableFuture<SyncGroupResponse> answer = new CompletableFuture<>();
        if (from.version() >= PROTOCOL_VERSION && (request.protocolType() == null || request.protocolName() == null)) {
            answer.complete(GroupAnswers.syncError(ErrorCode.INCONSISTENT_GROUP_PROTOCOL));
            return answer;
        }
        Optional<ClassicGroup> found = groups.find(request.groupId());
        ErrorCode error = found.map(group -> check(group, request)).orElse(ErrorCode.UNKNOWN_MEMBER_ID);
        Optional<ClassicMember> member = found.flatMap(group -> group.roster().find(request.memberId()));
        if (error != ErrorCode.NONE || member.isEmpty()) {
            answer.complete(GroupAnswers.syncError(error));
            return answer;
        }
        ClassicGroup group = found.get();
        rebalancer.onSynced(group, request.memberId());
        if (group.phase() instanceof CompletingRebalance) {
            member.get().awaitSync(answer);
            if (group.isLeader(request.memberId())) {
                store(group, request.assignments());
            }
        } else {
            rebalancer.startSession(group, member.get());
            answerStable(group, member.get(), answer);
        }
        return answer;
    }

    /**
     * A group that was restored from the log's uncommitted tail is stable for us, but the next leader may never have
     * heard of it: its assignments are handed out when they are committed, like those that we write ourselves.
     */
    private void answerStable(ClassicGroup group, ClassicMember member, CompletableFuture<SyncGroupResponse> answer) {
        int generation = group.generation();
        boolean isCommitted = generations
                .committed(group.groupId())
                .map(stored -> stored.generation() == generation)
                .orElse(false);
        if (isCommitted) {
            answer.complete(rebalancer.assignmentOf(group, member));
            return;
        }
        context.write(List.of(), result -> {
            if (result instanceof WriteResult.Failed failed) {
                ErrorCode error = GroupAnswers.ofWrite(failed.error(), ErrorCode.UNKNOWN_SERVER_ERROR);
                answer.complete(GroupAnswers.syncError(error));
            } else if (group.generation() == generation && group.phase() instanceof Stable) {
                answer.complete(rebalancer.assignmentOf(group, member));
            } else {
                answer.complete(GroupAnswers.syncError(ErrorCode.REBALANCE_IN_PROGRESS));
            }
        });
    }

    private static ErrorCode check(ClassicGroup group, SyncGroupRequest request) {
        ErrorCode error = group.check(request.memberId(), request.groupInstanceId(), request.generationId());
        if (error != ErrorCode.NONE) {
            return error;
        }
        if (differs(request.protocolType(), group.protocolType())
                || differs(request.protocolName(), group.protocol())) {
            return ErrorCode.INCONSISTENT_GROUP_PROTOCOL;
        }
        if (group.phase() instanceof PreparingRebalance) {
            return ErrorCode.REBALANCE_IN_PROGRESS;
        }
        return group.isEmpty() ? ErrorCode.UNKNOWN_MEMBER_ID : ErrorCode.NONE;
    }

    /** Whether both sides say something (versions below 5 do not) and not the same. */
    private static boolean differs(String requested, String current) {
        return requested != null && !current.isEmpty() && !requested.equals(current);
    }

    private void store(ClassicGroup group, List<SyncGroupRequestAssignment> assignments) {
        Map<String, byte[]> byMember = new HashMap<>();
        for (ClassicMember member : group.roster().all()) {
            byMember.put(member.memberId(), ClassicMember.NO_ASSIGNMENT);
        }
        for (SyncGroupRequestAssignment assignment : assignments) {
            // The leader may name members that have gone meanwhile; their share is nobody's until the next rebalance.
            byMember.replace(assignment.memberId(), assignment.assignment());
        }
        int generation = group.generation();
        GroupRecord record = new GroupRecord.GroupStored(group.groupId(), group.toStored(byMember));
        context.write(List.of(record), result -> onStored(group, generation, byMember, result));
    }

    private void onStored(ClassicGroup group, int generation, Map<String, byte[]> byMember, WriteResult result) {
        if (!(group.phase() instanceof CompletingRebalance completing) || group.generation() != generation) {
            return; // Another rebalance has begun while this was written: those who waited have been told.
        }
        if (result instanceof WriteResult.Failed failed) {
            rebalancer.resetAssignments(group, GroupAnswers.ofWrite(failed.error(), ErrorCode.UNKNOWN_SERVER_ERROR));
            rebalancer.rebalanceOrComplete(group, "the assignment could not be written: " + failed.error());
        } else {
            group.moveTo(completing.stabilize(), context.clock().wallMs());
            rebalancer.assign(group, byMember);
        }
    }

    /** A member says that it lives, and hears whether it has to join again. */
    HeartbeatResponse heartbeat(HeartbeatRequest request) {
        Optional<ClassicGroup> found = groups.find(request.groupId());
        if (found.isEmpty() || found.get().phase() instanceof Dead) {
            return GroupAnswers.heartbeat(ErrorCode.UNKNOWN_MEMBER_ID);
        }
        ClassicGroup group = found.get();
        ErrorCode error = group.check(request.memberId(), request.groupInstanceId(), request.generationId());
        if (error != ErrorCode.NONE) {
            return GroupAnswers.heartbeat(error);
        }
        group.roster().find(request.memberId()).ifPresent(member -> rebalancer.startSession(group, member));
        return GroupAnswers.heartbeat(
                group.phase() instanceof PreparingRebalance ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE);
    }
}
