// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import io.kaon.quarkus.connector.client.TopicDirectory;
import io.kaon.wire.message.JoinGroupRequest;
import io.kaon.wire.message.JoinGroupResponse;
import io.kaon.wire.message.SyncGroupRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.RebalanceProtocol;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;

/**
 * Says what a member wants and, when it is the leader, who gets what: with Kafka's own assignors and in their own
 * format, so that members of this application and any other clients share a group. What it says changes on the thread
 * that polls; the answers may be asked for on another one.
 */
final class GroupAssignor {
    private final List<ConsumerPartitionAssignor> assignors;
    private final Optional<String> rack;
    private final TopicDirectory directory;
    private volatile Wanted wanted = new Wanted(Set.of(), Set.of());
    private volatile Map<String, Integer> leaderView = Map.of();

    /** What is subscribed to, and what is held at the moment. */
    private record Wanted(Set<String> topics, Set<TopicPartition> owned) {}

    /** @param rack where this member runs, for assignors that keep records near */
    GroupAssignor(List<ConsumerPartitionAssignor> assignors, Optional<String> rack, TopicDirectory directory) {
        this.assignors = assignors;
        this.rack = rack;
        this.directory = directory;
    }

    /** Whether partitions that stay are kept during a rebalance (KIP-429): only if every assignor can. */
    boolean isCooperative() {
        return assignors.stream()
                .allMatch(assignor -> assignor.supportedProtocols().contains(RebalanceProtocol.COOPERATIVE));
    }

    void want(Set<String> topics, Set<TopicPartition> owned) {
        wanted = new Wanted(Set.copyOf(topics), Set.copyOf(owned));
    }

    /**
     * As the leader: how many partitions the topics of the group had when they were assigned, 0 for one that was not
     * there; empty for a follower.
     */
    Map<String, Integer> leaderView() {
        return leaderView;
    }

    List<JoinGroupRequest.JoinGroupRequestProtocol> protocols(int generation) {
        Wanted now = wanted;
        List<JoinGroupRequest.JoinGroupRequestProtocol> protocols = new ArrayList<>();
        for (ConsumerPartitionAssignor assignor : assignors) {
            Subscription subscription = new Subscription(
                    new ArrayList<>(new TreeSet<>(now.topics())),
                    assignor.subscriptionUserData(now.topics()),
                    new ArrayList<>(now.owned()),
                    generation,
                    rack);
            protocols.add(new JoinGroupRequest.JoinGroupRequestProtocol()
                    .setName(assignor.name())
                    .setMetadata(bytes(ConsumerProtocol.serializeSubscription(subscription))));
        }
        return protocols;
    }

    /** Distributes the partitions over the members that have joined. */
    CompletableFuture<List<SyncGroupRequest.SyncGroupRequestAssignment>> assign(JoinGroupResponse joined) {
        Map<String, Subscription> members = new HashMap<>();
        Set<String> topics = new TreeSet<>();
        for (JoinGroupResponse.JoinGroupResponseMember member : joined.members()) {
            Subscription subscription = ConsumerProtocol.deserializeSubscription(ByteBuffer.wrap(member.metadata()));
            subscription.setGroupInstanceId(Optional.ofNullable(member.groupInstanceId()));
            members.put(member.memberId(), subscription);
            topics.addAll(subscription.topics());
        }
        return directory.lookUp(topics).thenApply(found -> {
            Map<String, Integer> seen = new HashMap<>();
            topics.forEach(topic -> seen.put(topic, found.partitionCount(topic)));
            leaderView = Map.copyOf(seen);
            List<SyncGroupRequest.SyncGroupRequestAssignment> assignments = new ArrayList<>();
            named(joined.protocolName())
                    .assign(found.toCluster(), new GroupSubscription(members))
                    .groupAssignment()
                    .forEach((memberId, assignment) -> assignments.add(new SyncGroupRequest.SyncGroupRequestAssignment()
                            .setMemberId(memberId)
                            .setAssignment(bytes(ConsumerProtocol.serializeAssignment(assignment)))));
            return assignments;
        });
    }

    /** Reads what this member got, and tells its assignor. */
    Assignment onAssignment(String protocol, byte[] bytes, ConsumerGroupMetadata metadata) {
        Assignment assignment = bytes.length == 0
                ? new Assignment(List.of())
                : ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(bytes));
        named(protocol).onAssignment(assignment, metadata);
        return assignment;
    }

    void onFollowing() {
        leaderView = Map.of();
    }

    private ConsumerPartitionAssignor named(String protocol) {
        return assignors.stream()
                .filter(assignor -> assignor.name().equals(protocol))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "the group chose the assignor " + protocol + ", which this member did not offer"));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
