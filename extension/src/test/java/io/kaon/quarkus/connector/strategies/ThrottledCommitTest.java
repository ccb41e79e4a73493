// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaon.quarkus.connector.strategies.ThrottledSettings.Action;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ThrottledCommitTest {
    private static final TopicPartition FIRST = new TopicPartition("orders", 0);
    private static final TopicPartition SECOND = new TopicPartition("orders", 1);
    private static final Vertx VERTX = Vertx.vertx();

    private final FakeClient client = new FakeClient();
    private final List<Throwable> failures = new ArrayList<>();
    private long nowNs = 1_000;
    private Duration grace = Duration.ofSeconds(20);
    private ThrottledCommit commit = commit(Duration.ofSeconds(60), Optional.empty());

    @AfterAll
    static void close() {
        VERTX.close();
    }

    @Test
    void shouldCommitAtTheIntervalAndNotBefore() {
        // Given
        commit.partitionsAssigned(Set.of(FIRST));
        List<IncomingKafkaRecord<String, String>> records = receive(FIRST, 0, 1, 2);

        // When
        ack(records.get(0));
        ack(records.get(1));

        // Then
        assertThat(client.commits).isEmpty();
        commit.onInterval();
        commit.onInterval();
        assertThat(client.commits).containsExactly(Map.of(FIRST, 2L));
    }

    @Test
    void shouldTryAgainAfterCommitThatFailed() {
        // Given
        commit.partitionsAssigned(Set.of(FIRST));
        receive(FIRST, 0).forEach(this::ack);
        client.failure = Optional.of(new TimeoutException("injected"));
        commit.onInterval();

        // When
        client.failure = Optional.empty();
        commit.onInterval();

        // Then
        assertThat(client.commits).containsExactly(Map.of(FIRST, 1L));
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldCommitOnlyWhatIsRevokedWhenItIsRevoked() {
        // Given
        commit.partitionsAssigned(Set.of(FIRST, SECOND));
        receive(FIRST, 5, 6).forEach(this::ack);
        receive(SECOND, 7).forEach(this::ack);

        // When
        commit.partitionsRevoked(Set.of(FIRST));

        // Then
        assertThat(client.commits).containsExactly(Map.of(FIRST, 7L));
        commit.onInterval();
        assertThat(client.commits).last().isEqualTo(Map.of(SECOND, 8L));
    }

    @Test
    void shouldCommitWhatApplicationFinishesWhilePartitionIsGivenUp() throws Exception {
        // Given
        commit.partitionsAssigned(Set.of(FIRST));
        List<IncomingKafkaRecord<String, String>> records = receive(FIRST, 0, 1);

        // When
        Thread polling = new Thread(() -> commit.partitionsRevoked(Set.of(FIRST)));
        polling.start();
        await().until(() -> polling.getState() == Thread.State.TIMED_WAITING);
        records.forEach(this::ack);
        polling.join();

        // Then
        assertThat(client.commits).containsExactly(Map.of(FIRST, 2L));
    }

    @Test
    void shouldGiveUpPartitionWithRecordThatTakesLong() {
        // Given
        grace = Duration.ofMillis(10);
        commit = commit(Duration.ofSeconds(60), Optional.empty());
        commit.partitionsAssigned(Set.of(FIRST));
        List<IncomingKafkaRecord<String, String>> records = receive(FIRST, 0, 1, 2);
        ack(records.get(0));

        // When
        commit.partitionsRevoked(Set.of(FIRST));

        // Then
        assertThat(client.commits).containsExactly(Map.of(FIRST, 1L));
    }

    @Test
    void shouldNotGiveWhatWaitsForItsTurnWhenItsPartitionIsGone() {
        // Given
        grace = Duration.ZERO;
        ThrottledCommit ordered =
                commit(Duration.ofSeconds(60), Optional.of(new OrderedTurns.Rules(OrderedTurns.Grouping.KEY, 2, 100)));
        ordered.partitionsAssigned(Set.of(FIRST));
        List<IncomingKafkaRecord<String, String>> given = new ArrayList<>();
        Multi.createFrom()
                .range(0, 3)
                .map(i -> new IncomingKafkaRecord<>(
                        new ConsumerRecord<>("orders", 0, i, "one key", "v"), "orders-in", -1, ordered, null, false))
                .plug(ordered::decorateStream)
                .subscribe()
                .with(record -> {
                    ordered.onReceived(record);
                    given.add(record);
                });

        // When
        ordered.partitionsRevoked(Set.of(FIRST));
        ack(given.get(0));

        // Then
        assertThat(offsets(given)).containsExactly(0L);
        assertThat(client.commits).isEmpty();
    }

    @Test
    void shouldCommitNothingForPartitionThatWasLost() {
        // Given
        commit.partitionsAssigned(Set.of(FIRST));
        receive(FIRST, 0).forEach(this::ack);
        client.generation = -1;

        // When
        commit.partitionsRevoked(Set.of(FIRST));
        commit.onInterval();

        // Then
        assertThat(client.commits).isEmpty();
    }

    @Test
    void shouldNotCommitForPartitionThatGoesBeforeTheCommitHasItsTurn() {
        // Given
        commit.partitionsAssigned(Set.of(FIRST));
        List<IncomingKafkaRecord<String, String>> records = receive(FIRST, 0, 1);
        ack(records.get(0));

        // When: the other member goes on meanwhile
        client.beforeTurn = () -> {
            commit.partitionsRevoked(Set.of(FIRST));
            client.committed.put(FIRST, 50L);
        };
        commit.onInterval();

        // Then
        assertThat(client.committed).containsExactlyEntriesOf(Map.of(FIRST, 50L));
        assertThat(client.wentBack).isFalse();
    }

    @Test
    void shouldNotCommitPastRecordBelowTheFirstThatCame() {
        // Given: 6 was on its way when its partition went and came back
        commit.partitionsAssigned(Set.of(FIRST));
        List<IncomingKafkaRecord<String, String>> records = receive(FIRST, 6, 4, 5);

        // When
        ack(records.get(0));
        ack(records.get(1));
        commit.onInterval();

        // Then
        assertThat(client.commits).isEmpty();
        ack(records.get(2));
        commit.onInterval();
        assertThat(client.commits).containsExactly(Map.of(FIRST, 7L));
    }

    @Test
    void shouldKeepOrderOfKeysAndNotCommitPastRecordThatWaitsForItsTurn() {
        // Given
        ThrottledCommit ordered =
                commit(Duration.ofSeconds(60), Optional.of(new OrderedTurns.Rules(OrderedTurns.Grouping.KEY, 2, 100)));
        ordered.partitionsAssigned(Set.of(FIRST));
        List<IncomingKafkaRecord<String, String>> given = new ArrayList<>();
        String[] keys = {"a", "a", "b", "c", "a", "b"};
        Multi.createFrom()
                .range(0, keys.length)
                .map(i -> new IncomingKafkaRecord<>(
                        new ConsumerRecord<>("orders", 0, i, keys[i], "v"), "orders-in", -1, ordered, null, false))
                .plug(ordered::decorateStream)
                .subscribe()
                .with(record -> {
                    ordered.onReceived(record);
                    given.add(record);
                });

        // When: two groups at a time, and those of a key one after the other
        assertThat(offsets(given)).containsExactly(0L, 2L);
        ack(given.get(1));
        ordered.onInterval();
        assertThat(client.commits).as("0 is under way, 1 waits behind it").isEmpty();

        // Then
        for (int next = 0; next < given.size(); next++) {
            if (next != 1) {
                ack(given.get(next));
            }
        }
        ordered.onInterval();
        assertThat(offsets(given)).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L);
        assertThat(offsets(given)).containsSubsequence(0L, 1L, 4L).containsSubsequence(2L, 5L);
        assertThat(client.commits).containsExactly(Map.of(FIRST, 6L));
    }

    private static List<Long> offsets(List<IncomingKafkaRecord<String, String>> records) {
        return records.stream().map(IncomingKafkaRecord::getOffset).toList();
    }

    @Test
    void shouldNotFailRebalanceWhenCommitFails() {
        // Given
        commit.partitionsAssigned(Set.of(FIRST));
        receive(FIRST, 0).forEach(this::ack);
        client.failure = Optional.of(new TimeoutException("injected"));

        // When
        commit.partitionsRevoked(Set.of(FIRST));

        // Then
        assertThat(client.commits).isEmpty();
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldIgnoreAcknowledgementAfterPartitionIsGone() {
        // Given
        commit.partitionsAssigned(Set.of(FIRST));
        List<IncomingKafkaRecord<String, String>> records = receive(FIRST, 0, 1);
        commit.partitionsRevoked(Set.of(FIRST));

        // When
        ack(records.get(0));
        commit.onInterval();

        // Then
        assertThat(client.commits).isEmpty();
    }

    @Test
    void shouldNotCommitBelowWhatAnotherMemberHasCommitted() {
        // Given
        client.committed.put(FIRST, 100L);
        commit.partitionsAssigned(Set.of(FIRST));

        // When: the application went back to replay
        receive(FIRST, 10, 11, 12).forEach(this::ack);
        commit.onInterval();

        // Then
        assertThat(client.commits).isEmpty();
        receive(FIRST, 13, 100).forEach(this::ack);
        commit.onInterval();
        assertThat(client.commits).containsExactly(Map.of(FIRST, 101L));
    }

    @Test
    void shouldCommitWhatIsAcknowledgedWhenItEnds() {
        // Given
        commit.partitionsAssigned(Set.of(FIRST));
        List<IncomingKafkaRecord<String, String>> records = receive(FIRST, 0, 1, 2);
        ack(records.get(0));

        // When
        commit.terminate(false);

        // Then
        assertThat(client.commits).containsExactly(Map.of(FIRST, 1L));
        ack(records.get(1));
        commit.partitionsRevoked(Set.of(FIRST));
        assertThat(client.commits).last().isEqualTo(Map.of(FIRST, 2L));
    }

    @Test
    void shouldWaitForTheApplicationWhenItEndsGracefully() throws Exception {
        // Given
        commit.partitionsAssigned(Set.of(FIRST));
        List<IncomingKafkaRecord<String, String>> records = receive(FIRST, 0, 1);

        // When
        Thread end = new Thread(() -> commit.terminate(true));
        end.start();
        records.forEach(this::ack);
        end.join();

        // Then
        assertThat(client.commits).containsExactly(Map.of(FIRST, 2L));
    }

    @Test
    void shouldBeInTroubleWhileRecordIsTooOld() {
        // Given
        commit.partitionsAssigned(Set.of(FIRST));
        List<IncomingKafkaRecord<String, String>> records = receive(FIRST, 4, 5);

        // When
        nowNs += Duration.ofSeconds(61).toNanos();
        commit.onInterval();

        // Then
        assertThat(commit.trouble()).hasValueSatisfying(text -> assertThat(text)
                .contains("orders-0@4", "key of type java.lang.String", "61 s", "org.acme.Orders.take()")
                .doesNotContain("secret"));
        assertThat(failures).as("the channel goes on").isEmpty();
        records.forEach(this::ack);
        assertThat(commit.trouble()).isEmpty();
    }

    static LongStream seeds() {
        long given = Long.getLong("kaon.test.seed", 0);
        return given != 0 ? LongStream.of(given) : new Random().longs(20, 1, Long.MAX_VALUE);
    }

    /** Members come and go, commits fail, acknowledgements come in any order and late. */
    @ParameterizedTest(name = "kaon.test.seed={0}")
    @MethodSource("seeds")
    void shouldNeverCommitBackNorPastWhatIsNotProcessed(long seed) {
        grace = Duration.ZERO;
        commit = commit(Duration.ofSeconds(60), Optional.empty());
        Random random = new Random(seed);
        Set<String> processed = new HashSet<>();
        Map<TopicPartition, Long> checked = new HashMap<>();
        Map<TopicPartition, Long> positions = new HashMap<>();
        List<IncomingKafkaRecord<String, String>> held = new ArrayList<>();
        for (int step = 0; step < 3_000; step++) {
            int what = random.nextInt(100);
            TopicPartition partition = random.nextBoolean() ? FIRST : SECOND;
            if (what < 45 && positions.containsKey(partition)) {
                long offset = positions.merge(partition, 1L, Long::sum) - 1;
                held.addAll(receive(partition, offset));
            } else if (what < 85 && !held.isEmpty()) {
                IncomingKafkaRecord<String, String> record = held.remove(random.nextInt(held.size()));
                processed.add(record.getPartition() + "@" + record.getOffset());
                ack(record);
            } else if (what < 92) {
                client.failure =
                        random.nextInt(5) == 0 ? Optional.of(new TimeoutException("injected")) : Optional.empty();
                commit.onInterval();
            } else if (what < 96 && positions.remove(partition) != null) {
                boolean isLost = random.nextInt(4) == 0;
                client.generation = isLost ? -1 : 7;
                client.failure = Optional.empty();
                commit.partitionsRevoked(Set.of(partition));
                client.generation = 7;
            } else if (!positions.containsKey(partition)) {
                positions.put(partition, client.committed.getOrDefault(partition, 0L));
                commit.partitionsAssigned(Set.of(partition));
            }
            client.committed.forEach((id, next) -> {
                for (long offset = checked.getOrDefault(id, 0L); offset < next; offset++) {
                    assertThat(processed).contains(id.partition() + "@" + offset);
                }
                checked.put(id, next);
            });
        }
        assertThat(client.wentBack).isFalse();
        assertThat(client.commits).isNotEmpty();
    }

    private ThrottledCommit commit(Duration maxAge, Optional<OrderedTurns.Rules> order) {
        ThrottledSettings settings = new ThrottledSettings(
                "orders-in",
                Duration.ofSeconds(5),
                maxAge,
                Action.UNHEALTHY,
                grace,
                Duration.ofSeconds(60),
                false,
                order);
        TrackedPartitions partitions = new TrackedPartitions();
        StuckRecords stuck =
                new StuckRecords(settings, "org.acme.Orders.take()", partitions, () -> nowNs, Optional.empty());
        return new ThrottledCommit(
                settings,
                VERTX,
                client.asKafkaConsumer(),
                (failure, isFatal) -> failures.add(failure),
                partitions,
                stuck,
                () -> nowNs);
    }

    private List<IncomingKafkaRecord<String, String>> receive(TopicPartition partition, long... offsets) {
        List<IncomingKafkaRecord<String, String>> records = LongStream.of(offsets)
                .mapToObj(offset -> new IncomingKafkaRecord<>(
                        new ConsumerRecord<>(partition.topic(), partition.partition(), offset, "secret key", "secret"),
                        "orders-in",
                        -1,
                        commit,
                        null,
                        false))
                .toList();
        records.forEach(commit::onReceived);
        return records;
    }

    private void ack(IncomingKafkaRecord<String, String> record) {
        record.ack().toCompletableFuture().join();
    }

    /** Kafka's consumer as the strategy uses it, on the thread of the caller. */
    private static final class FakeClient {
        private final Map<TopicPartition, Long> committed = new HashMap<>();
        private final List<Map<TopicPartition, Long>> commits = new ArrayList<>();
        private Optional<RuntimeException> failure = Optional.empty();
        private int generation = 7;
        private boolean wentBack;
        private Runnable beforeTurn = () -> {};

        @SuppressWarnings("deprecation")
        private final MockConsumer<String, String> consumer = new MockConsumer<>("earliest") {
            @Override
            public synchronized ConsumerGroupMetadata groupMetadata() {
                return new ConsumerGroupMetadata("group", generation, "member", Optional.empty());
            }

            @Override
            public synchronized void commitAsync(
                    Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
                try {
                    take(offsets);
                    callback.onComplete(offsets, null);
                } catch (RuntimeException e) {
                    callback.onComplete(offsets, e);
                }
            }

            @Override
            public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
                take(offsets);
            }

            @Override
            public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
                    Set<TopicPartition> wanted, Duration timeout) {
                return lookUp(wanted.stream());
            }
        };

        private void take(Map<TopicPartition, OffsetAndMetadata> offsets) {
            failure.ifPresent(cause -> {
                throw cause;
            });
            Map<TopicPartition, Long> plain = new TreeMap<>(Comparator.comparing(TopicPartition::toString));
            offsets.forEach((id, offset) -> plain.put(id, offset.offset()));
            plain.forEach((id, offset) -> wentBack |= offset <= committed.getOrDefault(id, -1L));
            committed.putAll(plain);
            commits.add(Map.copyOf(plain));
        }

        private Map<TopicPartition, OffsetAndMetadata> lookUp(Stream<TopicPartition> wanted) {
            Map<TopicPartition, OffsetAndMetadata> found = new HashMap<>();
            wanted.forEach(
                    id -> found.put(id, committed.containsKey(id) ? new OffsetAndMetadata(committed.get(id)) : null));
            return found;
        }

        @SuppressWarnings("unchecked")
        KafkaConsumer<String, String> asKafkaConsumer() {
            return (KafkaConsumer<String, String>) Proxy.newProxyInstance(
                    KafkaConsumer.class.getClassLoader(),
                    new Class<?>[] {KafkaConsumer.class},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "unwrap" -> consumer;
                        case "committed" -> Uni.createFrom().item(lookUp(Stream.of((TopicPartition[]) arguments[0])));
                        case "runOnPollingThread" ->
                            Uni.createFrom().item(() -> {
                                beforeTurn.run();
                                if (arguments[0] instanceof Function<?, ?> function) {
                                    return ((Function<Object, Object>) function).apply(consumer);
                                }
                                ((java.util.function.Consumer<Object>) arguments[0]).accept(consumer);
                                return null;
                            });
                        case "equals" -> proxy == arguments[0];
                        case "hashCode" -> System.identityHashCode(proxy);
                        default -> throw new UnsupportedOperationException(method.getName());
                    });
        }
    }
}
