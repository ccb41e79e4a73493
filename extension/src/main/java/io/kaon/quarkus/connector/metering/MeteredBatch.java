// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.metering;

import io.smallrye.reactive.messaging.kafka.KafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Metadata;

/** A batch of SmallRye's pipeline that tells a meter how it ends. */
final class MeteredBatch<K, V> implements KafkaRecordBatch<K, V> {
    private final KafkaRecordBatch<K, V> batch;
    private final ChannelMeter meter;
    private final AtomicBoolean ended = new AtomicBoolean();

    MeteredBatch(KafkaRecordBatch<K, V> batch, ChannelMeter meter) {
        this.batch = batch;
        this.meter = meter;
    }

    @Override
    public List<V> getPayload() {
        return batch.getPayload();
    }

    @Override
    public List<KafkaRecord<K, V>> getRecords() {
        return batch.getRecords();
    }

    @Override
    public Iterator<KafkaRecord<K, V>> iterator() {
        return batch.iterator();
    }

    @Override
    public Map<TopicPartition, KafkaRecord<K, V>> getLatestOffsetRecords() {
        return batch.getLatestOffsetRecords();
    }

    @Override
    public Metadata getMetadata() {
        return batch.getMetadata();
    }

    @Override
    public Function<Metadata, CompletionStage<Void>> getAckWithMetadata() {
        return this::ack;
    }

    @Override
    public BiFunction<Throwable, Metadata, CompletionStage<Void>> getNackWithMetadata() {
        return this::nack;
    }

    @Override
    public CompletionStage<Void> ack(Metadata metadata) {
        if (ended.compareAndSet(false, true)) {
            meter.acknowledged(batch.getRecords().size());
        }
        return batch.ack(metadata);
    }

    @Override
    public CompletionStage<Void> nack(Throwable reason, Metadata metadata) {
        if (ended.compareAndSet(false, true)) {
            meter.failed(batch.getRecords().size());
        }
        return batch.nack(reason, metadata);
    }
}
