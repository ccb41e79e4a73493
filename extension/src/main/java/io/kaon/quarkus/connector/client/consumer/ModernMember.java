// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import io.kaon.common.Uuid;
import io.kaon.quarkus.connector.client.Deadline;
import io.kaon.wire.message.ConsumerGroupHeartbeatRequest;
import io.kaon.wire.message.ConsumerGroupHeartbeatResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;
import org.jboss.logging.Logger;

/**
 * Membership with the consumer protocol (KIP-848): one kind of heartbeat says what the member wants and owns, and
 * brings what the coordinator assigns.
 *
 * <pre>
 *  OUTSIDE --join()--> IN (epoch 0, 1, 2, …) --unknown, fenced, left--> EXPELLED --join()--> IN
 *                      IN --an error that stays--> FAILED
 * </pre>
 *
 * <p>One heartbeat is under way at a time; whoever sends it, the thread that polls or the timer, owns what is told
 * about its answer until that has come. Between threads go immutable values only.
 */
final class ModernMember implements Membership {
    private static final Logger LOG = Logger.getLogger(ModernMember.class);
    private static final int JOIN_EPOCH = 0;
    private static final int LEAVE_EPOCH = -1;
    private static final int STATIC_LEAVE_EPOCH = -2;
    private static final int NOT_A_MEMBER = -1;
    private static final long RETRY_MS = 50;

    /** Until the coordinator says what it wants. */
    private static final int FIRST_INTERVAL_MS = 500;

    private final MemberSeams seams;
    private final GroupSettings settings;
    private final String memberId = org.apache.kafka.common.Uuid.randomUuid().toString();
    private final AtomicBoolean isUnderWay = new AtomicBoolean();
    private volatile Wanted wanted = new Wanted(Set.of(), Optional.empty(), Map.of());
    private volatile Optional<Wanted> told = Optional.empty();
    private volatile View view = new View(Standing.OUTSIDE, JOIN_EPOCH, Map.of(), Optional.empty());
    private volatile int intervalMs = FIRST_INTERVAL_MS;
    private volatile Deadline retryAt = Deadline.inMs(0);

    enum Standing {
        OUTSIDE,
        IN,
        EXPELLED,
        FAILED
    }

    /**
     * What this member wants, and what it owns.
     *
     * @param regex what the coordinator is to look for topics by
     * @param owned partitions by topic id
     */
    record Wanted(Set<String> topics, Optional<String> regex, Map<Uuid, List<Integer>> owned) {}

    /**
     * How this member stands with the coordinator.
     *
     * @param assignment partitions by topic id that it may own
     * @param failure only when {@link Standing#FAILED}
     */
    record View(Standing standing, int epoch, Map<Uuid, List<Integer>> assignment, Optional<KafkaException> failure) {}

    ModernMember(MemberSeams seams, GroupSettings settings) {
        this.seams = seams;
        this.settings = settings;
    }

    @Override
    public GroupConsumption follow(Subscription subscription, OwnedPartitions owned) {
        return new ModernConsumption(this, seams, owned, subscription);
    }

    /** Any thread. */
    View view() {
        return view;
    }

    @Override
    public ConsumerGroupMetadata metadata() {
        View now = view;
        boolean isMember = now.standing() == Standing.IN && now.epoch() != JOIN_EPOCH;
        return new ConsumerGroupMetadata(
                settings.id().orElse(""),
                isMember ? now.epoch() : NOT_A_MEMBER,
                isMember ? memberId : "",
                settings.instanceId());
    }

    /** Says what is wanted now; the coordinator hears of it at once. */
    void want(Wanted changed) {
        wanted = changed;
        if (!isTold()) {
            send();
        }
    }

    /** Becomes a member, again. Before that, what was owned has to be given up. */
    void join() {
        told = Optional.empty();
        view = new View(Standing.IN, JOIN_EPOCH, Map.of(), Optional.empty());
        send();
    }

    /** Sends what was not told yet. */
    void progress() {
        if (!isTold() && retryAt.hasPassed()) {
            send();
        }
    }

    boolean isTold() {
        return told.equals(Optional.of(wanted));
    }

    @Override
    public int beatMs() {
        return intervalMs;
    }

    @Override
    public void heartbeat() {
        send();
    }

    /** The coordinator decides alone when there is something to change. */
    @Override
    public void rejoin() {
        LOG.debug("With group.protocol consumer the coordinator rebalances, no member can ask for it");
    }

    private void send() {
        if (view.standing() != Standing.IN || !isUnderWay.compareAndSet(false, true)) {
            return;
        }
        Wanted now = wanted;
        View asked = view;
        boolean isNews = !told.equals(Optional.of(now));
        ConsumerGroupHeartbeatRequest request = new ConsumerGroupHeartbeatRequest()
                .setGroupId(settings.id().orElse(""))
                .setMemberId(memberId)
                .setMemberEpoch(asked.epoch());
        if (isNews || asked.epoch() == JOIN_EPOCH) {
            describe(request, now, asked.epoch());
        }
        seams.calls().call(ConsumerGroupHeartbeatResponse.class, request).whenComplete((response, failure) -> {
            if (failure != null) {
                again();
            } else {
                onAnswer(response, now, asked);
            }
            isUnderWay.set(false);
            seams.bell().run();
        });
    }

    /** Whether the broker has heard of it is not known: all is told again. */
    private void again() {
        told = Optional.empty();
        retryAt = Deadline.inMs(RETRY_MS);
    }

    private void describe(ConsumerGroupHeartbeatRequest request, Wanted now, int epoch) {
        request.setInstanceId(settings.instanceId().orElse(null))
                .setRackId(settings.rack().orElse(null))
                .setRebalanceTimeoutMs(settings.timeouts().maxPollIntervalMs())
                .setServerAssignor(settings.protocol().remoteAssignor().orElse(null))
                .setSubscribedTopicNames(new ArrayList<>(now.topics()))
                .setSubscribedTopicRegex(now.regex().orElse(null));
        List<ConsumerGroupHeartbeatRequest.TopicPartitions> owned = new ArrayList<>();
        if (epoch != JOIN_EPOCH) {
            now.owned()
                    .forEach((topic, partitions) -> owned.add(new ConsumerGroupHeartbeatRequest.TopicPartitions()
                            .setTopicId(topic)
                            .setPartitions(new ArrayList<>(partitions))));
        }
        request.setTopicPartitions(owned);
    }

    private void onAnswer(ConsumerGroupHeartbeatResponse response, Wanted now, View asked) {
        Errors error = Errors.forCode(response.errorCode());
        if (view != asked) {
            return; // It has left, or joined again, since.
        }
        switch (error) {
            case NONE -> {
                told = Optional.of(now);
                intervalMs = response.heartbeatIntervalMs();
                Map<Uuid, List<Integer>> assignment = response.assignment() == null
                        ? asked.assignment()
                        : assignmentIn(response.assignment().topicPartitions());
                view = new View(Standing.IN, response.memberEpoch(), assignment, Optional.empty());
            }
            case UNKNOWN_MEMBER_ID, FENCED_MEMBER_EPOCH ->
                view = new View(Standing.EXPELLED, JOIN_EPOCH, Map.of(), Optional.empty());
            default -> {
                if (error.exception() instanceof RetriableException) {
                    again(); // A coordinator that loads or moves, a call that was lost.
                } else {
                    KafkaException failure = failure(error, response.errorMessage());
                    view = new View(Standing.FAILED, JOIN_EPOCH, Map.of(), Optional.of(failure));
                }
            }
        }
    }

    private static Map<Uuid, List<Integer>> assignmentIn(List<ConsumerGroupHeartbeatResponse.TopicPartitions> topics) {
        Map<Uuid, List<Integer>> assignment = new HashMap<>();
        topics.forEach(topic -> assignment.put(topic.topicId(), List.copyOf(topic.partitions())));
        return Map.copyOf(assignment);
    }

    private KafkaException failure(Errors error, String message) {
        String text = error == Errors.UNSUPPORTED_VERSION
                ? "The broker does not offer group.protocol consumer, or group "
                        + settings.id().orElse("") + " has members that cannot be moved to it"
                : Optional.ofNullable(message).orElse(error.message());
        return error.exception(text);
    }

    @Override
    public CompletableFuture<Void> leave(Departure departure) {
        View last = view;
        view = new View(Standing.EXPELLED, JOIN_EPOCH, Map.of(), Optional.empty());
        boolean isStatic = settings.instanceId().isPresent();
        boolean isForAWhile = departure.isKeepingPlace(isStatic);
        // Only of a static member the coordinator has to hear that it comes back.
        if (last.standing() != Standing.IN || (isForAWhile && !isStatic)) {
            return CompletableFuture.completedFuture(null);
        }
        var request = new ConsumerGroupHeartbeatRequest()
                .setGroupId(settings.id().orElse(""))
                .setMemberId(memberId)
                .setInstanceId(settings.instanceId().orElse(null))
                .setMemberEpoch(isForAWhile ? STATIC_LEAVE_EPOCH : LEAVE_EPOCH);
        // The same way as heartbeats: one that is under way, and joins, comes first.
        return seams.calls().call(ConsumerGroupHeartbeatResponse.class, request).thenApply(response -> null);
    }
}
