// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaon.telemetry.BrokerMetrics;
import io.kaon.telemetry.ExporterMetrics;
import io.kaon.telemetry.MetricCatalogue;
import io.kaon.telemetry.MetricName;
import io.kaon.telemetry.Metrics.Sample;
import io.kaon.telemetry.ProcessMetrics;
import io.kaon.telemetry.RequestMetrics;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a broker tells of what Kafka's own clients have done with it. */
class BrokerMetricsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int RECORDS = 57;
    private static final int SEEN = 20;

    @TempDir
    Path data;

    private Broker broker;

    @BeforeEach
    void start() {
        broker = broker();
    }

    private Broker broker() {
        return Broker.start(BrokerOptions.embedded()
                .withData(DataDirectory.at(data))
                .withTopics(Map.of("orders", new TopicSpec(2, Map.of()), "silent", new TopicSpec(1, Map.of())))
                .withConfig(Map.of("group.initial.rebalance.delay.ms", "0")));
    }

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void shouldCountWhatClientsProducedAndConsumed() {
        // When
        produce();
        consume();

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> {
            List<Sample> samples = broker.metrics();
            assertThat(value(samples, BrokerMetrics.MESSAGES_IN, Map.of("topic", "orders")))
                    .isEqualTo(RECORDS);
            assertThat(value(samples, BrokerMetrics.BYTES_IN, Map.of("topic", "orders")))
                    .isEqualTo(value(samples, BrokerMetrics.LOG_SIZE, partition(0)));
            assertThat(value(samples, BrokerMetrics.BYTES_OUT, Map.of("topic", "orders")))
                    .isPositive();
            assertThat(value(samples, BrokerMetrics.MESSAGES_IN, Map.of("topic", "")))
                    .isGreaterThan(RECORDS); // With those of the group's own topic.
            assertThat(value(samples, ExporterMetrics.CURRENT_OFFSET, partition(0)))
                    .isEqualTo(RECORDS);
            assertThat(value(samples, ExporterMetrics.GROUP_OFFSET, lag(0))).isEqualTo(SEEN);
            assertThat(value(samples, ExporterMetrics.GROUP_LAG, lag(0))).isEqualTo(RECORDS - SEEN);
            assertThat(value(samples, ExporterMetrics.GROUP_MEMBERS, Map.of("consumergroup", "readers")))
                    .isZero();
            assertThat(value(samples, BrokerMetrics.GROUPS_EMPTY, Map.of())).isEqualTo(1);
            assertThat(value(samples, RequestMetrics.TOTAL_TIME_COUNT, Map.of("request", "Produce")))
                    .isPositive();
            assertThat(value(
                            samples, RequestMetrics.TOTAL_TIME, Map.of("request", "FetchConsumer", "quantile", "0.99")))
                    .isPositive();
            assertThat(value(samples, RequestMetrics.CONNECTIONS_OPENED, Map.of("listener", "PLAINTEXT")))
                    .isPositive();
            assertThat(value(samples, BrokerMetrics.ACTIVE_CONTROLLER, Map.of()))
                    .isEqualTo(1);
        });
    }

    @Test
    void shouldGiveEachMetricTheLabelsOfItsName() {
        // Given
        produce();
        consume();

        // When
        await().atMost(PATIENCE).until(() -> find(broker.metrics(), ExporterMetrics.GROUP_LAG, lag(0))
                .isPresent());
        List<Sample> samples = broker.metrics();

        // Then
        assertThat(samples).allSatisfy(sample -> assertThat(sample.tags().keySet())
                .as(sample.name().name())
                .containsExactlyInAnyOrderElementsOf(sample.name().labels()));
        Set<List<Object>> seen = new HashSet<>();
        assertThat(samples).allSatisfy(sample -> assertThat(seen.add(List.of(sample.name(), sample.tags())))
                .as("once: " + sample)
                .isTrue());
    }

    @Test
    void shouldTellEveryMetricThatItsCataloguesName() {
        // Given
        Set<String> told = new HashSet<>();
        Set<String> named = new HashSet<>();
        Stream.of(
                        BrokerMetrics.class,
                        RequestMetrics.class,
                        ExporterMetrics.class,
                        ProcessMetrics.class,
                        MetricCatalogue.class)
                .flatMap(catalogue -> Arrays.stream(catalogue.getFields()))
                .filter(field -> field.getType() == MetricName.class)
                .forEach(field -> named.add(nameIn(field)));

        // When
        produce();
        consume();

        // Then
        named.removeIf(name -> name.startsWith("kaon.log.compaction.round.")); // While a round runs.
        named.remove(RequestMetrics.ERRORS.name()); // When there is one.
        await().atMost(PATIENCE).untilAsserted(() -> {
            broker.metrics().forEach(sample -> told.add(sample.name().name()));
            assertThat(told).containsAll(named);
        });
    }

    private static String nameIn(Field field) {
        try {
            return ((MetricName) field.get(null)).name();
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Test
    void shouldKnowPartitionsThatNobodyHasOpenedSinceTheStart() {
        // Given
        produce();
        consume();
        broker.close();

        // When
        broker = broker();

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> {
            List<Sample> samples = broker.metrics();
            assertThat(value(samples, ExporterMetrics.CURRENT_OFFSET, partition(0)))
                    .isEqualTo(RECORDS);
            assertThat(value(samples, ExporterMetrics.CURRENT_OFFSET, partition(1)))
                    .isZero();
            assertThat(value(samples, BrokerMetrics.LOG_SIZE, partition(0))).isPositive();
            assertThat(value(samples, BrokerMetrics.LOG_SIZE, partition(1))).isZero();
            assertThat(value(samples, ExporterMetrics.GROUP_LAG, lag(0))).isEqualTo(RECORDS - SEEN);
            // The shards of groups alone.
            assertThat(value(samples, BrokerMetrics.LEADER_COUNT, Map.of())).isGreaterThan(2);
        });
    }

    @Test
    void shouldCutWhatIsToldOfPartitionsButNotTheSums() {
        // When
        List<Sample> samples = broker.metrics(1);

        // Then
        assertThat(samples.stream().filter(sample -> sample.name() == ExporterMetrics.PARTITION_LEADER))
                .hasSize(1);
        assertThat(value(samples, BrokerMetrics.PARTITION_COUNT, Map.of())).isEqualTo(3);
        assertThat(value(samples, MetricCatalogue.HIDDEN_PARTITIONS, Map.of())).isEqualTo(2);
    }

    @Test
    void shouldForgetTopicsThatAreGone() throws Exception {
        // Given
        produce();

        // When
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.deleteTopics(List.of("orders")).all().get();
        }

        // Then
        List<Sample> samples = broker.metrics();
        assertThat(samples).noneMatch(sample -> "orders".equals(sample.tags().get("topic")));
        assertThat(value(samples, BrokerMetrics.MESSAGES_IN, Map.of("topic", "")))
                .isEqualTo(RECORDS);
    }

    @Test
    void shouldTellOfTheProcess() {
        // When
        List<Sample> samples = broker.metrics();

        // Then
        assertThat(value(samples, ProcessMetrics.OPEN_FILES, Map.of())).isPositive();
        assertThat(value(samples, ProcessMetrics.MEMORY_USED, Map.of("area", "heap")))
                .isPositive();
        assertThat(value(samples, ProcessMetrics.THREADS, Map.of())).isPositive();
    }

    private void produce() {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            for (int number = 0; number < RECORDS; number++) {
                producer.send(new ProducerRecord<>("orders", 0, null, "order " + number));
            }
        }
    }

    private void consume() {
        TopicPartition partition = new TopicPartition("orders", 0);
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers(),
                        ConsumerConfig.GROUP_ID_CONFIG, "readers",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(partition));
            int seen = 0;
            while (seen < RECORDS) {
                seen += consumer.poll(Duration.ofMillis(100)).count();
            }
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(SEEN)));
        }
    }

    private static Map<String, String> partition(int number) {
        return Map.of("topic", "orders", "partition", Integer.toString(number));
    }

    private static Map<String, String> lag(int number) {
        return Map.of("consumergroup", "readers", "topic", "orders", "partition", Integer.toString(number));
    }

    private static double value(List<Sample> samples, MetricName name, Map<String, String> tags) {
        return find(samples, name, tags).orElse(Double.NaN);
    }

    private static OptionalDouble find(List<Sample> samples, MetricName name, Map<String, String> tags) {
        return samples.stream()
                .filter(sample -> sample.name() == name && sample.tags().equals(tags))
                .mapToDouble(Sample::value)
                .findFirst();
    }
}
