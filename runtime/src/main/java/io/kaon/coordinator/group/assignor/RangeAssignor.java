// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.assignor;

import io.kaon.common.Uuid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        Subscribers subscribers = new Subscribers(input);
        List<Map<Uuid, PartitionSet>> given = new ArrayList<>(input.members().size());
        subscribers.members().forEach(member -> given.add(new TreeMap<>()));
        for (int topic = 0; topic < subscribers.topics().size(); topic++) {
            cut(subscribers.topics().get(topic), subscribers.of(topic), given);
        }
        Map<String, Assignment> result = new TreeMap<>();
        for (int member = 0; member < given.size(); member++) {
            result.put(subscribers.members().get(member).memberId(), new Assignment(given.get(member)));
        }
        return result;
    }

    /** In as many rows as there are subscribers; the first ones are longer by one where needed. */
    private static void cut(AssignorTopic topic, int[] subscribers, List<Map<Uuid, PartitionSet>> given) {
        int first = 0;
        for (int i = 0; i < subscribers.length && first < topic.partitionCount(); i++) {
            int size = topic.partitionCount() / subscribers.length
                    + (i < topic.partitionCount() % subscribers.length ? 1 : 0);
            given.get(subscribers[i]).put(topic.id(), PartitionSet.range(first, size));
            first += size;
        }
    }
}
