// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.outgoing;

import io.smallrye.reactive.messaging.ClientCustomizer;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorOutgoingConfiguration;
import io.smallrye.reactive.messaging.kafka.impl.ConfigurationCleaner;
import io.smallrye.reactive.messaging.kafka.impl.JsonHelper;
import io.smallrye.reactive.messaging.providers.helpers.ConfigUtils;
import jakarta.enterprise.inject.Instance;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The settings of a channel as those of Kafka's producer, gathered as SmallRye does it. */
final class ProducerValues {
    private static final String CLIENT_ID_PREFIX = "kafka-producer-";

    private ProducerValues() {}

    /**
     * Kafka's settings of a channel.
     *
     * @param customizers have the last word
     */
    static Map<String, Object> of(
            KafkaConnectorOutgoingConfiguration channel, Instance<ClientCustomizer<Map<String, Object>>> customizers) {
        Map<String, Object> values = new HashMap<>();
        JsonHelper.asJsonObject(channel.config())
                .forEach(entry -> values.put(entry.getKey(), entry.getValue().toString()));
        values.put(ProducerConfig.ACKS_CONFIG, channel.getAcks());
        values.putIfAbsent(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, channel.getBootstrapServers());
        values.putIfAbsent(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, channel.getKeySerializer());
        Object clientId = values.get(ProducerConfig.CLIENT_ID_CONFIG);
        values.put(
                ProducerConfig.CLIENT_ID_CONFIG,
                clientId == null
                        ? channel.getClientIdPrefix().orElse(CLIENT_ID_PREFIX) + channel.getChannel()
                        : channel.getClientIdPrefix().orElse("") + clientId);
        ConfigurationCleaner.cleanupProducerConfiguration(values);
        return ConfigUtils.customize(channel.config(), customizers, values);
    }
}
