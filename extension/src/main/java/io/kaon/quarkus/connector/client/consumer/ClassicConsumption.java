// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import io.kaon.quarkus.connector.client.TopicDirectory;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Follows what the leader of a group assigns: gives partitions up before a rebalance, or after it where the assignors
 * allow (KIP-429), and takes in new ones. Owned by the thread that polls.
 */
final class ClassicConsumption implements GroupConsumption {
    private static final Logger LOG = Logger.getLogger(ClassicConsumption.class);

    private final ClassicMember member;
    private final GroupAssignor assignor;
    private final OwnedPartitions owned;
    private final TopicCheck check;
    private Subscription subscription;
    private boolean isPrepared;

    ClassicConsumption(
            ClassicMember member,
            GroupAssignor assignor,
            MemberSeams seams,
            OwnedPartitions owned,
            Subscription subscription) {
        this.member = member;
        this.assignor = assignor;
        this.owned = owned;
        this.check = new TopicCheck(seams.directory(), seams.bell());
        this.subscription = subscription;
    }

    @Override
    public Subscription subscription() {
        return subscription;
    }

    @Override
    public void subscribe(Subscription changed) {
        subscription = changed;
        check.soon();
        member.rejoin();
    }

    @Override
    public void progress() {
        checkTopics();
        if (!member.isRejoinNeeded() || subscription.topics().isEmpty()) {
            if (owned.isListenerBehind()) {
                owned.tellAgain(subscription.listener()); // No records before it has succeeded.
            }
            return;
        }
        member.failure().ifPresent(failure -> {
            owned.lose(subscription.listener());
            throw failure;
        });
        // A member that is thrown out while it joins has lost also what it could have kept.
        if (!member.isJoining() && (!isPrepared || member.isExpelled())) {
            isPrepared = true; // Once, although the listener may fail.
            prepareToJoin();
        }
        member.progress().ifPresent(assignment -> {
            isPrepared = false;
            onAssignment(assignment);
        });
    }

    @Override
    public boolean isUnsettled() {
        return member.isRejoinNeeded() || check.isMissing();
    }

    @Override
    public void giveUp() {
        if (member.isExpelled()) {
            owned.lose(subscription.listener());
        } else {
            owned.revoke(owned.all(), subscription.listener());
        }
    }

    /** A pattern may match new topics; to the leader, topics that come or grow are a reason to assign anew. */
    private void checkTopics() {
        if (subscription.pattern().isPresent()) {
            check.progress(Optional.empty()).ifPresent(this::onTopics);
        } else if (!assignor.leaderView().isEmpty()) {
            check.progress(Optional.of(assignor.leaderView().keySet())).ifPresent(this::onTopics);
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
        try {
            if (member.isExpelled() || !assignor.isCooperative()) {
                giveUp();
            }
        } finally {
            assignor.want(subscription.topics(), owned.all());
        }
    }

    private void onAssignment(Assignment assignment) {
        Set<TopicPartition> assigned = new LinkedHashSet<>(assignment.partitions());
        Set<TopicPartition> revoked = owned.allBut(assigned);
        LOG.debugf("Group %s assigned %s", member.metadata().groupId(), assigned);
        if (!revoked.isEmpty()) {
            member.rejoin(); // What was given up is assigned to others in the next round (KIP-429).
        }
        try {
            owned.revoke(revoked, subscription.listener());
        } finally {
            owned.take(assigned, subscription.listener());
        }
    }
}
