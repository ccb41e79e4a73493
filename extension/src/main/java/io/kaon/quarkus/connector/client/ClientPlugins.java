// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

/** Makes what applications plug into a Kafka client by the names of classes. */
public final class ClientPlugins {
    private ClientPlugins() {}

    /**
     * Makes and configures instances of the classes that a setting lists, none without a value.
     *
     * @throws KafkaException when a class is missing or is of another type
     */
    public static <T> List<T> all(ClientSettings settings, String name, Class<T> type) {
        return all(settings, settings.text(CommonClientConfigs.CLIENT_ID_CONFIG, ""), name, type);
    }

    /**
     * The same for a client whose id is not among its settings.
     *
     * @throws KafkaException when a class is missing or is of another type
     */
    public static <T> List<T> all(ClientSettings settings, String clientId, String name, Class<T> type) {
        ConfigDef definition =
                new ConfigDef().define(name, ConfigDef.Type.LIST, List.of(), ConfigDef.Importance.LOW, name);
        return new AbstractConfig(definition, settings.values(), false)
                .getConfiguredInstances(name, type, Map.of(CommonClientConfigs.CLIENT_ID_CONFIG, clientId));
    }

    /**
     * Makes and configures an instance of the class that a setting names.
     *
     * @throws KafkaException when the class is missing or is of another type
     */
    public static <T> T one(ClientSettings settings, String name, Class<T> type) {
        return all(settings, name, type).get(0);
    }
}
