// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.assignor;

import io.kaon.common.Uuid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Kafka's "range" assignor: the subscribers of a topic, in order, each get a row of neighbouring partitions. Topics
 * with the same subscribers and the same number of partitions are cut alike, so that one member reads what belongs
 * together (co-partitioning). As with Kafka 4.4, the result depends on nothing but the members and the topics: neither
 * on the last target nor on racks. Only static members keep their place in the order when they restart.
 */
public final class RangeAssignor implements Assignor {
    /** Kafka's name. */
    public static final String NAME = "range";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Map<String, Assignment> assign(AssignorInput input) {
        List<AssignorMember> members = new ArrayList<>(input.members());
        members.sort(MemberOrder.STATIC_FIRST);
        Map<Uuid, Cut> cuts = new HashMap<>();
        Map<Set<Uuid>, List<Cut>> bySubscription = new IdentityHashMap<>(); // members often share one set
        for (AssignorMember member : members) {
            bySubscription
                    .computeIfAbsent(member.subscribedTopics(), topics -> cuts(topics, input, cuts))
                    .forEach(cut -> cut.subscribers++);
        }
        Map<String, Assignment> result = new TreeMap<>();
        for (AssignorMember member : members) {
            Map<Uuid, PartitionSet> given = new HashMap<>();
            for (Cut cut : bySubscription.get(member.subscribedTopics())) {
                PartitionSet row = cut.next();
                if (!row.isEmpty()) {
                    given.put(cut.topic, row);
                }
            }
            result.put(member.memberId(), new Assignment(given));
        }
        return result;
    }

    /** Of the topics that exist. */
    private static List<Cut> cuts(Set<Uuid> subscription, AssignorInput input, Map<Uuid, Cut> cuts) {
        List<Cut> found = new ArrayList<>();
        for (Uuid id : subscription) {
            AssignorTopic topic = input.topics().get(id);
            if (topic != null) {
                found.add(cuts.computeIfAbsent(id, it -> new Cut(it, topic.partitionCount())));
            }
        }
        return found;
    }

    /** A topic that is cut in as many rows as it has subscribers; the first ones are longer by one where needed. */
    private static final class Cut {
        private final Uuid topic;
        private final int partitionCount;
        private int subscribers;
        private int served;
        private int first;

        Cut(Uuid topic, int partitionCount) {
            this.topic = topic;
            this.partitionCount = partitionCount;
        }

        PartitionSet next() {
            int size = partitionCount / subscribers + (served < partitionCount % subscribers ? 1 : 0);
            PartitionSet row = PartitionSet.range(first, size);
            first += size;
            served++;
            return row;
        }
    }
}
