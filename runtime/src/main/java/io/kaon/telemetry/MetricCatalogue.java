// SPDX-License-Identifier: Apache-2.0
package io.kaon.telemetry;

/**
 * The metrics that have names of our own, by the part that tells them. Those that others named: {@link BrokerMetrics},
 * {@link RequestMetrics}, {@link ExporterMetrics}, {@link ProcessMetrics}.
 */
public final class MetricCatalogue {
    /** Compaction. */
    public static final MetricName COMPACTION_BYTES_READ =
            MetricName.counter("kaon.log.compaction.read", "bytes", "What compaction has read.");

    public static final MetricName COMPACTION_BYTES_WRITTEN =
            MetricName.counter("kaon.log.compaction.written", "bytes", "What compaction has written, without indexes.");
    public static final MetricName COMPACTION_ROUNDS =
            MetricName.counter("kaon.log.compaction.rounds", "rounds", "Rounds of compaction that came to their end.");
    public static final MetricName COMPACTION_LAST_ROUND_DURATION =
            MetricName.gauge("kaon.log.compaction.last.round.duration", "ms", "How long the last whole round took.");
    public static final MetricName COMPACTION_LAST_ROUND_RATE = MetricName.gauge(
            "kaon.log.compaction.last.round.rate", "bytes/s", "How fast the last whole round read and wrote.");
    public static final MetricName COMPACTION_DIRTY_RATIO = MetricName.gauge(
            "kaon.log.compaction.dirty.ratio", "ratio", "The largest share of a log that waits for compaction.");
    public static final MetricName COMPACTION_REFUSED = MetricName.gauge(
            "kaon.log.compaction.refused", "partitions", "Logs that are left alone because a round over them failed.");
    public static final MetricName COMPACTION_ROUND_BYTES = MetricName.gauge(
                    "kaon.log.compaction.round.read", "bytes", "How much of a log the round that runs has read.")
            .by("topic", "partition");
    public static final MetricName COMPACTION_ROUND_TARGET = MetricName.gauge(
                    "kaon.log.compaction.round.target", "bytes", "How much of a log the round that runs is to read.")
            .by("topic", "partition");
    public static final MetricName COMPACTION_ROUND_KEYS = MetricName.gauge(
                    "kaon.log.compaction.round.keys", "keys", "How many keys the round that runs has in memory.")
            .by("topic", "partition");

    /** Partitions and their files. */
    public static final MetricName OPEN_PARTITIONS =
            MetricName.gauge("kaon.log.partitions.open", "partitions", "Partitions that were used in this life.");

    public static final MetricName OPEN_FILES = MetricName.gauge(
            "kaon.log.files.open", "files", "Segments and indexes that are open, as of the last look.");
    public static final MetricName OFFLINE_PARTITIONS = MetricName.gauge(
            "kaon.log.partitions.offline", "partitions", "Partitions whose log cannot be opened or has failed.");
    /** Recovery after an end that was not clean. */
    public static final MetricName RECOVERY_REMAINING = MetricName.gauge(
            "kaon.log.recovery.remaining",
            "partitions",
            "Partitions that wait for their recovery after the last start.");

    public static final MetricName RECOVERY_DONE = MetricName.counter(
            "kaon.log.recovery.partitions", "partitions", "Partitions that were recovered since the last start.");
    public static final MetricName RECOVERY_BYTES = MetricName.counter(
            "kaon.log.recovery.read", "bytes", "What recovery had to read, because it may not have been synced.");

    /** What is told of partitions. */
    public static final MetricName REPLICAS_BEHIND = MetricName.gauge(
            "kaon.replicas.behind", "replicas", "Replicas of this broker that are not in sync with their leader.");

    public static final MetricName HIDDEN_PARTITIONS = MetricName.gauge(
            "kaon.metrics.partitions.hidden",
            "partitions",
            "Partitions, and offsets of groups, without values of their own, because there are more than"
                    + " quarkus.kaon.metrics.partitions.");

    private MetricCatalogue() {}
}
