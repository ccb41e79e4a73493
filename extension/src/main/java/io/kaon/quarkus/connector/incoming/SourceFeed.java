// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

import static io.smallrye.reactive.messaging.kafka.impl.KafkaRecordHelper.SMALLRYE_GENERATION_ID;

import io.kaon.quarkus.connector.metering.ChannelMeter;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * Stands between the loop that polls and the stream of a source: what is polled waits in here, and what waits of
 * partitions that are gone is taken back.
 *
 * @param <T> what waits
 */
final class SourceFeed<T> implements RecordEmission.Upstream {
    private final WaitingRecords<T> waiting;
    private final Packing<T> packing;
    private final EmbeddedClient client;
    private final ChannelMeter meter;
    private EmbeddedStream<T, ?> stream;
    private PollLoop loop;

    SourceFeed(WaitingRecords<T> waiting, Packing<T> packing, EmbeddedClient client, ChannelMeter meter) {
        this.waiting = waiting;
        this.packing = packing;
        this.client = client;
        this.meter = meter;
    }

    /** Puts it between the two. Called once, before there is a subscriber. */
    void connect(PollLoop polls, EmbeddedStream<T, ?> records) {
        loop = polls;
        stream = records;
        client.onForget(this::forget);
    }

    /** Takes in what was polled. Called by the thread that polls. */
    void onRecords(ConsumerRecords<Object, Object> polled) {
        Header generation = generation(client.unwrap().groupMetadata());
        for (ConsumerRecord<Object, Object> item : polled) {
            item.headers().add(generation);
        }
        meter.received(polled.count());
        packing.add(polled, waiting);
        stream.go();
    }

    /** What a message takes out of its record's headers again: one for all records of a poll. */
    private static Header generation(ConsumerGroupMetadata group) {
        return new RecordHeader(
                SMALLRYE_GENERATION_ID, Integer.toString(group.generationId()).getBytes(StandardCharsets.UTF_8));
    }

    /** Polling was given up. */
    void onFailure(Throwable failure) {
        stream.fail(failure);
    }

    private void forget(Collection<TopicPartition> partitions) {
        meter.dropped(packing.forget(partitions, waiting));
    }

    /** The listener that takes back what waits before it tells the other one. Called by the thread that polls. */
    ConsumerRebalanceListener listener(ConsumerRebalanceListener next) {
        return new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                forget(partitions);
                next.onPartitionsRevoked(partitions);
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
                forget(partitions);
                next.onPartitionsLost(partitions);
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                next.onPartitionsAssigned(partitions);
            }
        };
    }

    /** Fetches nothing more and forgets what the application has not got. Any thread, at the end. */
    void end() {
        loop.end();
        T item = waiting.take();
        while (item != null) {
            meter.dropped(packing.sizeOf(item));
            item = waiting.take();
        }
    }

    @Override
    public void onFirstRequest() {
        loop.start();
    }

    @Override
    public void onTaken() {
        loop.onRoom();
    }

    @Override
    public void onCancel() {
        end();
        client.closeSoon();
    }
}
