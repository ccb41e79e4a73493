// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import io.kaon.quarkus.connector.client.BrokerCalls;
import io.kaon.quarkus.connector.client.Deadline;
import io.kaon.wire.message.FindCoordinatorRequest;
import io.kaon.wire.message.FindCoordinatorResponse;
import io.kaon.wire.message.HeartbeatRequest;
import io.kaon.wire.message.HeartbeatResponse;
import io.kaon.wire.message.JoinGroupRequest;
import io.kaon.wire.message.JoinGroupResponse;
import io.kaon.wire.message.LeaveGroupRequest;
import io.kaon.wire.message.LeaveGroupResponse;
import io.kaon.wire.message.SyncGroupRequest;
import io.kaon.wire.message.SyncGroupResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.protocol.Errors;

/**
 * Membership in a group with the classic protocol: join, sync, heartbeats, leave.
 *
 * <pre>
 *  OUTSIDE --join--> JOINING --answer--> SYNCING --assignment--> STABLE
 *     ^                 |                   |                       |
 *     +------- unknown member, rebalance, fenced (heartbeat) -------+
 * </pre>
 *
 * <p>Owned by the thread that polls, but for {@link #heartbeat()} and {@link #leave}, which a timer calls, too, and for
 * answers, which come on threads of the broker. A departure ends the attempt to join that is under way: nothing that is
 * answered to it later makes this a member again.
 */
final class ClassicMember implements Membership {
    private static final String PROTOCOL_TYPE = "consumer";
    private static final int NO_GENERATION = -1;
    private static final byte GROUP_KEY = 0;
    private static final long RETRY_MS = 50;

    private final MemberSeams seams;
    private final BrokerCalls calls;
    private final GroupSettings settings;
    private final Runnable bell;
    private final GroupAssignor assignor;
    private volatile Optional<CompletableFuture<Optional<Joined>>> joining = Optional.empty();
    private Deadline retryAt = Deadline.inMs(0);
    private boolean isAskedWhileJoining;
    private volatile ConsumerGroupMetadata metadata;
    private volatile boolean isRejoinNeeded = true;
    private volatile boolean isMember;
    private volatile boolean isExpelled;
    private volatile Optional<KafkaException> failure = Optional.empty();
    private volatile int departures;

    /** What the group has assigned, and to whom: who has left, or was thrown out, since, has no use for it. */
    private record Joined(ConsumerGroupMetadata member, Assignment assignment) {}

    ClassicMember(MemberSeams seams, GroupSettings settings) {
        this.seams = seams;
        this.calls = seams.calls();
        this.settings = settings;
        this.assignor =
                new GroupAssignor(settings.protocol().assignors().instances(), settings.rack(), seams.directory());
        this.bell = seams.bell();
        this.metadata = outside("");
    }

    @Override
    public GroupConsumption follow(Subscription subscription, OwnedPartitions owned) {
        failure = Optional.empty();
        return new ClassicConsumption(this, assignor, seams, owned, subscription);
    }

    private ConsumerGroupMetadata outside(String memberId) {
        return inGeneration(NO_GENERATION, memberId);
    }

    private ConsumerGroupMetadata inGeneration(int generation, String memberId) {
        return new ConsumerGroupMetadata(settings.id().orElse(""), generation, memberId, settings.instanceId());
    }

    @Override
    public ConsumerGroupMetadata metadata() {
        return metadata;
    }

    /** Whether the assignment that this member has is to be given up and a new one asked for. Any thread. */
    boolean isRejoinNeeded() {
        return isRejoinNeeded;
    }

    /** Whether this member was thrown out, so that what it had may belong to another one already. */
    boolean isExpelled() {
        return isExpelled;
    }

    /** Why it cannot go on: another one has taken its place for good. Any thread. */
    Optional<KafkaException> failure() {
        return failure;
    }

    /** Has this member join again, once more if it is just doing so. */
    @Override
    public void rejoin() {
        isRejoinNeeded = true;
        isAskedWhileJoining = isJoining();
    }

    boolean isJoining() {
        return joining.isPresent();
    }

    /**
     * Goes on with joining, without waiting; the bell rings when there is more to do. Only while a rejoin is needed.
     *
     * @return the assignment, once, when the group has settled
     */
    Optional<Assignment> progress() {
        if (joining.isEmpty()) {
            if (retryAt.hasPassed()) {
                CompletableFuture<Optional<Joined>> attempt = join(departures);
                joining = Optional.of(attempt);
                attempt.whenComplete((assignment, failure) -> bell.run());
            }
            return Optional.empty();
        }
        CompletableFuture<Optional<Joined>> attempt = joining.get();
        if (!attempt.isDone()) {
            return Optional.empty();
        }
        joining = Optional.empty();
        Optional<Joined> joined = BrokerCalls.await(attempt, Deadline.inMs(1), "joining the group");
        if (joined.isPresent() && settle(joined.get())) {
            return joined.map(Joined::assignment);
        }
        retryAt = Deadline.inMs(RETRY_MS);
        return Optional.empty();
    }

    private synchronized boolean settle(Joined joined) {
        if (joined.member() != metadata) {
            return false;
        }
        isRejoinNeeded = isAskedWhileJoining;
        isAskedWhileJoining = false;
        isExpelled = false;
        return true;
    }

    /** Changes the membership, unless it has ended since the attempt began that wants to. */
    private synchronized boolean become(ConsumerGroupMetadata next, boolean isIn, int departure) {
        if (departure != departures) {
            return false;
        }
        metadata = next;
        isMember |= isIn;
        return true;
    }

    /** One attempt; empty when it has to be made again. Fatal errors are exceptions. */
    private CompletableFuture<Optional<Joined>> join(int departure) {
        var find = new FindCoordinatorRequest()
                .setKeyType(GROUP_KEY)
                .setCoordinatorKeys(new ArrayList<>(List.of(metadata.groupId())));
        return calls.call(FindCoordinatorResponse.class, find).thenCompose(found -> {
            Errors error = Errors.forCode(found.coordinators().get(0).errorCode());
            return error == Errors.NONE ? joinFound(departure) : again(error);
        });
    }

    private CompletableFuture<Optional<Joined>> joinFound(int departure) {
        JoinGroupRequest request = new JoinGroupRequest()
                .setGroupId(metadata.groupId())
                .setSessionTimeoutMs(settings.timeouts().sessionMs())
                .setRebalanceTimeoutMs(settings.timeouts().maxPollIntervalMs())
                .setMemberId(metadata.memberId())
                .setGroupInstanceId(settings.instanceId().orElse(null))
                .setProtocolType(PROTOCOL_TYPE)
                .setProtocols(assignor.protocols(metadata.generationId()));
        return calls.call(JoinGroupResponse.class, request).thenCompose(response -> {
            Errors error = Errors.forCode(response.errorCode());
            if (error == Errors.MEMBER_ID_REQUIRED) {
                return become(outside(response.memberId()), false, departure) ? joinFound(departure) : notNow();
            }
            if (error != Errors.NONE) {
                return again(error);
            }
            ConsumerGroupMetadata member = inGeneration(response.generationId(), response.memberId());
            return become(member, true, departure) ? sync(response, member) : notNow();
        });
    }

    private static CompletableFuture<Optional<Joined>> notNow() {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    private CompletableFuture<Optional<Joined>> sync(JoinGroupResponse joined, ConsumerGroupMetadata member) {
        boolean isLeader = joined.memberId().equals(joined.leader()) && !joined.skipAssignment();
        if (!isLeader) {
            assignor.onFollowing();
        }
        CompletableFuture<List<SyncGroupRequest.SyncGroupRequestAssignment>> assignments =
                isLeader ? assignor.assign(joined) : CompletableFuture.completedFuture(new ArrayList<>());
        return assignments
                .thenCompose(decided -> calls.call(
                        SyncGroupResponse.class,
                        new SyncGroupRequest()
                                .setGroupId(member.groupId())
                                .setGenerationId(joined.generationId())
                                .setMemberId(joined.memberId())
                                .setGroupInstanceId(settings.instanceId().orElse(null))
                                .setProtocolType(PROTOCOL_TYPE)
                                .setProtocolName(joined.protocolName())
                                .setAssignments(decided)))
                .thenCompose(response -> {
                    Errors error = Errors.forCode(response.errorCode());
                    if (error != Errors.NONE) {
                        return again(error);
                    }
                    Assignment assignment = assignor.onAssignment(joined.protocolName(), response.assignment(), member);
                    return CompletableFuture.completedFuture(Optional.of(new Joined(member, assignment)));
                });
    }

    /** What an error means for the membership: another attempt, or an exception. */
    private CompletableFuture<Optional<Joined>> again(Errors error) {
        switch (error) {
            case UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION:
                forget(error == Errors.ILLEGAL_GENERATION ? metadata.memberId() : "");
                return notNow();
            case REBALANCE_IN_PROGRESS,
                    COORDINATOR_NOT_AVAILABLE,
                    NOT_COORDINATOR,
                    COORDINATOR_LOAD_IN_PROGRESS,
                    NETWORK_EXCEPTION:
                return notNow();
            default:
                return CompletableFuture.failedFuture(error.exception());
        }
    }

    private synchronized void forget(String memberId) {
        metadata = outside(memberId);
        isExpelled |= isMember;
        isMember = false;
        isRejoinNeeded = true;
    }

    @Override
    public int beatMs() {
        return settings.timeouts().heartbeatIntervalMs();
    }

    @Override
    public void heartbeat() {
        ConsumerGroupMetadata current = metadata;
        boolean isOnItsWay = joining.filter(attempt -> !attempt.isDone()).isPresent();
        if (!isMember || isOnItsWay || current.generationId() == NO_GENERATION) {
            return; // Joining says that a member lives, too. Giving up partitions first, which may take long, does not.
        }
        HeartbeatRequest request = new HeartbeatRequest()
                .setGroupId(current.groupId())
                .setGenerationId(current.generationId())
                .setMemberId(current.memberId())
                .setGroupInstanceId(settings.instanceId().orElse(null));
        calls.call(HeartbeatResponse.class, request).thenAccept(response -> onHeartbeat(current, response));
    }

    private void onHeartbeat(ConsumerGroupMetadata asked, HeartbeatResponse response) {
        if (asked != metadata) {
            return; // An answer to a generation that is over.
        }
        Errors error = Errors.forCode(response.errorCode());
        switch (error) {
            case REBALANCE_IN_PROGRESS -> {
                if (isRejoinNeeded) {
                    return;
                }
                isRejoinNeeded = true;
            }
            case UNKNOWN_MEMBER_ID -> forget("");
            case FENCED_INSTANCE_ID -> {
                // To join again would throw out the other one, which would do the same.
                failure = Optional.of(fenced());
                forget("");
            }
            case ILLEGAL_GENERATION -> forget(asked.memberId());
            default -> {
                return;
            }
        }
        bell.run();
    }

    private KafkaException fenced() {
        return new FencedInstanceIdException("Another member of group " + metadata.groupId()
                + " has the group.instance.id " + settings.instanceId().orElse("")
                + ", too: each consumer needs its own");
    }

    private synchronized ConsumerGroupMetadata depart() {
        ConsumerGroupMetadata last = metadata;
        departures++;
        forget("");
        return last;
    }

    @Override
    public CompletableFuture<Void> leave(Departure departure) {
        ConsumerGroupMetadata current = depart();
        boolean isStaying = departure.isKeepingPlace(settings.instanceId().isPresent());
        // Not only when it is a member: one that is still joining would hold up the others until its session ends.
        if (current.memberId().isEmpty() || isStaying) {
            return CompletableFuture.completedFuture(null);
        }
        var member = new LeaveGroupRequest.MemberIdentity()
                .setMemberId(current.memberId())
                .setGroupInstanceId(settings.instanceId().orElse(null))
                .setReason(departure.reason());
        return seams.leaveCalls()
                .call(
                        LeaveGroupResponse.class,
                        new LeaveGroupRequest()
                                .setGroupId(current.groupId())
                                .setMembers(new ArrayList<>(List.of(member))))
                .thenApply(response -> null);
    }
}
