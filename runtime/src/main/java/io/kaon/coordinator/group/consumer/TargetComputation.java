// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import io.kaon.common.Uuid;
import io.kaon.coordinator.group.assignor.Assignment;
import io.kaon.coordinator.group.assignor.Assignor;
import io.kaon.coordinator.group.assignor.AssignorInput;
import io.kaon.coordinator.group.assignor.AssignorMember;
import io.kaon.coordinator.group.assignor.AssignorTopic;
import io.kaon.coordinator.group.assignor.Assignors;
import io.kaon.coordinator.group.assignor.PartitionRacks;
import io.kaon.coordinator.group.consumer.MemberProfile.Subscription;
import io.kaon.metadata.BrokerImage;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.TopicImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Computes the target assignment of a group: who is to own what in the end. */
final class TargetComputation {
    /** Members times topics, and partitions: about 10 ms of computation. */
    static final long LARGE = 10_000;

    private final GroupDraft draft;
    private final ClusterImage image;
    private final Map<Uuid, AssignorTopic> topics = new HashMap<>();
    private final Map<Subscription, Set<Uuid>> subscriptions = new HashMap<>();
    /** Most members of a group share their subscription: comparing names again and again would take longest of all. */
    private final Map<Subscription, Set<Uuid>> seen = new IdentityHashMap<>();

    private TargetComputation(GroupDraft draft, ClusterImage image) {
        this.draft = draft;
        this.image = image;
    }

    /**
     * A computation that can run anywhere.
     *
     * @param epoch of the group, which the assignment will be for
     */
    record Task(int epoch, Assignor assignor, AssignorInput input) {
        Map<String, Assignment> run() {
            return assignor.assign(input);
        }
    }

    /**
     * Whether the target is to be computed now. Members that come within the interval wait for it to pass, and are
     * assigned together (KIP-1263).
     */
    static boolean isDue(GroupDraft draft, ConsumerGroupConfig config, long nowMs) {
        long sinceMs = nowMs - draft.targetTimestampMs();
        // A clock that was set back does not keep anybody waiting.
        return draft.epoch() > draft.targetEpoch()
                && (sinceMs >= config.assignmentIntervalMs() || sinceMs < 0 || draft.targetTimestampMs() == 0);
    }

    /**
     * Whether the computation would keep the owner for long. The first one of a group is never left for later: a member
     * needs an epoch, which is never 0.
     *
     * @param largeFrom what a group may cost without being large
     */
    static boolean isLarge(GroupDraft draft, ClusterImage image, long largeFrom) {
        if (draft.targetEpoch() == 0) {
            return false;
        }
        // Mostly this says it already, which is quicker than to put the names together.
        if ((long) draft.memberCount() * draft.wishes().topics().names().size() > largeFrom) {
            return true;
        }
        Set<String> names = new HashSet<>(draft.wishes().topics().names());
        for (String regex : draft.wishes().regexes().names()) {
            draft.regex(regex).ifPresent(resolved -> names.addAll(resolved.topics()));
        }
        long cost = (long) draft.memberCount() * names.size();
        for (String name : names) {
            cost += image.topic(name).map(topic -> topic.partitions().size()).orElse(0);
        }
        return cost > largeFrom;
    }

    /** Takes down what the group is now. */
    static Task of(GroupDraft draft, ClusterImage image, String defaultAssignor) {
        String preferred = draft.wishes().assignors().mostWanted();
        Assignor assignor = Assignors.named(preferred.isEmpty() ? defaultAssignor : preferred)
                .orElse(Assignors.all().get(0));
        return new Task(draft.epoch(), assignor, new TargetComputation(draft, image).input());
    }

    /** Writes what differs from the target before, then that the target is of this epoch. */
    static void write(GroupDraft draft, Task task, Map<String, Assignment> targets, long nowMs) {
        for (Map.Entry<String, Assignment> target : targets.entrySet()) {
            if (!target.getValue().equals(draft.target(target.getKey()))) {
                draft.write(new ModernGroupRecord.TargetStored(draft.groupId(), target.getKey(), target.getValue()));
            }
        }
        draft.write(new ModernGroupRecord.TargetEpochStored(draft.groupId(), task.epoch(), nowMs));
    }

    private AssignorInput input() {
        List<AssignorMember> members = new ArrayList<>(draft.memberCount());
        for (MemberProfile member : draft.members()) {
            members.add(new AssignorMember(
                    member.memberId(),
                    member.instanceId(),
                    member.rackId(),
                    seen.computeIfAbsent(
                            member.subscription(), wanted -> subscriptions.computeIfAbsent(wanted, this::topicsOf)),
                    draft.target(member.memberId())));
        }
        return new AssignorInput(members, topics);
    }

    private Set<Uuid> topicsOf(Subscription subscription) {
        Set<Uuid> ids = new HashSet<>();
        subscription.names().forEach(name -> addTopic(name, ids));
        if (subscription.hasRegex()) {
            draft.regex(subscription.regex())
                    .ifPresent(resolved -> resolved.topics().forEach(name -> addTopic(name, ids)));
        }
        return ids;
    }

    private void addTopic(String name, Set<Uuid> ids) {
        Optional<TopicImage> topic = image.topic(name);
        if (topic.isPresent()) {
            ids.add(topic.get().id());
            topics.computeIfAbsent(topic.get().id(), id -> assignorTopic(topic.get()));
        }
    }

    private AssignorTopic assignorTopic(TopicImage topic) {
        PartitionRacks racks = index -> {
            Set<String> found = new HashSet<>();
            topic.partition(index).ifPresent(partition -> partition
                    .replicas()
                    .forEach(id -> image.broker(id).flatMap(BrokerImage::rack).ifPresent(found::add)));
            return found;
        };
        return new AssignorTopic(topic.id(), topic.partitions().size(), racks);
    }
}
