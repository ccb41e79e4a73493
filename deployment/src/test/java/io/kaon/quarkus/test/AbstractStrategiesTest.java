// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.health.HealthReport;
import io.smallrye.reactive.messaging.kafka.KafkaConnector;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What becomes of records that an application has processed, refused, or been unable to read, whatever its connector. The
 * subclasses say which one it is.
 */
abstract class AbstractStrategiesTest {
    static final String CONFIG =
            """
            quarkus.application.name=strategies
            quarkus.log.category."org.apache.kafka".level=WARN
            mp.messaging.incoming.manual-in.topic=manual
            mp.messaging.incoming.manual-in.group.id=manual
            mp.messaging.incoming.manual-in.auto.offset.reset=earliest
            mp.messaging.incoming.manual-in.auto.commit.interval.ms=100
            mp.messaging.incoming.revoked-in.topic=revoked
            mp.messaging.incoming.revoked-in.group.id=revoked
            mp.messaging.incoming.revoked-in.auto.offset.reset=earliest
            mp.messaging.incoming.revoked-in.heartbeat.interval.ms=100
            mp.messaging.incoming.revoked-in.auto.commit.interval.ms=3600000
            mp.messaging.incoming.stuck-in.topic=stuck
            mp.messaging.incoming.stuck-in.group.id=stuck
            mp.messaging.incoming.stuck-in.auto.offset.reset=earliest
            mp.messaging.incoming.stuck-in.auto.commit.interval.ms=100
            mp.messaging.incoming.stuck-in.throttled.unprocessed-record-max-age.ms=400
            mp.messaging.incoming.given-up-in.topic=given-up
            mp.messaging.incoming.given-up-in.group.id=given-up
            mp.messaging.incoming.given-up-in.auto.offset.reset=earliest
            mp.messaging.incoming.given-up-in.auto.commit.interval.ms=100
            mp.messaging.incoming.given-up-in.throttled.unprocessed-record-max-age.ms=400
            mp.messaging.incoming.given-up-in.throttled.unprocessed-record-action=dead-letter-queue
            mp.messaging.incoming.given-up-in.dead-letter-queue.topic=given-up-dead
            mp.messaging.incoming.endless-in.topic=endless
            mp.messaging.incoming.endless-in.group.id=endless
            mp.messaging.incoming.endless-in.auto.offset.reset=earliest
            mp.messaging.incoming.endless-in.auto.commit.interval.ms=100
            mp.messaging.incoming.endless-in.throttled.unprocessed-record-max-age.ms=400
            mp.messaging.incoming.endless-in.throttled.unprocessed-record-action=dead-letter-queue
            mp.messaging.incoming.endless-in.dead-letter-queue.topic=endless-dead
            mp.messaging.incoming.latest-in.topic=latest
            mp.messaging.incoming.latest-in.group.id=latest
            mp.messaging.incoming.latest-in.auto.offset.reset=earliest
            mp.messaging.incoming.latest-in.commit-strategy=latest
            mp.messaging.incoming.uncommitted-in.topic=uncommitted
            mp.messaging.incoming.uncommitted-in.group.id=uncommitted
            mp.messaging.incoming.uncommitted-in.auto.offset.reset=earliest
            mp.messaging.incoming.uncommitted-in.commit-strategy=ignore
            mp.messaging.incoming.checkpoint-in.topic=checkpoint
            mp.messaging.incoming.checkpoint-in.group.id=checkpoint
            mp.messaging.incoming.checkpoint-in.auto.offset.reset=earliest
            mp.messaging.incoming.checkpoint-in.commit-strategy=checkpoint
            mp.messaging.incoming.checkpoint-in.checkpoint.state-store=memory
            mp.messaging.incoming.checkpoint-in.auto.commit.interval.ms=100
            mp.messaging.incoming.custom-commit-in.topic=custom-commit
            mp.messaging.incoming.custom-commit-in.group.id=custom-commit
            mp.messaging.incoming.custom-commit-in.auto.offset.reset=earliest
            mp.messaging.incoming.custom-commit-in.commit-strategy=noting
            mp.messaging.incoming.fail-in.topic=fail
            mp.messaging.incoming.fail-in.group.id=fail
            mp.messaging.incoming.fail-in.auto.offset.reset=earliest
            mp.messaging.incoming.fail-in.auto.commit.interval.ms=100
            mp.messaging.incoming.skip-in.topic=skip
            mp.messaging.incoming.skip-in.group.id=skip
            mp.messaging.incoming.skip-in.auto.offset.reset=earliest
            mp.messaging.incoming.skip-in.auto.commit.interval.ms=100
            mp.messaging.incoming.skip-in.failure-strategy=ignore
            mp.messaging.incoming.dead-in.topic=dead
            mp.messaging.incoming.dead-in.group.id=dead
            mp.messaging.incoming.dead-in.auto.offset.reset=earliest
            mp.messaging.incoming.dead-in.auto.commit.interval.ms=100
            mp.messaging.incoming.dead-in.failure-strategy=dead-letter-queue
            mp.messaging.incoming.dead-batch-in.topic=dead-batch
            mp.messaging.incoming.dead-batch-in.group.id=dead-batch
            mp.messaging.incoming.dead-batch-in.batch=true
            mp.messaging.incoming.dead-batch-in.auto.offset.reset=earliest
            mp.messaging.incoming.dead-batch-in.auto.commit.interval.ms=100
            mp.messaging.incoming.dead-batch-in.failure-strategy=dead-letter-queue
            mp.messaging.incoming.dead-batch-in.dead-letter-queue.topic=dead-batch-letters
            mp.messaging.incoming.unreadable-in.topic=unreadable
            mp.messaging.incoming.unreadable-in.group.id=unreadable
            mp.messaging.incoming.unreadable-in.auto.offset.reset=earliest
            mp.messaging.incoming.unreadable-in.auto.commit.interval.ms=100
            mp.messaging.incoming.unreadable-in.value.deserializer=org.apache.kafka.common.serialization.LongDeserializer
            mp.messaging.incoming.unreadable-in.fail-on-deserialization-failure=false
            mp.messaging.incoming.unreadable-in.failure-strategy=dead-letter-queue
            mp.messaging.incoming.unreadable-in.dead-letter-queue.topic=unreadable-dead
            mp.messaging.incoming.retry-in.topic=retry
            mp.messaging.incoming.retry-in.group.id=retry
            mp.messaging.incoming.retry-in.auto.offset.reset=earliest
            mp.messaging.incoming.retry-in.auto.commit.interval.ms=100
            mp.messaging.incoming.retry-in.failure-strategy=delayed-retry-topic
            mp.messaging.incoming.retry-in.delayed-retry-topic.topics=retry_in_50,retry_in_400
            mp.messaging.incoming.retry-in.delayed-retry-topic.max-retries=3
            mp.messaging.incoming.retry-in.dead-letter-queue.topic=retry-dead
            mp.messaging.incoming.custom-failure-in.topic=custom-failure
            mp.messaging.incoming.custom-failure-in.group.id=custom-failure
            mp.messaging.incoming.custom-failure-in.auto.offset.reset=earliest
            mp.messaging.incoming.custom-failure-in.auto.commit.interval.ms=100
            mp.messaging.incoming.custom-failure-in.failure-strategy=noting
            """;

    static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String DEAD_LETTER = "dead-letter-";

    @Inject
    StrategiesApplication app;

    @Inject
    @Identifier("noting")
    StrategiesApplication.NotingCommits notingCommits;

    @Inject
    @Identifier("noting")
    StrategiesApplication.NotingFailures notingFailures;

    @Inject
    @Identifier("memory")
    StrategiesApplication.MemoryStates memoryStates;

    private KafkaProducer<String, String> producer;
    private Admin admin;

    /** The connector whose health is asked. */
    abstract KafkaConnector connector();

    @BeforeEach
    void open() {
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers()), new StringSerializer(), new StringSerializer());
        admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
    }

    @AfterEach
    void close() {
        producer.close();
        admin.close();
    }

    // --- commits

    @Test
    void shouldCommitUpToTheFirstRecordThatIsNotAcknowledged() {
        // Given
        send("manual", "m0", "m1", "m2", "m3");
        await().atMost(PATIENCE).until(() -> app.held.keySet().containsAll(List.of("m0", "m1", "m2", "m3")));

        // When
        app.acknowledge("m3");
        app.acknowledge("m0");
        app.acknowledge("m1");

        // Then
        awaitCommitted("manual", 2);
        app.acknowledge("m2");
        awaitCommitted("manual", 4);
    }

    @Test
    void shouldCommitBeforePartitionsGoToAnotherMember() {
        // Given: the next commit by time is an hour away
        send("revoked", "r0", "r1", "r2");
        await().atMost(PATIENCE).until(() -> app.held.keySet().containsAll(List.of("r0", "r1", "r2")));
        app.acknowledge("r0");
        app.acknowledge("r1");

        // When
        List<String> elsewhere = new ArrayList<>();
        try (KafkaConsumer<String, String> other = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers(),
                        "group.id",
                        "revoked",
                        "client.id",
                        "a-first-in-order",
                        "enable.auto.commit",
                        "false",
                        "auto.offset.reset",
                        "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            other.subscribe(List.of("revoked"));

            // Then
            await().atMost(PATIENCE).until(() -> {
                other.poll(Duration.ofMillis(100)).forEach(record -> elsewhere.add(record.value()));
                return committed("revoked").isPresent();
            });
        }
        assertThat(committed("revoked")).hasValue(2L);
        assertThat(elsewhere).doesNotContain("r0", "r1");
    }

    @Test
    void shouldCommitEachRecordWithLatest() {
        // When
        send("latest", "l0", "l1", "l2");

        // Then
        awaitCommitted("latest", 3);
        assertThat(app.taken("latest-in")).containsExactly("l0", "l1", "l2");
    }

    @Test
    void shouldCommitNothingWithIgnore() {
        // When
        send("uncommitted", "u0", "u1");
        await().atMost(PATIENCE).until(() -> app.taken("uncommitted-in").size() == 2);

        // Then
        assertThat(committed("uncommitted")).isEmpty();
    }

    @Test
    void shouldKeepStateWithCheckpoint() {
        // When
        send("checkpoint", "four", "seven77");

        // Then
        TopicPartition partition = new TopicPartition("checkpoint", 0);
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(memoryStates.states()).containsKey(partition);
            assertThat(memoryStates.states().get(partition).getOffset()).isEqualTo(2);
        });
        assertThat(memoryStates.states().get(partition).getState()).isEqualTo(11);
        assertThat(committed("checkpoint")).isEmpty();
    }

    @Test
    void shouldAskCommitStrategyOfTheApplication() {
        // When
        send("custom-commit", "c0", "c1");

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(notingCommits.noted())
                .containsExactly("received 0", "processed 0", "received 1", "processed 1"));
        assertThat(committed("custom-commit")).isEmpty();
    }

    // --- failures

    @Test
    void shouldStopChannelWithFail() {
        // When
        send("fail", "f0", "bad f1", "f2");

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(liveness("fail-in").isOk()).isFalse());
        assertThat(liveness("fail-in").getMessage()).contains("no good: bad f1");
        awaitCommitted("fail", 1);
        assertThat(app.taken("fail-in")).startsWith("f0", "bad f1");
    }

    @Test
    void shouldGoOnWithIgnore() {
        // When
        send("skip", "bad s0", "s1");

        // Then
        awaitCommitted("skip", 2);
        assertThat(app.taken("skip-in")).containsExactly("bad s0", "s1");
        assertThat(liveness("skip-in").isOk()).isTrue();
    }

    @Test
    void shouldSendRefusedRecordWithItsStoryToDeadLetterTopic() {
        // When
        producer.send(new ProducerRecord<>("dead", "key", "fine"));
        ProducerRecord<String, String> refused = new ProducerRecord<>("dead", "key", "bad d1");
        refused.headers().add("origin", "test".getBytes(StandardCharsets.UTF_8));
        producer.send(refused);

        // Then
        ConsumerRecord<String, String> letter =
                read("dead-letter-topic-dead-in", 1).get(0);
        assertThat(letter.key()).isEqualTo("key");
        assertThat(letter.value()).isEqualTo("bad d1");
        assertThat(headers(letter))
                .containsEntry("origin", "test")
                .containsEntry(DEAD_LETTER + "exception-class-name", IllegalStateException.class.getName())
                .containsEntry(DEAD_LETTER + "reason", "no good: bad d1")
                .containsEntry(DEAD_LETTER + "cause-class-name", IllegalArgumentException.class.getName())
                .containsEntry(DEAD_LETTER + "cause", "because")
                .containsEntry(DEAD_LETTER + "topic", "dead")
                .containsEntry(DEAD_LETTER + "partition", "0")
                .containsEntry(DEAD_LETTER + "offset", "1");
        awaitCommitted("dead", 2);
        assertThat(liveness("dead-in").isOk()).isTrue();
    }

    @Test
    void shouldSendAllRecordsOfRefusedBatchToDeadLetterTopic() {
        // When
        send("dead-batch", "bad b0", "b1", "b2");

        // Then
        awaitCommitted("dead-batch", 3);
        List<String> letters = read("dead-batch-letters", 1).stream()
                .map(ConsumerRecord::value)
                .toList();
        assertThat(letters).contains("bad b0");
        assertThat(app.taken("dead-batch-in")).containsExactly("bad b0", "b1", "b2");
    }

    @Test
    void shouldSendWhatCannotBeReadToDeadLetterTopicAsItWas() {
        // When
        send("unreadable", "12345678", "not a number");

        // Then
        ConsumerRecord<String, String> letter = read("unreadable-dead", 1).get(0);
        assertThat(letter.value()).isEqualTo("not a number");
        assertThat(headers(letter))
                .containsEntry(DEAD_LETTER + "topic", "unreadable")
                .containsEntry(DEAD_LETTER + "offset", "1")
                .containsKey(DEAD_LETTER + "exception-class-name")
                .containsKey("deserialization-failure-reason")
                .doesNotContainKey("deserialization-failure-dlq");
        assertThat(app.taken("unreadable-in")).hasSize(1);
    }

    @Test
    void shouldTryAgainLaterAndThenGiveUp() {
        // When
        producer.send(new ProducerRecord<>("retry", 2, "key", "bad retry"));

        // Then
        ConsumerRecord<String, String> letter = read("retry-dead", 1).get(0);
        assertThat(letter.value()).isEqualTo("bad retry");
        assertThat(letter.key()).isEqualTo("key");
        assertThat(letter.partition()).isEqualTo(2);
        assertThat(app.retried)
                .extracting(ConsumerRecord::topic)
                .containsExactly("retry", "retry_in_50", "retry_in_400", "retry_in_400");
        assertThat(headers(letter))
                .containsEntry("delayed-retry-count", "3")
                .as("where it was first")
                .containsEntry("delayed-retry-topic", "retry")
                .containsEntry("delayed-retry-partition", "2")
                .containsEntry("delayed-retry-reason", "no good: bad retry")
                .containsEntry("delayed-retry-exception-class-name", IllegalStateException.class.getName())
                .containsEntry("delayed-retry-cause", "because")
                .containsKeys("delayed-retry-original-timestamp", "delayed-retry-first-processing-timestamp");
        long first = Long.parseLong(headers(letter).get("delayed-retry-first-processing-timestamp"));
        assertThat(letter.timestamp() - first)
                .as("milliseconds for all attempts")
                .isGreaterThanOrEqualTo(850);
    }

    @Test
    void shouldAskFailureStrategyOfTheApplication() {
        // When
        send("custom-failure", "x0", "bad x1");

        // Then
        awaitCommitted("custom-failure", 2);
        assertThat(notingFailures.noted()).containsExactly("bad x1: no good: bad x1");
    }

    // --- tools

    final void send(String topic, String... values) {
        for (String value : values) {
            producer.send(new ProducerRecord<>(topic, 0, "key", value));
        }
        producer.flush();
    }

    final HealthReport.ChannelInfo liveness(String channel) {
        return connector().getLiveness().getChannels().stream()
                .filter(found -> found.getChannel().equals(channel))
                .findFirst()
                .orElseThrow();
    }

    final void awaitCommitted(String group, long offset) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(committed(group)).hasValue(offset));
    }

    /** What the group of that name has committed in the topic of that name. */
    final Optional<Long> committed(String group) {
        try {
            Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return Optional.ofNullable(offsets.get(new TopicPartition(group, 0)))
                    .map(OffsetAndMetadata::offset);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static List<ConsumerRecord<String, String>> read(String topic, int count) {
        List<ConsumerRecord<String, String>> read = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers(),
                        "group.id",
                        "reader-of-" + topic,
                        "auto.offset.reset",
                        "earliest",
                        "metadata.max.age.ms",
                        "200"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(read::add);
                return read.size() >= count;
            });
        }
        return read;
    }

    static Map<String, String> headers(ConsumerRecord<?, ?> record) {
        Map<String, String> headers = new HashMap<>();
        record.headers()
                .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        return headers;
    }

    static String bootstrapServers() {
        return ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class);
    }
}
