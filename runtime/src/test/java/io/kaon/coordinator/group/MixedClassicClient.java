// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static io.kaon.coordinator.group.GroupFixture.GROUP;
import static io.kaon.coordinator.group.GroupFixture.REBALANCE_MS;
import static io.kaon.coordinator.group.GroupFixture.SESSION_MS;

import io.kaon.common.ErrorCode;
import io.kaon.wire.message.ConsumerProtocolSubscription;
import io.kaon.wire.message.HeartbeatRequest;
import io.kaon.wire.message.JoinGroupRequest;
import io.kaon.wire.message.JoinGroupRequest.JoinGroupRequestProtocol;
import io.kaon.wire.message.JoinGroupResponse;
import io.kaon.wire.message.JoinGroupResponse.JoinGroupResponseMember;
import io.kaon.wire.message.LeaveGroupRequest;
import io.kaon.wire.message.LeaveGroupRequest.MemberIdentity;
import io.kaon.wire.message.SyncGroupRequest;
import io.kaon.wire.message.SyncGroupRequest.SyncGroupRequestAssignment;
import io.kaon.wire.message.SyncGroupResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Speaks the classic protocol. An eager one gives up everything before it joins; a cooperative one keeps what it has,
 * and its leader moves a partition only when its owner has given it up.
 */
final class MixedClassicClient extends MixedClient {
    private final boolean cooperative;
    private final int partitions;
    private boolean stable;
    /** It has its assignment, and has not asked for another since. */
    private boolean synced;

    private Optional<CompletableFuture<JoinGroupResponse>> join = Optional.empty();
    private Optional<CompletableFuture<SyncGroupResponse>> sync = Optional.empty();

    MixedClassicClient(
            GroupFixture fixture, MixedHistory history, String instanceId, boolean cooperative, int partitions) {
        super(fixture, history, instanceId);
        this.cooperative = cooperative;
        this.partitions = partitions;
    }

    @Override
    boolean isStable() {
        return stable;
    }

    @Override
    boolean canCommit() {
        return synced;
    }

    @Override
    String describe() {
        return "classic " + memberId + " in " + epoch + " owns " + owned + (stable ? "" : ", joins");
    }

    @Override
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
            onHeartbeat();
        } else {
            join();
        }
    }

    @Override
    void leave() {
        owned.clear();
        MemberIdentity identity = new MemberIdentity().setMemberId(memberId).setGroupInstanceId(orNull());
        fixture.coordinator.leaveGroup(
                fixture.from(5), new LeaveGroupRequest().setGroupId(GROUP).setMembers(List.of(identity)));
    }

    private void join() {
        synced = false;
        if (!cooperative) {
            owned.clear();
        }
        JoinGroupRequest request = new JoinGroupRequest()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setGroupInstanceId(orNull())
                .setSessionTimeoutMs(SESSION_MS)
                .setRebalanceTimeoutMs(REBALANCE_MS)
                .setProtocolType("consumer")
                .setProtocols(List.of(new JoinGroupRequestProtocol()
                        .setName(cooperative ? "cooperative-sticky" : "range")
                        .setMetadata(ConsumerBytes.subscription(epoch, List.copyOf(owned), "topic-0"))));
        join = Optional.of(answered(fixture.join(9, request)));
    }

    private void onJoined(JoinGroupResponse response) {
        ErrorCode error = ErrorCode.of(response.errorCode());
        if (error == ErrorCode.MEMBER_ID_REQUIRED) {
            memberId = response.memberId();
        } else if (error != ErrorCode.NONE) {
            onError(error);
        } else {
            memberId = response.memberId();
            epoch = response.generationId();
            onAccepted();
            boolean assigns = memberId.equals(response.leader()) && !response.skipAssignment();
            sync = Optional.of(sync(response.protocolName(), assigns ? assign(response.members()) : List.of()));
        }
    }

    private CompletableFuture<SyncGroupResponse> sync(String protocol, List<SyncGroupRequestAssignment> assignments) {
        SyncGroupRequest request = new SyncGroupRequest()
                .setGroupId(GROUP)
                .setGenerationId(epoch)
                .setMemberId(memberId)
                .setGroupInstanceId(orNull())
                .setProtocolType("consumer")
                .setProtocolName(protocol)
                .setAssignments(assignments);
        return answered(fixture.coordinator.syncGroup(fixture.from(5), request));
    }

    private void onSynced(SyncGroupResponse response) {
        ErrorCode error = ErrorCode.of(response.errorCode());
        if (error != ErrorCode.NONE) {
            onError(error);
            return;
        }
        onAccepted();
        List<Integer> assigned = ConsumerBytes.partitions(response.assignment());
        boolean gaveUp = cooperative && !assigned.containsAll(owned);
        owned.clear();
        owned.addAll(assigned);
        synced = true;
        // Somebody waits for what was given up: everybody joins once more.
        stable = !gaveUp;
    }

    private void onHeartbeat() {
        HeartbeatRequest request = new HeartbeatRequest()
                .setGroupId(GROUP)
                .setGenerationId(epoch)
                .setMemberId(memberId)
                .setGroupInstanceId(orNull());
        ErrorCode error = ErrorCode.of(fixture.done(answered(fixture.coordinator.heartbeat(fixture.from(4), request)))
                .errorCode());
        if (error == ErrorCode.NONE || error == ErrorCode.REBALANCE_IN_PROGRESS) {
            onAccepted();
        }
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
                lose();
                break;
            case UNKNOWN_MEMBER_ID:
                onUnknown();
                lose();
                memberId = "";
                break;
            case FENCED_INSTANCE_ID:
                lose();
                memberId = "";
                break;
            default:
                throw new AssertionError("a client does not expect " + error);
        }
    }

    private void lose() {
        owned.clear();
        epoch = -1;
        stable = false;
        synced = false;
    }

    /** Shares the partitions out evenly, leaving each where it is as far as that goes. */
    private List<SyncGroupRequestAssignment> assign(List<JoinGroupResponseMember> members) {
        Map<Integer, String> owners = new HashMap<>();
        Map<Integer, Integer> ownedSince = new HashMap<>();
        Map<String, List<Integer>> shares = new TreeMap<>();
        for (JoinGroupResponseMember member : members) {
            shares.put(member.memberId(), new ArrayList<>());
            ConsumerProtocolSubscription said =
                    EmbeddedProtocol.subscription(member.metadata()).orElseThrow();
            said.ownedPartitions().forEach(topic -> topic.partitions().forEach(partition -> {
                if (said.generationId() > ownedSince.getOrDefault(partition, -1)) {
                    ownedSince.put(partition, said.generationId());
                    owners.put(partition, member.memberId());
                }
            }));
        }
        int most = (partitions + members.size() - 1) / members.size();
        List<Integer> others = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            List<Integer> share = shares.getOrDefault(owners.getOrDefault(partition, ""), others);
            (share.size() < most || share == others ? share : others).add(partition);
        }
        for (int partition : others) {
            List<Integer> smallest = shares.values().stream()
                    .min(Comparator.comparingInt(List::size))
                    .orElseThrow();
            if (owners.containsKey(partition)) {
                continue; // Its owner hears from this that it is to give it up; then everybody joins again.
            }
            smallest.add(partition);
        }
        List<SyncGroupRequestAssignment> assignments = new ArrayList<>();
        shares.forEach((member, share) -> assignments.add(
                new SyncGroupRequestAssignment().setMemberId(member).setAssignment(ConsumerBytes.assignment(share))));
        return assignments;
    }
}
