// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;

/**
 * What a consumer without a socket has done, under the names that Kafka's own consumer has for it. Counted by the
 * thread that polls, read by any. The lag of partitions, which only that thread knows, is noted at the next poll after
 * somebody has asked: until anybody does, it costs nothing.
 */
final class ConsumerMeter {
    private static final String CLIENT = "consumer-metrics";
    private static final String FETCHES = "consumer-fetch-manager-metrics";
    private static final String COORDINATOR = "consumer-coordinator-metrics";

    private final LongAdder polled = new LongAdder();
    private final LongAdder commits = new LongAdder();
    private volatile boolean isLagWanted;
    private volatile Map<TopicPartition, Long> lag = Map.of();

    /** A poll returns records, or none. */
    void onPoll(int records, Collection<ConsumedPartition> partitions) {
        polled.add(records);
        if (isLagWanted) {
            isLagWanted = false;
            lag = lagOf(partitions);
        }
    }

    /** The broker has taken a commit. */
    void onCommitted() {
        commits.increment();
    }

    private static Map<TopicPartition, Long> lagOf(Collection<ConsumedPartition> partitions) {
        Map<TopicPartition, Long> lag = new HashMap<>();
        for (ConsumedPartition partition : partitions) {
            if (partition.hasPosition() && partition.readableEnd() >= 0) {
                lag.put(partition.id(), Math.max(0, partition.readableEnd() - partition.position()));
            }
        }
        return lag;
    }

    /**
     * Kafka's metrics, as far as they make sense here.
     *
     * @param isOpen 1 while the consumer is
     */
    Map<MetricName, Metric> metrics(String clientId, DoubleSupplier isOpen) {
        isLagWanted = true;
        Map<MetricName, Metric> all = new HashMap<>();
        Map<String, String> client = Map.of("client-id", clientId);
        add(all, CLIENT, "connection-count", "Ways into the broker of this application that are open", client, isOpen);
        add(all, CLIENT, "connection-creation-total", "Ways into the broker that were opened", client, () -> 1);
        add(all, FETCHES, "records-consumed-total", "Records that polls have returned", client, polled::sum);
        add(all, FETCHES, "records-lag-max", "The largest lag of a partition, in records", client, this::maxLag);
        add(all, COORDINATOR, "commit-total", "Commits that the broker has taken", client, commits::sum);
        for (TopicPartition id : lag.keySet()) {
            Map<String, String> tags = Map.of(
                    "client-id", clientId, "topic", id.topic(), "partition", Integer.toString(id.partition()));
            add(all, FETCHES, "records-lag", "Records of the partition to come", tags, () -> lagOf(id));
        }
        return all;
    }

    private double maxLag() {
        return lag.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    private double lagOf(TopicPartition id) {
        isLagWanted = true; // Whoever keeps the reading wants the next one too.
        Long records = lag.get(id);
        return records == null ? Double.NaN : records;
    }

    private static void add(
            Map<MetricName, Metric> all,
            String group,
            String name,
            String description,
            Map<String, String> tags,
            DoubleSupplier value) {
        MetricName metricName = new MetricName(name, group, description, tags);
        all.put(metricName, new Reading(metricName, value));
    }

    private record Reading(MetricName metricName, DoubleSupplier value) implements Metric {
        @Override
        public Object metricValue() {
            return value.getAsDouble();
        }
    }
}
