// SPDX-License-Identifier: Apache-2.0
package io.kaon.testing;

import io.kaon.broker.Broker;
import io.kaon.broker.TestSeam;
import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.network.InJvmCaller;
import io.kaon.server.RequestContext;
import io.kaon.server.RequestFilter;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.message.ConsumerGroupHeartbeatRequest;
import io.kaon.wire.message.ConsumerGroupHeartbeatResponse;
import io.kaon.wire.message.LeaveGroupRequest;
import io.kaon.wire.message.LeaveGroupResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Has requests to a broker go wrong, as they do in production once in a while. Whoever sent them, over TCP or from a channel
 * in the same JVM, sees what it would see of a broker in trouble.
 *
 * <pre>{@code
 * faults.next(3).requests(ApiKey.PRODUCE).forTopic("orders").failWith(ErrorCode.NOT_ENOUGH_REPLICAS);
 * faults.next().requests(ApiKey.OFFSET_COMMIT).forGroup("billing").dropResponse();
 * Fault slow = faults.always().requests(ApiKey.FETCH).delay(Duration.ofMillis(200));
 * }</pre>
 *
 * <p>Of several faults that are set the oldest one that means a request strikes it. {@link #clear} ends all; the JUnit
 * extensions do so after each test. For a broker in the test's JVM only. Any thread.
 */
public final class Faults implements AutoCloseable {
    private static final int LEAVE = -1;

    private final Broker broker;
    private final TestSeam seam;
    private final KaonClient client;
    private final List<Fault> active = new CopyOnWriteArrayList<>();

    private Faults(Broker broker, KaonClient client) {
        this.broker = broker;
        this.seam = broker.testSeam();
        this.client = client;
    }

    /** Faults of a broker; one such object for a broker at a time. */
    public static Faults of(Broker broker, KaonClient client) {
        return new Faults(broker, client);
    }

    /** The next request of those that the builder says. */
    public FaultBuilder next() {
        return next(1);
    }

    /** The next requests of those that the builder says, so many. */
    public FaultBuilder next(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("A fault strikes at least once, not " + count + " times");
        }
        return new FaultBuilder(this, count);
    }

    /** All requests that the builder says, until the fault is cleared. */
    public FaultBuilder always() {
        return new FaultBuilder(this, Integer.MAX_VALUE);
    }

    /**
     * The broker seems down: connections are closed, new ones are closed with their first request, until the fault is
     * cleared. The test client goes on.
     */
    public Fault refuseConnections() {
        Fault fault = new Fault(
                this,
                "connections are refused",
                Integer.MAX_VALUE,
                (context, request) -> !context.clientId().startsWith(Connection.CLIENT_ID_PREFIX),
                RequestFilter.Disconnect::new);
        add(fault);
        seam.disconnectAll();
        return fault;
    }

    /** Closes all TCP connections once; clients connect again. */
    public void disconnectAll() {
        seam.disconnectAll();
    }

    /**
     * Fences the producer with this transactional id: its open transaction is aborted, and what it sends from now on fails
     * with ProducerFencedException, as when another instance has taken its place.
     */
    public void fenceProducer(String transactionalId) {
        client.fenceProducer(transactionalId);
    }

    /**
     * Throws a member out of its group, of either protocol, as when its session has timed out: it finds out with its next
     * heartbeat or commit, and joins again.
     */
    public void kick(String groupId, String memberId) {
        InJvmCaller caller = broker.connect(Connection.CLIENT_ID_PREFIX + "faults");
        try {
            ConsumerGroup group = client.group(groupId);
            short error =
                    group.isOfConsumerProtocol() ? fence(caller, groupId, memberId) : remove(caller, groupId, memberId);
            if (error != 0) {
                throw new IllegalStateException("The member '" + memberId + "' of '" + groupId + "' cannot be removed ("
                        + ErrorCode.of(error) + "); its members are " + group.members());
            }
        } finally {
            caller.close();
        }
    }

    /** Throws out all members of a group; see {@link #kick}. */
    public void kickAll(String groupId) {
        client.group(groupId).members().forEach(member -> kick(groupId, member.memberId()));
    }

    /** The faults that are set and not spent, the oldest first. */
    public List<Fault> active() {
        return active.stream().filter(fault -> !fault.isSpent()).toList();
    }

    /** Ends all faults and lets go what they hold. Idempotent. */
    public void clear() {
        for (Fault fault : active) {
            fault.clear();
        }
    }

    /** As {@link #clear}. */
    @Override
    public void close() {
        clear();
    }

    Fault add(Fault fault) {
        synchronized (active) {
            active.add(fault);
            seam.filter(new Filter());
        }
        return fault;
    }

    void remove(Fault fault) {
        synchronized (active) {
            active.remove(fault);
            if (active.isEmpty()) {
                seam.filter(RequestFilter.NONE);
            }
        }
    }

    /** A topic's name; empty when there is no such topic (any more). */
    String nameOf(Uuid id) {
        return seam.topicName(id).orElse("");
    }

    private short remove(InJvmCaller caller, String groupId, String memberId) {
        LeaveGroupRequest request = new LeaveGroupRequest()
                .setGroupId(groupId)
                .setMembers(new ArrayList<>(List.of(new LeaveGroupRequest.MemberIdentity()
                        .setMemberId(memberId)
                        .setReason("kicked by a test"))));
        LeaveGroupResponse response = answer(LeaveGroupResponse.class, caller, request);
        return response.errorCode() != 0 || response.members().isEmpty()
                ? response.errorCode()
                : response.members().get(0).errorCode();
    }

    private short fence(InJvmCaller caller, String groupId, String memberId) {
        ConsumerGroupHeartbeatRequest request = new ConsumerGroupHeartbeatRequest()
                .setGroupId(groupId)
                .setMemberId(memberId)
                .setMemberEpoch(LEAVE);
        return answer(ConsumerGroupHeartbeatResponse.class, caller, request).errorCode();
    }

    private <T extends ApiMessage> T answer(Class<T> type, InJvmCaller caller, ApiMessage request) {
        return type.cast(client.await("Removing a member", caller.call(request).toCompletableFuture()));
    }

    private final class Filter implements RequestFilter {
        @Override
        public Verdict judge(RequestContext context, ApiMessage request) {
            for (Fault fault : active) {
                if (fault.strikes(context, request)) {
                    return fault.verdict();
                }
            }
            return new Pass();
        }

        @Override
        public void onClose() {
            clear();
        }
    }
}
