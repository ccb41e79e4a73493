// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import static io.smallrye.reactive.messaging.annotations.ConnectorAttribute.Direction.INCOMING;
import static io.smallrye.reactive.messaging.annotations.ConnectorAttribute.Direction.INCOMING_AND_OUTGOING;
import static io.smallrye.reactive.messaging.annotations.ConnectorAttribute.Direction.OUTGOING;

import io.kaon.broker.Broker;
import io.kaon.quarkus.EmbeddedBroker;
import io.smallrye.mutiny.Multi;
import io.smallrye.reactive.messaging.annotations.ConnectorAttribute;
import io.smallrye.reactive.messaging.connector.InboundConnector;
import io.smallrye.reactive.messaging.connector.OutboundConnector;
import io.smallrye.reactive.messaging.health.HealthReport;
import io.smallrye.reactive.messaging.health.HealthReport.HealthReportBuilder;
import io.smallrye.reactive.messaging.kafka.KafkaConnector;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorOutgoingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.KafkaProducer;
import io.smallrye.reactive.messaging.kafka.impl.ConfigHelper;
import io.smallrye.reactive.messaging.providers.impl.Configs;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.eclipse.microprofile.reactive.messaging.spi.ConnectorFactory;

/**
 * The connector {@code kaon}: SmallRye's Kafka connector, with the broker in this application as its first choice.
 *
 * <p>Channels that go to that broker get clients without a socket (see {@code docs/decisions/0004-connector-reuse.md});
 * everything around the client is inherited.
 */
@ApplicationScoped
@Connector(KaonConnector.CONNECTOR_NAME)
@ConnectorAttribute(
        name = "bootstrap.servers",
        type = "string",
        direction = INCOMING_AND_OUTGOING,
        description = "Addresses of another broker, host:port separated by commas. Without it the channel uses "
                + "the broker in this application if one runs, else the global kafka.bootstrap.servers.")
@ConnectorAttribute(
        name = "topic",
        type = "string",
        direction = INCOMING_AND_OUTGOING,
        description = "The topic. Without it (and without topics) it is the name of the channel.")
@ConnectorAttribute(
        name = "kafka-configuration",
        type = "string",
        direction = INCOMING_AND_OUTGOING,
        description = "The identifier of a bean, a Map of String to Object, whose entries are defaults for this "
                + "channel.")
@ConnectorAttribute(
        name = "health-enabled",
        type = "boolean",
        direction = INCOMING_AND_OUTGOING,
        defaultValue = "true",
        description = "Whether the channel has a part in the health of the application.")
@ConnectorAttribute(
        name = "health-readiness-enabled",
        type = "boolean",
        direction = INCOMING_AND_OUTGOING,
        defaultValue = "true",
        description = "Whether the channel has a part in the readiness of the application.")
@ConnectorAttribute(
        name = "tracing-enabled",
        type = "boolean",
        direction = INCOMING_AND_OUTGOING,
        defaultValue = "true",
        description = "Whether OpenTelemetry spans are made for records.")
@ConnectorAttribute(
        name = "cloud-events",
        type = "boolean",
        direction = INCOMING_AND_OUTGOING,
        defaultValue = "true",
        description = "Whether Cloud Events are recognised in records, and written for messages that have their "
                + "metadata.")
@ConnectorAttribute(
        name = "client-id-prefix",
        type = "string",
        direction = INCOMING_AND_OUTGOING,
        description = "Stands before the client id.")
@ConnectorAttribute(
        name = "topics",
        type = "string",
        direction = INCOMING,
        description = "Several topics, separated by commas, in the place of topic.")
@ConnectorAttribute(
        name = "pattern",
        type = "boolean",
        direction = INCOMING,
        defaultValue = "false",
        description = "Whether topic is a regular expression that names of topics have to match.")
@ConnectorAttribute(
        name = "assign-seek",
        type = "string",
        direction = INCOMING,
        description =
                "Partitions to read without a group, each as [topic:]partition[:offset], separated by " + "commas.")
@ConnectorAttribute(
        name = "group.id",
        type = "string",
        direction = INCOMING,
        description =
                "The consumer group. Without it, the name of the application: all its channels are in one " + "group.")
@ConnectorAttribute(
        name = "auto.offset.reset",
        type = "string",
        direction = INCOMING,
        defaultValue = "latest",
        description = "Where to begin without a committed offset: earliest, latest or none.")
@ConnectorAttribute(
        name = "key.deserializer",
        type = "string",
        direction = INCOMING,
        defaultValue = "org.apache.kafka.common.serialization.StringDeserializer",
        description = "The class that reads keys; found from the method's signature where that tells it.")
@ConnectorAttribute(
        name = "value.deserializer",
        type = "string",
        direction = INCOMING,
        description = "The class that reads values; found from the method's signature where that tells it.")
@ConnectorAttribute(
        name = "fail-on-deserialization-failure",
        type = "boolean",
        direction = INCOMING,
        defaultValue = "true",
        description = "Whether a record that cannot be read fails the channel; otherwise it arrives as null.")
@ConnectorAttribute(
        name = "key-deserialization-failure-handler",
        type = "string",
        direction = INCOMING,
        description = "The identifier of a DeserializationFailureHandler for keys.")
@ConnectorAttribute(
        name = "value-deserialization-failure-handler",
        type = "string",
        direction = INCOMING,
        description = "The identifier of a DeserializationFailureHandler for values.")
@ConnectorAttribute(
        name = "enable.auto.commit",
        type = "boolean",
        direction = INCOMING,
        defaultValue = "false",
        description = "Lets Kafka's client commit by time instead of by acknowledgement; the channel then goes "
                + "over TCP.")
@ConnectorAttribute(
        name = "commit-strategy",
        type = "string",
        direction = INCOMING,
        description = "What an acknowledgement commits: throttled (the default), latest, ignore or checkpoint.")
@ConnectorAttribute(
        name = "throttled.unprocessed-record-max-age.ms",
        type = "int",
        direction = INCOMING,
        defaultValue = "60000",
        description = "After how many milliseconds without an acknowledgement a record makes the channel "
                + "unhealthy; 0 for never.")
@ConnectorAttribute(
        name = "failure-strategy",
        type = "string",
        direction = INCOMING,
        defaultValue = "fail",
        description =
                "What a negative acknowledgement does: fail, ignore, dead-letter-queue or delayed-retry- " + "topic.")
@ConnectorAttribute(
        name = "dead-letter-queue.topic",
        type = "string",
        direction = INCOMING,
        description = "Where the strategy dead-letter-queue sends records. Without it, dead-letter-topic- and "
                + "the name of the channel.")
@ConnectorAttribute(
        name = "partitions",
        type = "int",
        direction = INCOMING,
        defaultValue = "1",
        description = "How many consumers the channel has.")
@ConnectorAttribute(
        name = "batch",
        type = "boolean",
        direction = INCOMING,
        defaultValue = "false",
        description = "Whether the method takes batches; found from its signature.")
@ConnectorAttribute(
        name = "broadcast",
        type = "boolean",
        direction = INCOMING,
        defaultValue = "false",
        description = "Whether every method of the channel gets every record.")
@ConnectorAttribute(
        name = "consumer-rebalance-listener.name",
        type = "string",
        direction = INCOMING,
        description = "The identifier of a KafkaConsumerRebalanceListener.")
@ConnectorAttribute(
        name = "graceful-shutdown",
        type = "boolean",
        direction = INCOMING,
        defaultValue = "true",
        description =
                "Whether records that have been received are processed before the end. Off in dev and " + "test mode.")
@ConnectorAttribute(
        name = "poll-timeout",
        type = "int",
        direction = INCOMING,
        defaultValue = "1000",
        description = "How many milliseconds a poll waits for records.")
@ConnectorAttribute(
        name = "pause-if-no-requests",
        type = "boolean",
        direction = INCOMING,
        defaultValue = "true",
        description = "Whether partitions are paused while the application asks for nothing.")
@ConnectorAttribute(
        name = "max-queue-size-factor",
        type = "int",
        direction = INCOMING,
        defaultValue = "2",
        description = "How many times max.poll.records may wait for the application.")
@ConnectorAttribute(
        name = "fetch.min.bytes",
        type = "int",
        direction = INCOMING,
        defaultValue = "1",
        description = "How many bytes there should be before the broker answers a fetch.")
@ConnectorAttribute(
        name = "key.serializer",
        type = "string",
        direction = OUTGOING,
        defaultValue = "org.apache.kafka.common.serialization.StringSerializer",
        description = "The class that writes keys; found from the method's signature where that tells it.")
@ConnectorAttribute(
        name = "value.serializer",
        type = "string",
        direction = OUTGOING,
        description = "The class that writes values; found from the method's signature where that tells it.")
@ConnectorAttribute(
        name = "key",
        type = "string",
        direction = OUTGOING,
        description = "The key of records whose message brings none.")
@ConnectorAttribute(
        name = "partition",
        type = "int",
        direction = OUTGOING,
        defaultValue = "-1",
        description = "The partition of records whose message brings none; -1 leaves it to key and chance.")
@ConnectorAttribute(
        name = "acks",
        type = "string",
        direction = OUTGOING,
        defaultValue = "1",
        description = "What the broker waits for: 1, or all (every in-sync replica).")
@ConnectorAttribute(
        name = "retries",
        type = "long",
        direction = OUTGOING,
        defaultValue = "2147483647",
        description = "How often a record is sent again after a failure that may pass.")
@ConnectorAttribute(
        name = "max-inflight-messages",
        type = "long",
        direction = OUTGOING,
        defaultValue = "1024",
        description = "How many messages may wait for the broker at a time; 0 for any number.")
@ConnectorAttribute(
        name = "waitForWriteCompletion",
        type = "boolean",
        direction = OUTGOING,
        defaultValue = "true",
        description = "Whether a message is acknowledged only when the broker has its record.")
@ConnectorAttribute(
        name = "merge",
        type = "boolean",
        direction = OUTGOING,
        defaultValue = "false",
        description = "Whether several methods may send to the channel.")
@ConnectorAttribute(
        name = "propagate-record-key",
        type = "boolean",
        direction = OUTGOING,
        defaultValue = "false",
        description = "Whether the key of the incoming record becomes the key of the outgoing one.")
@ConnectorAttribute(
        name = "propagate-headers",
        type = "string",
        direction = OUTGOING,
        defaultValue = "",
        description = "Headers of the incoming record that the outgoing one gets, separated by commas.")
@ConnectorAttribute(
        name = "close-timeout",
        type = "int",
        direction = OUTGOING,
        defaultValue = "10000",
        description = "How many milliseconds the end waits for records that are on their way.")
@ConnectorAttribute(
        name = "key-serialization-failure-handler",
        type = "string",
        direction = OUTGOING,
        description = "The identifier of a SerializationFailureHandler for keys.")
@ConnectorAttribute(
        name = "value-serialization-failure-handler",
        type = "string",
        direction = OUTGOING,
        description = "The identifier of a SerializationFailureHandler for values.")
// Quarkus looks for the two interfaces at the class itself, not at what it inherits from.
public class KaonConnector extends KafkaConnector implements InboundConnector, OutboundConnector {
    /** The name that channels use. */
    public static final String CONNECTOR_NAME = "kaon";

    private static final int BEFORE_KAFKA = 49;
    private static final int AFTER_SOURCES = 51;
    private static final String GROUP_ID = "group.id";
    private static final String LAZY_CLIENT = "lazy-client";
    private static final String KAFKA_PREFIX = "kafka.";

    private final EmbeddedBroker embedded;
    private final EmbeddedSources sources;
    private final StreamMetering metering;
    private final EmbeddedSinks sinks;
    private final Instance<Map<String, Object>> namedSettings;
    private final Config global;

    @Inject
    KaonConnector(
            EmbeddedBroker embedded,
            EmbeddedSources sources,
            StreamMetering metering,
            EmbeddedSinks sinks,
            @Any Instance<Map<String, Object>> namedSettings,
            Config global) {
        this.embedded = embedded;
        this.sources = sources;
        this.metering = metering;
        this.sinks = sinks;
        this.namedSettings = namedSettings;
        this.global = global;
    }

    @Override
    public Flow.Publisher<? extends Message<?>> getPublisher(Config config) {
        Config channel = withApplicationGroup(config);
        if (routeOf(channel) instanceof ChannelRoute.Embedded way) {
            Config embeddedChannel = toEmbedded(channel, way.broker());
            Optional<Multi<? extends Message<?>>> stream =
                    sources.open(way.broker(), new KafkaConnectorIncomingConfiguration(merged(embeddedChannel)));
            return stream.isPresent() ? stream.get() : metered(channel, super.getPublisher(embeddedChannel));
        }
        return metered(channel, super.getPublisher(withGlobalSettings(channel)));
    }

    @Override
    public Flow.Subscriber<? extends Message<?>> getSubscriber(Config config) {
        if (routeOf(config) instanceof ChannelRoute.Embedded way) {
            return sinks.open(
                    way.broker(), new KafkaConnectorOutgoingConfiguration(merged(toEmbedded(config, way.broker()))));
        }
        return metering.outgoing(nameOf(config), super.getSubscriber(withGlobalSettings(config)));
    }

    private Flow.Publisher<? extends Message<?>> metered(
            Config channel, Flow.Publisher<? extends Message<?>> publisher) {
        String name = nameOf(channel);
        return metering.incoming(name, publisher, () -> getConsumers(name));
    }

    private static String nameOf(Config channel) {
        return channel.getValue(ConnectorFactory.CHANNEL_NAME_ATTRIBUTE, String.class);
    }

    /** Before SmallRye's own observer, which closes the channels that go over TCP and all producers. */
    void closeSources(@Observes @Priority(BEFORE_KAFKA) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        sources.close();
    }

    /** After the sources: what they have processed last is sent still. */
    void closeSinks(@Observes @Priority(AFTER_SOURCES) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        sinks.close();
    }

    @Override
    public <K, V> KafkaConsumer<K, V> getConsumer(String channel) {
        List<KafkaConsumer<K, V>> consumers = getConsumers(channel);
        return consumers.isEmpty() ? null : consumers.get(0);
    }

    @Override
    public <K, V> List<KafkaConsumer<K, V>> getConsumers(String channel) {
        List<KafkaConsumer<K, V>> embeddedOnes = sources.consumers(channel);
        return embeddedOnes.isEmpty() ? super.getConsumers(channel) : embeddedOnes;
    }

    @Override
    public Set<String> getConsumerChannels() {
        Set<String> channels = new HashSet<>(super.getConsumerChannels());
        channels.addAll(sources.channels());
        return channels;
    }

    @Override
    public <K, V> KafkaProducer<K, V> getProducer(String channel) {
        return sinks.<K, V>producer(channel).orElseGet(() -> super.getProducer(channel));
    }

    @Override
    public Set<String> getProducerChannels() {
        Set<String> channels = new HashSet<>(super.getProducerChannels());
        channels.addAll(sinks.channels());
        return channels;
    }

    @Override
    public HealthReport getStartup() {
        return with(super.getStartup(), sources::isStarted, sinks::isStarted);
    }

    @Override
    public HealthReport getReadiness() {
        return with(super.getReadiness(), sources::isReady, sinks::isReady);
    }

    @Override
    public HealthReport getLiveness() {
        return with(super.getLiveness(), sources::isAlive, sinks::isAlive);
    }

    private static HealthReport with(
            HealthReport others,
            Consumer<HealthReportBuilder> embeddedSources,
            Consumer<HealthReportBuilder> embeddedSinks) {
        HealthReportBuilder report = HealthReport.builder();
        others.getChannels().forEach(report::add);
        embeddedSources.accept(report);
        embeddedSinks.accept(report);
        return report.build();
    }

    private ChannelRoute routeOf(Config channel) {
        Map<String, Object> named = ConfigHelper.getChannelSpecificConfig(namedSettings, channel);
        return ChannelRoute.of(channel, named, embedded.broker(), global);
    }

    /**
     * SmallRye's clients must not be made before ours are in their place. The address is for what still goes over TCP.
     */
    private static Config toEmbedded(Config channel, Broker broker) {
        return Configs.override(
                channel, Map.of(ChannelRoute.BOOTSTRAP_SERVERS, broker.bootstrapServers(), LAZY_CLIENT, "true"));
    }

    private Config merged(Config channel) {
        return ConfigHelper.retrieveChannelConfiguration(namedSettings, channel);
    }

    /**
     * The settings {@code kafka.…}, which hold for all clients of the application, are defaults of a remote channel.
     */
    private Config withGlobalSettings(Config channel) {
        Map<String, Object> settings = new HashMap<>();
        for (String name : global.getPropertyNames()) {
            if (name.startsWith(KAFKA_PREFIX)) {
                global.getOptionalValue(name, String.class)
                        .ifPresent(value -> settings.put(name.substring(KAFKA_PREFIX.length()), value));
            }
        }
        return Configs.fallback(channel, settings);
    }

    private Config withApplicationGroup(Config channel) {
        String group = global.getOptionalValue(KAFKA_PREFIX + GROUP_ID, String.class)
                .or(() -> global.getOptionalValue("quarkus.application.name", String.class))
                .orElse(CONNECTOR_NAME);
        return Configs.fallback(channel, Map.of(GROUP_ID, group));
    }
}
