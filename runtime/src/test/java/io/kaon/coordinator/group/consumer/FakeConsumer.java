// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.wire.message.ConsumerGroupHeartbeatRequest;
import io.kaon.wire.message.ConsumerGroupHeartbeatResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * A member as clients behave: one heartbeat at a time, all about itself when it joins and what is new after that. What
 * it is not assigned any more it owns until its application has finished with it, and then says so with the next
 * heartbeat.
 */
final class FakeConsumer {
    /** A partition. */
    record Place(Uuid topicId, int partition) {}

    private final ConsumerFixture fixture;
    private final String memberId;
    private final Optional<String> instanceId;
    private Set<String> names;
    private String regex = "";
    private boolean wishesChanged;
    private int epoch;
    private final Set<Place> owned =
            new TreeSet<>(Comparator.comparing(Place::topicId).thenComparingInt(Place::partition));
    private boolean ownedChanged;
    private Optional<Set<Place>> reconciling = Optional.empty();
    private Optional<CompletableFuture<ConsumerGroupHeartbeatResponse>> waiting = Optional.empty();
    private int sentEpoch;
    private boolean saysOwned;

    FakeConsumer(ConsumerFixture fixture, String memberId, Optional<String> instanceId, Set<String> names) {
        this.fixture = fixture;
        this.memberId = memberId;
        this.instanceId = instanceId;
        this.names = names;
    }

    String memberId() {
        return memberId;
    }

    /** What it may consume. */
    Set<Place> owned() {
        return Set.copyOf(owned);
    }

    boolean hasJoined() {
        return epoch > 0;
    }

    /** Which of these topics it wants. */
    Set<String> topics(Set<String> present) {
        return present.stream()
                .filter(topic -> names.contains(topic) || !regex.isEmpty() && topic.matches(regex))
                .collect(Collectors.toSet());
    }

    void subscribe(Set<String> topics, String expression) {
        names = topics;
        regex = expression;
        wishesChanged = true;
    }

    /** Sends a heartbeat, unless one is on its way; takes in the answer if there is one. */
    void beat() {
        if (waiting.isEmpty()) {
            sentEpoch = epoch;
            waiting = Optional.of(fixture.sent(request()));
        }
        receive();
    }

    void receive() {
        if (waiting.isPresent() && waiting.get().isDone()) {
            ConsumerGroupHeartbeatResponse response = waiting.get().join();
            waiting = Optional.empty();
            take(response);
        }
    }

    /**
     * The application is ready for what is assigned. Not between a heartbeat that says what the member owns and the
     * next answer: the coordinator could take what came to it meanwhile for given up, with Kafka's rules as with ours.
     */
    void finish() {
        if (reconciling.isPresent() && !saysOwned) {
            owned.clear();
            owned.addAll(reconciling.get());
            ownedChanged = true;
            reconciling = Optional.empty();
        }
    }

    /** A heartbeat whose answer is lost. */
    void beatInVain() {
        if (waiting.isEmpty()) {
            sentEpoch = epoch;
            waiting = Optional.of(fixture.sent(request()));
        }
        loseAnswer();
    }

    /** The answer never arrives: the client times out, and says all about itself with its next heartbeat. */
    void loseAnswer() {
        if (waiting.isPresent()) {
            waiting = Optional.empty();
            wishesChanged = true;
            ownedChanged = true;
        }
    }

    /** Leaves, for good, or for a while if it is static and to come back. */
    void leave(boolean comesBack) {
        if (epoch > 0) {
            int how = instanceId.isPresent() && comesBack ? -2 : -1;
            fixture.sent(ConsumerFixture.beat(memberId, how).setInstanceId(instanceId.orElse(null)));
        }
        waiting = Optional.empty();
        startOver();
    }

    private void startOver() {
        owned.clear();
        reconciling = Optional.empty();
        saysOwned = false;
        epoch = 0;
    }

    private ConsumerGroupHeartbeatRequest request() {
        ConsumerGroupHeartbeatRequest request =
                ConsumerFixture.beat(memberId, epoch).setInstanceId(instanceId.orElse(null));
        if (epoch == 0 || wishesChanged) {
            request.setRebalanceTimeoutMs(ConsumerFixture.REBALANCE_MS)
                    .setSubscribedTopicNames(List.copyOf(names))
                    .setSubscribedTopicRegex(regex);
        }
        if (epoch == 0 || ownedChanged || wishesChanged) {
            request.setTopicPartitions(ownedOnWire());
        }
        saysOwned |= request.topicPartitions() != null;
        wishesChanged = false;
        ownedChanged = false;
        return request;
    }

    private List<ConsumerGroupHeartbeatRequest.TopicPartitions> ownedOnWire() {
        Map<Uuid, List<Integer>> topics = new TreeMap<>();
        owned.forEach(place -> topics.computeIfAbsent(place.topicId(), ignored -> new ArrayList<>())
                .add(place.partition()));
        List<ConsumerGroupHeartbeatRequest.TopicPartitions> list = new ArrayList<>();
        topics.forEach((topicId, partitions) -> list.add(new ConsumerGroupHeartbeatRequest.TopicPartitions()
                .setTopicId(topicId)
                .setPartitions(partitions)));
        return list;
    }

    private void take(ConsumerGroupHeartbeatResponse response) {
        ErrorCode error = ErrorCode.of(response.errorCode());
        if (error == ErrorCode.NONE) {
            epoch = response.memberEpoch();
            saysOwned = false;
            if (response.assignment() != null) {
                reconcile(response);
            }
        } else if (error == ErrorCode.FENCED_MEMBER_EPOCH
                || error == ErrorCode.UNKNOWN_MEMBER_ID
                || error == ErrorCode.GROUP_ID_NOT_FOUND
                || error == ErrorCode.FENCED_INSTANCE_ID) {
            startOver();
        } else if (sentEpoch != 0) {
            // Nobody knows what came of it: the next heartbeat says all.
            wishesChanged = true;
            ownedChanged = true;
        }
    }

    private void reconcile(ConsumerGroupHeartbeatResponse response) {
        Set<Place> assigned = new TreeSet<>(Comparator.comparing(Place::topicId).thenComparingInt(Place::partition));
        ConsumerFixture.assigned(response)
                .forEach((topicId, partitions) ->
                        partitions.forEach(partition -> assigned.add(new Place(topicId, partition))));
        reconciling = assigned.equals(owned) ? Optional.empty() : Optional.of(assigned);
    }
}
