// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.quarkus.connector.client.AbstractEmbeddedClientsTest;
import io.kaon.quarkus.connector.client.Deadline;
import io.kaon.quarkus.connector.client.producer.EmbeddedProducer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Consumer and producer without a socket, as Kafka's interfaces describe them, over a real broker. */
class EmbeddedConsumerTest extends AbstractEmbeddedClientsTest {
    @Test
    void shouldGoOnFromCommittedOffset() throws Exception {
        // Given
        send("resumed", "a", "b", "c");
        EmbeddedConsumer<String, String> first = consumer("resume", Map.of());
        first.subscribe(List.of("resumed"));
        assertThat(values(poll(first, 3))).containsExactly("a", "b", "c");
        first.commitSync(Map.of(new TopicPartition("resumed", 0), new OffsetAndMetadata(2, "note")));
        first.close();

        // When
        EmbeddedConsumer<String, String> second = consumer("resume", Map.of());
        second.subscribe(List.of("resumed"));

        // Then
        assertThat(values(poll(second, 1))).containsExactly("c");
        assertThat(second.committed(Set.of(new TopicPartition("resumed", 0))))
                .containsEntry(new TopicPartition("resumed", 0), new OffsetAndMetadata(2, "note"));
    }

    @Test
    void shouldCommitAsynchronouslyAndCallBackOnPollingThread() throws Exception {
        // Given
        send("async", "a");
        EmbeddedConsumer<String, String> consumer = consumer("async", Map.of());
        consumer.subscribe(List.of("async"));
        poll(consumer, 1);
        CompletableFuture<Thread> calledBack = new CompletableFuture<>();

        // When
        consumer.commitAsync((offsets, failure) -> calledBack.complete(Thread.currentThread()));
        pollUntil(consumer, calledBack::isDone);

        // Then
        assertThat(calledBack).isCompletedWithValue(Thread.currentThread());
        assertThat(consumer.committed(Set.of(new TopicPartition("async", 0))).values())
                .containsExactly(new OffsetAndMetadata(1));
    }

    @Test
    void shouldSeekToOffsetsAndEnds() throws Exception {
        // Given
        send("sought", "a", "b", "c");
        TopicPartition partition = new TopicPartition("sought", 0);
        EmbeddedConsumer<String, String> consumer = consumer("seek", Map.of());
        consumer.assign(List.of(partition));

        // When / Then
        consumer.seek(partition, 1);
        assertThat(values(poll(consumer, 2))).containsExactly("b", "c");
        consumer.seekToBeginning(List.of(partition));
        assertThat(consumer.position(partition)).isZero();
        consumer.seekToEnd(List.of(partition));
        assertThat(consumer.position(partition)).isEqualTo(3);
        assertThat(consumer.beginningOffsets(List.of(partition))).containsEntry(partition, 0L);
        assertThat(consumer.endOffsets(List.of(partition))).containsEntry(partition, 3L);
    }

    @Test
    void shouldFailWithoutOffsetWhenResetIsNone() {
        // Given
        EmbeddedConsumer<String, String> consumer = consumer("strict", Map.of("auto.offset.reset", "none"));
        consumer.assign(List.of(new TopicPartition("pair", 0)));

        // When / Then
        assertThatThrownBy(() -> consumer.poll(STEP)).isInstanceOf(NoOffsetForPartitionException.class);
    }

    @Test
    void shouldDeliverNothingFromPausedPartitionAndAllAfterResume() throws Exception {
        // Given
        TopicPartition partition = new TopicPartition("paused", 0);
        send("paused", "a");
        EmbeddedConsumer<String, String> consumer = consumer("pause", Map.of());
        consumer.assign(List.of(partition));
        poll(consumer, 1);

        // When
        consumer.pause(List.of(partition));
        send("paused", "b");
        assertThat(consumer.poll(STEP).isEmpty()).isTrue();
        consumer.resume(List.of(partition));

        // Then
        assertThat(values(poll(consumer, 1))).containsExactly("b");
    }

    @Test
    void shouldWakeFromPoll() {
        // Given
        EmbeddedConsumer<String, String> consumer = consumer("wake", Map.of());
        consumer.assign(List.of(new TopicPartition("pair", 0)));
        timer.schedule(consumer::wakeup, 100, TimeUnit.MILLISECONDS);

        // When / Then
        assertThatThrownBy(() -> consumer.poll(Duration.ofMinutes(5))).isInstanceOf(WakeupException.class);
    }

    @Test
    void shouldFollowTopicsThatMatchPattern() throws Exception {
        // Given
        EmbeddedConsumer<String, String> consumer = consumer("pattern", Map.of());
        consumer.subscribe(Pattern.compile("season-.*"));
        consumer.poll(STEP);

        // When
        send("season-spring", "rain");
        List<ConsumerRecord<String, String>> read = poll(consumer, 1);

        // Then
        assertThat(values(read)).containsExactly("rain");
        assertThat(consumer.subscription()).containsExactly("season-spring");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldMovePartitionsToMemberThatJoinsAndBackWhenItLeaves(boolean isCooperative) {
        // Given
        Map<String, Object> settings = isCooperative
                ? Map.of("partition.assignment.strategy", CooperativeStickyAssignor.class.getName())
                : Map.of();
        Moves moves = new Moves();
        EmbeddedConsumer<String, String> first = consumer("moving-" + isCooperative, settings);
        first.subscribe(List.of("six"), moves);
        pollUntil(first, () -> first.assignment().size() == 6);

        // When
        EmbeddedConsumer<String, String> second = consumer("moving-" + isCooperative, settings);
        second.subscribe(List.of("six"));
        pollUntil(
                List.of(first, second),
                () -> first.assignment().size() == 3 && second.assignment().size() == 3);

        // Then
        assertThat(first.assignment()).doesNotContainAnyElementsOf(second.assignment());
        assertThat(moves.revoked).hasSize(isCooperative ? 3 : 6);
        second.close();
        pollUntil(first, () -> first.assignment().size() == 6);
    }

    @Test
    void shouldTellWhereRecordsWent() throws Exception {
        // When
        try (EmbeddedProducer<String, String> producer = producer(Map.of())) {
            RecordMetadata first =
                    producer.send(new ProducerRecord<>("told", "k", "a")).get(PATIENCE_S, TimeUnit.SECONDS);
            RecordMetadata second =
                    producer.send(new ProducerRecord<>("told", "k", "b")).get(PATIENCE_S, TimeUnit.SECONDS);

            // Then
            assertThat(first.offset()).isZero();
            assertThat(second.offset()).isEqualTo(1);
            assertThat(second.topic()).isEqualTo("told");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void shouldCarryCompressedBatches(String compression) throws Exception {
        // Given
        String topic = "packed-" + compression;
        List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();

        // When
        try (EmbeddedProducer<String, String> producer = producer(Map.of("compression.type", compression))) {
            for (int number = 0; number < 500; number++) {
                sent.add((CompletableFuture<RecordMetadata>)
                        producer.send(new ProducerRecord<>(topic, "value-" + number)));
            }
            CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get(PATIENCE_S, TimeUnit.SECONDS);
        }

        // Then
        EmbeddedConsumer<String, String> consumer = consumer("packed", Map.of());
        consumer.assign(List.of(new TopicPartition(topic, 0)));
        List<String> read = values(poll(consumer, 500));
        assertThat(read).hasSize(500).startsWith("value-0").endsWith("value-499");
    }

    @Test
    void shouldRefuseRecordThatIsTooLarge() {
        try (EmbeddedProducer<String, String> producer = producer(Map.of("max.request.size", "1000"))) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("large", "x".repeat(2_000)))
                            .get(PATIENCE_S, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(RecordTooLargeException.class);
        }
    }

    @Test
    void shouldSendWhatWaitsBeforeItCloses() throws Exception {
        // Given
        EmbeddedProducer<String, String> producer = producer(Map.of());
        CompletableFuture<RecordMetadata> last = null;

        // When
        for (int number = 0; number < 200; number++) {
            last = (CompletableFuture<RecordMetadata>) producer.send(new ProducerRecord<>("closing", "v" + number));
        }
        producer.close();

        // Then
        assertThat(last.get(PATIENCE_S, TimeUnit.SECONDS).offset()).isEqualTo(199);
    }

    @Test
    void shouldReadOnlyWhatIsCommitted() throws Exception {
        // Given
        EmbeddedConsumer<String, String> all = consumer("dirty", Map.of());
        EmbeddedConsumer<String, String> committed = consumer("clean", Map.of("isolation.level", "read_committed"));
        TopicPartition partition = new TopicPartition("ledger", 0);
        all.assign(List.of(partition));
        committed.assign(List.of(partition));

        // When
        try (EmbeddedProducer<String, String> producer = producer(Map.of("transactional.id", "ledger"))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("ledger", "kept")).get(PATIENCE_S, TimeUnit.SECONDS);
            producer.commitTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("ledger", "lost")).get(PATIENCE_S, TimeUnit.SECONDS);
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("ledger", "kept too"));
            producer.commitTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("ledger", "open")).get(PATIENCE_S, TimeUnit.SECONDS);

            // Then
            assertThat(values(poll(all, 4))).containsExactly("kept", "lost", "kept too", "open");
            assertThat(values(poll(committed, 2))).containsExactly("kept", "kept too");
            assertThat(committed.endOffsets(List.of(partition)))
                    .as("the last stable offset")
                    .containsEntry(partition, 6L);
            assertThat(all.endOffsets(List.of(partition))).containsEntry(partition, 7L);
            producer.abortTransaction();
        }
    }

    @Test
    void shouldCommitOffsetsWithTransactionOnly() throws Exception {
        // Given
        send("source", "a", "b");
        EmbeddedConsumer<String, String> consumer = consumer("exactly", Map.of("isolation.level", "read_committed"));
        consumer.subscribe(List.of("source"));
        poll(consumer, 2);
        TopicPartition partition = new TopicPartition("source", 0);

        // When
        try (EmbeddedProducer<String, String> producer = producer(Map.of("transactional.id", "exactly"))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(1)), consumer.groupMetadata());
            producer.abortTransaction();
            assertThat(consumer.committed(Set.of(partition))).containsEntry(partition, null);
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(2)), consumer.groupMetadata());
            producer.commitTransaction();
        }

        // Then
        assertThat(consumer.committed(Set.of(partition))).containsEntry(partition, new OffsetAndMetadata(2));
    }

    @Test
    void shouldNotCommitWithoutRecordThatCouldNotBeSent() {
        // Given
        Map<String, Object> settings = Map.of("transactional.id", "incomplete", "max.request.size", "1000");
        try (EmbeddedProducer<String, String> producer = producer(settings)) {
            producer.initTransactions();
            producer.beginTransaction();

            // When
            producer.send(new ProducerRecord<>("incomplete", "x".repeat(2_000)));

            // Then
            assertThatThrownBy(producer::commitTransaction).hasCauseInstanceOf(RecordTooLargeException.class);
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("incomplete", "small"));
            producer.commitTransaction();
        }
    }

    @Test
    void shouldNotHoldUpPollWhileTransactionKeepsCommittedOffsetOpen() throws Exception {
        // Given
        send("unsettled", "a");
        TopicPartition partition = new TopicPartition("unsettled", 0);
        EmbeddedConsumer<String, String> consumer = consumer("unsettled", Map.of("isolation.level", "read_committed"));
        consumer.assign(List.of(partition));
        try (EmbeddedProducer<String, String> producer = producer(Map.of("transactional.id", "unsettled"))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(1)), consumer.groupMetadata());

            // When
            Deadline deadline = Deadline.inMs(TimeUnit.SECONDS.toMillis(PATIENCE_S));
            boolean isEmpty = consumer.poll(STEP).isEmpty();

            // Then
            assertThat(isEmpty).isTrue();
            assertThat(deadline.hasPassed()).isFalse();
            producer.abortTransaction();
        }
        assertThat(values(poll(consumer, 1))).containsExactly("a");
    }

    @Test
    void shouldFenceProducerWhoseIdIsTakenOver() throws Exception {
        // Given
        EmbeddedProducer<String, String> first = producer(Map.of("transactional.id", "fenced"));
        first.initTransactions();
        first.beginTransaction();
        first.send(new ProducerRecord<>("fenced", "first")).get(PATIENCE_S, TimeUnit.SECONDS);

        // When
        EmbeddedProducer<String, String> second = producer(Map.of("transactional.id", "fenced"));
        second.initTransactions();

        // Then
        assertThatThrownBy(first::commitTransaction).isInstanceOf(ProducerFencedException.class);
        second.beginTransaction();
        second.send(new ProducerRecord<>("fenced", "second"));
        second.commitTransaction();
        EmbeddedConsumer<String, String> committed = consumer("fenced", Map.of("isolation.level", "read_committed"));
        committed.assign(List.of(new TopicPartition("fenced", 0)));
        assertThat(values(poll(committed, 1))).containsExactly("second");
        first.close();
        second.close();
    }

    private static final class Moves implements ConsumerRebalanceListener {
        final Set<TopicPartition> revoked = new HashSet<>();

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            revoked.addAll(partitions);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
    }
}
