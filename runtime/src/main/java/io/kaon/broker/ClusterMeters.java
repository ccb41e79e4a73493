// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import io.kaon.common.TopicPartition;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.MetadataImages;
import io.kaon.metadata.PartitionImage;
import io.kaon.metadata.TopicImage;
import io.kaon.metadata.config.BrokerSettings;
import io.kaon.metadata.config.ConfigCatalogue;
import io.kaon.metadata.config.ConfigKey;
import io.kaon.metadata.config.EffectiveConfigs;
import io.kaon.telemetry.BrokerMetrics;
import io.kaon.telemetry.ExporterMetrics;
import io.kaon.telemetry.MetricCatalogue;
import io.kaon.telemetry.MetricName;
import io.kaon.telemetry.MetricSource;
import java.util.Map;

/**
 * What the cluster's metadata says of brokers, topics and partitions, worked out from one image when somebody looks. Of
 * the thread that reads metrics.
 */
final class ClusterMeters implements MetricSource {
    private static final Map<String, String> NO_TAGS = Map.of();
    private static final ConfigKey MIN_ISR =
            ConfigCatalogue.topics().find("min.insync.replicas").orElseThrow();

    private final int nodeId;
    private final MetadataImages images;
    private final BrokerSettings settings;
    private final PartitionReadings logs;
    private final MetricTags tags = new MetricTags();

    ClusterMeters(int nodeId, MetadataImages images, BrokerSettings settings, PartitionReadings logs) {
        this.nodeId = nodeId;
        this.images = images;
        this.settings = settings;
        this.logs = logs;
    }

    /** What is added up over all partitions. */
    private static final class Sums {
        private int partitions;
        private int replicas;
        private int leaders;
        private int underReplicated;
        private int underMinIsr;
        private int atMinIsr;
        private int reassigning;
        private int offline;
        private int imbalanced;
        private int hidden;
        private int behind;
    }

    @Override
    public void collect(Look look, Sink sink) {
        ClusterImage image = images.current();
        EffectiveConfigs configs = new EffectiveConfigs(image, settings);
        tags.begin(image);
        Sums sums = new Sums();
        int shown = 0;
        for (TopicImage topic : image.topics()) {
            int minIsr = configs.topicValue(topic.name(), MIN_ISR)
                    .map(Integer::parseInt)
                    .orElse(1);
            sink.accept(
                    ExporterMetrics.TOPIC_PARTITIONS,
                    tags.of(topic.name()),
                    topic.partitions().size());
            for (PartitionImage partition : topic.partitions()) {
                int effectiveMinIsr = Math.min(minIsr, partition.replicas().size());
                add(sums, partition, effectiveMinIsr);
                if (shown < look.maxPartitions()) {
                    shown++;
                    TopicPartition name = new TopicPartition(topic.name(), partition.index());
                    collect(new PartitionSink(sink, tags.of(name)), name, partition, effectiveMinIsr);
                } else {
                    sums.hidden++;
                }
            }
        }
        collect(sink, image, sums);
        logs.afterLook();
    }

    private void add(Sums sums, PartitionImage partition, int minIsr) {
        boolean isLeader = partition.leader() == nodeId;
        boolean isPreferred = partition.leader() == partition.replicas().get(0);
        int isr = partition.isr().size();
        sums.partitions++;
        sums.replicas += partition.replicas().contains(nodeId) ? 1 : 0;
        sums.behind += partition.replicas().contains(nodeId) && !partition.isr().contains(nodeId) ? 1 : 0;
        sums.offline += partition.hasLeader() ? 0 : 1;
        sums.imbalanced += isPreferred ? 0 : 1;
        if (isLeader) {
            sums.leaders++;
            sums.underReplicated += isr < partition.replicas().size() ? 1 : 0;
            sums.underMinIsr += isr < minIsr ? 1 : 0;
            sums.atMinIsr += isr == minIsr ? 1 : 0;
            boolean isMoving = !partition.spare().adding().isEmpty()
                    || !partition.spare().removing().isEmpty();
            sums.reassigning += isMoving ? 1 : 0;
        }
    }

    /** Values of one partition. */
    record PartitionSink(Sink sink, Map<String, String> tags) {
        void accept(MetricName name, double value) {
            sink.accept(name, tags, value);
        }
    }

    private void collect(PartitionSink sink, TopicPartition name, PartitionImage partition, int minIsr) {
        int replicas = partition.replicas().size();
        int isr = partition.isr().size();
        sink.accept(ExporterMetrics.PARTITION_REPLICAS, replicas);
        sink.accept(ExporterMetrics.PARTITION_ISR, isr);
        sink.accept(ExporterMetrics.PARTITION_LEADER, partition.leader());
        sink.accept(
                ExporterMetrics.LEADER_IS_PREFERRED,
                partition.leader() == partition.replicas().get(0) ? 1 : 0);
        sink.accept(ExporterMetrics.UNDER_REPLICATED_PARTITION, isr < replicas ? 1 : 0);
        if (partition.leader() == nodeId) {
            sink.accept(BrokerMetrics.REPLICAS, replicas);
            sink.accept(BrokerMetrics.IN_SYNC_REPLICAS, isr);
            sink.accept(BrokerMetrics.PARTITION_UNDER_REPLICATED, isr < replicas ? 1 : 0);
            sink.accept(BrokerMetrics.PARTITION_UNDER_MIN_ISR, isr < minIsr ? 1 : 0);
            sink.accept(BrokerMetrics.PARTITION_AT_MIN_ISR, isr == minIsr ? 1 : 0);
            logs.of(name).ifPresent(log -> collect(sink, log));
        }
    }

    private static void collect(PartitionSink sink, PartitionReadings.Reading log) {
        sink.accept(ExporterMetrics.CURRENT_OFFSET, log.highWatermark());
        sink.accept(ExporterMetrics.OLDEST_OFFSET, log.logStartOffset());
        sink.accept(BrokerMetrics.LOG_START_OFFSET, log.logStartOffset());
        sink.accept(BrokerMetrics.LOG_END_OFFSET, log.logEndOffset());
        sink.accept(BrokerMetrics.LAST_STABLE_OFFSET_LAG, log.highWatermark() - log.lastStableOffset());
        if (log.isSizeKnown()) {
            sink.accept(BrokerMetrics.LOG_SIZE, log.sizeInBytes());
            sink.accept(BrokerMetrics.LOG_SEGMENTS, log.segments());
        }
    }

    private void collect(Sink sink, ClusterImage image, Sums sums) {
        boolean isController = image.controllerId().orElse(-1) == nodeId;
        sink.accept(BrokerMetrics.PARTITION_COUNT, NO_TAGS, sums.replicas);
        sink.accept(BrokerMetrics.LEADER_COUNT, NO_TAGS, sums.leaders);
        sink.accept(BrokerMetrics.UNDER_REPLICATED, NO_TAGS, sums.underReplicated);
        sink.accept(BrokerMetrics.UNDER_MIN_ISR, NO_TAGS, sums.underMinIsr);
        sink.accept(BrokerMetrics.AT_MIN_ISR, NO_TAGS, sums.atMinIsr);
        sink.accept(BrokerMetrics.REASSIGNING, NO_TAGS, sums.reassigning);
        sink.accept(BrokerMetrics.OFFLINE_REPLICAS, NO_TAGS, logs.offline());
        sink.accept(BrokerMetrics.OFFLINE_LOG_DIRECTORIES, NO_TAGS, logs.isHealthy() ? 0 : 1);
        sink.accept(BrokerMetrics.ACTIVE_CONTROLLER, NO_TAGS, isController ? 1 : 0);
        sink.accept(BrokerMetrics.ACTIVE_BROKERS, NO_TAGS, image.brokers().size());
        sink.accept(BrokerMetrics.OFFLINE_PARTITIONS, NO_TAGS, isController ? sums.offline : 0);
        sink.accept(BrokerMetrics.GLOBAL_TOPICS, NO_TAGS, isController ? image.topicCount() : 0);
        sink.accept(BrokerMetrics.GLOBAL_PARTITIONS, NO_TAGS, isController ? sums.partitions : 0);
        sink.accept(BrokerMetrics.PREFERRED_IMBALANCE, NO_TAGS, isController ? sums.imbalanced : 0);
        sink.accept(ExporterMetrics.BUILD_INFO, NO_TAGS, 1);
        sink.accept(ExporterMetrics.BROKERS, NO_TAGS, image.brokers().size());
        sink.accept(MetricCatalogue.REPLICAS_BEHIND, NO_TAGS, sums.behind);
        // One broker is its own only replica: these cannot happen here, and dashboards add them up.
        sink.accept(BrokerMetrics.ISR_SHRINKS, NO_TAGS, 0);
        sink.accept(BrokerMetrics.ISR_EXPANDS, NO_TAGS, 0);
        sink.accept(BrokerMetrics.UNCLEAN_ELECTIONS, NO_TAGS, 0);
        sink.accept(MetricCatalogue.HIDDEN_PARTITIONS, NO_TAGS, sums.hidden);
    }
}
