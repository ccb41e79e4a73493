// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.quarkus.connector.client.AbstractEmbeddedClientsTest;
import io.kaon.quarkus.connector.client.ClientSettings;
import io.kaon.quarkus.connector.client.producer.EmbeddedProducer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What settings of a Kafka consumer promise, kept without a socket. */
class ConsumerFeaturesTest extends AbstractEmbeddedClientsTest {
    private static final Map<String, Object> AUTO_COMMIT =
            Map.of("enable.auto.commit", "true", "auto.commit.interval.ms", "50");

    @Test
    void shouldCommitByItselfWhatPollsHaveReturned() throws Exception {
        // Given
        send("auto", "a", "b", "c");
        TopicPartition partition = new TopicPartition("auto", 0);
        EmbeddedConsumer<String, String> consumer = consumer("auto", AUTO_COMMIT);
        consumer.subscribe(List.of("auto"));

        // When
        poll(consumer, 3);
        pollUntil(consumer, () -> consumer.committed(Set.of(partition)).get(partition) != null);

        // Then
        assertThat(consumer.committed(Set.of(partition))).containsEntry(partition, new OffsetAndMetadata(3));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldCommitByItselfBeforeItCloses(boolean isSubscribed) throws Exception {
        // Given
        String name = "auto-closed-" + isSubscribed;
        send(name, "a", "b");
        TopicPartition partition = new TopicPartition(name, 0);
        EmbeddedConsumer<String, String> consumer = consumer(name, Map.of("enable.auto.commit", true));
        if (isSubscribed) {
            consumer.subscribe(List.of(name));
        } else {
            consumer.assign(List.of(partition));
        }
        poll(consumer, 2);

        // When
        consumer.close();

        // Then
        assertThat(consumer(name, Map.of()).committed(Set.of(partition)))
                .containsEntry(partition, new OffsetAndMetadata(2));
    }

    @Test
    void shouldCommitByItselfBeforeAnotherMemberTakesOver() throws Exception {
        // Given
        send("handed-over", "a", "b");
        EmbeddedConsumer<String, String> first = consumer("handed-over", Map.of("enable.auto.commit", true));
        first.subscribe(List.of("handed-over", "six"));
        poll(first, 2);

        // When
        EmbeddedConsumer<String, String> second = consumer("handed-over", Map.of());
        second.subscribe(List.of("handed-over", "six"));
        pollUntil(
                List.of(first, second),
                () -> !second.assignment().isEmpty() && !first.assignment().isEmpty());

        // Then
        TopicPartition partition = new TopicPartition("handed-over", 0);
        assertThat(second.committed(Set.of(partition))).containsEntry(partition, new OffsetAndMetadata(2));
    }

    @Test
    void shouldRefuseToCommitByItselfWithoutGroup() {
        assertThatThrownBy(() -> ConsumerSettings.of(new ClientSettings(AUTO_COMMIT)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("group.id");
    }

    @Test
    void shouldBeginAsFarBackAsDurationTells() throws Exception {
        // Given
        long now = System.currentTimeMillis();
        try (EmbeddedProducer<String, String> producer = producer(Map.of())) {
            for (int hours = 3; hours >= 0; hours--) {
                long timestamp = now - Duration.ofHours(hours).toMillis();
                producer.send(new ProducerRecord<>("aged", 0, timestamp, "k", hours + " hours old"))
                        .get(PATIENCE_S, TimeUnit.SECONDS);
            }
        }
        EmbeddedConsumer<String, String> consumer =
                consumer("aged", Map.of("auto.offset.reset", "by_duration:PT1H30M"));
        consumer.subscribe(List.of("aged"));

        // When / Then
        assertThat(values(poll(consumer, 2))).containsExactly("1 hours old", "0 hours old");
    }

    @Test
    void shouldBeginAtEndWhenNothingIsAsYoungAsDurationTells() throws Exception {
        // Given
        long old = System.currentTimeMillis() - Duration.ofHours(3).toMillis();
        try (EmbeddedProducer<String, String> producer = producer(Map.of())) {
            producer.send(new ProducerRecord<>("stale", 0, old, "k", "old")).get(PATIENCE_S, TimeUnit.SECONDS);
        }
        TopicPartition partition = new TopicPartition("stale", 0);

        // When
        EmbeddedConsumer<String, String> consumer = consumer("stale", Map.of("auto.offset.reset", "by_duration:PT1H"));
        consumer.assign(List.of(partition));

        // Then
        assertThat(consumer.position(partition)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"by_duration", "by_duration:", "by_duration:PT-1H", "by_duration:soon", "middle"})
    void shouldRefuseResetThatIsNone(String value) {
        assertThatThrownBy(() -> OffsetReset.of(value))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(value)
                .hasMessageContaining("by_duration");
    }

    @Test
    void shouldShowInterceptorsRecordsAndCommits() throws Exception {
        // Given
        send("intercepted", "a", "b", "c");
        EmbeddedConsumer<String, String> consumer = consumer(
                "intercepted",
                Map.of("interceptor.classes", Broken.class.getName() + "," + Dropping.class.getName(), "dropped", "b"));
        consumer.subscribe(List.of("intercepted"));
        Dropping.last = Optional.empty();

        // When
        List<ConsumerRecord<String, String>> read = poll(consumer, 2);
        consumer.commitSync();
        consumer.commitAsync();
        pollUntil(consumer, () -> Dropping.last.isPresent() && Dropping.last.get().commits == 2);
        consumer.close();

        // Then
        assertThat(values(read)).containsExactly("a", "c");
        assertThat(Dropping.last.get().clientId).isEqualTo("test");
        assertThat(Dropping.last.get().isClosed).isTrue();
    }

    @Test
    void shouldTellMetricsUnderNamesOfKafka() throws Exception {
        // Given
        send("measured", "a", "b", "c");
        EmbeddedConsumer<String, String> consumer = consumer("measured", Map.of("max.poll.records", "2"));
        consumer.subscribe(List.of("measured"));

        // When
        poll(consumer, 2);
        consumer.commitSync();

        // Then
        Map<String, String> ofPartition = Map.of("client-id", "test", "topic", "measured", "partition", "0");
        assertThat(reading(consumer, "records-lag", ofPartition)).isEqualTo(1.0);
        assertThat(reading(consumer, "records-lead", ofPartition)).isEqualTo(2.0);
        Map<String, String> ofClient = Map.of("client-id", "test");
        assertThat(reading(consumer, "records-lag-max", ofClient))
                .as("before the poll")
                .isEqualTo(3.0);
        assertThat(reading(consumer, "records-consumed-total", ofClient)).isEqualTo(2.0);
        assertThat(reading(consumer, "fetch-total", ofClient)).isPositive();
        assertThat(reading(consumer, "bytes-consumed-total", ofClient)).isPositive();
        assertThat(reading(consumer, "commit-total", ofClient)).isEqualTo(1.0);
        assertThat(reading(consumer, "assigned-partitions", ofClient)).isEqualTo(1.0);
        assertThat(reading(consumer, "rebalance-total", ofClient)).isEqualTo(1.0);
        consumer.unsubscribe();
        consumer.subscribe(List.of("pair"));
        pollUntil(consumer, () -> consumer.assignment().size() == 2);
        assertThat(consumer.metrics().keySet()).noneMatch(name -> name.tags().equals(ofPartition));
    }

    private static double reading(EmbeddedConsumer<?, ?> consumer, String name, Map<String, String> tags) {
        return consumer.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals(name)
                        && metric.getKey().tags().equals(tags))
                .mapToDouble(metric -> (double) metric.getValue().metricValue())
                .findFirst()
                .orElseThrow();
    }

    /** Drops records of one value, as it was configured. */
    public static class Dropping implements ConsumerInterceptor<String, String> {
        static Optional<Dropping> last = Optional.empty();
        String dropped;
        String clientId;
        int commits;
        boolean isClosed;

        @Override
        public void configure(Map<String, ?> settings) {
            dropped = settings.get("dropped").toString();
            clientId = settings.get("client.id").toString();
        }

        @Override
        public ConsumerRecords<String, String> onConsume(ConsumerRecords<String, String> records) {
            last = Optional.of(this);
            Map<TopicPartition, List<ConsumerRecord<String, String>>> kept = new HashMap<>();
            for (TopicPartition partition : records.partitions()) {
                List<ConsumerRecord<String, String>> left = new ArrayList<>(records.records(partition));
                left.removeIf(record -> record.value().equals(dropped));
                kept.put(partition, left);
            }
            return new ConsumerRecords<>(kept, records.nextOffsets());
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
            commits++;
        }

        @Override
        public void close() {
            isClosed = true;
        }
    }

    /** Fails at each call, which must not be seen. */
    public static final class Broken extends Dropping {
        @Override
        public ConsumerRecords<String, String> onConsume(ConsumerRecords<String, String> records) {
            throw new IllegalStateException("broken");
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
            throw new IllegalStateException("broken");
        }

        @Override
        public void close() {
            throw new IllegalStateException("broken");
        }
    }
}
