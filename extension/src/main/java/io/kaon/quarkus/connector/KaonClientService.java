// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConnector;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.KafkaProducer;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;

/**
 * Gives an application the clients of its channels, on either connector: SmallRye's own bean knows only those of
 * {@code smallrye-kafka}, and this one takes its place.
 */
@Alternative
@Priority(1)
@ApplicationScoped
public class KaonClientService implements KafkaClientService {
    private final KaonConnector kaon;
    private final KafkaConnector kafka;

    @Inject
    KaonClientService(
            @Connector(KaonConnector.CONNECTOR_NAME) KaonConnector kaon,
            @Connector(KafkaConnector.CONNECTOR_NAME) KafkaConnector kafka) {
        this.kaon = kaon;
        this.kafka = kafka;
    }

    @Override
    public <K, V> List<KafkaConsumer<K, V>> getConsumers(String channel) {
        return connectorOfConsumer(channel).getConsumers(channel);
    }

    @Override
    public <K, V> KafkaProducer<K, V> getProducer(String channel) {
        return (kaon.getProducerChannels().contains(channel) ? kaon : kafka).getProducer(channel);
    }

    @Override
    public Set<String> getConsumerChannels() {
        Set<String> channels = new HashSet<>(kaon.getConsumerChannels());
        channels.addAll(kafka.getConsumerChannels());
        return channels;
    }

    @Override
    public Set<String> getProducerChannels() {
        Set<String> channels = new HashSet<>(kaon.getProducerChannels());
        channels.addAll(kafka.getProducerChannels());
        return channels;
    }

    private KafkaConnector connectorOfConsumer(String channel) {
        return kaon.getConsumerChannels().contains(channel) ? kaon : kafka;
    }
}
