// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata.config;

import io.kaon.metadata.ConfigResource;
import java.util.Map;
import java.util.Optional;

/** Which settings of groups the broker allows: the bounds are settings of the broker themselves (KIP-848). */
public final class GroupConfigRules {
    private static final String SESSION_TIMEOUT = "consumer.session.timeout.ms";
    private static final String HEARTBEAT_INTERVAL = "consumer.heartbeat.interval.ms";
    /** At the broker the one of these that may change while it runs. */
    private static final String ASSIGNMENT_INTERVAL = "consumer.assignment.interval.ms";

    private static final String BROKER_PREFIX = "group.";

    private GroupConfigRules() {}

    /**
     * What is wrong with the settings of a group, or with those of a broker that are the groups' defaults, each of
     * which has a right type; empty for other resources. Values that stay as they were are not held to the bounds: those
     * of a group count as the nearest value that is allowed.
     *
     * @param after what is to be set for the group or broker
     * @param before what was set for it so far
     * @param broker what is in effect for the broker
     */
    public static Optional<String> problem(
            ConfigResource resource, Map<String, String> after, Map<String, String> before, EffectiveConfigs broker) {
        if (resource.type() == ConfigResource.Type.BROKER) {
            return bounds(BROKER_PREFIX + ASSIGNMENT_INTERVAL, ASSIGNMENT_INTERVAL, after, before, broker);
        }
        if (resource.type() != ConfigResource.Type.GROUP) {
            return Optional.empty();
        }
        for (String name : after.keySet()) {
            if (GroupBounds.exist(name)) {
                Optional<String> problem = bounds(name, name, after, before, broker);
                if (problem.isPresent()) {
                    return problem;
                }
            }
        }
        return session(after, broker);
    }

    /**
     * Holds a setting to its bounds, unless it stays what it was.
     *
     * @param name of the setting, at the group or at the broker
     * @param ofGroup its name at the group
     */
    private static Optional<String> bounds(
            String name,
            String ofGroup,
            Map<String, String> after,
            Map<String, String> before,
            EffectiveConfigs broker) {
        if (!after.containsKey(name) || after.get(name).equals(before.get(name))) {
            return Optional.empty();
        }
        GroupBounds bounds = GroupBounds.of(ofGroup, broker);
        int value = number(after.get(name));
        return bounds.nearest(value) == value
                ? Optional.empty()
                : Optional.of("The setting " + name + " must be from " + bounds.min() + " to " + bounds.max()
                        + ", as the broker says, was '" + value + "'.");
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
                        : broker.brokerValue(BROKER_PREFIX + name).orElseThrow());
    }

    private static int number(String value) {
        return Integer.parseInt(ConfigType.INT.normal(value));
    }
}
