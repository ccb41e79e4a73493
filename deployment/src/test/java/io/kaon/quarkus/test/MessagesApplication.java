// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.annotations.Blocking;
import io.smallrye.reactive.messaging.kafka.DeserializationFailureHandler;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import io.smallrye.reactive.messaging.kafka.KafkaRecord;
import io.smallrye.reactive.messaging.kafka.Record;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordBatchMetadata;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/** Takes messages in every form there is, and writes down what came with them. */
@Singleton
public class MessagesApplication {
    @Inject
    @Channel("stream-in")
    Multi<String> stream;

    final AtomicInteger consumers = new AtomicInteger();
    final AtomicInteger producers = new AtomicInteger();
    final List<Message<String>> messages = new CopyOnWriteArrayList<>();
    final List<IncomingKafkaRecordBatchMetadata<?, ?>> batches = new CopyOnWriteArrayList<>();
    final List<ConsumerRecords<String, String>> polls = new CopyOnWriteArrayList<>();
    final List<Integer> refused = new CopyOnWriteArrayList<>();
    final List<String> first = new CopyOnWriteArrayList<>();
    final List<String> second = new CopyOnWriteArrayList<>();
    final List<String> sought = new CopyOnWriteArrayList<>();
    final List<String> paused = new CopyOnWriteArrayList<>();
    final List<String> unlistened = new CopyOnWriteArrayList<>();
    final List<Record<String, String>> pairs = new CopyOnWriteArrayList<>();
    final List<Long> numbers = new CopyOnWriteArrayList<>();
    final List<Message<Long>> unread = new CopyOnWriteArrayList<>();
    final List<Long> mended = new CopyOnWriteArrayList<>();
    final List<String> shared = new CopyOnWriteArrayList<>();

    void onConsumer(@Observes Consumer<?, ?> consumer) {
        consumers.incrementAndGet();
    }

    void onProducer(@Observes Producer<?, ?> producer) {
        producers.incrementAndGet();
    }

    @Incoming("message-in")
    CompletionStage<Void> onMessage(Message<String> message) {
        messages.add(message);
        return message.ack();
    }

    @Incoming("batch-in")
    CompletionStage<Void> onBatch(Message<List<String>> batch) {
        batches.add(batch.getMetadata(IncomingKafkaRecordBatchMetadata.class).orElseThrow());
        return batch.ack();
    }

    @Incoming("polls-in")
    void onRecords(ConsumerRecords<String, String> records) {
        polls.add(records);
    }

    @Incoming("refused-in")
    Uni<Void> onNumbers(List<Integer> payloads) {
        refused.addAll(payloads);
        return payloads.contains(3)
                ? Uni.createFrom().failure(new IllegalArgumentException("no threes"))
                : Uni.createFrom().voidItem();
    }

    @Incoming("renamed-in")
    CompletionStage<Void> onRefused(KafkaRecord<String, String> record) {
        return record.nack(
                new IllegalStateException("refused"),
                Metadata.of(OutgoingKafkaRecordMetadata.<String>builder()
                        .withKey("renamed")
                        .withHeaders(new RecordHeaders().add("why", "not".getBytes(StandardCharsets.UTF_8)))
                        .build()));
    }

    @Incoming("broadcast-in")
    void onFirst(String payload) {
        first.add(payload);
    }

    @Incoming("broadcast-in")
    void onSecond(String payload) {
        second.add(payload);
    }

    @Incoming("seek-in")
    @Blocking
    void onSought(String payload) {
        sought.add(payload);
    }

    @Incoming("pause-in")
    void onPaused(String payload) {
        paused.add(payload);
    }

    @Incoming("unlistened-in")
    void onUnlistened(String payload) {
        unlistened.add(payload);
    }

    @Incoming("pairs-in")
    void onPair(Record<String, String> pair) {
        pairs.add(pair);
    }

    @Incoming("numbers-in")
    void onNumber(Long number) {
        numbers.add(number);
    }

    @Incoming("unread-in")
    CompletionStage<Void> onUnread(Message<Long> message) {
        unread.add(message);
        return message.ack();
    }

    @Incoming("mended-in")
    void onMended(Long number) {
        mended.add(number);
    }

    @Incoming("shared-in")
    @Blocking
    void onShared(String payload) {
        LockSupport.parkNanos(
                TimeUnit.MILLISECONDS.toNanos(ThreadLocalRandom.current().nextInt(4)));
        shared.add(payload);
    }

    @Outgoing("merged-out")
    Multi<String> some() {
        return Multi.createFrom().range(0, 10).map(number -> "a" + number);
    }

    @Outgoing("merged-out")
    Multi<String> others() {
        return Multi.createFrom().range(0, 10).map(number -> "b" + number);
    }

    /** Fails when it is told of partitions for the first time. */
    @ApplicationScoped
    @Identifier("failing")
    public static class FailingListener implements KafkaConsumerRebalanceListener {
        final AtomicInteger calls = new AtomicInteger();

        @Override
        public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
            if (calls.getAndIncrement() == 0) {
                throw new IllegalStateException("injected");
            }
        }

        public int calls() {
            return calls.get();
        }
    }

    /** Has a number for what is none. */
    @ApplicationScoped
    @Identifier("mending")
    public static class Mending implements DeserializationFailureHandler<Long> {
        @Override
        public Long decorateDeserialization(
                Uni<Long> deserialization,
                String topic,
                boolean isKey,
                String deserializer,
                byte[] data,
                Headers headers) {
            return deserialization.onFailure().recoverWithItem(-1L).await().indefinitely();
        }
    }

    static IncomingKafkaRecordMetadata<?, ?> metadataOf(Message<?> message) {
        return message.getMetadata(IncomingKafkaRecordMetadata.class).orElseThrow();
    }
}
