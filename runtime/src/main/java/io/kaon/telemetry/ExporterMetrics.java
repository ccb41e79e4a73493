// SPDX-License-Identifier: Apache-2.0
package io.kaon.telemetry;

/** What kafka_exporter would find out by asking the broker. */
public final class ExporterMetrics {
    public static final MetricName BROKERS = MetricName.gauge("kafka.brokers", "brokers", "Brokers of the cluster.");

    public static final MetricName TOPIC_PARTITIONS = MetricName.gauge(
                    "kafka.topic.partitions", "partitions", "Partitions of a topic.")
            .by("topic");

    public static final MetricName CURRENT_OFFSET = MetricName.gauge(
                    "kafka.topic.partition.current.offset", "offset", "The end of what can be read.")
            .by("topic", "partition");

    public static final MetricName OLDEST_OFFSET = MetricName.gauge(
                    "kafka.topic.partition.oldest.offset", "offset", "The first offset that can be read.")
            .by("topic", "partition");

    public static final MetricName PARTITION_REPLICAS = MetricName.gauge(
                    "kafka.topic.partition.replicas", "replicas", "Replicas of a partition.")
            .by("topic", "partition");

    public static final MetricName PARTITION_ISR = MetricName.gauge(
                    "kafka.topic.partition.in.sync.replica", "replicas", "Replicas in sync of a partition.")
            .by("topic", "partition");

    public static final MetricName PARTITION_LEADER = MetricName.gauge(
                    "kafka.topic.partition.leader", "broker id", "Who leads a partition; -1 for nobody.")
            .by("topic", "partition");

    public static final MetricName LEADER_IS_PREFERRED = MetricName.gauge(
                    "kafka.topic.partition.leader.is.preferred", "0 or 1", "1 when the first replica leads.")
            .by("topic", "partition");

    public static final MetricName UNDER_REPLICATED_PARTITION = MetricName.gauge(
                    "kafka.topic.partition.under.replicated.partition",
                    "0 or 1",
                    "1 when not all replicas are in sync.")
            .by("topic", "partition");

    public static final MetricName GROUP_MEMBERS = MetricName.gauge(
                    "kafka.consumergroup.members", "members", "Members of a group.")
            .by("consumergroup");

    public static final MetricName GROUP_OFFSET = MetricName.gauge(
                    "kafka.consumergroup.current.offset", "offset", "The offset that a group has committed.")
            .by("consumergroup", "topic", "partition");

    public static final MetricName GROUP_OFFSET_SUM = MetricName.gauge(
                    "kafka.consumergroup.current.offset.sum",
                    "offset",
                    "The offsets that a group has committed, over all partitions of a topic.")
            .by("consumergroup", "topic");

    public static final MetricName GROUP_LAG = MetricName.gauge(
                    "kafka.consumergroup.lag",
                    "records",
                    "Records between the committed offset and the end of what can be read.")
            .by("consumergroup", "topic", "partition");

    public static final MetricName GROUP_LAG_SUM = MetricName.gauge(
                    "kafka.consumergroup.lag.sum", "records", "The lag over all partitions of a topic.")
            .by("consumergroup", "topic");

    public static final MetricName BUILD_INFO = MetricName.gauge(
            "kafka.exporter.build.info",
            "1",
            "Always 1: dashboards look here for who answers to the names of kafka_exporter.");

    private ExporterMetrics() {}
}
