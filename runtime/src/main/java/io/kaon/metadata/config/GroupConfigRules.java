// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata.config;

import io.kaon.metadata.ConfigResource;
import java.util.Map;
import java.util.Optional;

/** Which settings of groups the broker allows: the bounds are settings of the broker themselves (KIP-848). */
public final class GroupConfigRules {
    private static final String SESSION_TIMEOUT = "consumer.session.timeout.ms";
    private static final String HEARTBEAT_INTERVAL = "consumer.heartbeat.interval.ms";

    private GroupConfigRules() {}

    /**
     * What is wrong with the settings of a group, each of which has a right type; empty for other resources. Values
     * that stay as they were are not held to the bounds: they count as the nearest value that is allowed.
     *
     * @param after what is to be set for the group
     * @param before what was set for it so far
     * @param broker what is in effect for the broker
     */
    public static Optional<String> problem(
            ConfigResource resource, Map<String, String> after, Map<String, String> before, EffectiveConfigs broker) {
        if (resource.type() != ConfigResource.Type.GROUP) {
            return Optional.empty();
        }
        for (Map.Entry<String, String> entry : after.entrySet()) {
            if (GroupBounds.exist(entry.getKey()) && !entry.getValue().equals(before.get(entry.getKey()))) {
                GroupBounds bounds = GroupBounds.of(entry.getKey(), broker);
                int value = number(entry.getValue());
                if (bounds.nearest(value) != value) {
                    return Optional.of("The setting " + entry.getKey() + " must be from " + bounds.min() + " to "
                            + bounds.max() + ", as the broker says, was '" + value + "'.");
                }
            }
        }
        return session(after, broker);
    }

    /** Members must be heard more than once in a session. */
    private static Optional<String> session(Map<String, String> after, EffectiveConfigs broker) {
        if (!after.containsKey(SESSION_TIMEOUT) && !after.containsKey(HEARTBEAT_INTERVAL)) {
            return Optional.empty();
        }
        int sessionTimeoutMs = effective(SESSION_TIMEOUT, after, broker);
        int heartbeatIntervalMs = effective(HEARTBEAT_INTERVAL, after, broker);
        return sessionTimeoutMs > heartbeatIntervalMs
                ? Optional.empty()
                : Optional.of("The setting " + SESSION_TIMEOUT + " must be larger than " + HEARTBEAT_INTERVAL + ": "
                        + sessionTimeoutMs + " is not larger than " + heartbeatIntervalMs + ".");
    }

    private static int effective(String name, Map<String, String> after, EffectiveConfigs broker) {
        return number(
                after.containsKey(name)
                        ? after.get(name)
                        : broker.brokerValue("group." + name).orElseThrow());
    }

    private static int number(String value) {
        return Integer.parseInt(ConfigType.INT.normal(value));
    }
}
