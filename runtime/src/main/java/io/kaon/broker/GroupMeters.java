// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import io.kaon.common.TopicPartition;
import io.kaon.coordinator.group.GroupCoordinator;
import io.kaon.coordinator.group.GroupReading;
import io.kaon.coordinator.group.GroupReading.Committed;
import io.kaon.telemetry.BrokerMetrics;
import io.kaon.telemetry.ExporterMetrics;
import io.kaon.telemetry.MetricName;
import io.kaon.telemetry.MetricSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * The groups that this broker coordinates, and how far each is behind. Each look shows what the shards answered to the
 * question of the look before, and asks again: nobody waits for a shard. Of the thread that reads metrics.
 */
final class GroupMeters implements MetricSource {
    private static final Logger LOG = Logger.getLogger(GroupMeters.class);
    private static final Map<String, String> NO_TAGS = Map.of();
    private static final String GROUP = "consumergroup";
    private static final String TOPIC = "topic";
    private static final String CLASSIC = "classic";
    private static final String CONSUMER = "consumer";
    private static final Map<MetricName, String> CLASSIC_STATES = Map.of(
            BrokerMetrics.GROUPS_STABLE, "Stable",
            BrokerMetrics.GROUPS_EMPTY, "Empty",
            BrokerMetrics.GROUPS_PREPARING, "PreparingRebalance",
            BrokerMetrics.GROUPS_COMPLETING, "CompletingRebalance",
            BrokerMetrics.GROUPS_DEAD, "Dead");
    /** As the metric of Kafka's broker spells them, by the names of its tools. */
    private static final Map<String, String> CONSUMER_STATES = Map.of(
            "Empty",
            "empty",
            "Assigning",
            "assigning",
            "Reconciling",
            "reconciling",
            "Stable",
            "stable",
            "Dead",
            "dead");

    private final GroupCoordinator coordinator;
    private final PartitionReadings logs;
    private final AtomicBoolean isAsking = new AtomicBoolean();
    private volatile List<GroupReading> latest = List.of();

    GroupMeters(GroupCoordinator coordinator, PartitionReadings logs) {
        this.coordinator = coordinator;
        this.logs = logs;
    }

    @Override
    public void collect(Look look, Sink sink) {
        ask(look.maxPartitions());
        List<GroupReading> groups = latest;
        collectCounts(groups, sink);
        int left = look.maxPartitions();
        for (GroupReading group : groups) {
            sink.accept(ExporterMetrics.GROUP_MEMBERS, Map.of(GROUP, group.groupId()), group.members());
            left -= collect(group, Math.max(0, left), sink);
        }
    }

    private void ask(int maxOffsets) {
        if (isAsking.compareAndSet(false, true)) {
            coordinator.readings(maxOffsets).whenComplete((readings, failure) -> {
                if (failure == null) {
                    latest = readings;
                } else {
                    LOG.debug("The groups cannot be read", failure);
                }
                isAsking.set(false);
            });
        }
    }

    private static void collectCounts(List<GroupReading> groups, Sink sink) {
        sink.accept(BrokerMetrics.GROUPS, NO_TAGS, groups.size());
        sink.accept(
                BrokerMetrics.OFFSETS,
                NO_TAGS,
                groups.stream().mapToInt(GroupReading::offsetCount).sum());
        for (String protocol : List.of(CLASSIC, CONSUMER)) {
            sink.accept(
                    BrokerMetrics.GROUP_COUNT, Map.of("protocol", protocol), count(groups, protocol, Optional.empty()));
        }
        CLASSIC_STATES.forEach((name, state) -> sink.accept(name, NO_TAGS, count(groups, CLASSIC, Optional.of(state))));
        CONSUMER_STATES.forEach((state, spelling) -> sink.accept(
                BrokerMetrics.CONSUMER_GROUP_COUNT,
                Map.of("state", spelling),
                count(groups, CONSUMER, Optional.of(state))));
    }

    private static long count(List<GroupReading> groups, String protocol, Optional<String> state) {
        return groups.stream()
                .filter(group -> group.protocol().equals(protocol))
                .filter(group -> state.isEmpty() || group.state().equals(state.get()))
                .count();
    }

    /** The sums of one topic. */
    private static final class Sums {
        private long offset;
        private long lag;
    }

    /** Answers how many offsets it has shown. */
    private int collect(GroupReading group, int maxOffsets, Sink sink) {
        Map<String, Sums> topics = new HashMap<>();
        int shown = 0;
        for (Committed committed : group.offsets()) {
            Sums sums = topics.computeIfAbsent(committed.topic(), topic -> new Sums());
            Optional<Long> lag = lagOf(committed);
            sums.offset += committed.offset();
            sums.lag += lag.orElse(0L);
            if (shown < maxOffsets) {
                shown++;
                Map<String, String> tags = Map.of(
                        GROUP,
                        group.groupId(),
                        TOPIC,
                        committed.topic(),
                        "partition",
                        Integer.toString(committed.partition()));
                sink.accept(ExporterMetrics.GROUP_OFFSET, tags, committed.offset());
                lag.ifPresent(records -> sink.accept(ExporterMetrics.GROUP_LAG, tags, records));
            }
        }
        topics.forEach((topic, sums) -> {
            Map<String, String> tags = Map.of(GROUP, group.groupId(), TOPIC, topic);
            sink.accept(ExporterMetrics.GROUP_OFFSET_SUM, tags, sums.offset);
            sink.accept(ExporterMetrics.GROUP_LAG_SUM, tags, sums.lag);
        });
        return shown;
    }

    /** Empty when nobody here knows where the partition ends. */
    private Optional<Long> lagOf(Committed committed) {
        return logs.of(new TopicPartition(committed.topic(), committed.partition()))
                .map(log -> Math.max(0, log.highWatermark() - committed.offset()));
    }
}
