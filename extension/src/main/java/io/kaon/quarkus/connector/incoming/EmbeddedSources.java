// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

import io.kaon.broker.Broker;
import io.kaon.quarkus.connector.client.Deadline;
import io.kaon.quarkus.connector.metering.ChannelMeter;
import io.kaon.quarkus.connector.metering.ChannelMeter.Direction;
import io.kaon.quarkus.connector.metering.ChannelMeters;
import io.kaon.quarkus.connector.metering.ClientReadings;
import io.kaon.quarkus.pause.ChannelPauses;
import io.opentelemetry.api.OpenTelemetry;
import io.smallrye.mutiny.Multi;
import io.smallrye.reactive.messaging.ClientCustomizer;
import io.smallrye.reactive.messaging.health.HealthReport.HealthReportBuilder;
import io.smallrye.reactive.messaging.kafka.DeserializationFailureHandler;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow.Publisher;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.eclipse.microprofile.reactive.messaging.Message;

/** The incoming channels that read from the broker in this application. Any thread. */
@Singleton
public class EmbeddedSources {
    private static final int ONLY_ONE = -1;

    private final EmbeddedClients clients;
    private final EmbeddedHandlers handlers;
    private final ChannelMeters meters;
    private final ChannelPauses pauses;
    private final Instance<ClientCustomizer<Map<String, Object>>> customizers;
    private final Instance<DeserializationFailureHandler<?>> deserializationFailureHandlers;
    private final Instance<OpenTelemetry> openTelemetry;
    private final List<EmbeddedSource> sources = new CopyOnWriteArrayList<>();
    private final List<EmbeddedSource> replies = new CopyOnWriteArrayList<>();

    @Inject
    EmbeddedSources(
            EmbeddedClients clients,
            EmbeddedHandlers handlers,
            ChannelMeters meters,
            ChannelPauses pauses,
            @Any Instance<ClientCustomizer<Map<String, Object>>> customizers,
            @Any Instance<DeserializationFailureHandler<?>> deserializationFailureHandlers,
            Instance<OpenTelemetry> openTelemetry) {
        this.clients = clients;
        this.handlers = handlers;
        this.meters = meters;
        this.pauses = pauses;
        this.customizers = customizers;
        this.deserializationFailureHandlers = deserializationFailureHandlers;
        this.openTelemetry = openTelemetry;
    }

    /**
     * The stream of a channel.
     *
     * @throws IllegalArgumentException when attributes contradict each other or name what is not there
     */
    public Multi<? extends Message<?>> open(Broker broker, KafkaConnectorIncomingConfiguration channel) {
        int consumers = channel.getPartitions();
        if (consumers <= 0) {
            throw new IllegalArgumentException("The channel '" + channel.getChannel() + "' has partitions=" + consumers
                    + ": it needs at least one consumer");
        }
        String group = channel.getGroupId().orElseGet(() -> UUID.randomUUID().toString());
        List<EmbeddedSource> opened = new ArrayList<>();
        for (int i = 0; i < consumers; i++) {
            ChannelMeter meter = meters.open(Direction.INCOMING, channel.getChannel());
            opened.add(open(broker, channel, group, consumers == 1 ? ONLY_ONE : i, meter));
        }
        sources.addAll(opened);
        ChannelMeter common = opened.get(0).meter();
        common.lagFrom(() -> ClientReadings.lag(consumers(channel.getChannel())));
        common.pausedFrom(pauses.of(channel.getChannel())::isPaused);
        common.commitsFrom(() -> ClientReadings.commits(consumers(channel.getChannel())));
        Multi<? extends Message<?>> stream = opened.size() == 1 ? opened.get(0).stream() : merged(opened);
        return channel.getBroadcast() ? stream.broadcast().toAllSubscribers() : stream;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Multi<? extends Message<?>> merged(List<EmbeddedSource> opened) {
        Publisher[] streams = opened.stream().map(EmbeddedSource::stream).toArray(Publisher[]::new);
        return Multi.createBy()
                .merging()
                .withRequests(1) // A record that waits here counts as given to the application.
                .withConcurrency(opened.size())
                .streams((Publisher<Message<?>>[]) streams);
    }

    /**
     * What reads the replies to an outgoing channel. It is no channel of the application's, so neither health nor
     * meters tell of it.
     */
    public EmbeddedSource openReplies(Broker broker, KafkaConnectorIncomingConfiguration reader, String group) {
        ChannelMeter unseen = new ChannelMeter(Direction.INCOMING, reader.getChannel());
        EmbeddedSource source = open(broker, reader, group, ONLY_ONE, unseen);
        replies.add(source);
        return source;
    }

    /** Ends it, unless that has happened. Not on an event loop. */
    public void closeReplies(EmbeddedSource source) {
        if (replies.remove(source)) {
            source.close(source.stopFetching());
        }
    }

    private EmbeddedSource open(
            Broker broker, KafkaConnectorIncomingConfiguration channel, String group, int index, ChannelMeter meter) {
        // A context of its own, so that channels share the event loops; that of the caller is one and the same.
        ContextInternal context = ((VertxInternal) handlers.vertx().getDelegate()).createEventLoopContext();
        SourceTopics topics = SourceTopics.of(channel);
        SourceHealth health = new SourceHealth(channel, topics);
        BiConsumer<Throwable, Boolean> report = health;
        EmbeddedClient client =
                new EmbeddedClient(channel, customizers, deserializationFailureHandlers, group, index, report, context);
        clients.inject(broker, channel, client, report);
        client.pausedBy(pauses.of(channel.getChannel()));
        health.use(client);
        Optional<SourceTracing> tracing =
                channel.getTracingEnabled() ? SourceTracing.of(openTelemetry, client) : Optional.empty();
        return new EmbeddedSource(
                channel, new EmbeddedSource.Parts(context, client, index, topics, meter, health, tracing), handlers);
    }

    /** A consumer of plain bytes, for what is done beside the channels; whoever asks closes it. */
    public Consumer<byte[], byte[]> ofBytes(Broker broker, Map<String, ?> configuration) {
        return clients.ofBytes(broker, configuration);
    }

    /** All consumers of a channel, none if it is not here. */
    @SuppressWarnings("unchecked")
    public <K, V> List<KafkaConsumer<K, V>> consumers(String channel) {
        return sources.stream()
                .filter(source -> source.channel().equals(channel))
                .map(source -> (KafkaConsumer<K, V>) source.client())
                .toList();
    }

    public Set<String> channels() {
        return sources.stream().map(EmbeddedSource::channel).collect(Collectors.toSet());
    }

    public void isStarted(HealthReportBuilder report) {
        sources.forEach(source -> source.isStarted(report));
    }

    public void isReady(HealthReportBuilder report) {
        sources.forEach(source -> source.isReady(report));
    }

    public void isAlive(HealthReportBuilder report) {
        sources.forEach(source -> source.isAlive(report));
    }

    /**
     * First no channel fetches any more, then each has its own time to finish, which began for all at once. Once, at
     * the end of the application.
     */
    public void close() {
        Map<EmbeddedSource, Deadline> deadlines = new LinkedHashMap<>();
        sources.forEach(source -> deadlines.put(source, source.stopFetching()));
        deadlines.forEach((source, deadline) -> {
            source.close(deadline);
            meters.close(source.meter());
        });
        sources.clear();
        replies.forEach(this::closeReplies); // After those whose last records may bring requests.
    }
}
