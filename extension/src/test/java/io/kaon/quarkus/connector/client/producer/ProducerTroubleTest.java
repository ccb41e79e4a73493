// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.quarkus.connector.client.AbstractEmbeddedClientsTest;
import io.kaon.quarkus.connector.client.BrokerCalls;
import io.kaon.quarkus.connector.client.ClientSettings;
import io.kaon.quarkus.connector.client.consumer.EmbeddedConsumer;
import io.kaon.server.RequestFilter;
import io.kaon.server.RequestFilter.Verdict;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.DeleteTopicsRequest;
import io.kaon.wire.message.DeleteTopicsResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Producers whose broker, or whose application, is in trouble. */
class ProducerTroubleTest extends AbstractEmbeddedClientsTest {
    @AfterEach
    void endTrouble() {
        broker.testSeam().filter(RequestFilter.NONE);
    }

    @Test
    void shouldWriteRecordOnceWhenAnswersAreLost() {
        // Given
        strikeProduce(5, RequestFilter.LoseAnswer::new);
        List<CompletableFuture<RecordMetadata>> results = new ArrayList<>();

        // When
        try (EmbeddedProducer<String, String> producer = producer(Map.of())) {
            for (int number = 0; number < 20; number++) {
                results.add(sendAsync(producer, new ProducerRecord<>("lost-answers", 0, "key", "v" + number)));
                if (number % 4 == 0) {
                    producer.flush();
                }
            }
        }

        // Then
        assertThat(results).allMatch(CompletableFuture::isDone).noneMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(readAll("lost-answers", 20))
                .isEqualTo(
                        IntStream.range(0, 20).mapToObj(number -> "v" + number).toList());
    }

    @Test
    void shouldGoOnAfterRecordWhoseFateIsUnknown() throws Exception {
        // Given
        CompletableFuture<Void> released = new CompletableFuture<>();
        strikeProduce(1, () -> new RequestFilter.Hold(released, new RequestFilter.Disconnect()));
        try (EmbeddedProducer<String, String> producer = producer(Map.of("delivery.timeout.ms", "2000"))) {
            CompletableFuture<RecordMetadata> lost = sendAsync(producer, new ProducerRecord<>("fate", "lost"));
            assertThatThrownBy(() -> lost.get(PATIENCE_S, TimeUnit.SECONDS)).hasCauseInstanceOf(TimeoutException.class);

            // When
            released.complete(null);
            producer.send(new ProducerRecord<>("fate", "a")).get(PATIENCE_S, TimeUnit.SECONDS);
            producer.send(new ProducerRecord<>("fate", "b")).get(PATIENCE_S, TimeUnit.SECONDS);
        }

        // Then
        assertThat(readAll("fate", 2)).containsExactly("a", "b");
    }

    @Test
    void shouldGoOnInTopicThatWasDeletedAndComesBack() throws Exception {
        // Given
        try (EmbeddedProducer<String, String> producer = producer(Map.of());
                BrokerCalls calls = new BrokerCalls(broker.connect("admin"))) {
            producer.send(new ProducerRecord<>("comes-back", "a")).get(PATIENCE_S, TimeUnit.SECONDS);
            producer.send(new ProducerRecord<>("comes-back", "b")).get(PATIENCE_S, TimeUnit.SECONDS);

            // When
            calls.call(
                            DeleteTopicsResponse.class,
                            new DeleteTopicsRequest()
                                    .setTimeoutMs(10_000)
                                    .setTopics(new ArrayList<>(
                                            List.of(new DeleteTopicsRequest.DeleteTopicState().setName("comes-back")))))
                    .get(PATIENCE_S, TimeUnit.SECONDS);

            // Then
            RecordMetadata metadata =
                    producer.send(new ProducerRecord<>("comes-back", "c")).get(PATIENCE_S, TimeUnit.SECONDS);
            assertThat(metadata.offset()).isZero();
        }
    }

    @Test
    void shouldRefuseOnlyRecordThatCannotBeWritten() throws Exception {
        // Given
        EmbeddedProducer<String, String> producer = new EmbeddedProducer<>(
                new BrokerCalls(broker.connect("test")),
                new ClientSettings(Map.of()),
                new StringSerializer(),
                (topic, value) -> {
                    if (value.equals("bad")) {
                        throw new NoClassDefFoundError("a class that the serializer needs");
                    }
                    return value.getBytes(StandardCharsets.UTF_8);
                });
        try (producer) {
            // When
            CompletableFuture<RecordMetadata> bad = sendAsync(producer, new ProducerRecord<>("written", "bad"));
            CompletableFuture<RecordMetadata> good = sendAsync(producer, new ProducerRecord<>("written", "good"));

            // Then
            assertThat(good.get(PATIENCE_S, TimeUnit.SECONDS).offset()).isZero();
            assertThatThrownBy(() -> bad.get(PATIENCE_S, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(KafkaException.class)
                    .hasRootCauseInstanceOf(NoClassDefFoundError.class);
        }
    }

    @Test
    void shouldRefuseRecordThatInterceptorSwallows() throws Exception {
        // Given
        try (EmbeddedProducer<String, String> producer =
                producer(Map.of("interceptor.classes", Swallowing.class.getName()))) {
            // When
            CompletableFuture<RecordMetadata> swallowed = sendAsync(producer, new ProducerRecord<>("six", "no"));
            CompletableFuture<RecordMetadata> other = sendAsync(producer, new ProducerRecord<>("six", "yes"));

            // Then
            assertThat(other.get(PATIENCE_S, TimeUnit.SECONDS).topic()).isEqualTo("six");
            assertThatThrownBy(() -> swallowed.get(PATIENCE_S, TimeUnit.SECONDS))
                    .hasMessageContaining("interceptor");
        }
    }

    @Test
    void shouldAnswerForEveryRecordWhenClosedInTheMidstOfSending() throws Exception {
        // Given
        CompletableFuture<Void> released = new CompletableFuture<>();
        strikeProduce(Integer.MAX_VALUE, () -> new RequestFilter.Hold(released, new RequestFilter.Pass()));
        EmbeddedProducer<String, String> producer = producer(Map.of("buffer.memory", "5000"));
        List<Counting> outcomes = new ArrayList<>();
        CompletableFuture<Void> sent = new CompletableFuture<>();
        Thread sender = new Thread(() -> {
            for (int number = 0; number < 5_000; number++) {
                Counting outcome = new Counting();
                outcomes.add(outcome);
                producer.sendAsync(new ProducerRecord<>("pair", "x".repeat(100)), outcome);
            }
            sent.complete(null);
        });
        sender.start();

        // When
        producer.close(Duration.ofMillis(20));

        // Then
        sent.get(PATIENCE_S, TimeUnit.SECONDS);
        for (Counting outcome : outcomes) {
            outcome.done.get(PATIENCE_S, TimeUnit.SECONDS);
        }
        released.complete(null);
        assertThat(outcomes).allMatch(outcome -> outcome.count.get() == 1);
    }

    @Test
    void shouldNotWaitForItselfWhenClosedInCallback() throws Exception {
        // Given
        EmbeddedProducer<String, String> producer = producer(Map.of());
        CompletableFuture<Void> closed = new CompletableFuture<>();

        // When
        producer.send(new ProducerRecord<>("pair", "last"), (metadata, failure) -> {
            producer.close();
            closed.complete(null);
        });

        // Then
        closed.get(PATIENCE_S, TimeUnit.SECONDS);
    }

    private static void strikeProduce(int times, Supplier<Verdict> verdict) {
        AtomicInteger left = new AtomicInteger(times);
        broker.testSeam()
                .filter((context, request) -> context.api() == ApiKey.PRODUCE && left.getAndDecrement() > 0
                        ? verdict.get()
                        : new RequestFilter.Pass());
    }

    /** All that the topic has, and one record that was sent behind it. */
    private List<String> readAll(String topic, int count) {
        try (EmbeddedProducer<String, String> producer = producer(Map.of());
                EmbeddedConsumer<String, String> consumer = consumer(topic, Map.of())) {
            producer.send(new ProducerRecord<>(topic, 0, "key", "end"));
            producer.flush();
            consumer.subscribe(List.of(topic));
            List<String> values = new ArrayList<>(values(poll(consumer, count + 1)));
            assertThat(values.remove(count)).isEqualTo("end");
            return values;
        }
    }

    private static CompletableFuture<RecordMetadata> sendAsync(
            EmbeddedProducer<String, String> producer, ProducerRecord<String, String> record) {
        CallbackOutcome outcome = new CallbackOutcome(null);
        producer.sendAsync(record, outcome);
        return outcome.future();
    }

    /** How often the end of a record is told. */
    private static final class Counting implements SendOutcome {
        private final AtomicInteger count = new AtomicInteger();
        private final CompletableFuture<Void> done = new CompletableFuture<>();

        @Override
        public void onSent(RecordMetadata metadata) {
            count.getAndIncrement();
            done.complete(null);
        }

        @Override
        public void onFailed(RuntimeException failure) {
            count.getAndIncrement();
            done.complete(null);
        }
    }

    /** Gives nothing in the place of a record. */
    public static final class Swallowing implements ProducerInterceptor<String, String> {
        @Override
        public ProducerRecord<String, String> onSend(ProducerRecord<String, String> record) {
            return record.value().equals("no") ? null : record;
        }

        @Override
        public void onAcknowledgement(RecordMetadata metadata, Exception exception) {}

        @Override
        public void close() {}

        @Override
        public void configure(Map<String, ?> configs) {}
    }
}
