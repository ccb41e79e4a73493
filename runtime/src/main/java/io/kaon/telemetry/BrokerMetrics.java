// SPDX-License-Identifier: Apache-2.0
package io.kaon.telemetry;

/** What a broker tells under the names that Kafka's JMX exporter configurations give: dashboards ask for these. */
public final class BrokerMetrics {
    /** Traffic; without a topic it is the sum of all. */
    public static final MetricName MESSAGES_IN = MetricName.counter(
                    "kafka.server.brokertopicmetrics.messagesin", "records", "Records that were written.")
            .by("topic");

    public static final MetricName BYTES_IN = MetricName.counter(
                    "kafka.server.brokertopicmetrics.bytesin",
                    "bytes",
                    "Bytes of record batches that were written, as they came.")
            .by("topic");

    public static final MetricName BYTES_OUT = MetricName.counter(
                    "kafka.server.brokertopicmetrics.bytesout", "bytes", "Bytes of record batches that were read.")
            .by("topic");

    public static final MetricName BYTES_REJECTED = MetricName.counter(
                    "kafka.server.brokertopicmetrics.bytesrejected",
                    "bytes",
                    "Bytes of record batches that were refused as too large.")
            .by("topic");

    public static final MetricName TOTAL_PRODUCE_REQUESTS = MetricName.counter(
                    "kafka.server.brokertopicmetrics.totalproducerequests",
                    "requests",
                    "Produce requests, counted for each partition in them.")
            .by("topic");

    public static final MetricName TOTAL_FETCH_REQUESTS = MetricName.counter(
                    "kafka.server.brokertopicmetrics.totalfetchrequests",
                    "requests",
                    "Fetch requests, counted for each partition in them.")
            .by("topic");

    public static final MetricName FAILED_PRODUCE_REQUESTS = MetricName.counter(
                    "kafka.server.brokertopicmetrics.failedproducerequests",
                    "requests",
                    "Produce requests that a partition answered with an error.")
            .by("topic");

    public static final MetricName FAILED_FETCH_REQUESTS = MetricName.counter(
                    "kafka.server.brokertopicmetrics.failedfetchrequests",
                    "requests",
                    "Fetch requests that a partition answered with an error.")
            .by("topic");

    public static final MetricName PRODUCE_MESSAGE_CONVERSIONS = MetricName.counter(
                    "kafka.server.brokertopicmetrics.producemessageconversions",
                    "requests",
                    "Records that came in an old message format and were converted.")
            .by("topic");

    public static final MetricName FETCH_MESSAGE_CONVERSIONS = MetricName.counter(
                    "kafka.server.brokertopicmetrics.fetchmessageconversions",
                    "requests",
                    "Answers, for each partition, that were converted to an old message format.")
            .by("topic");

    /** The partitions of this broker. */
    public static final MetricName PARTITION_COUNT = MetricName.gauge(
            "kafka.server.replicamanager.partitioncount",
            "partitions",
            "Partitions of which this broker has a replica.");

    public static final MetricName LEADER_COUNT = MetricName.gauge(
            "kafka.server.replicamanager.leadercount", "partitions", "Partitions that this broker leads.");

    public static final MetricName UNDER_REPLICATED = MetricName.gauge(
            "kafka.server.replicamanager.underreplicatedpartitions",
            "partitions",
            "Partitions led here of which not all replicas are in sync.");

    public static final MetricName UNDER_MIN_ISR = MetricName.gauge(
            "kafka.server.replicamanager.underminisrpartitioncount",
            "partitions",
            "Partitions led here with fewer replicas in sync than min.insync.replicas.");

    public static final MetricName AT_MIN_ISR = MetricName.gauge(
            "kafka.server.replicamanager.atminisrpartitioncount",
            "partitions",
            "Partitions led here with just as many replicas in sync as min.insync.replicas.");

    public static final MetricName OFFLINE_REPLICAS = MetricName.gauge(
            "kafka.server.replicamanager.offlinereplicacount",
            "partitions",
            "Replicas here whose log cannot be used, because the disk failed.");

    public static final MetricName REASSIGNING = MetricName.gauge(
            "kafka.server.replicamanager.reassigningpartitions",
            "partitions",
            "Partitions led here that are moving to other brokers.");

    public static final MetricName ISR_SHRINKS = MetricName.counter(
            "kafka.server.replicamanager.isrshrinks",
            "changes",
            "Times that a replica of a partition led here fell out of sync.");

    public static final MetricName ISR_EXPANDS = MetricName.counter(
            "kafka.server.replicamanager.isrexpands",
            "changes",
            "Times that a replica of a partition led here came in sync again.");

    /** The cluster, as the active controller sees it. */
    public static final MetricName ACTIVE_CONTROLLER = MetricName.gauge(
            "kafka.controller.kafkacontroller.activecontrollercount",
            "controllers",
            "1 on the broker that is the active controller, else 0.");

    public static final MetricName ACTIVE_BROKERS = MetricName.gauge(
            "kafka.controller.kafkacontroller.activebrokercount", "brokers", "Brokers that are registered.");

    public static final MetricName OFFLINE_PARTITIONS = MetricName.gauge(
            "kafka.controller.kafkacontroller.offlinepartitionscount",
            "partitions",
            "Partitions that nobody leads; 0 where another broker is the controller.");

    public static final MetricName GLOBAL_TOPICS = MetricName.gauge(
            "kafka.controller.kafkacontroller.globaltopiccount",
            "topics",
            "Topics of the cluster; 0 where another broker is the controller.");

    public static final MetricName GLOBAL_PARTITIONS = MetricName.gauge(
            "kafka.controller.kafkacontroller.globalpartitioncount",
            "partitions",
            "Partitions of the cluster; 0 where another broker is the controller.");

    public static final MetricName PREFERRED_IMBALANCE = MetricName.gauge(
            "kafka.controller.kafkacontroller.preferredreplicaimbalancecount",
            "partitions",
            "Partitions that are not led by their first replica.");

    public static final MetricName UNCLEAN_ELECTIONS = MetricName.counter(
            "kafka.controller.controllerstats.uncleanleaderelections",
            "elections",
            "Leaders that were elected from replicas that were not in sync.");

    /** A partition. */
    public static final MetricName REPLICAS = MetricName.gauge(
                    "kafka.cluster.partition.replicascount",
                    "replicas",
                    "Replicas of a partition that this broker leads.")
            .by("topic", "partition");

    public static final MetricName IN_SYNC_REPLICAS = MetricName.gauge(
                    "kafka.cluster.partition.insyncreplicascount",
                    "replicas",
                    "Replicas in sync of a partition that this broker leads.")
            .by("topic", "partition");

    public static final MetricName PARTITION_UNDER_REPLICATED = MetricName.gauge(
                    "kafka.cluster.partition.underreplicated", "0 or 1", "1 when not all replicas are in sync.")
            .by("topic", "partition");

    public static final MetricName PARTITION_UNDER_MIN_ISR = MetricName.gauge(
                    "kafka.cluster.partition.underminisr",
                    "0 or 1",
                    "1 when fewer replicas are in sync than min.insync.replicas.")
            .by("topic", "partition");

    public static final MetricName PARTITION_AT_MIN_ISR = MetricName.gauge(
                    "kafka.cluster.partition.atminisr",
                    "0 or 1",
                    "1 when just as many replicas are in sync as min.insync.replicas, so also where there is one replica in all.")
            .by("topic", "partition");

    public static final MetricName LAST_STABLE_OFFSET_LAG = MetricName.gauge(
                    "kafka.cluster.partition.laststableoffsetlag",
                    "records",
                    "Records that readers of committed records cannot see yet.")
            .by("topic", "partition");

    public static final MetricName LOG_SIZE = MetricName.gauge("kafka.log.log.size", "bytes", "Bytes of all segments.")
            .by("topic", "partition");

    public static final MetricName LOG_START_OFFSET = MetricName.gauge(
                    "kafka.log.log.logstartoffset", "offset", "The first offset that can be read.")
            .by("topic", "partition");

    public static final MetricName LOG_END_OFFSET = MetricName.gauge(
                    "kafka.log.log.logendoffset", "offset", "The offset of the next record.")
            .by("topic", "partition");

    public static final MetricName LOG_SEGMENTS = MetricName.gauge(
                    "kafka.log.log.numlogsegments", "segments", "Segments of the log.")
            .by("topic", "partition");

    /** The data directory. */
    public static final MetricName OFFLINE_LOG_DIRECTORIES = MetricName.gauge(
            "kafka.log.logmanager.offlinelogdirectorycount",
            "directories",
            "1 when something has failed in the data directory, else 0.");

    public static final MetricName FLUSH_TIME = MetricName.gauge(
                    "kafka.log.logflushstats.logflushrateandtimems",
                    "ms",
                    "How long syncs of logs took in the last two minutes.")
            .by("quantile");

    public static final MetricName FLUSHES =
            MetricName.gauge("kafka.log.logflushstats.logflushrateandtimems.count", "syncs", "Syncs of logs.");

    public static final MetricName MAX_DIRTY_PERCENT = MetricName.gauge(
            "kafka.log.logcleanermanager.max.dirty.percent",
            "percent",
            "The largest share of a log that waits for compaction.");

    /** Groups. */
    public static final MetricName GROUPS = MetricName.gauge(
            "kafka.coordinator.group.groupmetadatamanager.numgroups", "groups", "Groups that this broker coordinates.");

    public static final MetricName GROUPS_STABLE = MetricName.gauge(
            "kafka.coordinator.group.groupmetadatamanager.numgroupsstable",
            "groups",
            "Groups whose members have their partitions.");

    public static final MetricName GROUPS_EMPTY = MetricName.gauge(
            "kafka.coordinator.group.groupmetadatamanager.numgroupsempty", "groups", "Groups without members.");

    public static final MetricName GROUPS_PREPARING = MetricName.gauge(
            "kafka.coordinator.group.groupmetadatamanager.numgroupspreparingrebalance",
            "groups",
            "Groups that call their members to join.");

    public static final MetricName GROUPS_COMPLETING = MetricName.gauge(
            "kafka.coordinator.group.groupmetadatamanager.numgroupscompletingrebalance",
            "groups",
            "Groups whose partitions are being assigned.");

    public static final MetricName GROUPS_DEAD = MetricName.gauge(
            "kafka.coordinator.group.groupmetadatamanager.numgroupsdead", "groups", "Groups that are being removed.");

    public static final MetricName OFFSETS = MetricName.gauge(
            "kafka.coordinator.group.groupmetadatamanager.numoffsets", "offsets", "Committed offsets of all groups.");

    public static final MetricName GROUP_COUNT = MetricName.gauge(
                    "kafka.server.group.coordinator.metrics.group.count", "groups", "Groups by their protocol.")
            .by("protocol");

    public static final MetricName CONSUMER_GROUP_COUNT = MetricName.gauge(
                    "kafka.server.group.coordinator.metrics.consumer.group.count",
                    "groups",
                    "Groups of the consumer protocol, by state.")
            .by("state");

    private BrokerMetrics() {}
}
