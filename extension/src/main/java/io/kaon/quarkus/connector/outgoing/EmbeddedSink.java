// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.outgoing;

import io.kaon.quarkus.connector.client.producer.EmbeddedProducer;
import io.kaon.quarkus.connector.client.producer.SendOutcome;
import io.kaon.quarkus.connector.metering.ChannelMeter;
import io.smallrye.mutiny.subscription.MultiSubscriber;
import io.smallrye.reactive.messaging.OutgoingMessageMetadata;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorOutgoingConfiguration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/**
 * The end of an outgoing channel whose broker is in this application: makes records of messages and acknowledges those
 * that the broker has taken.
 *
 * <p>Messages come on any thread, one at a time, and are made records there; all else happens on the producer's thread.
 * Of {@code max-inflight-messages} that are under way each makes room for another one when it is settled, and this room
 * is asked for in slices: all that the answers of one moment have made.
 */
public final class EmbeddedSink implements MultiSubscriber<Message<?>> {
    private static final Logger LOG = Logger.getLogger(EmbeddedSink.class);

    private final String channel;
    private final EmbeddedProducerClient<Object, Object> client;
    private final EmbeddedProducer<Object, Object> producer;
    private final OutgoingRecords records;
    private final Optional<OutgoingTracer> tracer;
    private final ChannelMeter meter;
    private final SinkHealth health;
    private final long maxInFlight;
    private final boolean waitsForWrite;
    private final AtomicReference<Flow.Subscription> upstream = new AtomicReference<>();
    private final AtomicInteger room = new AtomicInteger();

    public EmbeddedSink(
            KafkaConnectorOutgoingConfiguration settings,
            EmbeddedProducerClient<Object, Object> client,
            OutgoingRecords records,
            Optional<OutgoingTracer> tracer,
            ChannelMeter meter) {
        this.channel = settings.getChannel();
        this.client = client;
        this.producer = client.unwrap();
        this.records = records;
        this.tracer = tracer;
        this.meter = meter;
        this.health = new SinkHealth(settings, producer, records.topic());
        this.maxInFlight = settings.getMaxInflightMessages() <= 0 ? Long.MAX_VALUE : settings.getMaxInflightMessages();
        this.waitsForWrite = settings.getWaitForWriteCompletion();
    }

    String channel() {
        return channel;
    }

    EmbeddedProducerClient<Object, Object> client() {
        return client;
    }

    SinkHealth health() {
        return health;
    }

    ChannelMeter meter() {
        return meter;
    }

    /** Takes no more messages and sends those that it has, as far as {@code close-timeout} allows. */
    public void close() {
        Optional.ofNullable(upstream.getAndSet(new Ended())).ifPresent(Flow.Subscription::cancel);
        client.close();
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        if (upstream.compareAndSet(null, subscription)) {
            subscription.request(maxInFlight);
        } else {
            subscription.cancel();
        }
    }

    @Override
    public void onItem(Message<?> message) {
        meter.accepted(1);
        Letter letter = new Letter(message);
        try {
            ProducerRecord<?, ?> record = records.of(message);
            tracer.ifPresent(own -> own.trace(message, record));
            send(record, letter);
        } catch (RuntimeException failure) {
            letter.onFailed(failure);
        }
    }

    @SuppressWarnings("unchecked")
    private void send(ProducerRecord<?, ?> record, Letter letter) {
        producer.sendAsync((ProducerRecord<Object, Object>) record, letter);
    }

    @Override
    public void onFailure(Throwable failure) {
        LOG.errorf(failure, "The outgoing channel '%s' has ended, because what sends to it has failed", channel);
        health.report(failure);
    }

    @Override
    public void onCompletion() {
        LOG.debugf("Nothing more is sent to the channel '%s'", channel);
    }

    /** Any thread; the request itself is made by the producer's. */
    private void makeRoom() {
        if (maxInFlight == Long.MAX_VALUE || room.getAndIncrement() > 0) {
            return;
        }
        try {
            producer.owner().execute(() -> upstream.get().request(room.getAndSet(0)));
        } catch (RejectedExecutionException closed) {
            LOG.tracef("The channel '%s' is closed", channel);
        }
    }

    /** One message until it is settled. */
    private final class Letter implements SendOutcome {
        private final Message<?> message;
        private final AtomicBoolean hasMadeRoom = new AtomicBoolean();

        Letter(Message<?> message) {
            this.message = message;
        }

        @Override
        public void onAccepted() {
            if (!waitsForWrite) {
                done();
            }
        }

        @Override
        public void onSent(RecordMetadata metadata) {
            meter.sent(1);
            try {
                OutgoingMessageMetadata.setResultOnMessage(message, metadata);
                settle(message.ack());
            } catch (RuntimeException failure) {
                onUnsettled(failure);
            }
        }

        @Override
        public void onFailed(RuntimeException failure) {
            meter.sendFailed(1);
            LOG.warnf(
                    "A message of the channel '%s' could not be sent and is refused: %s", channel, failure.toString());
            LOG.debugf(failure, "Why it could not be sent to '%s'", channel);
            try {
                settle(message.nack(failure));
            } catch (RuntimeException refusal) {
                onUnsettled(refusal);
            }
        }

        private void settle(CompletionStage<Void> stage) {
            // Most acknowledgements have nothing to wait for.
            if (stage instanceof CompletableFuture<?> future && future.isDone() && !future.isCompletedExceptionally()) {
                done();
            } else {
                stage.whenComplete((nothing, failure) -> {
                    if (failure == null) {
                        done();
                    } else {
                        onUnsettled(failure);
                    }
                });
            }
        }

        private void onUnsettled(Throwable failure) {
            LOG.errorf(failure, "A message of the channel '%s' could not be settled", channel);
            health.report(failure);
            done();
        }

        private void done() {
            if (hasMadeRoom.compareAndSet(false, true)) {
                makeRoom();
            }
        }
    }

    /** In the place of a subscription that is over. */
    private static final class Ended implements Flow.Subscription {
        @Override
        public void request(long messages) {
            // Nothing comes any more.
        }

        @Override
        public void cancel() {
            // It has ended already.
        }
    }
}
