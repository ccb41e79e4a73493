// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.admin.AdminCaller;
import io.kaon.admin.AdminException;
import io.kaon.admin.LogDirs;
import io.kaon.admin.Transactions;
import io.kaon.admin.groups.GroupOrders.Change;
import io.kaon.admin.groups.ResetOrder.Effect;
import io.kaon.admin.records.Position;
import io.kaon.broker.Broker;
import io.kaon.broker.BrokerOptions;
import io.kaon.broker.TopicSpec;
import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Orders to groups, and what is told of transactions and directories, with Kafka's clients at a real broker. */
final class GroupOrdersTest {
    private static final String TOPIC = "orders";

    private static Broker broker;
    private static AdminCaller caller;
    private static GroupOrders orders;

    @BeforeAll
    static void start() {
        broker = Broker.start(BrokerOptions.embedded()
                .withTopics(Map.of(TOPIC, new TopicSpec(2, Map.of()), "other", new TopicSpec(1, Map.of()))));
        caller = new AdminCaller(broker.connect("test"), broker.adminThreads());
        orders = new GroupOrders(caller);
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            for (int number = 0; number < 20; number++) {
                producer.send(new ProducerRecord<>(TOPIC, number % 2, 1_000L + number, "k", "v"));
            }
        }
    }

    @AfterAll
    static void stop() {
        caller.close();
        broker.close();
    }

    @Test
    void shouldSetOffsetsOfAGroupWithoutMembers() {
        // Given
        commit("resettable", TOPIC, 1, 7);

        // When
        List<Change> shown = await(orders.reset(order("resettable", Position.oldest(), Effect.DRY_RUN)));
        List<Change> afterDryRun = await(orders.reset(order("resettable", Position.offset(4), Effect.DRY_RUN)));
        List<Change> done = await(orders.reset(order("resettable", Position.oldest(), Effect.APPLY)));
        List<Change> byTime = await(orders.reset(order("resettable", Position.timestamp(1_010), Effect.APPLY)));
        List<Change> latest = await(orders.reset(order("resettable", Position.newest(), Effect.APPLY)));
        List<Change> clamped = await(orders.reset(order("resettable", Position.offset(99), Effect.APPLY)));
        List<Change> ofTopic = await(orders.reset(
                new ResetOrder("resettable", Optional.of(TOPIC), Set.of(0), Position.offset(3), Effect.APPLY)));

        // Then
        assertThat(shown).containsExactly(change(1, OptionalLong.of(7), 0));
        assertThat(afterDryRun).containsExactly(change(1, OptionalLong.of(7), 4));
        assertThat(done).isEqualTo(shown);
        assertThat(byTime).containsExactly(change(1, OptionalLong.of(0), 5));
        assertThat(latest).containsExactly(change(1, OptionalLong.of(5), 10));
        assertThat(clamped).containsExactly(change(1, OptionalLong.of(10), 10));
        assertThat(ofTopic).containsExactly(change(0, OptionalLong.empty(), 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldRefuseWhileTheGroupHasMembers(String protocol) {
        // Given
        String group = "busy-" + protocol;
        try (KafkaConsumer<String, String> consumer = consumer(group, protocol)) {
            consumer.subscribe(List.of(TOPIC));
            while (consumer.poll(Duration.ofMillis(50)).isEmpty()) {
                // Not assigned yet.
            }
            consumer.commitSync();

            // Then
            assertRefused(
                    orders.reset(order(group, Position.oldest(), Effect.APPLY)), ErrorCode.NON_EMPTY_GROUP, "members");
            assertRefused(
                    orders.reset(order(group, Position.oldest(), Effect.DRY_RUN)),
                    ErrorCode.NON_EMPTY_GROUP,
                    "stop its consumers");
            assertRefused(orders.delete(group), ErrorCode.NON_EMPTY_GROUP, "stop its consumers");
            assertRefused(
                    orders.deleteOffsets(group, TOPIC), ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC, "read the topic orders");
        }

        // When
        List<Change> changes = await(orders.reset(order(group, Position.oldest(), Effect.APPLY)));
        await(orders.delete(group));

        // Then
        assertThat(changes).isNotEmpty().allMatch(change -> change.after() == 0);
        assertRefused(orders.delete(group), ErrorCode.GROUP_ID_NOT_FOUND, "no group " + group);
    }

    @Test
    void shouldDeleteTheOffsetsOfATopic() {
        // Given
        commit("two-topics", TOPIC, 0, 3);
        commit("two-topics", "other", 0, 0);

        // When
        List<TopicPartition> deleted = await(orders.deleteOffsets("two-topics", TOPIC));

        // Then
        assertThat(deleted).containsExactly(new TopicPartition(TOPIC, 0));
        assertThat(await(orders.reset(order("two-topics", Position.oldest(), Effect.DRY_RUN))))
                .extracting(Change::partition)
                .containsExactly(new TopicPartition("other", 0));
        assertRefused(orders.deleteOffsets("two-topics", TOPIC), ErrorCode.RESOURCE_NOT_FOUND, "no offsets");
        assertRefused(orders.deleteOffsets("nobody", TOPIC), ErrorCode.GROUP_ID_NOT_FOUND, "no group nobody");
    }

    @Test
    void shouldSayWhatIsNotThere() {
        // Given
        commit("known", TOPIC, 0, 3);

        // Then
        assertRefused(
                orders.reset(order("nobody", Position.oldest(), Effect.APPLY)),
                ErrorCode.GROUP_ID_NOT_FOUND,
                "no group nobody");
        assertRefused(
                orders.reset(
                        new ResetOrder("known", Optional.of("nowhere"), Set.of(), Position.oldest(), Effect.APPLY)),
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                "no topic nowhere");
        assertRefused(
                orders.reset(new ResetOrder("known", Optional.of(TOPIC), Set.of(2), Position.oldest(), Effect.APPLY)),
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                "no partition 2");
    }

    @Test
    void shouldTellTransactionsAndTheirProducers() {
        // Given
        Transactions transactions = new Transactions(caller);
        try (KafkaProducer<String, String> producer = producer(Map.of("transactional.id", "teller"))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("other", 0, "k", "v"));
            producer.flush();

            // When
            List<Transactions.Listing> listed = await(transactions.list());
            List<Transactions.Transaction> described = await(transactions.describe(List.of("teller", "nobody")));
            List<Transactions.Producer> producers = await(transactions.producers("other", 1, OptionalInt.empty()));
            producer.abortTransaction();

            // Then
            assertThat(listed).anySatisfy(one -> {
                assertThat(one.transactionalId()).isEqualTo("teller");
                assertThat(one.state()).isEqualTo("Ongoing");
            });
            assertThat(described).singleElement().satisfies(one -> {
                assertThat(one.partitions()).containsExactly(new TopicPartition("other", 0));
                assertThat(one.startedMs()).isPresent();
            });
            assertThat(producers).singleElement().satisfies(one -> assertThat(one.open())
                    .contains(new Transactions.OpenTransaction(0, false)));
        }
    }

    @Test
    void shouldTellWhatLiesInTheDataDirectory() {
        // When
        List<LogDirs.LogDir> directories = await(new LogDirs(caller).describe());

        // Then
        assertThat(directories).singleElement().satisfies(directory -> {
            assertThat(directory.error()).isEmpty();
            assertThat(directory.usableBytes()).isPresent();
            assertThat(directory.topics())
                    .anySatisfy(topic -> assertThat(topic.topic()).isEqualTo(TOPIC));
        });
    }

    private static ResetOrder order(String group, Position to, Effect effect) {
        return new ResetOrder(group, Optional.empty(), Set.of(), to, effect);
    }

    private static Change change(int partition, OptionalLong before, long after) {
        return new Change(new TopicPartition(TOPIC, partition), before, after);
    }

    private static void assertRefused(CompletionStage<?> stage, ErrorCode code, String sentence) {
        assertThatThrownBy(() -> await(stage))
                .isInstanceOfSatisfying(AdminException.class, refused -> assertThat(refused.code())
                        .isEqualTo(code))
                .hasMessageContaining(sentence);
    }

    private static void commit(String group, String topic, int partition, long offset) {
        try (KafkaConsumer<String, String> consumer = consumer(group, "classic")) {
            var place = new org.apache.kafka.common.TopicPartition(topic, partition);
            consumer.assign(List.of(place));
            consumer.commitSync(Map.of(place, new OffsetAndMetadata(offset)));
        }
    }

    private static KafkaConsumer<String, String> consumer(String group, String protocol) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "group.id",
                        group,
                        "group.protocol",
                        protocol,
                        "enable.auto.commit",
                        "false",
                        "auto.offset.reset",
                        "earliest"),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private static KafkaProducer<String, String> producer(Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put("bootstrap.servers", broker.bootstrapServers());
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    private static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }
}
