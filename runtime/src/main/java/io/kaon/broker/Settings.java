// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import io.kaon.coordinator.ShardOptions;
import io.kaon.coordinator.group.GroupOptions;
import io.kaon.coordinator.group.consumer.ConsumerGroupPorts;
import io.kaon.coordinator.transaction.TransactionOptions;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.config.BrokerSettings;
import io.kaon.metadata.config.EffectiveConfigs;
import io.kaon.network.NetworkOptions;
import io.kaon.record.Compression;
import io.kaon.record.CompressionType;
import io.kaon.replication.TopicLogOptions;
import io.kaon.server.ServerOptions;
import io.kaon.server.handler.PartitionVerifier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Turns settings under Kafka's names into the options of each part. Immutable, any thread. */
final class Settings {
    private static final long MS_PER_MINUTE = 60_000;
    /**
     * A new group waits at least so long after each member that comes, even with {@code
     * group.initial.rebalance.delay.ms=0}: the consumers of an application start one after the other, and each that comes
     * too late has all of them share anew, which takes as long as the slowest heartbeat.
     */
    private static final int QUIET_MS = 25;

    private static final Duration NEVER_IDLE = Duration.ofDays(3650);

    private final BrokerSettings broker;
    private final int nodeId;

    private Settings(BrokerSettings broker, int nodeId) {
        this.broker = broker;
        this.nodeId = nodeId;
    }

    /** Checks the settings; throws {@link IllegalArgumentException} with the key that is wrong. */
    static Settings of(BrokerOptions options, Path data) {
        Map<String, String> derived = new TreeMap<>();
        derived.put("node.id", Integer.toString(options.nodeId()));
        derived.put("broker.id", Integer.toString(options.nodeId()));
        derived.put("log.dirs", data.toString());
        derived.put(
                "listeners",
                options.listeners().stream().map(Endpoint::toString).collect(Collectors.joining(",")));
        if (!options.advertisedListeners().isEmpty()) {
            derived.put(
                    "advertised.listeners",
                    options.advertisedListeners().stream()
                            .map(Endpoint::toString)
                            .collect(Collectors.joining(",")));
        }
        return new Settings(BrokerSettings.of(options.config(), derived), options.nodeId());
    }

    BrokerSettings broker() {
        return broker;
    }

    TopicLogOptions logs() {
        return new TopicLogOptions(broker);
    }

    GroupOptions groups() {
        return new GroupOptions(
                broker.groupMinSessionTimeoutMs(),
                broker.groupMaxSessionTimeoutMs(),
                broker.groupMaxSize(),
                Math.max(QUIET_MS, broker.groupInitialRebalanceDelayMs()),
                broker.offsetMetadataMaxBytes(),
                broker.offsetsRetentionMinutes() * MS_PER_MINUTE,
                broker.offsetsRetentionCheckIntervalMs());
    }

    /** @param images what is set for a group may change while the broker runs */
    ConsumerGroupPorts consumerGroups(Supplier<ClusterImage> images, Executor background) {
        return ConsumerGroupPorts.of(broker, images, background);
    }

    TransactionOptions transactions() {
        return new TransactionOptions(
                broker.transactionMaxTimeoutMs(),
                broker.transactionAbortIntervalMs(),
                broker.transactionalIdExpirationMs(),
                broker.transactionalIdRemovalIntervalMs());
    }

    ShardOptions groupShards() {
        ShardOptions defaults = ShardOptions.DEFAULTS;
        return new ShardOptions(
                defaults.maxBatchBytes(),
                broker.offsetsCommitTimeoutMs(),
                broker.offsetsLoadBufferBytes(),
                defaults.loadGraceMs());
    }

    /** How the group coordinator's records are compressed. */
    Compression offsetsCompression() {
        return Compression.of(
                CompressionType.of(broker.offsetsTopicCompressionCodec()).orElseThrow());
    }

    ShardOptions transactionShards() {
        ShardOptions defaults = ShardOptions.DEFAULTS;
        return new ShardOptions(
                defaults.maxBatchBytes(),
                defaults.commitTimeoutMs(),
                broker.transactionLoadBufferBytes(),
                defaults.loadGraceMs());
    }

    /** @param images whether partitions are verified may be changed while the broker runs */
    PartitionVerifier.Options verification(Supplier<ClusterImage> images) {
        return new PartitionVerifier.Options(
                () -> new EffectiveConfigs(images.get(), broker)
                        .brokerValue("transaction.partition.verification.enable")
                        .map(Boolean::parseBoolean)
                        .orElse(true),
                broker.addPartitionsRetryBackoffMs(),
                broker.addPartitionsRetryMaxMs());
    }

    ServerOptions server() {
        return ServerOptions.of(nodeId, broker);
    }

    NetworkOptions network() {
        NetworkOptions defaults = NetworkOptions.defaults();
        Duration idle =
                broker.connectionsMaxIdleMs() < 0 ? NEVER_IDLE : Duration.ofMillis(broker.connectionsMaxIdleMs());
        NetworkOptions.ConnectionLimits connections = new NetworkOptions.ConnectionLimits(
                Math.min(broker.maxConnections(), defaults.connections().maxConnections()),
                defaults.connections().maxConnectionsPerIp(),
                idle);
        NetworkOptions.InFlightLimits inFlight = broker.queuedMaxRequestBytes() < 0
                ? defaults.inFlight()
                : new NetworkOptions.InFlightLimits(
                        defaults.inFlight().maxRequestsPerConnection(),
                        defaults.inFlight().maxBytesPerConnection(),
                        broker.queuedMaxRequestBytes());
        return defaults.withMaxFrameBytes(broker.socketRequestMaxBytes())
                .withConnections(connections)
                .withInFlight(inFlight);
    }
}
