// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.strategies;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Says, while an application is developed, that a new group begins at the end of a topic that has records already: the most
 * usual reason why nothing arrives. Once for each group and topic.
 */
final class LatestStart {
    private static final Logger LOG = Logger.getLogger(LatestStart.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    /** Outlives reloads, as this class does: one does not want to be told each time. */
    private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

    private LatestStart() {}

    /**
     * Looks at partitions that a channel has just got, on the thread that polls.
     *
     * @return the sentences that were logged
     */
    static Collection<String> look(
            String channel, String group, Consumer<?, ?> consumer, Collection<TopicPartition> assigned) {
        Map<String, String> sentences = new TreeMap<>();
        try {
            waiting(consumer, assigned).forEach((topic, records) -> {
                if (records > 0 && TOLD.add(group + "\n" + topic)) {
                    sentences.put(topic, sentence(channel, group, topic, records));
                }
            });
        } catch (KafkaException e) {
            LOG.debugf("Channel '%s': nothing is known of its topics yet: %s", channel, e.toString());
        }
        sentences.values().forEach(LOG::info);
        return sentences.values();
    }

    /** How many records each topic has in the partitions where the group has committed nothing. */
    private static Map<String, Long> waiting(Consumer<?, ?> consumer, Collection<TopicPartition> assigned) {
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(assigned), TIMEOUT);
        Collection<TopicPartition> fresh = assigned.stream()
                .filter(partition -> committed.get(partition) == null)
                .toList();
        Map<String, Long> records = new HashMap<>();
        if (!fresh.isEmpty()) {
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(fresh, TIMEOUT);
            consumer.endOffsets(fresh, TIMEOUT)
                    .forEach((partition, end) ->
                            records.merge(partition.topic(), end - begins.getOrDefault(partition, end), Long::sum));
        }
        return records;
    }

    private static String sentence(String channel, String group, String topic, long records) {
        return "The group '" + group + "' of the channel '" + channel + "' is new to the topic '" + topic
                + "' and begins at its end, so it does not get the " + records
                + " records that are there already; to get them, set mp.messaging.incoming." + channel
                + ".auto.offset.reset=earliest";
    }
}
