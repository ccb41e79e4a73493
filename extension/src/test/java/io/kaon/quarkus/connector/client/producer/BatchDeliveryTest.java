// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.quarkus.connector.client.ApiCaller;
import io.kaon.record.RecordBatch;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.ProduceRequest;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** How long and how often batches without a transaction are tried, and what is put into one. */
class BatchDeliveryTest extends AbstractBatchesTest {
    private static final long MINUTE_MS = TimeUnit.MINUTES.toMillis(1);

    @Test
    void shouldSendBatchAgainBeforeThoseBehindIt() throws Exception {
        // Given
        BatchSender sender = sender(broker, 0, new DeliveryLimits.Delivery(MINUTE_MS, Integer.MAX_VALUE, 1, 5));
        broker.failNext(ApiKey.PRODUCE, Errors.NOT_LEADER_OR_FOLLOWER, Errors.KAFKA_STORAGE_ERROR);

        // When
        CompletableFuture<RecordMetadata> first = send(sender, "a");
        owner.submit(() -> {}).get(PATIENCE_S, TimeUnit.SECONDS);
        owner.submit(() -> {}).get(PATIENCE_S, TimeUnit.SECONDS);
        CompletableFuture<RecordMetadata> second = send(sender, "bb");
        first.get(PATIENCE_S, TimeUnit.SECONDS);
        second.get(PATIENCE_S, TimeUnit.SECONDS);

        // Then
        List<Integer> sizes = batches().stream().map(RecordBatch::sizeInBytes).toList();
        assertThat(sizes).hasSize(4);
        assertThat(sizes.subList(0, 3)).containsOnly(sizes.get(0));
        assertThat(sizes.get(3)).isGreaterThan(sizes.get(0));
    }

    @Test
    void shouldGiveUpAfterAsManyRetriesAsAllowed() {
        // Given
        BatchSender sender = sender(broker, 0, new DeliveryLimits.Delivery(MINUTE_MS, 2, 1, 5));
        broker.failNext(
                ApiKey.PRODUCE,
                Collections.nCopies(10, Errors.NOT_LEADER_OR_FOLLOWER).toArray(Errors[]::new));

        // When
        CompletableFuture<RecordMetadata> refused = send(sender, "a");

        // Then
        assertThatThrownBy(() -> refused.get(PATIENCE_S, TimeUnit.SECONDS))
                .hasCauseInstanceOf(NotLeaderOrFollowerException.class);
        assertThat(batches()).hasSize(3);
    }

    @Test
    void shouldNotRepeatWhatCannotPass() {
        // Given
        BatchSender sender = sender(broker, 0, new DeliveryLimits.Delivery(MINUTE_MS, Integer.MAX_VALUE, 1, 5));
        broker.failNext(ApiKey.PRODUCE, Errors.INVALID_TOPIC_EXCEPTION);

        // When
        CompletableFuture<RecordMetadata> refused = send(sender, "a");

        // Then
        assertThatThrownBy(() -> refused.get(PATIENCE_S, TimeUnit.SECONDS))
                .hasCauseInstanceOf(InvalidTopicException.class);
        assertThat(batches()).hasSize(1);
    }

    @Test
    void shouldFailRecordsThatAreNotAnsweredInTime() {
        // Given
        BatchSender sender = sender(new Silent(), 0, new DeliveryLimits.Delivery(50, Integer.MAX_VALUE, 1, 5));

        // When
        CompletableFuture<RecordMetadata> underWay = send(sender, "a");
        CompletableFuture<RecordMetadata> behindIt = send(sender, "b");

        // Then
        for (CompletableFuture<RecordMetadata> late : List.of(underWay, behindIt)) {
            assertThatThrownBy(() -> late.get(PATIENCE_S, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(TimeoutException.class)
                    .hasMessageContaining("delivery.timeout.ms");
        }
    }

    @Test
    void shouldLetRecordsLingerUntilFlushed() throws Exception {
        // Given
        BatchSender sender =
                sender(broker, MINUTE_MS, new DeliveryLimits.Delivery(2 * MINUTE_MS, Integer.MAX_VALUE, 1, 5));
        CompletableFuture<RecordMetadata> first = send(sender, "a");
        owner.submit(() -> {}).get(PATIENCE_S, TimeUnit.SECONDS);
        owner.submit(() -> {}).get(PATIENCE_S, TimeUnit.SECONDS);
        CompletableFuture<RecordMetadata> second = send(sender, "b");

        // When
        CompletableFuture<Void> idle = new CompletableFuture<>();
        owner.execute(() -> sender.whenSent(() -> idle.complete(null)));

        // Then
        idle.get(PATIENCE_S, TimeUnit.SECONDS);
        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
        assertThat(batches()).extracting(RecordBatch::count).containsExactly(2);
    }

    @Test
    void shouldFlushWhatCameBeforeAndNotWhatComesAfter() throws Exception {
        // Given
        Answering answering = new Answering(broker);
        BatchSender sender = sender(answering, 0, new DeliveryLimits.Delivery(MINUTE_MS, Integer.MAX_VALUE, 1, 5));
        CompletableFuture<RecordMetadata> before = send(sender, "a");
        answering.awaitBatch();
        CompletableFuture<Void> flushed = new CompletableFuture<>();
        owner.execute(() -> sender.whenSent(() -> flushed.complete(null)));
        CompletableFuture<RecordMetadata> after = send(sender, "b");

        // When
        answering.answerOne();

        // Then
        flushed.get(PATIENCE_S, TimeUnit.SECONDS);
        assertThat(before).isCompleted();
        assertThat(after).isNotDone();
    }

    @Test
    void shouldSendUnderNewNumbersWhereLogIsAnotherOne() throws Exception {
        // Given
        BatchSender sender = sender(broker, 0, new DeliveryLimits.Delivery(MINUTE_MS, Integer.MAX_VALUE, 1, 5));
        send(sender, "a").get(PATIENCE_S, TimeUnit.SECONDS);
        broker.failNext(ApiKey.PRODUCE, Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);

        // When
        send(sender, "b").get(PATIENCE_S, TimeUnit.SECONDS);
        send(sender, "c").get(PATIENCE_S, TimeUnit.SECONDS);

        // Then
        assertThat(batches()).extracting(RecordBatch::baseSequence).containsExactly(0, 1, 0, 1);
        assertThat(batches())
                .extracting(batch -> batch.producerEpoch() - FakeCoordinator.FIRST_EPOCH)
                .containsExactly(0, 0, 1, 1);
        assertThat(batches()).noneMatch(RecordBatch::isTransactional);
    }

    @Test
    void shouldGiveNumbersOfRefusedBatchToTheNext() throws Exception {
        // Given
        BatchSender sender = sender(broker, 0, new DeliveryLimits.Delivery(MINUTE_MS, Integer.MAX_VALUE, 1, 5));
        broker.failNext(ApiKey.PRODUCE, Errors.MESSAGE_TOO_LARGE);

        // When
        CompletableFuture<RecordMetadata> refused = send(sender, "a");
        assertThatThrownBy(() -> refused.get(PATIENCE_S, TimeUnit.SECONDS)).isNotNull();
        send(sender, "b").get(PATIENCE_S, TimeUnit.SECONDS);

        // Then
        assertThat(batches()).extracting(RecordBatch::baseSequence).containsExactly(0, 0);
        assertThat(batches()).extracting(RecordBatch::producerEpoch).containsOnly(FakeCoordinator.FIRST_EPOCH);
    }

    @Test
    void shouldEndLingeringByItself() throws Exception {
        // Given
        BatchSender sender = sender(broker, 30, new DeliveryLimits.Delivery(MINUTE_MS, Integer.MAX_VALUE, 1, 5));

        // When
        CompletableFuture<RecordMetadata> sent = send(sender, "a");

        // Then
        assertThat(sent.get(PATIENCE_S, TimeUnit.SECONDS).partition()).isEqualTo(1);
    }

    private BatchSender sender(ApiCaller calls, long lingerMs, DeliveryLimits.Delivery delivery) {
        return sender(calls, new DeliveryLimits((short) 1, 1_000, 1 << 20, lingerMs, delivery, true), Optional.empty());
    }

    /** A broker that answers for a batch when it is told to. */
    private static final class Answering implements ApiCaller {
        private final ApiCaller broker;
        private final BlockingQueue<Runnable> batches = new LinkedBlockingQueue<>();
        private final Semaphore arrived = new Semaphore(0);

        Answering(ApiCaller broker) {
            this.broker = broker;
        }

        @Override
        public <T extends ApiMessage> CompletableFuture<T> call(Class<T> answer, ApiMessage request) {
            CompletableFuture<T> result = broker.call(answer, request);
            if (!(request instanceof ProduceRequest)) {
                return result;
            }
            CompletableFuture<T> later = new CompletableFuture<>();
            batches.add(() -> later.complete(result.join()));
            arrived.release();
            return later;
        }

        void awaitBatch() throws InterruptedException {
            assertThat(arrived.tryAcquire(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
        }

        void answerOne() {
            batches.remove().run();
        }
    }

    /** A broker that never answers. */
    private static final class Silent implements ApiCaller {
        @Override
        public <T extends ApiMessage> CompletableFuture<T> call(Class<T> answer, ApiMessage request) {
            return new CompletableFuture<>();
        }
    }
}
