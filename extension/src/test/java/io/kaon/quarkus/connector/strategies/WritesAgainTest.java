// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaon.quarkus.connector.strategies.ThrottledSettings.Action;
import io.smallrye.mutiny.operators.multi.processors.UnicastProcessor;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Refused records while the dead letter topic takes none. */
class WritesAgainTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<Message<?>> attempts = new CopyOnWriteArrayList<>();
    private final UnicastProcessor<Message<?>> letters = UnicastProcessor.create();
    private final TrackedPartitions partitions = new TrackedPartitions();
    private final Vertx vertx = Vertx.vertx();
    private final ThrottledCommit commit = commit();
    private final DeadLetterQueue queue = queue();

    @AfterEach
    void close() {
        vertx.close();
    }

    @Test
    void shouldLetCommitsGoOnWhenDeadLetterIsWrittenAtLast() {
        // Given: a batch of three, of which the first one is refused and cannot be written
        letters.subscribe().with(attempts::add);
        partitions.assigned(Set.of(ORDERS));
        List<IncomingKafkaRecord<String, String>> records = List.of(record(0), record(1), record(2));
        records.forEach(commit::onReceived);
        records.get(0).nack(new IllegalArgumentException("no order")).toCompletableFuture();
        attempts.get(0).nack(new IllegalStateException("the topic is full"));
        records.forEach(commit::onAcknowledged);
        assertThat(toCommit()).isZero();

        // When
        await().atMost(PATIENCE).until(() -> attempts.size() == 2);
        attempts.get(1).nack(new IllegalStateException("it is full still"));
        await().atMost(PATIENCE).until(() -> attempts.size() == 3);
        assertThat(toCommit()).isZero();
        attempts.get(2).ack();

        // Then
        await().atMost(PATIENCE).until(() -> toCommit() == 3);
    }

    @Test
    void shouldWriteNothingForPartitionThatAnotherMemberHas() {
        // Given
        letters.subscribe().with(attempts::add);
        partitions.assigned(Set.of(ORDERS));
        IncomingKafkaRecord<String, String> record = record(0);
        commit.onReceived(record);
        record.nack(new IllegalArgumentException("no order")).toCompletableFuture();
        partitions.remove(Set.of(ORDERS));

        // When
        attempts.get(0).nack(new IllegalStateException("the topic is full"));

        // Then
        await().during(Duration.ofMillis(100)).atMost(PATIENCE).until(() -> attempts.size() == 1);
    }

    private long toCommit() {
        return partitions.find("orders", 0).orElseThrow().progress().toCommit().orElse(0);
    }

    private IncomingKafkaRecord<String, String> record(long offset) {
        return new IncomingKafkaRecord<>(
                new ConsumerRecord<>("orders", 0, offset, "key", "value"), "orders-in", -1, commit, queue, false);
    }

    private DeadLetterQueue queue() {
        ChannelCommits commits = new ChannelCommits();
        commits.add(commit);
        return new DeadLetterQueue(
                "orders-in",
                "dead",
                new FailedRecordSink(letters, () -> {}),
                commit.consumer(),
                commits,
                new WritesAgain(Duration.ofMillis(10)));
    }

    private ThrottledCommit commit() {
        ThrottledSettings settings = new ThrottledSettings(
                "orders-in",
                Duration.ofSeconds(5),
                Duration.ZERO,
                Action.UNHEALTHY,
                Duration.ZERO,
                Duration.ofSeconds(60),
                false,
                Optional.empty());
        return new ThrottledCommit(
                settings,
                vertx,
                nobody(),
                (failure, isFatal) -> {},
                partitions,
                new StuckRecords(settings, "nobody", partitions, System::nanoTime, Optional.empty()),
                System::nanoTime);
    }

    private static KafkaConsumer<?, ?> nobody() {
        return (KafkaConsumer<?, ?>) Proxy.newProxyInstance(
                WritesAgainTest.class.getClassLoader(),
                new Class<?>[] {KafkaConsumer.class},
                (proxy, method, given) -> method.getName().equals("equals") ? proxy == given[0] : null);
    }
}
