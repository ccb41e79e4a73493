// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.attributes;

import io.smallrye.reactive.messaging.providers.impl.Configs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigValue;

/**
 * Settings of a channel that were found while the application was built are defaults of that channel's own attributes,
 * so for SmallRye they come before a bean with settings and before the connector. Here they come last.
 */
final class FoundSettings {
    private static final String CONNECTOR_PREFIX = "mp.messaging.connector." + ConnectorAttributes.CONNECTOR_NAME + ".";
    /** Below this there are only default values; whatever somebody sets stands at 0 and above. */
    private static final int FIRST_ORDINAL_OF_SETTINGS = 0;

    private static final List<String> NAMES = List.of(
            "key.deserializer",
            "value.deserializer",
            "key.serializer",
            "value.serializer",
            "dead-letter-queue.key.serializer",
            "dead-letter-queue.value.serializer",
            "reply.key.deserializer",
            "reply.value.deserializer",
            "batch",
            "graceful-shutdown",
            "poll-timeout",
            "close-timeout",
            "transactional.id",
            "enable.idempotence",
            "acks");

    private FoundSettings() {}

    /**
     * The channel with what the connector or the bean sets in the place of what was found.
     *
     * @param named the settings of the bean that the channel names by {@code kafka-configuration}, or that has its name
     * @param global the application's settings
     */
    static Config yielding(Config channel, Map<String, Object> named, Config global) {
        Map<String, Object> set = new HashMap<>();
        for (String name : NAMES) {
            if (!isFound(channel.getConfigValue(name))) {
                continue;
            }
            ConfigValue ofConnector = global.getConfigValue(CONNECTOR_PREFIX + name);
            if (ofConnector.getValue() != null && !isFound(ofConnector)) {
                set.put(name, ofConnector.getValue());
            } else if (named.containsKey(name)) {
                set.put(name, named.get(name));
            }
        }
        return Configs.override(channel, set);
    }

    private static boolean isFound(ConfigValue value) {
        return value.getValue() != null && value.getSourceOrdinal() < FIRST_ORDINAL_OF_SETTINGS;
    }
}
