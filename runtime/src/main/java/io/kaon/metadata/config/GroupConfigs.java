// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata.config;

import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ConfigResource;
import java.util.Map;
import java.util.Optional;

/**
 * The settings that are in effect for a group: what was set for it, otherwise the broker's. A value that the broker's
 * bounds no longer allow counts as the nearest one that they do, as with Kafka. Immutable, any thread.
 */
public final class GroupConfigs {
    private static final String BROKER_PREFIX = "group.";

    private final Map<String, String> overrides;
    private final EffectiveConfigs broker;

    private GroupConfigs(Map<String, String> overrides, EffectiveConfigs broker) {
        this.overrides = overrides;
        this.broker = broker;
    }

    /** Of one group; cheap, and good for this image only. */
    public static GroupConfigs of(ClusterImage image, BrokerSettings settings, String groupId) {
        return new GroupConfigs(image.configs(ConfigResource.group(groupId)), new EffectiveConfigs(image, settings));
    }

    public int consumerSessionTimeoutMs() {
        return milliseconds("consumer.session.timeout.ms");
    }

    public int consumerHeartbeatIntervalMs() {
        return milliseconds("consumer.heartbeat.interval.ms");
    }

    /** Least time between two computations of the group's target assignment. */
    public int consumerAssignmentIntervalMs() {
        return milliseconds("consumer.assignment.interval.ms");
    }

    private int milliseconds(String name) {
        return Optional.ofNullable(overrides.get(name))
                .map(value -> GroupBounds.of(name, broker).nearest(Integer.parseInt(ConfigType.INT.normal(value))))
                .orElseGet(() -> Integer.parseInt(
                        broker.brokerValue(BROKER_PREFIX + name).orElseThrow()));
    }
}
