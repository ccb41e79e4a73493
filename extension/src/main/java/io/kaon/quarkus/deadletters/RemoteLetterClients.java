// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deadletters;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;

/** Kafka's own clients, which reach the broker as the channel's consumer does. */
public final class RemoteLetterClients implements LetterClients {
    /** What the channel does with its records is not what these clients do. */
    private static final List<String> OF_THE_CHANNEL = List.of(
            ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG,
            ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
            ConsumerConfig.GROUP_PROTOCOL_CONFIG,
            ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
            CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG);

    private final Map<String, ?> channel;

    /** @param channel the settings of its consumer */
    public RemoteLetterClients(Map<String, ?> channel) {
        this.channel = Map.copyOf(channel);
    }

    @Override
    public Consumer<byte[], byte[]> consumer(String group) {
        return new KafkaConsumer<>(settings(ConsumerConfig.configNames(), LetterClients.consumerSettings(group)));
    }

    @Override
    public Producer<byte[], byte[]> producer() {
        return new KafkaProducer<>(settings(ProducerConfig.configNames(), LetterClients.producerSettings()));
    }

    private Map<String, Object> settings(Set<String> known, Map<String, Object> own) {
        Map<String, Object> settings = new HashMap<>(channel);
        settings.keySet().retainAll(known);
        settings.keySet().removeAll(OF_THE_CHANNEL);
        settings.putAll(own);
        return settings;
    }
}
