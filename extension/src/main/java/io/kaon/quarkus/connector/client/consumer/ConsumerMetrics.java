// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.Measurable;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.Avg;
import org.apache.kafka.common.metrics.stats.CumulativeCount;
import org.apache.kafka.common.metrics.stats.CumulativeSum;
import org.apache.kafka.common.metrics.stats.Max;
import org.apache.kafka.common.metrics.stats.Min;
import org.apache.kafka.common.metrics.stats.Rate;
import org.apache.kafka.common.metrics.stats.Value;
import org.apache.kafka.common.metrics.stats.WindowedCount;

/**
 * What monitoring reads off a Kafka consumer, under Kafka's names, groups and tags. Whatever is per partition belongs
 * to the thread that polls; the rest may be told, and all may be read, by any thread.
 */
final class ConsumerMetrics implements AutoCloseable {
    private static final String FETCH = "consumer-fetch-manager-metrics";
    private static final String COORDINATOR = "consumer-coordinator-metrics";
    private static final String CONSUMER = "consumer-metrics";

    private final Metrics registry = new Metrics();
    private final Map<String, String> client;
    private final Map<TopicPartition, PartitionSensors> partitions = new HashMap<>();
    private final Sensor fetchLatency;
    private final Sensor fetchSize;
    private final Sensor bytes;
    private final Sensor records;
    private final Sensor perFetch;
    private final Sensor lagMax;
    private final Sensor leadMin;
    private final Sensor commits;
    private final Sensor heartbeats;
    private final Sensor rebalances;
    private final Sensor betweenPolls;
    private volatile boolean isOpen = true;
    private volatile int assigned;
    private volatile long lastPollNs;
    private volatile long lastHeartbeatNs;
    private volatile long lastRebalanceNs;

    /** Of one partition, as long as it is assigned. */
    private record PartitionSensors(Sensor lag, Sensor lead, Sensor topicRecords) {}

    ConsumerMetrics(String clientId) {
        this.client = Map.of("client-id", clientId);
        fetchLatency = latency("fetch-latency", FETCH, "fetch-latency");
        fetchLatency.add(name("fetch-total", FETCH), new CumulativeCount());
        fetchLatency.add(name("fetch-rate", FETCH), new Rate(new WindowedCount()));
        fetchSize = latency("fetch-size", FETCH, "fetch-size");
        bytes = amount("bytes-consumed", client);
        records = amount("records-consumed", client);
        perFetch = registry.sensor("records-per-request");
        perFetch.add(name("records-per-request-avg", FETCH), new Avg());
        lagMax = registry.sensor("records-lag-max");
        lagMax.add(name("records-lag-max", FETCH), new Max());
        leadMin = registry.sensor("records-lead-min");
        leadMin.add(name("records-lead-min", FETCH), new Min());
        commits = latency("commit-latency", COORDINATOR, "commit-latency");
        commits.add(name("commit-total", COORDINATOR), new CumulativeCount());
        commits.add(name("commit-rate", COORDINATOR), new Rate(new WindowedCount()));
        heartbeats = registry.sensor("heartbeat");
        heartbeats.add(name("heartbeat-total", COORDINATOR), new CumulativeCount());
        heartbeats.add(name("heartbeat-rate", COORDINATOR), new Rate(new WindowedCount()));
        rebalances = registry.sensor("rebalance");
        rebalances.add(name("rebalance-total", COORDINATOR), new CumulativeCount());
        rebalances.add(name("rebalance-rate-per-hour", COORDINATOR), new Rate(TimeUnit.HOURS, new WindowedCount()));
        betweenPolls = latency("time-between-poll", CONSUMER, "time-between-poll");
        gauges();
    }

    private void gauges() {
        gauge("assigned-partitions", COORDINATOR, (config, nowMs) -> assigned);
        gauge("last-heartbeat-seconds-ago", COORDINATOR, (config, nowMs) -> secondsSince(lastHeartbeatNs));
        gauge("last-rebalance-seconds-ago", COORDINATOR, (config, nowMs) -> secondsSince(lastRebalanceNs));
        gauge("last-poll-seconds-ago", CONSUMER, (config, nowMs) -> secondsSince(lastPollNs));
        // SmallRye's health checks read these two off a client: whether it has a connection, and ever had one.
        gauge("connection-count", CONSUMER, (config, nowMs) -> isOpen ? 1 : 0);
        gauge("connection-creation-total", CONSUMER, (config, nowMs) -> 1);
    }

    private void gauge(String name, String group, Measurable reading) {
        registry.addMetric(name(name, group), reading);
    }

    private Sensor latency(String sensor, String group, String prefix) {
        Sensor made = registry.sensor(sensor);
        made.add(name(prefix + "-avg", group), new Avg());
        made.add(name(prefix + "-max", group), new Max());
        return made;
    }

    private Sensor amount(String prefix, Map<String, String> tags) {
        Sensor made = registry.sensor(prefix + tags);
        made.add(registry.metricName(prefix + "-total", FETCH, "", tags), new CumulativeSum());
        made.add(registry.metricName(prefix + "-rate", FETCH, "", tags), new Rate());
        return made;
    }

    private MetricName name(String name, String group) {
        return registry.metricName(name, group, "", client);
    }

    /** −1, as Kafka has it, before the first time. */
    private static double secondsSince(long momentNs) {
        return momentNs == 0 ? -1 : TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - momentNs);
    }

    void onPoll(long nowNs) {
        long last = lastPollNs;
        lastPollNs = nowNs;
        if (last != 0) {
            betweenPolls.record(TimeUnit.NANOSECONDS.toMillis(nowNs - last));
        }
    }

    void onFetched(long latencyMs, long fetchedBytes, long fetchedRecords) {
        fetchLatency.record(latencyMs);
        fetchSize.record(fetchedBytes);
        bytes.record(fetchedBytes);
        perFetch.record(fetchedRecords);
    }

    /** Records of a partition have been given to the application. */
    void onPolled(ConsumedPartition partition, int polled) {
        records.record(polled);
        partitions.computeIfAbsent(partition.id(), this::sensors).topicRecords().record(polled);
        onBounds(partition);
    }

    /** How far the application is from either end of a partition may have changed. */
    void onBounds(ConsumedPartition partition) {
        PartitionSensors sensors = partitions.computeIfAbsent(partition.id(), this::sensors);
        long lag = Math.max(0, partition.readableEnd() - partition.position());
        long lead = Math.max(0, partition.position() - Math.max(0, partition.logStart()));
        sensors.lag().record(lag);
        sensors.lead().record(lead);
        lagMax.record(lag);
        leadMin.record(lead);
    }

    private PartitionSensors sensors(TopicPartition id) {
        Map<String, String> ofTopic = new LinkedHashMap<>(client);
        ofTopic.put("topic", id.topic());
        Map<String, String> ofPartition = new LinkedHashMap<>(ofTopic);
        ofPartition.put("partition", Integer.toString(id.partition()));
        Sensor lag = registry.sensor("lag-" + id);
        lag.add(registry.metricName("records-lag", FETCH, "", ofPartition), new Value());
        lag.add(registry.metricName("records-lag-avg", FETCH, "", ofPartition), new Avg());
        lag.add(registry.metricName("records-lag-max", FETCH, "", ofPartition), new Max());
        Sensor lead = registry.sensor("lead-" + id);
        lead.add(registry.metricName("records-lead", FETCH, "", ofPartition), new Value());
        lead.add(registry.metricName("records-lead-avg", FETCH, "", ofPartition), new Avg());
        lead.add(registry.metricName("records-lead-min", FETCH, "", ofPartition), new Min());
        return new PartitionSensors(lag, lead, amount("records-consumed", ofTopic));
    }

    void onCommit(long latencyMs) {
        commits.record(latencyMs);
    }

    void onHeartbeat() {
        lastHeartbeatNs = System.nanoTime();
        heartbeats.record();
    }

    /** The assignment has changed: partitions that are gone have no metrics any more. */
    void onAssigned(Set<TopicPartition> now) {
        assigned = now.size();
        lastRebalanceNs = System.nanoTime();
        rebalances.record();
        Set<TopicPartition> gone = new HashSet<>(partitions.keySet());
        gone.removeAll(now);
        gone.forEach(id -> {
            partitions.remove(id);
            registry.removeSensor("lag-" + id);
            registry.removeSensor("lead-" + id);
        });
    }

    Map<MetricName, ? extends Metric> all() {
        return registry.metrics();
    }

    @Override
    public void close() {
        isOpen = false;
        registry.close();
    }
}
