// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.strategies;

import io.kaon.broker.Broker;
import io.kaon.quarkus.connector.metering.ChannelMeter;
import io.kaon.quarkus.connector.outgoing.EmbeddedProducerClient;
import io.kaon.quarkus.connector.outgoing.EmbeddedProducers;
import io.kaon.quarkus.connector.outgoing.EmbeddedSink;
import io.kaon.quarkus.connector.outgoing.OutgoingRecords;
import io.kaon.quarkus.connector.outgoing.OutgoingTracer;
import io.opentelemetry.api.OpenTelemetry;
import io.smallrye.mutiny.operators.multi.processors.UnicastProcessor;
import io.smallrye.reactive.messaging.ClientCustomizer;
import io.smallrye.reactive.messaging.SubscriberDecorator;
import io.smallrye.reactive.messaging.kafka.KafkaCDIEvents;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorOutgoingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.SerializationFailureHandler;
import io.smallrye.reactive.messaging.kafka.fault.KafkaDeadLetterQueue;
import io.smallrye.reactive.messaging.kafka.impl.ConfigHelper;
import io.smallrye.reactive.messaging.kafka.impl.KafkaSink;
import io.smallrye.reactive.messaging.providers.impl.Configs;
import io.smallrye.reactive.messaging.providers.impl.OverrideConfig;
import io.smallrye.reactive.messaging.providers.wiring.Wiring;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * Makes the outgoing channels that failure strategies write to. Their settings are the attributes {@code
 * dead-letter-queue.…} of the incoming channel, and after them its own.
 */
@Singleton
class FailedRecordSinks {
    /** SmallRye's, which writes what could not be read as the bytes that it was. */
    private static final String RAW_BYTES_HANDLER = "dlq-serialization";

    // Injected here and not by the constructor: it is what SmallRye's sink wants to have, and nothing of it is used
    // here.
    @Inject
    KafkaCDIEvents events;

    @Inject
    @Any
    Instance<SerializationFailureHandler<?>> serializationFailureHandlers;

    @Inject
    @Any
    Instance<ClientCustomizer<Map<String, Object>>> configCustomizers;

    @Inject
    @Any
    Instance<ProducerInterceptor<?, ?>> producerInterceptors;

    @Inject
    @Any
    Instance<Map<String, Object>> namedSettings;

    @Inject
    Instance<OpenTelemetry> openTelemetry;

    @Inject
    Instance<SubscriberDecorator> decorators;

    private final EmbeddedChannels embedded;
    private final EmbeddedProducers producers;

    @Inject
    FailedRecordSinks(EmbeddedChannels embedded, EmbeddedProducers producers) {
        this.embedded = embedded;
        this.producers = producers;
    }

    /**
     * The sink of a channel.
     *
     * @param clientIdPrefix stands before the consumer's client id where the channel sets none
     * @param topic where a record goes that names no other
     */
    FailedRecordSink open(
            KafkaConnectorIncomingConfiguration channel,
            KafkaConsumer<?, ?> consumer,
            String clientIdPrefix,
            String topic) {
        Map<String, ?> reading = consumer.configuration();
        String clientId = channel.getDeadLetterQueueProducerClientId()
                .orElseGet(() -> clientIdPrefix + reading.get(ConsumerConfig.CLIENT_ID_CONFIG));
        Map<String, Object> settings = new HashMap<>(Map.of(
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                mirror(reading.get(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG)),
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
                mirror(reading.get(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG)),
                ProducerConfig.CLIENT_ID_CONFIG,
                clientId,
                "topic",
                topic,
                "key-serialization-failure-handler",
                RAW_BYTES_HANDLER,
                "value-serialization-failure-handler",
                RAW_BYTES_HANDLER,
                ProducerConfig.INTERCEPTOR_CLASSES_CONFIG,
                ""));
        return open(channel, new KafkaConnectorOutgoingConfiguration(outgoing(channel.config(), settings)));
    }

    private Config outgoing(Config channel, Map<String, Object> settings) {
        Map<String, Function<OverrideConfig, Object>> overrides = new HashMap<>();
        settings.forEach((name, value) -> overrides.put(name, config -> value));
        return ConfigHelper.retrieveChannelConfiguration(
                namedSettings, Configs.prefixOverride(channel, KafkaDeadLetterQueue.CHANNEL_DLQ_SUFFIX, overrides));
    }

    private FailedRecordSink open(
            KafkaConnectorIncomingConfiguration channel, KafkaConnectorOutgoingConfiguration outgoing) {
        Optional<Broker> broker = embedded.brokerOf(channel.getChannel());
        return broker.isPresent() ? embedded(broker.get(), outgoing) : remote(outgoing);
    }

    /** Not one of the application's channels: it has no part in their health and meters. */
    private FailedRecordSink embedded(Broker broker, KafkaConnectorOutgoingConfiguration outgoing) {
        EmbeddedProducerClient<Object, Object> client = producers.open(broker, outgoing);
        Optional<OutgoingTracer> tracer = OutgoingTracer.of(
                outgoing.getTracingEnabled(),
                openTelemetry,
                client.configuration().get(ProducerConfig.CLIENT_ID_CONFIG).toString());
        EmbeddedSink sink = new EmbeddedSink(
                outgoing,
                client,
                new OutgoingRecords(outgoing),
                tracer,
                new ChannelMeter(ChannelMeter.Direction.OUTGOING, outgoing.getChannel()));
        return wired(outgoing.getChannel(), sink, sink::close);
    }

    private FailedRecordSink remote(KafkaConnectorOutgoingConfiguration outgoing) {
        KafkaSink sink = new KafkaSink(
                outgoing, events, openTelemetry, configCustomizers, serializationFailureHandlers, producerInterceptors);
        return wired(outgoing.getChannel(), sink.getSink(), sink::closeQuietly);
    }

    private FailedRecordSink wired(String channel, Flow.Subscriber<? extends Message<?>> subscriber, Runnable close) {
        UnicastProcessor<Message<?>> messages = UnicastProcessor.create();
        Wiring.wireOutgoingConnectorToUpstream(
                messages, subscriber, decorators, channel + "-" + KafkaDeadLetterQueue.CHANNEL_DLQ_SUFFIX);
        return new FailedRecordSink(messages, close);
    }

    /** What a deserializer reads, the serializer of the same name writes. */
    private static String mirror(Object deserializer) {
        return deserializer == null
                ? StringSerializer.class.getName()
                : deserializer.toString().replace("Deserializer", "Serializer");
    }
}
