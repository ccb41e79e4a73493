// SPDX-License-Identifier: Apache-2.0
package io.kaon.bench.coordination;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * {@code ShardFill HOST:PORT [GROUPS]}: commits offsets of so many groups, for each of a thousand partitions of one
 * topic; all groups belong to one partition of {@code __consumer_offsets}. {@link ShardLoad} then measures how long
 * that one takes to load.
 */
public final class ShardFill {
    static final String TOPIC = "shard-load";
    static final String FIRST_GROUP = "shard-load-0";

    private static final int PARTITIONS = 1_000;
    private static final int GROUPS = 1_000;
    private static final int UNDER_WAY = 8;
    private static final String OFFSETS_TOPIC = "__consumer_offsets";

    private ShardFill() {}

    public static void main(String[] arguments) {
        Target target = Target.of(arguments[0], "");
        int groups = arguments.length > 1 ? Integer.parseInt(arguments[1]) : GROUPS;
        target.createTopic(TOPIC, PARTITIONS);
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            offsets.put(new TopicPartition(TOPIC, partition), new OffsetAndMetadata(partition));
        }
        try (Admin admin = target.admin()) {
            // The first commit makes the topic of the offsets.
            Target.await(admin.alterConsumerGroupOffsets(FIRST_GROUP, offsets).all());
            long startNs = System.nanoTime();
            Deque<Future<Void>> underWay = new ArrayDeque<>();
            for (String group : neighbours(admin, groups)) {
                underWay.add(admin.alterConsumerGroupOffsets(group, offsets).all());
                if (underWay.size() > UNDER_WAY) {
                    Target.await(underWay.remove());
                }
            }
            underWay.forEach(Target::await);
            System.err.printf("%d offsets committed in %.0f ms%n", groups * PARTITIONS, Target.msSince(startNs));
        }
    }

    /** Groups of the same partition as the first, which is not among them. */
    private static List<String> neighbours(Admin admin, int groups) {
        TopicDescription topic = Target.await(
                        admin.describeTopics(List.of(OFFSETS_TOPIC)).allTopicNames())
                .get(OFFSETS_TOPIC);
        int count = topic.partitions().size();
        int wanted = partitionOf(FIRST_GROUP, count);
        List<String> found = new ArrayList<>();
        for (int index = 1; found.size() < groups - 1; index++) {
            String group = "shard-load-" + index;
            if (partitionOf(group, count) == wanted) {
                found.add(group);
            }
        }
        return found;
    }

    /** Kafka's rule. */
    private static int partitionOf(String group, int count) {
        return (group.hashCode() & Integer.MAX_VALUE) % count;
    }
}
