// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

import static io.smallrye.reactive.messaging.kafka.i18n.KafkaLogging.log;

import io.kaon.quarkus.connector.attributes.GracePeriod;
import io.kaon.quarkus.connector.client.Deadline;
import io.kaon.quarkus.connector.incoming.InFlight.Handlers;
import io.kaon.quarkus.connector.incoming.PollLoop.PollSettings;
import io.kaon.quarkus.connector.incoming.PollLoop.Room;
import io.kaon.quarkus.connector.incoming.RecordEmission.Gate;
import io.kaon.quarkus.connector.metering.ChannelMeter;
import io.kaon.quarkus.pause.PausableStream;
import io.smallrye.mutiny.Multi;
import io.smallrye.reactive.messaging.health.HealthReport.HealthReportBuilder;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecordBatch;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaRecord;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.smallrye.reactive.messaging.kafka.fault.KafkaDelayedRetryTopic;
import io.smallrye.reactive.messaging.kafka.fault.KafkaFailureHandler;
import io.vertx.core.impl.ContextInternal;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/**
 * One consumer of an incoming channel that reads from the broker in this application: polls, makes messages of
 * records, gives them to the application as it asks for them, and counts what it has. It stands where SmallRye's
 * source does for other brokers, with the same handlers, listeners and metadata; see {@code
 * docs/decisions/0015-pipelines.md}.
 *
 * <p>Records are polled on the thread of the {@link EmbeddedClient} and given to the application where its {@link
 * EmissionTurn} says.
 */
public final class EmbeddedSource {
    private static final Logger LOG = Logger.getLogger(EmbeddedSource.class);
    private static final int DEFAULT_MAX_POLL_RECORDS = 500;

    private final KafkaConnectorIncomingConfiguration settings;
    private final Parts parts;
    private final EmbeddedClient client;
    /** The settings look their values up each time they are asked. */
    private final String channel;

    private final boolean hasCloudEvents;
    private final KafkaCommitHandler commits;
    private final KafkaFailureHandler failures;
    private final InFlight inFlight;
    private final Reception reception;
    private final Multi<? extends Message<?>> stream;
    private Runnable ending = () -> {};
    private volatile boolean isSubscribed;

    /**
     * @param parts what it is put together from; the client has its consumer
     * @throws IllegalArgumentException when the channel names a strategy or a listener that is not there
     */
    EmbeddedSource(KafkaConnectorIncomingConfiguration settings, Parts parts, EmbeddedHandlers handlers) {
        this.settings = settings;
        this.parts = parts;
        this.client = parts.client();
        this.channel = settings.getChannel();
        this.hasCloudEvents = settings.getCloudEvents();
        this.commits = handlers.commit(settings, client, parts.context(), parts.health());
        this.failures = handlers.failure(settings, client, parts.context(), parts.health());
        this.inFlight = new InFlight(parts.meter(), commits, failures);
        this.reception = new Reception(commits, failures, inFlight.handlers().failures());
        this.stream = (settings.getBatch() ? batches() : records()).onFailure().invoke(failure -> parts.health()
                .accept(failure, false));
    }

    /**
     * What a source does not make itself.
     *
     * @param context of the channel
     * @param index of the consumer in its channel, −1 if it is the only one
     */
    record Parts(
            ContextInternal context,
            EmbeddedClient client,
            int index,
            SourceTopics topics,
            ChannelMeter meter,
            SourceHealth health,
            Optional<SourceTracing> tracing) {}

    // --- records one by one

    private Multi<? extends Message<?>> records() {
        Handlers counted = inFlight.handlers();
        int maxPollRecords = settings.config()
                .getOptionalValue(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Integer.class)
                .orElse(DEFAULT_MAX_POLL_RECORDS);
        Room room = new Room(maxPollRecords * settings.getMaxQueueSizeFactor(), maxPollRecords);
        RecordGate gate = new RecordGate(item -> message(item, counted), reception);
        Multi<IncomingKafkaRecord<Object, Object>> plain = read(new Packing.Single(), room, gate);
        Multi<IncomingKafkaRecord<Object, Object>> received = commits.decorateStream(plain);
        if (received != plain) {
            // The strategy decides itself when a record's time has come, and only then is the record received.
            gate.leaveReceptionToOthers();
            received = received.onItem().transformToUni(reception::receive).concatenate();
        } else {
            allowStays(); // A strategy with an order of its own gives records on threads of its own.
        }
        Multi<IncomingKafkaRecord<Object, Object>> all = withRetries(received);
        return parts.tracing()
                .map(tracing -> all.onItem().invoke(message -> tracing.trace(message, true)))
                .orElse(all);
    }

    private IncomingKafkaRecord<Object, Object> message(ConsumerRecord<Object, Object> item, Handlers handlers) {
        inFlight.given(1);
        return new EmbeddedRecord<>(
                item, channel, parts.index(), handlers, hasCloudEvents && EmbeddedRecord.mayBeCloudEvent(item));
    }

    @SuppressWarnings("unchecked")
    private Multi<IncomingKafkaRecord<Object, Object>> withRetries(Multi<IncomingKafkaRecord<Object, Object>> first) {
        if (!(failures instanceof KafkaDelayedRetryTopic retried)) {
            return first;
        }
        Multi<?> again = retried.retryStream();
        return Multi.createBy()
                .merging()
                .withConcurrency(2)
                .withRequests(1) // A record that waits here counts as given to the application.
                .streams(first, pausable((Multi<IncomingKafkaRecord<Object, Object>>) again));
    }

    /** They come from consumers of their own, which know nothing of the channel's pause. */
    private Multi<IncomingKafkaRecord<Object, Object>> pausable(Multi<IncomingKafkaRecord<Object, Object>> retries) {
        return new PausableStream<>(retries, client.pauseSwitch());
    }

    // --- batches

    private Multi<? extends Message<?>> batches() {
        allowStays();
        Room room = new Room(settings.getMaxQueueSizeFactor(), 0);
        Gate<Packing.Batch.Poll, IncomingKafkaRecordBatch<Object, Object>> gate = new BatchGate(this::batch, reception);
        Multi<IncomingKafkaRecordBatch<Object, Object>> all = read(new Packing.Batch(), room, gate);
        return parts.tracing()
                .map(tracing -> all.onItem().invoke(batch -> traceEach(batch, tracing)))
                .orElse(all);
    }

    private IncomingKafkaRecordBatch<Object, Object> batch(ConsumerRecords<Object, Object> polled) {
        inFlight.given(polled.count());
        Handlers counted = inFlight.handlers(polled);
        return new IncomingKafkaRecordBatch<>(
                polled,
                channel,
                parts.index(),
                counted.commits(),
                counted.failures(),
                hasCloudEvents,
                parts.tracing().isPresent());
    }

    private static void traceEach(IncomingKafkaRecordBatch<Object, Object> batch, SourceTracing tracing) {
        for (KafkaRecord<Object, Object> record : batch.getRecords()) {
            tracing.trace((IncomingKafkaRecord<?, ?>) record, false);
        }
    }

    // --- what both have

    private void allowStays() {
        if (reception.isFast()) {
            WorkerStay.allow(parts.context());
        }
    }

    private <T, M> Multi<M> read(Packing<T> packing, Room room, Gate<T, M> gate) {
        WaitingRecords<T> waiting = new WaitingRecords<>();
        SourceFeed<T> feed = new SourceFeed<>(waiting, packing, client, parts.meter());
        EmbeddedStream<T, M> records =
                new EmbeddedStream<>(waiting, gate, new ChannelTurn(parts.context()), feed, client.pauseSwitch());
        PollSettings polls = PollSettings.of(settings, client, room);
        feed.connect(
                new PollLoop(client, parts.context().owner(), polls, waiting, feed::onRecords, feed::onFailure),
                records);
        ending = feed::end;
        return records.onSubscription()
                .call(() -> parts.topics().read(client, feed.listener(client.getRebalanceListener())))
                .onSubscription()
                .invoke(this::onSubscribed);
    }

    private void onSubscribed() {
        isSubscribed = true;
        log.connectedToKafka(
                client.get(ConsumerConfig.CLIENT_ID_CONFIG),
                settings.getBootstrapServers(),
                client.getConsumerGroup(),
                parts.topics().names());
    }

    public Multi<? extends Message<?>> stream() {
        return stream;
    }

    String channel() {
        return channel;
    }

    public EmbeddedClient client() {
        return client;
    }

    ChannelMeter meter() {
        return parts.meter();
    }

    // --- health

    void isAlive(HealthReportBuilder report) {
        parts.health().isAlive(report);
    }

    /** Asks the broker; not to be called on an event loop. */
    void isReady(HealthReportBuilder report) {
        parts.health().isReady(report, client, isSubscribed);
    }

    /** Asks the broker; not to be called on an event loop. */
    void isStarted(HealthReportBuilder report) {
        parts.health().isStarted(report, client, isSubscribed);
    }

    // --- the end

    /**
     * Fetches nothing more. What the application has not got yet stays in the log, for the next member of the group.
     *
     * @return until when the application may finish what it has
     */
    Deadline stopFetching() {
        ending.run();
        return Deadline.in(GracePeriod.of(settings.config()));
    }

    /**
     * Waits for what the application has, commits, and leaves the group. Must be called once, not by an event loop.
     *
     * @param deadline for the application; the commit and the leaving have their own time
     */
    void close(Deadline deadline) {
        boolean isGraceful = settings.getGracefulShutdown();
        if (isGraceful) {
            long left = inFlight.awaitNone(deadline);
            if (left > 0) {
                LOG.warnf(
                        "Channel '%s' ends while the application still has %d records of it, which come again;"
                                + " %s gives more time",
                        channel(), left, GracePeriod.ATTRIBUTE);
            }
        }
        quietly(() -> commits.terminate(isGraceful && inFlight.count() == 0));
        quietly(failures::terminate);
        quietly(client::close);
    }

    private void quietly(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.debugf(e, "Channel '%s' did not close cleanly", channel());
        }
    }
}
