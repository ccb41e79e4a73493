// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.reply;

import io.kaon.broker.Broker;
import io.kaon.quarkus.connector.attributes.ChannelRoute;
import io.kaon.quarkus.connector.attributes.ChannelSettings;
import io.kaon.quarkus.connector.attributes.ConnectorAttributes;
import io.kaon.quarkus.connector.incoming.EmbeddedSource;
import io.kaon.quarkus.connector.incoming.EmbeddedSources;
import io.kaon.quarkus.connector.strategies.OwnStrategies;
import io.opentelemetry.api.OpenTelemetry;
import io.smallrye.mutiny.Multi;
import io.smallrye.reactive.messaging.ClientCustomizer;
import io.smallrye.reactive.messaging.kafka.DeserializationFailureHandler;
import io.smallrye.reactive.messaging.kafka.KafkaCDIEvents;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.smallrye.reactive.messaging.kafka.fault.KafkaFailureHandler;
import io.smallrye.reactive.messaging.kafka.impl.ConfigHelper;
import io.smallrye.reactive.messaging.kafka.impl.KafkaSource;
import io.smallrye.reactive.messaging.providers.connectors.ExecutionHolder;
import io.smallrye.reactive.messaging.providers.impl.Configs;
import io.smallrye.reactive.messaging.providers.impl.ConnectorConfig;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.ConnectorFactory;

/** Opens what reads the replies to an outgoing channel: our source without a socket, SmallRye's for another broker. */
@Singleton
class RequestReplyChannels {
    private static final int ONLY_ONE = -1;

    @Inject
    ChannelSettings settings;

    @Inject
    EmbeddedSources sources;

    @Inject
    Config global;

    @Inject
    ExecutionHolder execution;

    @Inject
    KafkaCDIEvents events;

    @Inject
    Instance<OpenTelemetry> telemetry;

    @Inject
    @Any
    Instance<Map<String, Object>> namedSettings;

    @Inject
    @Any
    Instance<KafkaCommitHandler.Factory> commitHandlers;

    @Inject
    @Any
    Instance<KafkaFailureHandler.Factory> failureHandlers;

    @Inject
    @Any
    Instance<ClientCustomizer<Map<String, Object>>> customizers;

    @Inject
    @Any
    Instance<DeserializationFailureHandler<?>> deserializationFailureHandlers;

    @Inject
    @Any
    Instance<KafkaConsumerRebalanceListener> rebalanceListeners;

    /**
     * What was opened.
     *
     * @param requests the settings of the outgoing channel
     * @param settings what they say of replies
     */
    record Opened(Config requests, ReplySettings settings, ReplySource source) {}

    /** Whether an outgoing channel has our connector. */
    static boolean isOurs(Config application, String channel) {
        return application
                .getOptionalValue(
                        ConnectorConfig.channelPrefix(ConnectorFactory.OUTGOING_PREFIX, channel)
                                + ConnectorFactory.CONNECTOR_ATTRIBUTE,
                        String.class)
                .filter(ConnectorAttributes.CONNECTOR_NAME::equals)
                .isPresent();
    }

    /**
     * Nothing is read before somebody subscribes to the source.
     *
     * @throws IllegalArgumentException when attributes contradict each other or name what is not there
     */
    Opened open(String channel) {
        Config outgoing = Configs.outgoing(global, ConnectorAttributes.CONNECTOR_NAME, channel);
        Map<String, Object> named = ConfigHelper.getChannelSpecificConfig(namedSettings, outgoing);
        Map<String, Object> defaults = ConfigHelper.retrieveDefaultKafkaConfig(namedSettings);
        Config requests = settings.inOrder(outgoing);
        Config replies = Configs.fallback(ReplySettings.channel(requests), named, defaults);
        Optional<String> shared = replies.getOptionalValue(ConsumerConfig.GROUP_ID_CONFIG, String.class);
        String group = ReplySettings.group(global, requests, named, shared);
        ChannelRoute route = settings.routeOf(requests);
        var reader = new KafkaConnectorIncomingConfiguration(
                route instanceof ChannelRoute.Embedded way
                        ? toEmbedded(replies, way.broker())
                        // Nobody would ask a source without a channel of its own how it is.
                        : Configs.override(replies, Map.of("health-enabled", "false")));
        ReplySource source = route instanceof ChannelRoute.Embedded way
                ? embedded(way.broker(), reader, group)
                : remote(reader, group);
        return new Opened(requests, ReplySettings.of(requests, reader), source);
    }

    private static Config toEmbedded(Config replies, Broker broker) {
        Map<String, Object> set = new HashMap<>(OwnStrategies.of(replies));
        set.put(ChannelRoute.BOOTSTRAP_SERVERS, broker.bootstrapServers());
        set.put("lazy-client", "true");
        return Configs.override(replies, set);
    }

    private ReplySource embedded(Broker broker, KafkaConnectorIncomingConfiguration reader, String group) {
        EmbeddedSource source = sources.openReplies(broker, reader, group);
        return new ReplySource(source.stream(), source.client(), () -> sources.closeReplies(source));
    }

    private ReplySource remote(KafkaConnectorIncomingConfiguration reader, String group) {
        KafkaSource<Object, Object> source = new KafkaSource<>(
                execution.vertx(),
                group,
                reader,
                telemetry,
                commitHandlers,
                failureHandlers,
                rebalanceListeners,
                events,
                customizers,
                deserializationFailureHandlers,
                ONLY_ONE);
        Multi<? extends Message<?>> messages = reader.getBatch() ? source.getBatchStream() : source.getStream();
        AtomicBoolean isClosed = new AtomicBoolean();
        return new ReplySource(messages, source.getConsumer(), () -> {
            if (isClosed.compareAndSet(false, true)) {
                // Not by its own end, which sleeps for seconds, lest a record be in hand: none is.
                source.getCommitHandler().terminate(false);
                source.getConsumer().close();
            }
        });
    }
}
