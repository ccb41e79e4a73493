// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.metering;

import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;

/**
 * What consumers tell by their own metrics: the one thing of a consumer that any thread may ask, on Kafka's client as
 * on ours.
 */
public final class ClientReadings {
    private static final String COMMIT_TOTAL = "commit-total";
    private static final String RECORDS_LAG = "records-lag";
    private static final String TOPIC = "topic";
    private static final String PARTITION = "partition";

    private ClientReadings() {}

    /** Records still to fetch, of each partition whose end is known. */
    public static Map<TopicPartition, Long> lag(Collection<? extends KafkaConsumer<?, ?>> clients) {
        Map<TopicPartition, Long> lag = new HashMap<>();
        for (KafkaConsumer<?, ?> client : clients) {
            Consumer<?, ?> consumer = client.unwrap();
            if (consumer != null) { // Made on first use.
                consumer.metrics().forEach((name, metric) -> put(lag, name, metric));
            }
        }
        return lag;
    }

    /** How many commits their broker has answered. */
    public static long commits(Collection<? extends KafkaConsumer<?, ?>> clients) {
        long commits = 0;
        for (KafkaConsumer<?, ?> client : clients) {
            Consumer<?, ?> consumer = client.unwrap();
            if (consumer != null) {
                commits += commitsOf(consumer);
            }
        }
        return commits;
    }

    private static long commitsOf(Consumer<?, ?> consumer) {
        return consumer.metrics().entrySet().stream()
                .filter(entry -> COMMIT_TOTAL.equals(entry.getKey().name()))
                .mapToLong(entry -> ((Number) entry.getValue().metricValue()).longValue())
                .sum();
    }

    private static void put(Map<TopicPartition, Long> lag, MetricName name, Metric metric) {
        String topic = name.tags().get(TOPIC);
        String partition = name.tags().get(PARTITION);
        if (RECORDS_LAG.equals(name.name())
                && topic != null
                && partition != null
                && metric.metricValue() instanceof Number records
                && records.doubleValue() >= 0) { // Not a number until something was fetched.
            lag.put(new TopicPartition(topic, Integer.parseInt(partition)), records.longValue());
        }
    }
}
