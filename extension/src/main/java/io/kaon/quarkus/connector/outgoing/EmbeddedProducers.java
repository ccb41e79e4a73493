// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.outgoing;

import io.kaon.broker.Broker;
import io.kaon.quarkus.connector.client.BrokerCalls;
import io.kaon.quarkus.connector.client.ClientSettings;
import io.kaon.quarkus.connector.client.producer.EmbeddedProducer;
import io.kaon.quarkus.connector.client.producer.ProducerInterceptors;
import io.kaon.quarkus.connector.client.producer.ProducerPlugins;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.ClientCustomizer;
import io.smallrye.reactive.messaging.kafka.KafkaCDIEvents;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorOutgoingConfiguration;
import io.smallrye.reactive.messaging.kafka.SerializationFailureHandler;
import io.smallrye.reactive.messaging.kafka.fault.SerializerWrapper;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.common.serialization.Serializer;

/** Makes producers over the broker in this application, by the settings of a channel and with its beans. Any thread. */
@Singleton
public class EmbeddedProducers {
    private final Instance<SerializationFailureHandler<?>> failureHandlers;
    private final Instance<ProducerInterceptor<?, ?>> interceptors;
    private final Instance<ClientCustomizer<Map<String, Object>>> customizers;
    private final KafkaCDIEvents events;

    @Inject
    EmbeddedProducers(
            @Any Instance<SerializationFailureHandler<?>> failureHandlers,
            @Any Instance<ProducerInterceptor<?, ?>> interceptors,
            @Any Instance<ClientCustomizer<Map<String, Object>>> customizers,
            KafkaCDIEvents events) {
        this.failureHandlers = failureHandlers;
        this.interceptors = interceptors;
        this.customizers = customizers;
        this.events = events;
    }

    /**
     * A producer for a channel, or for what a channel needs beside its records, such as a dead-letter topic. With a
     * {@code transactional.id} it waits until the coordinator knows it. Whoever asks closes it.
     *
     * @throws ConfigurationException when a setting names something that is not there
     */
    public <K, V> EmbeddedProducerClient<K, V> open(Broker broker, KafkaConnectorOutgoingConfiguration channel) {
        Map<String, Object> values = ProducerValues.of(channel, customizers);
        ClientSettings settings = new ClientSettings(values);
        Serializer<K> keySerializer = serializer(channel, values, true);
        Serializer<V> valueSerializer = serializer(channel, values, false);
        EmbeddedProducer<K, V> producer = new EmbeddedProducer<>(
                new BrokerCalls(broker.connect(settings.text(ProducerConfig.CLIENT_ID_CONFIG, channel.getChannel()))),
                settings,
                new ProducerPlugins<>(
                        keySerializer, valueSerializer, ProducerInterceptors.of(settings, beans(channel, values))));
        if (settings.text(ProducerConfig.TRANSACTIONAL_ID_CONFIG).isPresent()) {
            initTransactions(producer);
        }
        events.producer().fire(producer);
        return new EmbeddedProducerClient<>(producer, values, Duration.ofMillis(channel.getCloseTimeout()));
    }

    /** As SmallRye does with the producer that it makes. */
    private static void initTransactions(EmbeddedProducer<?, ?> producer) {
        try {
            producer.initTransactions();
        } catch (RuntimeException failure) {
            producer.close(Duration.ZERO); // Nobody else knows of it yet.
            throw failure;
        }
    }

    private <T> Serializer<T> serializer(
            KafkaConnectorOutgoingConfiguration channel, Map<String, Object> values, boolean isKey) {
        String setting =
                isKey ? ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG : ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG;
        String name = new ClientSettings(values)
                .text(setting)
                .orElseThrow(() -> new ConfigurationException("The channel '" + channel.getChannel() + "' has no "
                        + setting + ", and none was found by the type" + " that it sends: set mp.messaging.outgoing."
                        + channel.getChannel() + "." + setting));
        Optional<String> handler =
                isKey ? channel.getKeySerializationFailureHandler() : channel.getValueSerializationFailureHandler();
        Serializer<T> serializer = new SerializerWrapper<>(
                name,
                isKey,
                handler.map(id -> this.<T>failureHandler(channel, id)).orElse(null));
        serializer.configure(values, isKey);
        return serializer;
    }

    @SuppressWarnings("unchecked")
    private <T> SerializationFailureHandler<T> failureHandler(KafkaConnectorOutgoingConfiguration channel, String id) {
        return (SerializationFailureHandler<T>)
                bean(failureHandlers, id, channel, SerializationFailureHandler.class.getSimpleName());
    }

    @SuppressWarnings("unchecked")
    private <K, V> List<ProducerInterceptor<K, V>> beans(
            KafkaConnectorOutgoingConfiguration channel, Map<String, Object> values) {
        return channel.getInterceptorBean()
                .map(id -> {
                    ProducerInterceptor<?, ?> found =
                            bean(interceptors, id, channel, ProducerInterceptor.class.getSimpleName());
                    found.configure(values);
                    return List.of((ProducerInterceptor<K, V>) found);
                })
                .orElseGet(List::of);
    }

    private static <T> T bean(Instance<T> beans, String id, KafkaConnectorOutgoingConfiguration channel, String type) {
        Instance<T> found = beans.select(Identifier.Literal.of(id));
        if (!found.isResolvable()) {
            throw new ConfigurationException("The channel '" + channel.getChannel() + "' asks for a " + type
                    + " that is identified by '" + id + "': "
                    + (found.isUnsatisfied() ? "there is no such bean" : "there is more than one such bean"));
        }
        return found.get();
    }
}
