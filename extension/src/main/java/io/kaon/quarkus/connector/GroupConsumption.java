// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Follows what a consumer's group assigns to it: takes partitions in, gives them up, and tells the listener, in Kafka's
 * order. Owned by the thread that polls.
 */
final class GroupConsumption {
    private static final Logger LOG = Logger.getLogger(GroupConsumption.class);
    private static final long TOPIC_CHECK_MS = 1_000;
    private static final long MISSING_TOPIC_CHECK_MS = 50;

    private final GroupMember member;
    private final GroupAssignor assignor;
    private final TopicDirectory directory;
    private final Map<TopicPartition, ConsumedPartition> partitions;
    private final Runnable bell;
    private final Runnable beforeRevoke;
    private Subscription subscription;
    private boolean isPrepared;
    private Optional<CompletableFuture<TopicDirectory.Topics>> topicCheck = Optional.empty();
    private Deadline nextTopicCheck = Deadline.inMs(0);

    /**
     * @param partitions the consumer's, shared with it
     * @param bell wakes the thread that polls
     * @param beforeRevoke runs while partitions that are to be given up are still this member's
     */
    GroupConsumption(
            GroupMember member,
            GroupAssignor assignor,
            TopicDirectory directory,
            Map<TopicPartition, ConsumedPartition> partitions,
            Subscription subscription,
            Runnable bell,
            Runnable beforeRevoke) {
        this.member = member;
        this.assignor = assignor;
        this.directory = directory;
        this.partitions = partitions;
        this.subscription = subscription;
        this.bell = bell;
        this.beforeRevoke = beforeRevoke;
    }

    Subscription subscription() {
        return subscription;
    }

    void subscribe(Subscription changed) {
        subscription = changed;
        nextTopicCheck = Deadline.inMs(0);
        member.rejoin();
    }

    /** Goes on with whatever the group asks for, without waiting for it. */
    void progress() {
        checkTopics();
        if (!member.isRejoinNeeded() || subscription.topics().isEmpty()) {
            return;
        }
        if (!member.isJoining() && !isPrepared) {
            prepareToJoin();
            isPrepared = true;
        }
        member.progress().ifPresent(assignment -> {
            isPrepared = false;
            onAssignment(assignment);
        });
    }

    /** Whether there is something to do that rings no bell. */
    boolean isUnsettled() {
        return member.isRejoinNeeded() || isTopicMissing();
    }

    private boolean isTopicMissing() {
        return assignor.leaderView().containsValue(0);
    }

    /** Gives everything up, as before leaving. */
    void giveUp() {
        revoke(new HashSet<>(partitions.keySet()));
    }

    private void checkTopics() {
        if (topicCheck.isEmpty() && nextTopicCheck.hasPassed()) {
            nextTopicCheck = Deadline.inMs(isTopicMissing() ? MISSING_TOPIC_CHECK_MS : TOPIC_CHECK_MS);
            if (subscription.pattern().isPresent()) {
                topicCheck = Optional.of(directory.all());
            } else if (!assignor.leaderView().isEmpty()) {
                topicCheck = Optional.of(directory.lookUp(assignor.leaderView().keySet()));
            }
            topicCheck.ifPresent(check -> check.whenComplete((topics, failure) -> bell.run()));
        }
        if (topicCheck.filter(CompletableFuture::isDone).isPresent()) {
            CompletableFuture<TopicDirectory.Topics> check = topicCheck.get();
            topicCheck = Optional.empty();
            if (!check.isCompletedExceptionally()) {
                onTopics(check.join());
            }
        }
    }

    private void onTopics(TopicDirectory.Topics found) {
        Subscription now = subscription.among(found.partitions().keySet());
        boolean isOtherTopics = !now.topics().equals(subscription.topics());
        boolean isOtherSize = assignor.leaderView().entrySet().stream()
                .anyMatch(seen -> seen.getValue() != found.partitionCount(seen.getKey()));
        subscription = now;
        if (isOtherTopics || isOtherSize) {
            member.rejoin();
        }
    }

    private void prepareToJoin() {
        if (member.isExpelled()) {
            lose(new HashSet<>(partitions.keySet()));
        } else if (!assignor.isCooperative()) {
            giveUp();
        }
        assignor.want(subscription.topics(), partitions.keySet());
    }

    private void onAssignment(Assignment assignment) {
        Set<TopicPartition> assigned = new LinkedHashSet<>(assignment.partitions());
        Set<TopicPartition> revoked = new HashSet<>(partitions.keySet());
        revoked.removeAll(assigned);
        revoke(revoked);
        Set<TopicPartition> added = new LinkedHashSet<>(assigned);
        added.removeAll(partitions.keySet());
        added.forEach(partition -> partitions.put(partition, new ConsumedPartition(partition)));
        LOG.debugf("Group %s assigned %s", member.metadata().groupId(), assigned);
        subscription.listener().onPartitionsAssigned(added);
        if (!revoked.isEmpty()) {
            member.rejoin(); // What was given up is assigned to others in the next round (KIP-429).
        }
    }

    private void revoke(Set<TopicPartition> revoked) {
        if (!revoked.isEmpty()) {
            beforeRevoke.run();
            subscription.listener().onPartitionsRevoked(revoked);
            partitions.keySet().removeAll(revoked);
        }
    }

    private void lose(Set<TopicPartition> lost) {
        if (!lost.isEmpty()) {
            subscription.listener().onPartitionsLost(lost);
            partitions.keySet().removeAll(lost);
        }
    }
}
