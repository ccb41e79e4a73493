// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.outgoing;

import io.kaon.quarkus.connector.client.producer.EmbeddedProducer;
import io.kaon.quarkus.connector.client.producer.SendOutcome;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaProducer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * SmallRye's view of a producer without a socket. Records are sent from whatever thread subscribes, which is never held
 * up; what may wait runs on a thread of its own, one call after the other.
 */
public final class EmbeddedProducerClient<K, V> implements KafkaProducer<K, V> {
    private final EmbeddedProducer<K, V> producer;
    private final Map<String, Object> configuration;
    private final Duration closeTimeout;
    private final ExecutorService sendingThread;

    /**
     * @param configuration the settings of the producer, for whoever asks
     * @param closeTimeout how long the end waits for records that are on their way
     */
    EmbeddedProducerClient(EmbeddedProducer<K, V> producer, Map<String, Object> configuration, Duration closeTimeout) {
        this.producer = producer;
        this.configuration = Map.copyOf(configuration);
        this.closeTimeout = closeTimeout;
        this.sendingThread = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "kaon-producer-calls-" + configuration.get("client.id"));
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public Map<String, ?> configuration() {
        return configuration;
    }

    @Override
    public <R> Uni<R> runOnSendingThread(Function<Producer<K, V>, R> action) {
        return Uni.createFrom().item(() -> action.apply(producer)).runSubscriptionOn(sendingThread);
    }

    @Override
    public Uni<Void> runOnSendingThread(Consumer<Producer<K, V>> action) {
        return runOnSendingThread(own -> {
            action.accept(own);
            return null;
        });
    }

    @Override
    public Uni<RecordMetadata> send(ProducerRecord<K, V> record) {
        return Uni.createFrom()
                .emitter(emitter -> producer.sendAsync(record, new SendOutcome() {
                    @Override
                    public void onSent(RecordMetadata metadata) {
                        emitter.complete(metadata);
                    }

                    @Override
                    public void onFailed(RuntimeException failure) {
                        emitter.fail(failure);
                    }
                }));
    }

    @Override
    public Uni<Void> flush() {
        return runOnSendingThread((Consumer<Producer<K, V>>) Producer::flush);
    }

    @Override
    public Uni<List<PartitionInfo>> partitionsFor(String topic) {
        return runOnSendingThread((Producer<K, V> own) -> own.partitionsFor(topic));
    }

    @Override
    public Uni<Void> initTransactions() {
        return runOnSendingThread((Consumer<Producer<K, V>>) Producer::initTransactions);
    }

    @Override
    public Uni<Void> beginTransaction() {
        return runOnSendingThread((Consumer<Producer<K, V>>) Producer::beginTransaction);
    }

    @Override
    public Uni<Void> commitTransaction() {
        return runOnSendingThread((Consumer<Producer<K, V>>) Producer::commitTransaction);
    }

    @Override
    public Uni<Void> abortTransaction() {
        return runOnSendingThread((Consumer<Producer<K, V>>) Producer::abortTransaction);
    }

    @Override
    public Uni<Void> sendOffsetsToTransaction(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata groupMetadata) {
        return runOnSendingThread(
                (Consumer<Producer<K, V>>) own -> own.sendOffsetsToTransaction(offsets, groupMetadata));
    }

    @Override
    public EmbeddedProducer<K, V> unwrap() {
        return producer;
    }

    /** Sends what waits, as far as the time allows. Idempotent. */
    @Override
    public void close() {
        producer.close(closeTimeout);
        sendingThread.shutdown();
    }
}
