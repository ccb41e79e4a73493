// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.map;

import io.kaon.quarkus.connector.metering.ChannelMeter;
import io.kaon.quarkus.connector.metering.ChannelMeters;
import io.kaon.quarkus.deadletters.DeadLetters;
import io.kaon.quarkus.map.ApplicationView.Channel;
import io.kaon.quarkus.map.ApplicationView.Figures;
import io.kaon.quarkus.map.ApplicationView.Pause;
import io.kaon.quarkus.map.ChannelDescription.Direction;
import io.kaon.quarkus.map.ChannelDescription.Key;
import io.kaon.quarkus.pause.ChannelPauses;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.reactive.messaging.ChannelRegistry;
import io.smallrye.reactive.messaging.PausableChannel;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The map of the application: its channels, the methods between them, and how they do. Costs nothing until it is asked
 * for. Any thread.
 */
@Singleton
public class ApplicationMap {
    private final Plan plan;
    private final ChannelMeters meters;
    private final ChannelPauses pauses;
    private final ChannelRegistry registry;
    private final KafkaClientService clients;
    private final DeadLetters deadLetters;
    private final ChannelRates rates;
    private final ChannelLag lags = new ChannelLag(System::nanoTime);

    @ConfigProperty(name = "quarkus.application.name", defaultValue = "application")
    String name;

    @Inject
    ApplicationMap(
            Plan plan,
            ChannelMeters meters,
            ChannelPauses pauses,
            ChannelRegistry registry,
            KafkaClientService clients,
            DeadLetters deadLetters) {
        this.plan = plan;
        this.deadLetters = deadLetters;
        this.meters = meters;
        this.pauses = pauses;
        this.registry = registry;
        this.clients = clients;
        this.rates = new ChannelRates(meters, Infrastructure.getDefaultWorkerPool(), System::nanoTime);
    }

    @PreDestroy
    void close() {
        rates.close();
    }

    /** What there is now. Answers within two seconds, also when a broker does not. */
    public CompletionStage<ApplicationView> view() {
        List<ChannelDescription> descriptions = plan.channels();
        List<CompletableFuture<Channel>> asked =
                descriptions.stream().map(this::channel).toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenApply(all -> new ApplicationView(
                        name,
                        asked.stream().map(CompletableFuture::join).toList(),
                        plan.steps(),
                        TopicLinks.of(descriptions)));
    }

    private CompletableFuture<Channel> channel(ChannelDescription description) {
        Optional<ChannelMeter> meter = meterOf(description.key());
        List<KafkaConsumer<Object, Object>> consumers = consumersOf(description);
        CompletableFuture<OptionalLong> lag = meter.isEmpty() || consumers.isEmpty()
                ? CompletableFuture.completedFuture(OptionalLong.empty())
                : lags.of(description.channel(), consumers);
        return lag.thenApply(behind -> new Channel(
                description,
                groupOf(consumers),
                pauseOf(description),
                meter.map(found -> figures(found, behind)),
                description.direction() == Direction.INCOMING
                        ? deadLetters.count(description.channel())
                        : OptionalLong.empty()));
    }

    private Figures figures(ChannelMeter meter, OptionalLong lag) {
        boolean isIncoming = meter.direction() == ChannelMeter.Direction.INCOMING;
        return new Figures(
                rates.perSecond(meter),
                isIncoming ? meter.receivedCount() : meter.acceptedCount(),
                isIncoming ? meter.acknowledgedCount() : meter.sentCount(),
                isIncoming ? meter.failedCount() : meter.sendFailureCount(),
                meter.inFlight(),
                lag);
    }

    private Optional<ChannelMeter> meterOf(Key key) {
        return meters.all().stream()
                .filter(meter -> meter.channel().equals(key.channel())
                        && meter.direction().name().equals(key.direction().name()))
                .findFirst();
    }

    private List<KafkaConsumer<Object, Object>> consumersOf(ChannelDescription description) {
        boolean isAny = description.direction() == Direction.INCOMING
                && clients.getConsumerChannels().contains(description.channel());
        return isAny ? List.copyOf(clients.getConsumers(description.channel())) : List.of();
    }

    private static Optional<String> groupOf(List<KafkaConsumer<Object, Object>> consumers) {
        return consumers.stream()
                .findFirst()
                .map(consumer -> consumer.configuration().get(ConsumerConfig.GROUP_ID_CONFIG))
                .map(Object::toString);
    }

    // --- pause

    private Pause pauseOf(ChannelDescription channel) {
        boolean isOurs =
                channel.direction() == Direction.INCOMING && pauses.channels().contains(channel.channel());
        Optional<PausableChannel> pausable = pausable(channel.channel());
        boolean isPaused = isOurs && pauses.isPaused(channel.channel())
                || pausable.filter(PausableChannel::isPaused).isPresent();
        return new Pause(isPaused, isOurs || pausable.isPresent());
    }

    /** SmallRye's, of channels that have set {@code pausable=true}, whatever their connector. */
    private Optional<PausableChannel> pausable(String channel) {
        return Optional.ofNullable(registry.getPausable(channel));
    }

    /**
     * Pauses a channel.
     *
     * @throws NoSuchElementException when there is no channel of that name
     * @throws IllegalStateException when it cannot be paused; the message says which can
     */
    public void pause(String channel) {
        require(channel);
        if (pauses.channels().contains(channel)) {
            pauses.pause(channel);
        } else {
            pausable(channel).orElseThrow(() -> fixed(channel)).pause();
        }
    }

    /**
     * Has a channel go on, also one that the application itself has paused by SmallRye's {@code PausableChannel}.
     *
     * @throws NoSuchElementException when there is no channel of that name
     * @throws IllegalStateException when it cannot be paused nor resumed
     */
    public void resume(String channel) {
        require(channel);
        Optional<PausableChannel> pausable = pausable(channel);
        if (pauses.channels().contains(channel)) {
            pauses.resume(channel);
        } else if (pausable.isEmpty()) {
            throw fixed(channel);
        }
        pausable.filter(PausableChannel::isPaused).ifPresent(PausableChannel::resume);
    }

    private void require(String channel) {
        List<String> names = new ArrayList<>();
        plan.channels().forEach(description -> names.add(description.channel()));
        if (!names.contains(channel)) {
            throw new NoSuchElementException("No channel '" + channel + "' in this application; there are " + names);
        }
    }

    private IllegalStateException fixed(String channel) {
        return new IllegalStateException("The channel '" + channel
                + "' cannot be paused: it is neither an incoming channel"
                + " of the connector kaon nor set to pausable=true; those that can be are " + pauses.channels());
    }
}
