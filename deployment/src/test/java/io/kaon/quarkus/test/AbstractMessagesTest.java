// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import io.kaon.broker.TopicSpec;
import io.quarkus.test.QuarkusUnitTest;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.Record;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.api.KafkaMetadataUtil;
import io.smallrye.reactive.messaging.providers.extension.HealthCenter;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What applications find in the messages that they get, and how they lead what comes. Subclasses say which connector. */
abstract class AbstractMessagesTest {
    static final Map<String, TopicSpec> TOPICS = Map.of(
            "batch", new TopicSpec(3, Map.of()),
            "broadcast", new TopicSpec(2, Map.of()),
            "shared", new TopicSpec(3, Map.of()));
    private static final String CONFIG =
            """
            quarkus.application.name=messages
            quarkus.log.category."org.apache.kafka".level=WARN
            quarkus.kaon.broker.topics.batch.partitions=3
            quarkus.kaon.broker.topics.broadcast.partitions=2
            quarkus.kaon.broker.topics.shared.partitions=3
            mp.messaging.incoming.message-in.topic=message
            mp.messaging.incoming.batch-in.topic=batch
            mp.messaging.incoming.batch-in.batch=true
            mp.messaging.incoming.polls-in.topic=polls
            mp.messaging.incoming.polls-in.batch=true
            mp.messaging.incoming.refused-in.topic=refused
            mp.messaging.incoming.refused-in.batch=true
            mp.messaging.incoming.refused-in.max.poll.records=2
            mp.messaging.incoming.refused-in.failure-strategy=dead-letter-queue
            mp.messaging.incoming.refused-in.dead-letter-queue.topic=refused-dead
            mp.messaging.incoming.renamed-in.topic=renamed
            mp.messaging.incoming.renamed-in.failure-strategy=dead-letter-queue
            mp.messaging.incoming.renamed-in.dead-letter-queue.topic=renamed-dead
            mp.messaging.incoming.broadcast-in.topic=broadcast
            mp.messaging.incoming.broadcast-in.broadcast=true
            mp.messaging.incoming.broadcast-in.partitions=2
            mp.messaging.incoming.seek-in.topic=seek
            mp.messaging.incoming.seek-in.auto.commit.interval.ms=100
            mp.messaging.incoming.pause-in.topic=pause
            mp.messaging.incoming.unlistened-in.topic=unlistened
            mp.messaging.incoming.unlistened-in.consumer-rebalance-listener.name=failing
            mp.messaging.incoming.pairs-in.topic=pairs
            mp.messaging.incoming.numbers-in.topic=numbers
            mp.messaging.incoming.unread-in.topic=unread
            mp.messaging.incoming.unread-in.fail-on-deserialization-failure=false
            mp.messaging.incoming.mended-in.topic=mended
            mp.messaging.incoming.mended-in.value-deserialization-failure-handler=mending
            mp.messaging.incoming.shared-in.topic=shared
            mp.messaging.incoming.shared-in.concurrency=3
            mp.messaging.incoming.shared-in.auto.commit.interval.ms=100
            mp.messaging.incoming.stream-in.topic=stream
            mp.messaging.outgoing.merged-out.topic=merged
            mp.messaging.outgoing.merged-out.merge=true
            """;
    private static final List<String> CHANNELS = List.of(
            "message",
            "batch",
            "polls",
            "refused",
            "renamed",
            "broadcast",
            "seek",
            "pause",
            "unlistened",
            "pairs",
            "numbers",
            "unread",
            "mended",
            "shared",
            "stream");
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration MOMENT = Duration.ofMillis(700);

    @Inject
    MessagesApplication app;

    @Inject
    @Identifier("failing")
    MessagesApplication.FailingListener failing;

    @Inject
    KafkaClientService clients;

    @Inject
    HealthCenter health;

    private KafkaProducer<String, byte[]> producer;

    static QuarkusUnitTest application() {
        StringBuilder config = new StringBuilder(CONFIG);
        for (String channel : CHANNELS) {
            String prefix = "mp.messaging.incoming." + channel + "-in.";
            config.append(prefix).append("auto.offset.reset=earliest\n");
            config.append(prefix).append("group.id=").append(channel).append('\n');
        }
        return new QuarkusUnitTest().withApplicationRoot(jar -> jar.addClasses(
                        MessagesApplication.class,
                        MessagesApplication.FailingListener.class,
                        MessagesApplication.Mending.class,
                        AbstractMessagesTest.class,
                        Elsewhere.class)
                .addAsResource(new StringAsset(config.toString()), "application.properties"));
    }

    @BeforeEach
    void open() {
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers()), new StringSerializer(), new ByteArraySerializer());
    }

    @AfterEach
    void close() {
        producer.close();
    }

    @Test
    void shouldTellWhereMessageComesFrom() {
        // When
        send(new ProducerRecord<>("message", 0, 12_345L, "k", bytes("fig")));

        // Then
        await().atMost(PATIENCE).until(() -> app.messages.size() == 1);
        IncomingKafkaRecordMetadata<?, ?> metadata = MessagesApplication.metadataOf(app.messages.get(0));
        assertThat(app.messages.get(0).getPayload()).isEqualTo("fig");
        assertThat(metadata.getTopic()).isEqualTo("message");
        assertThat(metadata.getPartition()).isZero();
        assertThat(metadata.getOffset()).isZero();
        assertThat(metadata.getKey()).isEqualTo("k");
        assertThat(metadata.getTimestamp()).isEqualTo(Instant.ofEpochMilli(12_345L));
        assertThat(metadata.getChannel()).isEqualTo("message-in");
        assertThat(KafkaMetadataUtil.readIncomingKafkaMetadata(app.messages.get(0)))
                .containsSame(metadata);
    }

    @Test
    void shouldTellWhatIsInBatch() {
        // When
        for (int i = 0; i < 10; i++) {
            send(new ProducerRecord<>("batch", i % 3, "k" + i, bytes("v" + i)));
        }

        // Then
        await().atMost(PATIENCE)
                .until(() ->
                        app.batches.stream().mapToInt(batch -> batch.count()).sum() == 10);
        assertThat(app.batches).flatExtracting(batch -> batch.partitions()).hasSizeGreaterThanOrEqualTo(3);
        List<String> values = new ArrayList<>();
        app.batches.forEach(
                batch -> batch.getRecords().forEach(record -> values.add(record.key() + "=" + record.value())));
        assertThat(values)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 10).mapToObj(i -> "k" + i + "=v" + i).toList());
        assertThat(app.batches.get(0).getChannel()).isEqualTo("batch-in");
    }

    @Test
    void shouldGiveBatchAsKafkasRecords() {
        // When
        IntStream.range(0, 5).forEach(i -> send("polls", "p" + i));

        // Then
        await().atMost(PATIENCE)
                .until(() -> app.polls.stream().mapToInt(poll -> poll.count()).sum() == 5);
        List<String> values = app.polls.stream()
                .flatMap(poll -> poll.records(new TopicPartition("polls", 0)).stream())
                .map(ConsumerRecord::value)
                .toList();
        assertThat(values).containsExactly("p0", "p1", "p2", "p3", "p4");
    }

    @Test
    void shouldSendWholeBatchToDeadLettersWhenItsPayloadsAreRefused() {
        // When
        for (int i = 0; i < 6; i++) {
            send(new ProducerRecord<>("refused", 0, null, new byte[] {0, 0, 0, (byte) i}));
        }

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(app.refused).containsExactly(0, 1, 2, 3, 4, 5));
        List<ConsumerRecord<String, String>> dead = read("refused-dead", 1);
        assertThat(dead).allSatisfy(record -> {
            assertThat(header(record, "dead-letter-reason")).isEqualTo("no threes");
            assertThat(header(record, "dead-letter-exception-class-name"))
                    .isEqualTo(IllegalArgumentException.class.getName());
            assertThat(header(record, "dead-letter-topic")).isEqualTo("refused");
            assertThat(header(record, "dead-letter-partition")).isEqualTo("0");
            assertThat(record.headers().lastHeader("dead-letter-cause")).isNull();
        });
        assertThat(dead)
                .extracting(record -> header(record, "dead-letter-offset"))
                .contains("3");
    }

    @Test
    void shouldSendRefusedRecordAsItsRefusalSays() {
        // Given
        ProducerRecord<String, byte[]> record = new ProducerRecord<>("renamed", 0, "k", bytes("lime"));
        record.headers().add("own", bytes("yes"));

        // When
        send(record);

        // Then
        ConsumerRecord<String, String> dead = read("renamed-dead", 1).get(0);
        assertThat(dead.key()).isEqualTo("renamed");
        assertThat(dead.value()).isEqualTo("lime");
        assertThat(header(dead, "own")).isEqualTo("yes");
        assertThat(header(dead, "why")).isEqualTo("not");
        assertThat(header(dead, "dead-letter-reason")).isEqualTo("refused");
    }

    @Test
    void shouldBroadcastWhatSeveralConsumersRead() {
        // When
        for (int i = 0; i < 20; i++) {
            send(new ProducerRecord<>("broadcast", i % 2, null, bytes("b" + i)));
        }

        // Then
        List<String> all = IntStream.range(0, 20).mapToObj(i -> "b" + i).toList();
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(app.first).containsExactlyInAnyOrderElementsOf(all);
            assertThat(app.second).containsExactlyInAnyOrderElementsOf(all);
        });
        assertThat(clients.getConsumers("broadcast-in")).hasSize(2);
    }

    @Test
    void shouldGoOnWhereTheApplicationSeeks() {
        // Given
        IntStream.range(0, 10).forEach(i -> send("seek", "s" + i));
        await().atMost(PATIENCE).until(() -> app.sought.size() == 10);
        awaitCommitted("seek", 10);

        // When
        KafkaConsumer<String, String> consumer = clients.getConsumer("seek-in");
        TopicPartition partition = new TopicPartition("seek", 0);
        consumer.runOnPollingThread(client -> {
                    client.seek(partition, 4);
                })
                .await()
                .atMost(PATIENCE);

        // Then
        await().atMost(PATIENCE).until(() -> app.sought.size() == 16);
        assertThat(app.sought.subList(10, 16)).containsExactly("s4", "s5", "s6", "s7", "s8", "s9");
        IntStream.range(10, 15).forEach(i -> send("seek", "s" + i));
        awaitCommitted("seek", 15);
        assertThat(consumer.getPositions().await().atMost(PATIENCE)).containsEntry(partition, 15L);
        assertThat(consumer.getAssignments().await().atMost(PATIENCE)).containsExactly(partition);
        assertThat(consumer.committed(partition)
                        .await()
                        .atMost(PATIENCE)
                        .get(partition)
                        .offset())
                .isEqualTo(15);
    }

    @Test
    void shouldStayPausedUntilTheApplicationResumes() {
        // Given
        send("pause", "before");
        await().atMost(PATIENCE).until(() -> app.paused.contains("before"));
        KafkaConsumer<String, String> consumer = clients.getConsumer("pause-in");

        // When
        Set<TopicPartition> paused = consumer.pause().await().atMost(PATIENCE);
        send("pause", "while");

        // Then
        assertThat(paused).containsExactly(new TopicPartition("pause", 0));
        await().during(MOMENT).atMost(PATIENCE).until(() -> !app.paused.contains("while"));
        assertThat(consumer.paused().await().atMost(PATIENCE)).isEqualTo(paused);
        consumer.resume().await().atMost(PATIENCE);
        await().atMost(PATIENCE).until(() -> app.paused.contains("while"));
    }

    @Test
    void shouldReadAlthoughListenerHasFailed() {
        // When
        send("unlistened", "u");

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(app.unlistened).containsExactly("u"));
        assertThat(failing.calls()).isPositive();
    }

    @Test
    void shouldTakeRecordsWithoutKeyOrValue() {
        // When
        send(new ProducerRecord<>("pairs", 0, "k", null));
        send(new ProducerRecord<>("pairs", 0, null, bytes("v")));
        send(new ProducerRecord<>("pairs", 0, null, null));
        send(new ProducerRecord<>("pairs", 0, "end", bytes("end")));

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(app.pairs)
                .extracting(Record::key, Record::value)
                .containsExactly(tuple("k", null), tuple(null, "v"), tuple(null, null), tuple("end", "end")));
    }

    @Test
    void shouldStopAtRecordThatCannotBeRead() {
        // When
        send(new ProducerRecord<>("numbers", 0, null, number(1)));
        await().atMost(PATIENCE).until(() -> app.numbers.size() == 1);
        send("numbers", "none");
        send(new ProducerRecord<>("numbers", 0, null, number(2)));

        // Then
        await().atMost(PATIENCE).until(() -> health.getLiveness().getChannels().stream()
                .anyMatch(channel -> channel.getChannel().equals("numbers-in") && !channel.isOk()));
        assertThat(app.numbers).containsExactly(1L);
    }

    @Test
    void shouldGiveWhatCannotBeReadWithItsReason() {
        // When
        send("unread", "none");
        send(new ProducerRecord<>("unread", 0, null, number(2)));

        // Then
        await().atMost(PATIENCE).until(() -> app.unread.size() == 2);
        assertThat(app.unread.get(0).getPayload()).isNull();
        IncomingKafkaRecordMetadata<?, ?> metadata = MessagesApplication.metadataOf(app.unread.get(0));
        assertThat(metadata.getHeaders().lastHeader("deserialization-failure-reason"))
                .isNotNull();
        assertThat(metadata.getHeaders()
                        .lastHeader("deserialization-failure-data")
                        .value())
                .isEqualTo(bytes("none"));
        assertThat(app.unread.get(1).getPayload()).isEqualTo(2L);
    }

    @Test
    void shouldAskHandlerWhenPayloadCannotBeRead() {
        // When
        send("mended", "none");
        send(new ProducerRecord<>("mended", 0, null, number(2)));

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(app.mended).containsExactly(-1L, 2L));
    }

    @Test
    void shouldCommitWhatCopiesOfChannelHaveProcessed() {
        // When
        for (int i = 0; i < 90; i++) {
            send(new ProducerRecord<>("shared", i % 3, null, bytes("c" + i)));
        }

        // Then
        await().atMost(PATIENCE).until(() -> app.shared.size() == 90);
        for (int partition = 0; partition < 3; partition++) {
            awaitCommitted("shared", partition, 30);
        }
    }

    @Test
    void shouldGiveStreamToWhoeverSubscribesOnOtherThreads() {
        // Given
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<String> taken = new CopyOnWriteArrayList<>();

        // When
        app.stream.emitOn(threads).subscribe().with(taken::add);
        IntStream.range(0, 100).forEach(i -> send("stream", "t" + i));

        // Then
        await().atMost(PATIENCE).until(() -> taken.size() == 100);
        assertThat(taken)
                .containsExactlyElementsOf(
                        IntStream.range(0, 100).mapToObj(i -> "t" + i).toList());
        threads.shutdownNow();
    }

    @Test
    void shouldSendWhatSeveralMethodsGive() {
        assertThat(read("merged", 20))
                .extracting(ConsumerRecord::value)
                .hasSize(20)
                .doesNotHaveDuplicates();
    }

    @Test
    void shouldTellOfClientsThatAreMadeAndOfThoseThatAreNot() {
        // Then: a consumer for each channel and each copy of one; dead letters may have a producer each
        assertThat(app.consumers).hasValue(CHANNELS.size() + 1 + 2);
        assertThat(app.producers).hasValueBetween(1, 3);
        assertThat(clients.<String, String>getConsumer("missing")).isNull();
        assertThat(clients.<String, String>getProducer("missing")).isNull();
        assertThat(clients.getProducerChannels()).contains("merged-out");
    }

    // --- aids

    private void send(String topic, String value) {
        send(new ProducerRecord<>(topic, 0, null, bytes(value)));
    }

    private void send(ProducerRecord<String, byte[]> record) {
        try {
            producer.send(record).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(record.topic(), e);
        }
    }

    private void awaitCommitted(String channel, long offset) {
        awaitCommitted(channel, 0, offset);
    }

    private void awaitCommitted(String channel, int partition, long offset) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(channel)
                        .partitionsToOffsetAndMetadata()
                        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                assertThat(committed.get(new TopicPartition(channel, partition)))
                        .isNotNull()
                        .extracting(OffsetAndMetadata::offset)
                        .isEqualTo(offset);
            });
        }
    }

    private static List<ConsumerRecord<String, String>> read(String topic, int count) {
        List<ConsumerRecord<String, String>> read = new ArrayList<>();
        try (var consumer = new org.apache.kafka.clients.consumer.KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers(), "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(read::add);
                return read.size() >= count;
            });
        }
        return read;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] number(int value) {
        return new byte[] {0, 0, 0, 0, 0, 0, 0, (byte) value};
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static String bootstrapServers() {
        return ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class);
    }
}
