// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.config.BrokerSettings;
import io.kaon.metadata.config.GroupConfigs;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What consumer groups ask of the rest of the broker. Every function is for any thread.
 *
 * @param options settings of all groups
 * @param configs what is in effect for a group now
 * @param images the newest metadata
 * @param background where assignments of large groups are computed
 * @param largeFrom members times topics, and partitions: a group is large with more
 */
public record ConsumerGroupPorts(
        ConsumerGroupOptions options,
        Function<String, ConsumerGroupConfig> configs,
        Supplier<ClusterImage> images,
        Executor background,
        long largeFrom) {
    /** With the usual idea of a large group. */
    public ConsumerGroupPorts(
            ConsumerGroupOptions options,
            Function<String, ConsumerGroupConfig> configs,
            Supplier<ClusterImage> images,
            Executor background) {
        this(options, configs, images, background, TargetComputation.LARGE);
    }

    /** Large groups are computed where they are, as in tests. */
    public ConsumerGroupPorts(
            ConsumerGroupOptions options,
            Function<String, ConsumerGroupConfig> configs,
            Supplier<ClusterImage> images) {
        this(options, configs, images, Runnable::run);
    }

    /**
     * As a broker's settings have it, and what is set for single groups.
     *
     * @param images what is set for a group may change while the broker runs
     * @param background where assignments of large groups are computed
     */
    public static ConsumerGroupPorts of(BrokerSettings broker, Supplier<ClusterImage> images, Executor background) {
        ConsumerGroupOptions options = new ConsumerGroupOptions(
                broker.groupConsumerMaxSize(),
                broker.groupConsumerAssignors(),
                MigrationPolicy.of(
                        broker.value("group.consumer.migration.policy").orElseThrow()));
        return new ConsumerGroupPorts(
                options,
                groupId -> {
                    GroupConfigs configs = GroupConfigs.of(images.get(), broker, groupId);
                    return new ConsumerGroupConfig(
                            configs.consumerSessionTimeoutMs(),
                            configs.consumerHeartbeatIntervalMs(),
                            configs.consumerAssignmentIntervalMs(),
                            broker.groupConsumerSettlingIntervalMs());
                },
                images,
                background);
    }

    /** Kafka's defaults in a cluster without topics. */
    public static final ConsumerGroupPorts DETACHED = new ConsumerGroupPorts(
            ConsumerGroupOptions.DEFAULTS, groupId -> ConsumerGroupConfig.DEFAULTS, () -> ClusterImage.EMPTY);
}
