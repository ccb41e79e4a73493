// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/**
 * What an application that works exactly once, from one channel to another, expects of its connector. The subclasses say
 * which one it is.
 */
abstract class AbstractTransactionsTest {
    static final String CONFIG =
            """
            quarkus.application.name=transactions
            quarkus.log.category."org.apache.kafka".level=WARN
            mp.messaging.emitter.default-buffer-size=10000
            mp.messaging.outgoing.orders-out.topic=orders
            mp.messaging.incoming.orders-in.topic=orders
            mp.messaging.incoming.orders-in.group.id=clerks
            mp.messaging.incoming.orders-in.auto.offset.reset=earliest
            mp.messaging.incoming.orders-in.max.poll.records=10
            mp.messaging.incoming.orders-in.commit-strategy=ignore
            mp.messaging.incoming.orders-in.failure-strategy=ignore
            mp.messaging.incoming.orders-in.isolation.level=read_committed
            mp.messaging.outgoing.receipts-out.topic=receipts
            mp.messaging.incoming.receipts-in.topic=receipts
            mp.messaging.incoming.receipts-in.group.id=readers
            mp.messaging.incoming.receipts-in.auto.offset.reset=earliest
            mp.messaging.incoming.receipts-in.isolation.level=read_committed
            mp.messaging.outgoing.notes-out.topic=notes
            mp.messaging.outgoing.singles-out.topic=singles
            mp.messaging.incoming.singles-in.topic=singles
            mp.messaging.incoming.singles-in.group.id=copiers
            mp.messaging.incoming.singles-in.auto.offset.reset=earliest
            mp.messaging.incoming.singles-in.commit-strategy=ignore
            mp.messaging.incoming.singles-in.failure-strategy=ignore
            mp.messaging.incoming.singles-in.isolation.level=read_committed
            mp.messaging.outgoing.copies-out.topic=copies
            mp.messaging.outgoing.small-out.topic=small
            mp.messaging.outgoing.small-out.acks=all
            mp.messaging.outgoing.bulky-out.topic=bulky
            mp.messaging.outgoing.bulky-out.max.request.size=200
            mp.messaging.outgoing.late-out.topic=late
            mp.messaging.outgoing.marked-out.topic=marked
            mp.messaging.outgoing.empty-out.topic=empty
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ORDERS = 500;
    private static final int SINGLES = 10;

    @Inject
    TransactionsApplication application;

    @Inject
    Vertx vertx;

    @Test
    void shouldProcessEachRecordOnceAlthoughWorkFails() throws Exception {
        // Given
        List<String> expected = IntStream.rangeClosed(1, ORDERS)
                .mapToObj(number -> "receipt " + number)
                .toList();

        // When
        CompletableFuture<?>[] sent = IntStream.rangeClosed(1, ORDERS)
                .mapToObj(number -> application.orders.send(number).toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(sent).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(application.receiptsIn).hasSize(ORDERS));
        assertThat(application.receiptsIn).containsExactlyElementsOf(expected);
        assertThat(application.aborts).hasPositiveValue();
        assertThat(readOutside("receipts", "read_committed", ORDERS)).containsExactlyElementsOf(expected);
        assertThat(readOutside("receipts", "read_uncommitted", ORDERS + 1))
                .as("with those of aborted transactions")
                .hasSizeGreaterThan(ORDERS);
    }

    @Test
    void shouldTakeSingleMessagesToo() throws Exception {
        // When
        for (int number = 1; number <= SINGLES; number++) {
            application.singles.send(number).toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        // Then
        assertThat(readOutside("copies", "read_committed", SINGLES))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, SINGLES)
                        .mapToObj(number -> "copy of " + number)
                        .toList());
        assertThat(application.singleAborts).hasValueGreaterThan(1);
    }

    @Test
    void shouldShowNothingOfTransactionThatFails() {
        // When
        assertThatThrownBy(() -> application
                        .notes
                        .withTransaction(emitter -> {
                            emitter.send("lost");
                            return Uni.createFrom().failure(new IllegalStateException("injected"));
                        })
                        .await()
                        .atMost(PATIENCE))
                .isInstanceOf(IllegalStateException.class);
        application
                .notes
                .withTransaction(emitter -> {
                    emitter.send("kept");
                    emitter.send("kept too");
                    return Uni.createFrom().voidItem();
                })
                .await()
                .atMost(PATIENCE);

        // Then
        assertThat(readOutside("notes", "read_committed", 2)).containsExactly("kept", "kept too");
    }

    @Test
    void shouldRefuseTransactionInsideAnother() {
        assertThatThrownBy(() -> application
                        .small
                        .withTransaction(outer -> {
                            outer.send("outer");
                            return application.small.withTransaction(
                                    inner -> Uni.createFrom().voidItem());
                        })
                        .await()
                        .atMost(PATIENCE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("small-out");
        assertThat(application.small.isTransactionInProgress()).isFalse();
    }

    @Test
    void shouldGiveResultOfTransactionThatSendsNothing() {
        assertThat(application
                        .empty
                        .withTransaction(emitter -> Uni.createFrom().item("done"))
                        .await()
                        .atMost(PATIENCE))
                .isEqualTo("done");
    }

    @Test
    void shouldSayThatTransactionWasAborted() {
        assertThatThrownBy(() -> application
                        .marked
                        .withTransaction(emitter -> {
                            emitter.send("lost");
                            emitter.markForAbort();
                            assertThat(emitter.isMarkedForAbort()).isTrue();
                            return Uni.createFrom().voidItem();
                        })
                        .await()
                        .atMost(PATIENCE))
                .isInstanceOf(TransactionAbortedException.class);
    }

    @Test
    void shouldAbortTransactionWhoseRecordIsTooLargeAndTakeTheNext() {
        // When
        assertThatThrownBy(() -> application
                        .bulky
                        .withTransaction(emitter -> {
                            emitter.send("first");
                            emitter.send("x".repeat(1_000));
                            return Uni.createFrom().voidItem();
                        })
                        .await()
                        .atMost(PATIENCE))
                .hasRootCauseInstanceOf(RecordTooLargeException.class);
        application
                .bulky
                .withTransaction(emitter -> {
                    emitter.send("next");
                    return Uni.createFrom().voidItem();
                })
                .await()
                .atMost(PATIENCE);

        // Then
        assertThat(readOutside("bulky", "read_committed", 1)).containsExactly("next");
    }

    @Test
    void shouldGoOnInContextThatBegan() throws Exception {
        // Given
        Context context = vertx.getOrCreateContext();
        CompletableFuture<Boolean> isSame = new CompletableFuture<>();

        // When
        context.runOnContext(nothing -> application
                .late
                .withTransaction(emitter -> {
                    emitter.send("late");
                    return Uni.createFrom().voidItem();
                })
                .subscribe()
                .with(
                        done -> isSame.complete(Context.isOnEventLoopThread() && Vertx.currentContext() == context),
                        isSame::completeExceptionally));

        // Then
        assertThat(isSame.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /** Reads until there are that many and a second long no more. */
    private static List<String> readOutside(String topic, String isolation, int count) {
        List<String> read = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class),
                        "isolation.level",
                        isolation,
                        "group.id",
                        "outside-" + isolation + "-" + topic,
                        "auto.offset.reset",
                        "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            await().atMost(PATIENCE).until(() -> {
                int before = read.size();
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                    read.add(record.value());
                }
                return read.size() >= count && read.size() == before;
            });
        }
        return read;
    }
}
