// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.metering;

import io.kaon.quarkus.connector.metering.ChannelMeter.Direction;
import io.kaon.quarkus.pause.ChannelPauses;
import io.smallrye.mutiny.Multi;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * Meters and pauses channels whose pipeline is SmallRye's, from outside. Meters only where somebody reads them: without a
 * listener nothing is counted.
 */
@Singleton
public class StreamMetering {
    private final ChannelMeters meters;
    private final ChannelPauses pauses;

    @Inject
    StreamMetering(ChannelMeters meters, ChannelPauses pauses) {
        this.meters = meters;
        this.pauses = pauses;
    }

    /**
     * The stream of a channel, which can be paused, and metered.
     *
     * @param clients the channel's consumers; asked when somebody reads their lag or commits
     */
    public Flow.Publisher<? extends Message<?>> incoming(
            String channel,
            Flow.Publisher<? extends Message<?>> stream,
            Supplier<? extends List<? extends KafkaConsumer<?, ?>>> clients) {
        Flow.Publisher<? extends Message<?>> pausable = pauses.over(channel, stream, clients);
        if (!meters.isObserved()) {
            return pausable;
        }
        ChannelMeter meter = meters.open(Direction.INCOMING, channel);
        meter.lagFrom(() -> ClientReadings.lag(clients.get()));
        meter.pausedFrom(pauses.of(channel)::isPaused);
        meter.commitsFrom(() -> ClientReadings.commits(clients.get()));
        return Multi.createFrom().publisher(pausable).onItem().transform(message -> metered(message, meter));
    }

    /** The sink of a channel, metered. */
    @SuppressWarnings("unchecked")
    public Flow.Subscriber<? extends Message<?>> outgoing(String channel, Flow.Subscriber<? extends Message<?>> sink) {
        if (!meters.isObserved()) {
            return sink;
        }
        return new MeteredSubscriber((Flow.Subscriber<Message<?>>) sink, meters.open(Direction.OUTGOING, channel));
    }

    private static Message<?> metered(Message<?> message, ChannelMeter meter) {
        if (message instanceof IncomingKafkaRecord<?, ?> record) {
            meter.received(1);
            return new MeteredRecord<>(record, meter);
        }
        if (message instanceof KafkaRecordBatch<?, ?> batch) {
            meter.received(batch.getRecords().size());
            return new MeteredBatch<>(batch, meter);
        }
        return message;
    }
}
