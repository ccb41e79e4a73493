// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.strategies;

import io.kaon.broker.Broker;
import io.kaon.quarkus.connector.incoming.EmbeddedClient;
import io.kaon.quarkus.connector.incoming.EmbeddedClients;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.ClientCustomizer;
import io.smallrye.reactive.messaging.kafka.DeserializationFailureHandler;
import io.smallrye.reactive.messaging.kafka.KafkaCDIEvents;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.fault.KafkaFailureHandler;
import io.smallrye.reactive.messaging.kafka.impl.ConfigHelper;
import io.smallrye.reactive.messaging.kafka.impl.KafkaSource;
import io.smallrye.reactive.messaging.kafka.impl.ReactiveKafkaConsumer;
import io.smallrye.reactive.messaging.providers.impl.Configs;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.eclipse.microprofile.config.Config;

/** Makes the failure strategy {@code delayed-retry-topic} of channels of the connector {@code kaon}. */
@Singleton
@Identifier(DelayedRetryTopics.IDENTIFIER)
public class DelayedRetryTopics implements KafkaFailureHandler.Factory {
    static final String IDENTIFIER = "kaon-delayed-retry-topic";
    private static final String CONSUMER_PREFIX = "delayed-retry-topic.consumer";
    private static final String PRODUCER_ID_PREFIX = "kafka-delayed-retry-topic-producer-";
    private static final String CONSUMER_ID_PREFIX = "kafka-delayed-retry-topic-";

    // Injected here and not by the constructor: it is what SmallRye's consumer wants to have.
    @Inject
    KafkaCDIEvents events;

    @Inject
    @Any
    Instance<DeserializationFailureHandler<?>> deserializationFailureHandlers;

    @Inject
    @Any
    Instance<ClientCustomizer<Map<String, Object>>> configCustomizers;

    @Inject
    @Any
    Instance<Map<String, Object>> namedSettings;

    private final FailedRecordSinks sinks;
    private final ThrottledCommits commits;
    private final EmbeddedChannels embedded;
    private final EmbeddedClients clients;
    private final ChannelCommits channels;

    @Inject
    DelayedRetryTopics(
            FailedRecordSinks sinks,
            @Identifier(ThrottledCommits.IDENTIFIER) ThrottledCommits commits,
            EmbeddedChannels embedded,
            EmbeddedClients clients,
            ChannelCommits channels) {
        this.sinks = sinks;
        this.commits = commits;
        this.embedded = embedded;
        this.clients = clients;
        this.channels = channels;
    }

    @Override
    public KafkaFailureHandler create(
            KafkaConnectorIncomingConfiguration channel,
            Vertx vertx,
            KafkaConsumer<?, ?> consumer,
            BiConsumer<Throwable, Boolean> reportFailure) {
        RetrySettings settings = RetrySettings.of(channel);
        Optional<Broker> broker = embedded.brokerOf(channel.getChannel());
        TopicMaker maker = broker.<TopicMaker>map(found -> new TopicMaker.Embedded(found, channel.getChannel()))
                .orElseGet(() -> new TopicMaker.Remote(consumer.configuration()));
        RetryTopics topics = new RetryTopics(vertx.getDelegate(), maker, settings);
        topics.prepare(channel.getPattern() ? Set.of() : KafkaSource.getTopics(channel));
        FailedRecordSink sink = sinks.open(
                channel, consumer, PRODUCER_ID_PREFIX, settings.topics().get(0));
        return new DelayedRetryTopic(
                settings,
                channel,
                vertx,
                topics,
                new DelayedRetryTopic.RetryWriter(
                        sink, new WritesAgain(WritesAgain.PAUSE), () -> channels.of(consumer)),
                settings.topics().stream()
                        .distinct()
                        .map(topic -> consumer(topic, channel, vertx, consumer, reportFailure))
                        .toList(),
                System::currentTimeMillis);
    }

    private RetryConsumer consumer(
            String topic,
            KafkaConnectorIncomingConfiguration channel,
            Vertx vertx,
            KafkaConsumer<?, ?> source,
            BiConsumer<Throwable, Boolean> reportFailure) {
        Object clientId = source.configuration().get(ConsumerConfig.CLIENT_ID_CONFIG);
        Object groupId = source.configuration().get(ConsumerConfig.GROUP_ID_CONFIG);
        Config merged = ConfigHelper.retrieveChannelConfiguration(
                namedSettings,
                Configs.prefixOverride(
                        channel.config(),
                        CONSUMER_PREFIX,
                        Map.of(
                                "lazy-client",
                                config -> true,
                                ConsumerConfig.CLIENT_ID_CONFIG,
                                config -> CONSUMER_ID_PREFIX + clientId + "-" + topic,
                                ConsumerConfig.GROUP_ID_CONFIG,
                                config -> CONSUMER_ID_PREFIX + groupId,
                                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                                config -> "earliest")));
        KafkaConnectorIncomingConfiguration settings = new KafkaConnectorIncomingConfiguration(merged);
        ReactiveKafkaConsumer<Object, Object> client = client(channel, settings, vertx, reportFailure);
        return new RetryConsumer(topic, client, commits.create(settings, vertx, client, reportFailure));
    }

    private ReactiveKafkaConsumer<Object, Object> client(
            KafkaConnectorIncomingConfiguration channel,
            KafkaConnectorIncomingConfiguration settings,
            Vertx vertx,
            BiConsumer<Throwable, Boolean> reportFailure) {
        ContextInternal context = ((VertxInternal) vertx.getDelegate()).createEventLoopContext();
        String group = settings.config().getValue(ConsumerConfig.GROUP_ID_CONFIG, String.class);
        Optional<Broker> broker = embedded.brokerOf(channel.getChannel());
        if (broker.isPresent()) {
            EmbeddedClient client = new EmbeddedClient(
                    settings, configCustomizers, deserializationFailureHandlers, group, -1, reportFailure, context);
            clients.inject(broker.get(), settings, client, reportFailure);
            return client;
        }
        return new ReactiveKafkaConsumer<>(
                settings,
                configCustomizers,
                deserializationFailureHandlers,
                group,
                -1,
                reportFailure,
                context,
                made -> events.consumer().fire(made));
    }
}
