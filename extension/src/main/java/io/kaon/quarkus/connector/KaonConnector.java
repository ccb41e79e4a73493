// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import io.kaon.broker.Broker;
import io.kaon.quarkus.connector.attributes.ChannelRoute;
import io.kaon.quarkus.connector.attributes.ChannelSettings;
import io.kaon.quarkus.connector.attributes.ConnectorAttributes;
import io.kaon.quarkus.connector.attributes.VainSettings;
import io.kaon.quarkus.connector.incoming.EmbeddedSources;
import io.kaon.quarkus.connector.metering.StreamMetering;
import io.kaon.quarkus.connector.outgoing.EmbeddedSinks;
import io.kaon.quarkus.connector.strategies.OwnStrategies;
import io.kaon.quarkus.deadletters.LetterClients;
import io.kaon.quarkus.deadletters.RemoteLetterClients;
import io.kaon.quarkus.map.OpenChannels;
import io.smallrye.reactive.messaging.connector.InboundConnector;
import io.smallrye.reactive.messaging.connector.OutboundConnector;
import io.smallrye.reactive.messaging.health.HealthReport;
import io.smallrye.reactive.messaging.health.HealthReport.HealthReportBuilder;
import io.smallrye.reactive.messaging.kafka.KafkaConnector;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorOutgoingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.KafkaProducer;
import io.smallrye.reactive.messaging.providers.impl.Configs;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Reception;
import jakarta.inject.Inject;
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
 * everything around the client is inherited. Its attributes are declared in {@link ConnectorAttributes}.
 */
@ApplicationScoped
@Connector(KaonConnector.CONNECTOR_NAME)
// Quarkus looks for the two interfaces at the class itself, not at what it inherits from.
public class KaonConnector extends KafkaConnector implements InboundConnector, OutboundConnector {
    /** The name that channels use. */
    public static final String CONNECTOR_NAME = ConnectorAttributes.CONNECTOR_NAME;

    private static final int BEFORE_KAFKA = 49;
    private static final int AFTER_SOURCES = 51;
    private static final String LAZY_CLIENT = "lazy-client";

    private final ChannelSettings settings;
    private final EmbeddedSources sources;
    private final StreamMetering metering;
    private final OwnStrategies strategies;
    private final EmbeddedSinks sinks;
    private final OpenChannels opened;
    private final VainSettings vain = new VainSettings();

    @Inject
    KaonConnector(
            ChannelSettings settings,
            EmbeddedSources sources,
            StreamMetering metering,
            OwnStrategies strategies,
            EmbeddedSinks sinks,
            OpenChannels opened) {
        this.settings = settings;
        this.sources = sources;
        this.metering = metering;
        this.strategies = strategies;
        this.sinks = sinks;
        this.opened = opened;
    }

    @Override
    public Flow.Publisher<? extends Message<?>> getPublisher(Config config) {
        Config channel = withOwnStrategies(settings.inOrder(config));
        if (settings.routeOf(channel) instanceof ChannelRoute.Embedded way) {
            Config merged = settings.merged(toEmbedded(channel, way.broker()));
            vain.tell(merged, nameOf(channel), true);
            strategies.onEmbedded(nameOf(channel), way.broker());
            return sources.open(way.broker(), opened(merged, Optional.of(way.broker())));
        }
        opened(settings.merged(channel), Optional.empty());
        return metered(channel, super.getPublisher(channel));
    }

    @Override
    public Flow.Subscriber<? extends Message<?>> getSubscriber(Config config) {
        Config channel = settings.inOrder(config);
        if (settings.routeOf(channel) instanceof ChannelRoute.Embedded way) {
            Config merged = settings.merged(toEmbedded(channel, way.broker()));
            vain.tell(merged, nameOf(channel), false);
            KafkaConnectorOutgoingConfiguration outgoing = new KafkaConnectorOutgoingConfiguration(merged);
            opened.outgoing(outgoing, Optional.of(way.broker()));
            return sinks.open(way.broker(), outgoing);
        }
        opened.outgoing(new KafkaConnectorOutgoingConfiguration(settings.merged(channel)), Optional.empty());
        return metering.outgoing(nameOf(config), super.getSubscriber(channel));
    }

    private Flow.Publisher<? extends Message<?>> metered(
            Config channel, Flow.Publisher<? extends Message<?>> publisher) {
        String name = nameOf(channel);
        return metering.incoming(name, publisher, () -> getConsumers(name));
    }

    private KafkaConnectorIncomingConfiguration opened(Config channel, Optional<Broker> broker) {
        KafkaConnectorIncomingConfiguration incoming = new KafkaConnectorIncomingConfiguration(channel);
        opened.incoming(incoming, broker, OwnStrategies.retryTopicsOf(incoming));
        return incoming;
    }

    private static String nameOf(Config channel) {
        return channel.getValue(ConnectorFactory.CHANNEL_NAME_ATTRIBUTE, String.class);
    }

    /** Before SmallRye's own observer, which closes the channels that go over TCP and all producers. */
    void closeSources(
            @Observes(notifyObserver = Reception.IF_EXISTS)
                    @Priority(BEFORE_KAFKA)
                    @BeforeDestroyed(ApplicationScoped.class)
                    Object event) {
        sources.close();
    }

    /** After the sources: what they have processed last is sent still. */
    void closeSinks(
            @Observes(notifyObserver = Reception.IF_EXISTS)
                    @Priority(AFTER_SOURCES)
                    @BeforeDestroyed(ApplicationScoped.class)
                    Object event) {
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

    /**
     * Clients of plain bytes for the broker of an incoming channel, to read and write what the channel does not: its dead
     * letters.
     *
     * @param broker that of this application, if the channel needs no socket
     * @return nothing when the channel has no consumer
     */
    public Optional<LetterClients> letterClients(String channel, Optional<Broker> broker) {
        if (broker.isPresent()) {
            return broker.map(here -> new EmbeddedLetterClients(sources, here));
        }
        return getConsumers(channel).stream()
                .findFirst()
                .map(consumer -> new RemoteLetterClients(consumer.configuration()));
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
        return opened.told(with(super.getReadiness(), sources::isReady, sinks::isReady));
    }

    @Override
    public HealthReport getLiveness() {
        return strategies.withTroubles(with(super.getLiveness(), sources::isAlive, sinks::isAlive));
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

    /**
     * SmallRye's clients must not be made before ours are in their place. The address is for what still goes over TCP.
     */
    private static Config toEmbedded(Config channel, Broker broker) {
        return Configs.override(
                channel, Map.of(ChannelRoute.BOOTSTRAP_SERVERS, broker.bootstrapServers(), LAZY_CLIENT, "true"));
    }

    /** Strategies of ours have names of their own, which nobody has to write. */
    private Config withOwnStrategies(Config channel) {
        return Configs.override(channel, OwnStrategies.of(settings.merged(channel)));
    }
}
