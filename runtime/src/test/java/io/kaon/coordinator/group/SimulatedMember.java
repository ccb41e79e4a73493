// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static io.kaon.coordinator.group.GroupFixture.GROUP;
import static io.kaon.coordinator.group.GroupFixture.bytes;
import static io.kaon.coordinator.group.GroupFixture.commitRequest;
import static io.kaon.coordinator.group.GroupFixture.joinRequest;

import io.kaon.common.ErrorCode;
import io.kaon.wire.message.HeartbeatRequest;
import io.kaon.wire.message.JoinGroupRequest;
import io.kaon.wire.message.JoinGroupResponse;
import io.kaon.wire.message.LeaveGroupRequest;
import io.kaon.wire.message.LeaveGroupRequest.MemberIdentity;
import io.kaon.wire.message.OffsetCommitRequest;
import io.kaon.wire.message.SyncGroupRequest;
import io.kaon.wire.message.SyncGroupRequest.SyncGroupRequestAssignment;
import io.kaon.wire.message.SyncGroupResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A well-behaved client of the classic protocol, one step at a time: what a Kafka consumer does with each answer. */
final class SimulatedMember {
    private final GroupFixture fixture;
    private final GroupHistory history;
    private final String instanceId;
    private String memberId = "";
    private int generation = -1;
    private boolean stable;
    private Optional<CompletableFuture<JoinGroupResponse>> join = Optional.empty();
    private Optional<CompletableFuture<SyncGroupResponse>> sync = Optional.empty();

    /** @param instanceId empty for a dynamic member */
    SimulatedMember(GroupFixture fixture, GroupHistory history, String instanceId) {
        this.fixture = fixture;
        this.history = history;
        this.instanceId = instanceId;
    }

    boolean isStable() {
        return stable;
    }

    int generation() {
        return generation;
    }

    /** Takes the answer that it waits for, or does what comes next. */
    void step() {
        if (join.isPresent()) {
            if (join.get().isDone()) {
                JoinGroupResponse response = fixture.done(join.get());
                join = Optional.empty();
                onJoined(response);
            }
        } else if (sync.isPresent()) {
            if (sync.get().isDone()) {
                SyncGroupResponse response = fixture.done(sync.get());
                sync = Optional.empty();
                onSynced(response);
            }
        } else if (stable) {
            onHeartbeat(heartbeat());
        } else {
            join();
        }
    }

    /** A process that dies: it says nothing, and comes back as somebody new. */
    void crash() {
        join = Optional.empty();
        sync = Optional.empty();
        forget();
    }

    void leave() {
        MemberIdentity identity = new MemberIdentity().setMemberId(memberId).setGroupInstanceId(orNull());
        fixture.done(fixture.coordinator.leaveGroup(
                fixture.from(5), new LeaveGroupRequest().setGroupId(GROUP).setMembers(List.of(identity))));
        crash();
    }

    void commit(long offset) {
        if (!stable) {
            return;
        }
        OffsetCommitRequest request =
                commitRequest(generation, memberId, offset).setGroupInstanceId(orNull());
        history.onCommitSent(offset);
        fixture.commit(9, request).thenAccept(response -> {
            if (GroupFixture.errorOf(response) == ErrorCode.NONE) {
                history.onCommitAcknowledged(offset);
            }
        });
    }

    private void join() {
        JoinGroupRequest request = joinRequest(memberId, "range").setGroupInstanceId(orNull());
        join = Optional.of(fixture.join(9, request));
    }

    private void onJoined(JoinGroupResponse response) {
        ErrorCode error = ErrorCode.of(response.errorCode());
        if (error == ErrorCode.MEMBER_ID_REQUIRED) {
            memberId = response.memberId();
        } else if (error != ErrorCode.NONE) {
            onError(error);
        } else {
            memberId = response.memberId();
            generation = response.generationId();
            sync = Optional.of(sync(response));
        }
    }

    private CompletableFuture<SyncGroupResponse> sync(JoinGroupResponse response) {
        List<SyncGroupRequestAssignment> assignments = new ArrayList<>();
        if (memberId.equals(response.leader()) && !response.skipAssignment()) {
            int nonce = history.nextNonce();
            response.members()
                    .forEach(member -> assignments.add(new SyncGroupRequestAssignment()
                            .setMemberId(member.memberId())
                            .setAssignment(bytes(generation + "#" + nonce + "#" + member.memberId()))));
        }
        SyncGroupRequest request = new SyncGroupRequest()
                .setGroupId(GROUP)
                .setGenerationId(generation)
                .setMemberId(memberId)
                .setGroupInstanceId(orNull())
                .setProtocolType("consumer")
                .setProtocolName("range")
                .setAssignments(assignments);
        // What counts is when the coordinator answers, not when this member gets round to reading it.
        return fixture.coordinator
                .syncGroup(fixture.from(5), request)
                .thenApply(answer -> {
                    observe(request, answer);
                    return answer;
                })
                .toCompletableFuture();
    }

    private void observe(SyncGroupRequest request, SyncGroupResponse answer) {
        if (answer.errorCode() == ErrorCode.NONE.code()) {
            String assignment = new String(answer.assignment(), StandardCharsets.UTF_8);
            history.onAssigned(request.generationId(), request.memberId(), instanceId, assignment);
        }
    }

    private void onSynced(SyncGroupResponse response) {
        ErrorCode error = ErrorCode.of(response.errorCode());
        if (error == ErrorCode.NONE) {
            stable = true;
        } else {
            onError(error);
        }
    }

    private ErrorCode heartbeat() {
        return fixture.heartbeat(new HeartbeatRequest()
                .setGroupId(GROUP)
                .setGenerationId(generation)
                .setMemberId(memberId)
                .setGroupInstanceId(orNull()));
    }

    private void onHeartbeat(ErrorCode error) {
        if (error != ErrorCode.NONE) {
            onError(error);
        }
    }

    private void onError(ErrorCode error) {
        switch (error) {
            case REBALANCE_IN_PROGRESS:
            case COORDINATOR_NOT_AVAILABLE:
            case COORDINATOR_LOAD_IN_PROGRESS:
            case NOT_COORDINATOR:
                stable = false;
                break;
            case ILLEGAL_GENERATION:
            case UNKNOWN_MEMBER_ID:
            case FENCED_INSTANCE_ID:
                forget();
                break;
            default:
                throw new AssertionError("a client does not expect " + error);
        }
    }

    private void forget() {
        memberId = "";
        generation = -1;
        stable = false;
    }

    private String orNull() {
        return instanceId.isEmpty() ? null : instanceId;
    }
}
