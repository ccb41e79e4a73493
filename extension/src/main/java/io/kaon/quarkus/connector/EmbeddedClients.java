// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import io.kaon.broker.Broker;
import io.smallrye.reactive.messaging.kafka.DeserializationFailureHandler;
import io.smallrye.reactive.messaging.kafka.KafkaCDIEvents;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorOutgoingConfiguration;
import io.smallrye.reactive.messaging.kafka.SerializationFailureHandler;
import io.smallrye.reactive.messaging.kafka.fault.DeserializerWrapper;
import io.smallrye.reactive.messaging.kafka.fault.SerializerWrapper;
import io.smallrye.reactive.messaging.kafka.impl.ReactiveKafkaConsumer;
import io.smallrye.reactive.messaging.kafka.impl.ReactiveKafkaProducer;
import io.smallrye.reactive.messaging.providers.helpers.CDIUtils;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jboss.logging.Logger;

/**
 * Makes clients over the broker in this application and puts them into SmallRye's, in the place of those that it would
 * make: commit, failure, back-pressure, metadata and health are SmallRye's own code then.
 */
@Singleton
class EmbeddedClients {
    private static final Logger LOG = Logger.getLogger(EmbeddedClients.class);

    private final Instance<DeserializationFailureHandler<?>> deserializationFailureHandlers;
    private final Instance<SerializationFailureHandler<?>> serializationFailureHandlers;
    private final KafkaCDIEvents events;
    private final ScheduledExecutorService timer;

    @Inject
    EmbeddedClients(
            @Any Instance<DeserializationFailureHandler<?>> deserializationFailureHandlers,
            @Any Instance<SerializationFailureHandler<?>> serializationFailureHandlers,
            KafkaCDIEvents events) {
        this.deserializationFailureHandlers = deserializationFailureHandlers;
        this.serializationFailureHandlers = serializationFailureHandlers;
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
     * Gives the client a consumer over the broker, unless it has to be Kafka's own.
     *
     * @param onFailure is told of records that cannot be read
     * @return whether it has one
     */
    boolean inject(
            Broker broker,
            KafkaConnectorIncomingConfiguration channel,
            EmbeddedClient client,
            BiConsumer<Throwable, Boolean> onFailure) {
        Map<String, ?> values = client.configuration();
        Optional<String> reason = TcpOnly.forConsumer(values);
        if (reason.isPresent()) {
            tell(channel.getChannel(), reason.get());
            return false;
        }
        ConsumerSettings settings = ConsumerSettings.of(new ClientSettings(values));
        RecordReader<Object, Object> reader = new RecordReader<>(
                deserializer(channel, values, true, onFailure), deserializer(channel, values, false, onFailure));
        EmbeddedConsumer<Object, Object> consumer = new EmbeddedConsumer<>(
                () -> new BrokerCalls(broker.connect(settings.clientId())),
                settings,
                reader,
                ConsumerInterceptors.of(new ClientSettings(values), settings.clientId()),
                timer);
        client.use(consumer);
        events.consumer().fire(consumer);
        return true;
    }

    /** Puts a producer into a client that is lazy and unused yet, unless it has to be Kafka's own. */
    void inject(Broker broker, KafkaConnectorOutgoingConfiguration channel, ReactiveKafkaProducer<?, ?> client) {
        Map<String, ?> values = client.configuration();
        Optional<String> reason = TcpOnly.forProducer(values);
        if (reason.isPresent() || !ProducerSeam.isThere()) {
            tell(channel.getChannel(), reason.orElse("SmallRye's client"));
            return;
        }
        ClientSettings settings = new ClientSettings(values);
        String clientId = settings.text(ProducerConfig.CLIENT_ID_CONFIG, channel.getChannel());
        EmbeddedProducer<Object, Object> producer = new EmbeddedProducer<>(
                new BrokerCalls(broker.connect(clientId)),
                settings,
                serializer(channel, values, true),
                serializer(channel, values, false));
        if (settings.text(ProducerConfig.TRANSACTIONAL_ID_CONFIG).isPresent()) {
            initTransactions(producer);
        }
        ProducerSeam.inject(client, producer);
        events.producer().fire(producer);
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

    private static void tell(String channel, String reason) {
        LOG.infof("The channel '%s' goes over TCP to the broker in this application, because of %s", channel, reason);
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

    private Serializer<Object> serializer(
            KafkaConnectorOutgoingConfiguration channel, Map<String, ?> values, boolean isKey) {
        String name = values.get(
                        isKey
                                ? ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG
                                : ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG)
                .toString();
        Serializer<Object> serializer =
                new SerializerWrapper<>(name, isKey, serializationFailureHandler(channel, isKey));
        serializer.configure(values, isKey);
        return serializer;
    }

    /** SmallRye has checked already that a handler of that name is there, once. */
    @SuppressWarnings("unchecked")
    private SerializationFailureHandler<Object> serializationFailureHandler(
            KafkaConnectorOutgoingConfiguration channel, boolean isKey) {
        Optional<String> name =
                isKey ? channel.getKeySerializationFailureHandler() : channel.getValueSerializationFailureHandler();
        return name.flatMap(id -> CDIUtils.getInstanceById(serializationFailureHandlers, id).stream()
                        .findFirst())
                .map(handler -> (SerializationFailureHandler<Object>) handler)
                .orElse(null);
    }
}
