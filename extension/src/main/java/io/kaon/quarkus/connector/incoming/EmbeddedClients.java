// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

import io.kaon.broker.Broker;
import io.kaon.quarkus.connector.client.BrokerCalls;
import io.kaon.quarkus.connector.client.ClientSettings;
import io.kaon.quarkus.connector.client.consumer.ConsumerInterceptors;
import io.kaon.quarkus.connector.client.consumer.ConsumerSettings;
import io.kaon.quarkus.connector.client.consumer.EmbeddedConsumer;
import io.kaon.quarkus.connector.client.consumer.RecordReader;
import io.smallrye.reactive.messaging.kafka.DeserializationFailureHandler;
import io.smallrye.reactive.messaging.kafka.KafkaCDIEvents;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.fault.DeserializerWrapper;
import io.smallrye.reactive.messaging.kafka.impl.ReactiveKafkaConsumer;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/** Makes consumers over the broker in this application. */
@Singleton
public class EmbeddedClients {
    private final Instance<DeserializationFailureHandler<?>> deserializationFailureHandlers;
    private final KafkaCDIEvents events;
    private final ScheduledExecutorService timer;

    @Inject
    EmbeddedClients(
            @Any Instance<DeserializationFailureHandler<?>> deserializationFailureHandlers, KafkaCDIEvents events) {
        this.deserializationFailureHandlers = deserializationFailureHandlers;
        this.events = events;
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "kaon-heartbeats");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** After the connectors, whose consumers need their heartbeats until they have left. */
    @PreDestroy
    void close() {
        timer.shutdownNow();
    }

    /**
     * Gives the client a consumer over the broker.
     *
     * @param onFailure is told of records that cannot be read
     */
    public void inject(
            Broker broker,
            KafkaConnectorIncomingConfiguration channel,
            EmbeddedClient client,
            BiConsumer<Throwable, Boolean> onFailure) {
        EmbeddedConsumer<Object, Object> consumer = consumer(broker, channel, client.configuration(), onFailure);
        client.use(consumer);
        events.consumer().fire(consumer);
    }

    /** A consumer of plain bytes over the broker, for what is done beside the channels; whoever asks closes it. */
    Consumer<byte[], byte[]> ofBytes(Broker broker, Map<String, ?> configuration) {
        ClientSettings values = new ClientSettings(configuration);
        ConsumerSettings settings = ConsumerSettings.of(values);
        return new EmbeddedConsumer<>(
                () -> new BrokerCalls(broker.connect(settings.clientId())),
                settings,
                new RecordReader<>(new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                ConsumerInterceptors.of(values, settings.clientId()),
                timer);
    }

    private EmbeddedConsumer<Object, Object> consumer(
            Broker broker,
            KafkaConnectorIncomingConfiguration channel,
            Map<String, ?> values,
            BiConsumer<Throwable, Boolean> onFailure) {
        ConsumerSettings settings = ConsumerSettings.of(new ClientSettings(values));
        RecordReader<Object, Object> reader = new RecordReader<>(
                deserializer(channel, values, true, onFailure), deserializer(channel, values, false, onFailure));
        return new EmbeddedConsumer<>(
                () -> new BrokerCalls(broker.connect(settings.clientId())),
                settings,
                reader,
                ConsumerInterceptors.of(new ClientSettings(values), settings.clientId()),
                timer);
    }

    private Deserializer<Object> deserializer(
            KafkaConnectorIncomingConfiguration channel,
            Map<String, ?> values,
            boolean isKey,
            BiConsumer<Throwable, Boolean> onFailure) {
        String name = values.get(
                        isKey
                                ? ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG
                                : ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG)
                .toString();
        Deserializer<Object> deserializer = new DeserializerWrapper<>(
                name,
                isKey,
                ReactiveKafkaConsumer.createDeserializationFailureHandler(
                        isKey, deserializationFailureHandlers, channel),
                onFailure,
                channel.getFailOnDeserializationFailure(),
                channel.getCloudEvents());
        deserializer.configure(values, isKey);
        return deserializer;
    }
}
