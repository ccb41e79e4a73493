// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import io.kaon.common.Uuid;
import io.kaon.quarkus.connector.client.Deadline;
import io.kaon.quarkus.connector.client.TopicDirectory;
import io.kaon.quarkus.connector.client.consumer.ModernMember.Standing;
import io.kaon.quarkus.connector.client.consumer.ModernMember.View;
import io.kaon.quarkus.connector.client.consumer.ModernMember.Wanted;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Follows the assignment of a coordinator (KIP-848): gives up what is not in it, tells the coordinator, takes in what
 * is new. Nobody else stops meanwhile. Owned by the thread that polls.
 */
final class ModernConsumption implements GroupConsumption {
    private static final Logger LOG = Logger.getLogger(ModernConsumption.class);
    private static final long RETRY_MS = 50;

    private final ModernMember member;
    private final OwnedPartitions owned;
    private final TopicCheck check;
    private final TopicNames names;
    private Subscription subscription;
    private Map<Uuid, List<Integer>> reconciled = Map.of();
    private boolean isBehind;

    ModernConsumption(ModernMember member, MemberSeams seams, OwnedPartitions owned, Subscription subscription) {
        this.member = member;
        this.owned = owned;
        this.subscription = subscription;
        this.check = new TopicCheck(seams.directory(), seams.bell());
        this.names = new TopicNames(seams.directory(), seams.bell());
    }

    @Override
    public Subscription subscription() {
        return subscription;
    }

    @Override
    public void subscribe(Subscription changed) {
        subscription = changed;
        check.soon();
        tell();
    }

    private void tell() {
        member.want(new Wanted(subscription.topics(), subscription.serverPattern(), reconciled));
    }

    @Override
    public void progress() {
        followTopics();
        View view = member.view();
        if (view.failure().isPresent()) {
            throw view.failure().get();
        }
        if (view.standing() == Standing.IN) {
            reconcile(view);
            member.progress();
        } else if (!subscription.isEmpty()) {
            owned.lose(subscription.listener());
            reconciled = Map.of();
            tell();
            member.join();
        }
    }

    /** Topics that match a pattern of ours may come; a topic that is missing is made by asking for it. */
    private void followTopics() {
        boolean isPattern = subscription.pattern().isPresent();
        if (isPattern || subscription.serverPattern().isEmpty()) {
            check.progress(isPattern ? Optional.empty() : Optional.of(subscription.topics()))
                    .ifPresent(found -> {
                        Subscription now = subscription.among(found.partitions().keySet());
                        boolean isOther = !now.topics().equals(subscription.topics());
                        subscription = now;
                        if (isOther && member.view().standing() == Standing.IN) {
                            tell();
                        }
                    });
        }
    }

    private void reconcile(View view) {
        isBehind = !view.assignment().equals(reconciled);
        if (!isBehind || !names.know(view.assignment().keySet())) {
            return;
        }
        Set<TopicPartition> assigned = new LinkedHashSet<>();
        view.assignment().forEach((topic, partitions) -> names.nameOf(topic)
                .ifPresent(name -> partitions.forEach(partition -> assigned.add(new TopicPartition(name, partition)))));
        LOG.debugf("Group %s assigns %s", member.metadata().groupId(), assigned);
        owned.revoke(owned.allBut(assigned), subscription.listener());
        owned.take(assigned, subscription.listener());
        reconciled = view.assignment();
        isBehind = false;
        tell();
    }

    @Override
    public boolean isUnsettled() {
        return !member.isTold() || check.isMissing() || isBehind;
    }

    @Override
    public void giveUp() {
        if (member.view().standing() == Standing.IN) {
            owned.revoke(owned.all(), subscription.listener());
        } else {
            owned.lose(subscription.listener());
        }
    }

    /** Topics by their ids: an assignment has no names. */
    private static final class TopicNames {
        private final TopicDirectory directory;
        private final Runnable bell;
        private final Map<Uuid, String> names = new HashMap<>();
        private Optional<CompletableFuture<Map<Uuid, String>>> asked = Optional.empty();
        private Deadline next = Deadline.inMs(0);

        TopicNames(TopicDirectory directory, Runnable bell) {
            this.directory = directory;
            this.bell = bell;
        }

        /** Whether all are known; those that are not are asked for. */
        boolean know(Set<Uuid> topics) {
            if (asked.filter(CompletableFuture::isDone).isPresent()) {
                CompletableFuture<Map<Uuid, String>> answer = asked.get();
                asked = Optional.empty();
                if (!answer.isCompletedExceptionally()) {
                    names.putAll(answer.join());
                }
            }
            Set<Uuid> unknown = new HashSet<>(topics);
            unknown.removeAll(names.keySet());
            if (!unknown.isEmpty() && asked.isEmpty() && next.hasPassed()) {
                next = Deadline.inMs(RETRY_MS);
                asked = Optional.of(directory.namesOf(unknown));
                asked.get().whenComplete((found, failure) -> bell.run());
            }
            return unknown.isEmpty();
        }

        Optional<String> nameOf(Uuid topic) {
            return Optional.ofNullable(names.get(topic));
        }
    }
}
