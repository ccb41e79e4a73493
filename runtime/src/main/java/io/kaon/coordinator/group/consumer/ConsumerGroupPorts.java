// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import io.kaon.metadata.ClusterImage;
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

    /** Kafka's defaults in a cluster without topics. */
    public static final ConsumerGroupPorts DETACHED = new ConsumerGroupPorts(
            ConsumerGroupOptions.DEFAULTS, groupId -> ConsumerGroupConfig.DEFAULTS, () -> ClusterImage.EMPTY);
}
