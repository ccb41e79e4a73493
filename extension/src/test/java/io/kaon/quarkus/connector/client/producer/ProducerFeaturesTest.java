// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.quarkus.connector.client.AbstractEmbeddedClientsTest;
import io.kaon.quarkus.connector.client.consumer.EmbeddedConsumer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Test;

/** What applications plug into a producer, and settings of Kafka's that one without a socket keeps. */
class ProducerFeaturesTest extends AbstractEmbeddedClientsTest {
    @Test
    void shouldAskPartitionerOfApplication() throws Exception {
        // Given
        try (EmbeddedProducer<String, String> producer =
                producer(Map.of("partitioner.class", ByLength.class.getName()))) {
            // When
            RecordMetadata metadata =
                    producer.send(new ProducerRecord<>("six", "key", "1234")).get(PATIENCE_S, TimeUnit.SECONDS);

            // Then
            assertThat(metadata.partition()).isEqualTo(4);
        }
    }

    @Test
    void shouldCallInterceptorsOfApplication() throws Exception {
        // Given
        Noting.NOTES.clear();
        try (EmbeddedProducer<String, String> producer =
                producer(Map.of("interceptor.classes", Noting.class.getName(), "client.id", "noted"))) {
            // When
            producer.send(new ProducerRecord<>("intercepted", "value")).get(PATIENCE_S, TimeUnit.SECONDS);
        }

        // Then
        assertThat(Noting.NOTES).containsExactly("configured for noted", "sent value", "acknowledged 0", "closed");
        try (EmbeddedConsumer<String, String> consumer = consumer("interceptors", Map.of())) {
            consumer.subscribe(List.of("intercepted"));
            assertThat(values(poll(consumer, 1))).containsExactly("value, seen");
        }
    }

    @Test
    void shouldCountWhatItDoesUnderKafkasNames() throws Exception {
        // Given
        try (EmbeddedProducer<String, String> producer = producer(Map.of("max.request.size", "1000"))) {
            // When
            producer.send(new ProducerRecord<>("counted", "a")).get(PATIENCE_S, TimeUnit.SECONDS);
            producer.send(new ProducerRecord<>("counted", "b")).get(PATIENCE_S, TimeUnit.SECONDS);

            // Then
            Map<String, Double> metrics = new HashMap<>();
            producer.metrics().forEach((name, metric) -> metrics.put(name.name(), (Double) metric.metricValue()));
            assertThat(metrics)
                    .containsEntry("record-send-total", 2.0)
                    .containsEntry("record-error-total", 0.0)
                    .containsEntry("connection-count", 1.0)
                    .containsEntry("buffer-available-bytes", metrics.get("buffer-total-bytes"));
        }
    }

    @Test
    void shouldSendAsynchronouslyMoreThanMemoryHolds() throws Exception {
        // Given
        List<CompletableFuture<RecordMetadata>> results = new ArrayList<>();
        try (EmbeddedProducer<String, String> producer = producer(Map.of("buffer.memory", "2000"))) {
            // When
            for (int number = 0; number < 200; number++) {
                results.add(sendAsync(producer, new ProducerRecord<>("squeezed", number + "x".repeat(500))));
            }

            // Then
            for (int number = 0; number < 200; number++) {
                assertThat(results.get(number).get(PATIENCE_S, TimeUnit.SECONDS).offset())
                        .isEqualTo(number);
            }
        }
    }

    @Test
    void shouldRefuseRecordThatMemoryCanNeverHold() {
        // Given
        try (EmbeddedProducer<String, String> producer = producer(Map.of("buffer.memory", "1000"))) {
            // When
            CompletableFuture<RecordMetadata> refused =
                    sendAsync(producer, new ProducerRecord<>("squeezed", "x".repeat(2_000)));

            // Then
            assertThatThrownBy(() -> refused.get(PATIENCE_S, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(RecordTooLargeException.class)
                    .hasMessageContaining("buffer.memory");
        }
    }

    @Test
    void shouldNotHoldOtherTopicsUpByOneThatIsMissing() throws Exception {
        // Given
        try (EmbeddedProducer<String, String> producer = producer(Map.of("max.block.ms", "1500"))) {
            // When
            CompletableFuture<RecordMetadata> missing = sendAsync(producer, new ProducerRecord<>("not a name", "a"));
            CompletableFuture<RecordMetadata> other = sendAsync(producer, new ProducerRecord<>("pair", "b"));

            // Then
            assertThat(other.get(PATIENCE_S, TimeUnit.SECONDS).topic()).isEqualTo("pair");
            assertThatThrownBy(() -> missing.get(PATIENCE_S, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(InvalidTopicException.class);
        }
    }

    @Test
    void shouldKeepOrderOfRecordsThatWaitedForTheirTopic() throws Exception {
        // Given
        List<CompletableFuture<RecordMetadata>> results = new ArrayList<>();
        try (EmbeddedProducer<String, String> producer = producer(Map.of())) {
            // When
            for (int number = 0; number < 50; number++) {
                results.add(sendAsync(producer, new ProducerRecord<>("made by sending".replace(' ', '-'), "v")));
            }

            // Then
            for (int number = 0; number < 50; number++) {
                assertThat(results.get(number).get(PATIENCE_S, TimeUnit.SECONDS).offset())
                        .isEqualTo(number);
            }
        }
    }

    @Test
    void shouldRefuseAsynchronousSendOnceClosed() {
        // Given
        EmbeddedProducer<String, String> producer = producer(Map.of());
        producer.close();

        // When
        CompletableFuture<RecordMetadata> refused = sendAsync(producer, new ProducerRecord<>("pair", "late"));

        // Then
        assertThatThrownBy(() -> refused.get(PATIENCE_S, TimeUnit.SECONDS))
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    private static CompletableFuture<RecordMetadata> sendAsync(
            EmbeddedProducer<String, String> producer, ProducerRecord<String, String> record) {
        CallbackOutcome outcome = new CallbackOutcome(null);
        producer.sendAsync(record, outcome);
        return outcome.future();
    }

    /** Chooses by the length of the value. */
    public static final class ByLength implements Partitioner {
        @Override
        public int partition(
                String topic, Object key, byte[] keyBytes, Object value, byte[] valueBytes, Cluster cluster) {
            return valueBytes.length % cluster.partitionCountForTopic(topic);
        }

        @Override
        public void configure(Map<String, ?> configs) {}

        @Override
        public void close() {}
    }

    /** Notes what it is told, and marks records. */
    public static final class Noting implements ProducerInterceptor<String, String> {
        static final List<String> NOTES = new CopyOnWriteArrayList<>();

        @Override
        public void configure(Map<String, ?> configs) {
            NOTES.add("configured for " + configs.get("client.id"));
        }

        @Override
        public ProducerRecord<String, String> onSend(ProducerRecord<String, String> record) {
            NOTES.add("sent " + record.value());
            return new ProducerRecord<>(record.topic(), record.key(), record.value() + ", seen");
        }

        @Override
        public void onAcknowledgement(RecordMetadata metadata, Exception exception) {
            NOTES.add("acknowledged " + metadata.offset());
        }

        @Override
        public void close() {
            NOTES.add("closed");
        }
    }
}
