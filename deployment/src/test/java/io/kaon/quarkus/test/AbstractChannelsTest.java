// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaon.quarkus.test.ChannelsApplication.Arrived;
import io.kaon.quarkus.test.ChannelsApplication.Order;
import io.smallrye.reactive.messaging.kafka.Record;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.junit.jupiter.api.Test;

/**
 * What an application with channels expects of its connector. The subclasses say which one it is; nothing else
 * differs, and neither is configured in the application.
 */
abstract class AbstractChannelsTest {
    static final String CONFIG =
            """
            quarkus.application.name=channels
            quarkus.log.category."org.apache.kafka".level=WARN
            quarkus.kaon.broker.topics.numbers.partitions=4
            mp.messaging.outgoing.words-out.topic=words
            mp.messaging.incoming.words-in.topic=words
            mp.messaging.outgoing.shouts-out.topic=shouts
            mp.messaging.incoming.shouts-in.topic=shouts
            mp.messaging.outgoing.numbers-out.topic=numbers
            mp.messaging.incoming.numbers-in.topic=numbers
            mp.messaging.incoming.numbers-in.key.deserializer=org.apache.kafka.common.serialization.StringDeserializer
            mp.messaging.outgoing.orders-out.topic=orders
            mp.messaging.incoming.orders-in.topic=orders
            mp.messaging.outgoing.risky-out.topic=risky
            mp.messaging.incoming.risky-in.topic=risky
            mp.messaging.incoming.risky-in.failure-strategy=dead-letter-queue
            mp.messaging.incoming.risky-in.dead-letter-queue.topic=dead-letters
            mp.messaging.emitter.default-buffer-size=10000
            mp.messaging.outgoing.bulk-out.topic=bulk
            mp.messaging.incoming.bulk-in.topic=bulk
            mp.messaging.incoming.words-in.auto.offset.reset=earliest
            mp.messaging.incoming.shouts-in.auto.offset.reset=earliest
            mp.messaging.incoming.numbers-in.auto.offset.reset=earliest
            mp.messaging.incoming.orders-in.auto.offset.reset=earliest
            mp.messaging.incoming.risky-in.auto.offset.reset=earliest
            mp.messaging.incoming.dead-letters.auto.offset.reset=earliest
            mp.messaging.incoming.bulk-in.auto.offset.reset=earliest
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Inject
    ChannelsApplication application;

    @Test
    void shouldCarryPayloadsThroughProcessor() throws Exception {
        // When
        application.words.send("one").toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        application.words.send("two").toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(application.shouted).contains("ONE!", "TWO!"));
    }

    @Test
    void shouldKeepKeyHeadersPartitionAndTimestamp() {
        // Given
        Instant timestamp = Instant.parse("2026-01-02T03:04:05Z");
        Metadata metadata = Metadata.of(OutgoingKafkaRecordMetadata.<String>builder()
                .withKey("k")
                .withPartition(2)
                .withTimestamp(timestamp)
                .withHeaders(new RecordHeaders().add("origin", "here".getBytes(StandardCharsets.UTF_8)))
                .build());
        CompletableFuture<Void> acknowledged = new CompletableFuture<>();

        // When
        application.numbers.sendMessageAndForget(
                Message.of(Record.of("k", 7), metadata).withAck(() -> {
                    acknowledged.complete(null);
                    return acknowledged;
                }));

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(application.numbersIn)
                .contains(new Arrived("k", 7, 2, timestamp.toEpochMilli(), "here")));
        assertThat(acknowledged).isCompleted();
    }

    @Test
    void shouldPutRecordsOfOneKeyIntoOnePartitionInOrder() {
        // When
        for (int value = 100; value < 120; value++) {
            application.numbers.sendAndAwait(Record.of("same", value));
        }

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> {
            List<Arrived> same = application.numbersIn.stream()
                    .filter(arrived -> "same".equals(arrived.key()))
                    .toList();
            assertThat(same).extracting(Arrived::value).containsExactlyElementsOf(() -> IntStream.range(100, 120)
                    .iterator());
            assertThat(same)
                    .extracting(Arrived::partition)
                    .containsOnly(same.get(0).partition());
        });
    }

    @Test
    void shouldReadAndWriteJson() {
        // When
        application.orders.send(new Order("pear", 3));

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(application.ordersIn).contains(new Order("pear", 3)));
    }

    @Test
    void shouldSendRefusedRecordsToDeadLetterQueue() {
        // When
        application.risky.send("bad apple");
        application.risky.send("good apple");

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(application.deadLetters).containsExactly("bad apple"));
    }

    @Test
    void shouldDeliverManyRecordsInBatchesAndInOrder() throws Exception {
        // Given
        int count = 5_000;

        // When
        CompletableFuture<?>[] sent = IntStream.range(0, count)
                .mapToObj(value -> application.bulk.send(value).toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(sent).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(application.bulkIn).hasSize(count));
        assertThat(application.bulkIn)
                .containsExactlyElementsOf(() -> IntStream.range(0, count).iterator());
        assertThat(application.batchSizes).anyMatch(size -> size > 1);
    }

    @Test
    void shouldShareTopicsAndGroupsWithTcpClients() throws Exception {
        // Given
        String word = "from outside";

        // When
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers()), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("words", word)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        // Then
        assertThat(readUntil("shouts", "FROM OUTSIDE!")).contains("FROM OUTSIDE!");
    }

    @Test
    void shouldCommitWhatIsAcknowledged() throws Exception {
        // Given
        application.orders.send(new Order("plum", 1)).toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

        // When
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {

            // Then
            await().atMost(PATIENCE).untilAsserted(() -> {
                Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets("channels")
                        .partitionsToOffsetAndMetadata()
                        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                assertThat(committed.get(new TopicPartition("orders", 0)))
                        .isNotNull()
                        .satisfies(offset -> assertThat(offset.offset()).isPositive());
            });
        }
    }

    private List<String> readUntil(String topic, String last) {
        List<String> read = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers(), "group.id", "outside", "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            await().atMost(PATIENCE).until(() -> {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    read.add(record.value());
                }
                return read.contains(last);
            });
        }
        return read;
    }

    private static String bootstrapServers() {
        return ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class);
    }
}
