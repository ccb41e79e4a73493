// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata.config;

import static io.kaon.common.Checks.require;

import io.kaon.metadata.config.ConfigKey.Effect;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a broker was started with, under Kafka's names: checked, immutable, any thread. What may change while it runs
 * is laid over it by {@link EffectiveConfigs}.
 */
public final class BrokerSettings {
    /** Kafka's defaults and nothing else. */
    public static final BrokerSettings DEFAULTS = new BrokerSettings(Map.of());

    private static final String OPTION = "quarkus.kaon.broker.config.\"%s\" ";

    private final Map<String, String> values;

    private BrokerSettings(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Checks settings.
     *
     * @param configured what the user set under Kafka's names
     * @param derived what follows from Kaon's own options ({@code node.id}, {@code listeners}, {@code log.dirs} …),
     *     for display
     * @throws IllegalArgumentException one sentence that names the option, when a key is unknown, has no effect in this
     *     version, or has a wrong value
     */
    public static BrokerSettings of(Map<String, String> configured, Map<String, String> derived) {
        Map<String, String> values = new TreeMap<>(derived);
        configured.forEach((name, value) -> {
            check(name, value);
            values.put(name, value.strip());
        });
        BrokerSettings settings = new BrokerSettings(values);
        require(
                settings.groupMinSessionTimeoutMs() <= settings.groupMaxSessionTimeoutMs(),
                OPTION + "must not be larger than group.max.session.timeout.ms",
                "group.min.session.timeout.ms");
        checkConsumerGroups(settings);
        return settings;
    }

    /** What was set for a key at the start, if anything. */
    public Optional<String> configured(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** The value of a key at the start, default included. */
    public Optional<String> value(String name) {
        return configured(name).or(() -> ConfigCatalogue.brokers().get(name).defaultValue());
    }

    /** Broker whose dynamic settings are this broker's own. */
    public OptionalInt nodeId() {
        return configured("node.id").map(Integer::parseInt).map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    public Optional<String> rack() {
        return configured("broker.rack");
    }

    public boolean isAutoCreateTopics() {
        return flag("auto.create.topics.enable");
    }

    public boolean isDeleteTopic() {
        return flag("delete.topic.enable");
    }

    /** Whether the versions of requests are served that only Kafka 3 has (KIP-896). */
    public boolean isLegacyProtocol() {
        return flag("kaon.legacy.protocol");
    }

    public int numPartitions() {
        return number("num.partitions");
    }

    public int defaultReplicationFactor() {
        return number("default.replication.factor");
    }

    public long logRetentionCheckIntervalMs() {
        return bigNumber("log.retention.check.interval.ms");
    }

    public int recoveryThreadsPerDataDirectory() {
        return number("num.recovery.threads.per.data.dir");
    }

    /** Bytes of the file system below which clients' records are refused; empty for the default. */
    public OptionalLong minFreeBytes() {
        long bytes = bigNumber("kaon.log.min.free.bytes");
        return bytes < 0 ? OptionalLong.empty() : OptionalLong.of(bytes);
    }

    public long producerIdExpirationMs() {
        return bigNumber("producer.id.expiration.ms");
    }

    public int maxConnections() {
        return number("max.connections");
    }

    /** Milliseconds; below 0 for never. */
    public long connectionsMaxIdleMs() {
        return bigNumber("connections.max.idle.ms");
    }

    public int socketRequestMaxBytes() {
        return number("socket.request.max.bytes");
    }

    /** Bytes; −1 when Kaon's own limit is to be used. */
    public long queuedMaxRequestBytes() {
        return bigNumber("queued.max.request.bytes");
    }

    public int fetchMaxBytes() {
        return number("fetch.max.bytes");
    }

    public int maxFetchSessions() {
        return number("max.incremental.fetch.session.cache.slots");
    }

    /** Partitions that one answer of DescribeTopicPartitions lists at most. */
    public int maxRequestPartitions() {
        return number("max.request.partition.size.limit");
    }

    public int groupInitialRebalanceDelayMs() {
        return number("group.initial.rebalance.delay.ms");
    }

    public int groupMinSessionTimeoutMs() {
        return number("group.min.session.timeout.ms");
    }

    public int groupMaxSessionTimeoutMs() {
        return number("group.max.session.timeout.ms");
    }

    public int groupConsumerMaxSize() {
        return number("group.consumer.max.size");
    }

    /** Names of server-side assignors, the default one first. */
    public List<String> groupConsumerAssignors() {
        return list("group.consumer.assignors");
    }

    /** Milliseconds between heartbeats while a group settles; 0 for no other than usual. */
    public int groupConsumerSettlingIntervalMs() {
        return number("kaon.group.consumer.settling.interval.ms");
    }

    public List<String> groupRebalanceProtocols() {
        return list("group.coordinator.rebalance.protocols");
    }

    public int groupMaxSize() {
        return number("group.max.size");
    }

    public int offsetsCommitTimeoutMs() {
        return number("offsets.commit.timeout.ms");
    }

    public int offsetsLoadBufferBytes() {
        return number("offsets.load.buffer.size");
    }

    /** By Kafka's number; 0 is none. */
    public int offsetsTopicCompressionCodec() {
        return number("offsets.topic.compression.codec");
    }

    public int offsetsTopicPartitions() {
        return number("offsets.topic.num.partitions");
    }

    public int offsetsTopicReplicationFactor() {
        return number("offsets.topic.replication.factor");
    }

    public int offsetsTopicSegmentBytes() {
        return number("offsets.topic.segment.bytes");
    }

    public int offsetMetadataMaxBytes() {
        return number("offset.metadata.max.bytes");
    }

    public int offsetsRetentionMinutes() {
        return number("offsets.retention.minutes");
    }

    public long offsetsRetentionCheckIntervalMs() {
        return bigNumber("offsets.retention.check.interval.ms");
    }

    public int transactionTopicPartitions() {
        return number("transaction.state.log.num.partitions");
    }

    public int transactionTopicReplicationFactor() {
        return number("transaction.state.log.replication.factor");
    }

    public int transactionTopicSegmentBytes() {
        return number("transaction.state.log.segment.bytes");
    }

    public int transactionTopicMinIsr() {
        return number("transaction.state.log.min.isr");
    }

    public int transactionLoadBufferBytes() {
        return number("transaction.state.log.load.buffer.size");
    }

    public int transactionMaxTimeoutMs() {
        return number("transaction.max.timeout.ms");
    }

    public int transactionAbortIntervalMs() {
        return number("transaction.abort.timed.out.transaction.cleanup.interval.ms");
    }

    public int transactionalIdExpirationMs() {
        return number("transactional.id.expiration.ms");
    }

    public int transactionalIdRemovalIntervalMs() {
        return number("transaction.remove.expired.transaction.cleanup.interval.ms");
    }

    public int addPartitionsRetryBackoffMs() {
        return number("add.partitions.to.txn.retry.backoff.ms");
    }

    public int addPartitionsRetryMaxMs() {
        return number("add.partitions.to.txn.retry.backoff.max.ms");
    }

    private boolean flag(String name) {
        return Boolean.parseBoolean(value(name).orElseThrow());
    }

    private int number(String name) {
        return Integer.parseInt(value(name).orElseThrow());
    }

    private List<String> list(String name) {
        return ConfigType.elements(value(name).orElseThrow());
    }

    private long bigNumber(String name) {
        return Long.parseLong(value(name).orElseThrow());
    }

    /** What groups may set has bounds, and what they get by default lies between them. */
    private static void checkConsumerGroups(BrokerSettings settings) {
        for (String rest : List.of("session.timeout.ms", "heartbeat.interval.ms", "assignment.interval.ms")) {
            String min = "group.consumer.min." + rest;
            String max = "group.consumer.max." + rest;
            String own = "group.consumer." + rest;
            require(settings.number(min) <= settings.number(max), OPTION + "must not be larger than %s", min, max);
            require(settings.number(own) >= settings.number(min), OPTION + "must not be smaller than %s", own, min);
            require(settings.number(own) <= settings.number(max), OPTION + "must not be larger than %s", own, max);
        }
        require(
                settings.number("group.consumer.session.timeout.ms")
                        > settings.number("group.consumer.heartbeat.interval.ms"),
                OPTION + "must be larger than group.consumer.heartbeat.interval.ms",
                "group.consumer.session.timeout.ms");
        List<String> assignors = settings.groupConsumerAssignors();
        require(
                !assignors.isEmpty() && Set.copyOf(assignors).size() == assignors.size(),
                OPTION + "must name one assignor at least, and each once",
                "group.consumer.assignors");
    }

    private static void check(String name, String value) {
        ConfigKey key = ConfigCatalogue.brokers()
                .find(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        String.format(OPTION + "is unknown: no broker setting has that name", name)));
        require(
                key.effect() != Effect.DERIVED,
                OPTION + "cannot be set: it follows from the other options under quarkus.kaon.broker",
                name);
        key.problem(value).ifPresent(problem -> {
            throw new IllegalArgumentException(String.format(OPTION, name) + problem);
        });
        require(
                key.effect() != Effect.NONE || key.isDefault(value),
                OPTION + "is not supported by this version of Kaon: only its default%s is accepted",
                name,
                key.defaultValue()
                        .filter(it -> !key.isSensitive())
                        .map(it -> " '" + it + "'")
                        .orElse(""));
    }
}
