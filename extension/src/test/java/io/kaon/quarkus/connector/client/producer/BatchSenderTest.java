// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.quarkus.connector.client.Deadline;
import io.kaon.record.RecordBatch;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.ProduceRequest;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Batches of transactions: what is on them, and what becomes of them after an error. */
class BatchSenderTest extends AbstractBatchesTest {
    private final ProducerTransaction transaction =
            new ProducerTransaction("orders", new TransactionCalls(broker, 60_000));
    private final BatchSender sender = sender(
            broker,
            new DeliveryLimits(
                    DeliveryLimits.ALL,
                    1_000,
                    1 << 20,
                    0,
                    new DeliveryLimits.Delivery(TimeUnit.MINUTES.toMillis(1), Integer.MAX_VALUE, 1, 10),
                    true),
            Optional.of(transaction));

    @BeforeEach
    void begin() {
        transaction.initialize(soon());
        transaction.begin();
    }

    @Test
    void shouldNumberRecordsOfTransactionAnewInEachEpoch() throws Exception {
        // When
        send("a").get(PATIENCE_S, TimeUnit.SECONDS);
        send("b").get(PATIENCE_S, TimeUnit.SECONDS);
        transaction.commit(soon());
        transaction.begin();
        send("c").get(PATIENCE_S, TimeUnit.SECONDS);

        // Then
        List<RecordBatch> batches = batches();
        assertThat(batches).allMatch(RecordBatch::isTransactional);
        assertThat(batches).extracting(RecordBatch::baseSequence).containsExactly(0, 1, 0);
        assertThat(batches)
                .extracting(batch -> (int) batch.producerEpoch())
                .containsExactly(
                        (int) FakeCoordinator.FIRST_EPOCH,
                        (int) FakeCoordinator.FIRST_EPOCH,
                        FakeCoordinator.FIRST_EPOCH + 1);
        assertThat(broker.requests(ProduceRequest.class))
                .extracting(ProduceRequest::transactionalId)
                .containsOnly("orders");
    }

    @Test
    void shouldSendBatchAgainUnderItsSequenceAfterErrorThatPasses() throws Exception {
        // Given
        broker.failNext(ApiKey.PRODUCE, Errors.CONCURRENT_TRANSACTIONS, Errors.NOT_LEADER_OR_FOLLOWER);

        // When
        send("a").get(PATIENCE_S, TimeUnit.SECONDS);
        send("b").get(PATIENCE_S, TimeUnit.SECONDS);

        // Then
        assertThat(batches()).extracting(RecordBatch::baseSequence).containsExactly(0, 0, 0, 1);
    }

    @Test
    void shouldFailTransactionWithRecordThatIsNotTaken() {
        // Given
        broker.failNext(ApiKey.PRODUCE, Errors.MESSAGE_TOO_LARGE);

        // When
        CompletableFuture<RecordMetadata> refused = send("a");

        // Then
        assertThatThrownBy(() -> refused.get(PATIENCE_S, TimeUnit.SECONDS))
                .hasCauseInstanceOf(RecordTooLargeException.class);
        CompletableFuture<RecordMetadata> late = send("b");
        assertThatThrownBy(() -> late.get(PATIENCE_S, TimeUnit.SECONDS))
                .hasCauseInstanceOf(RecordTooLargeException.class);
        assertThatThrownBy(() -> transaction.commit(soon())).isInstanceOf(KafkaException.class);
        assertThat(broker.requests(ProduceRequest.class)).hasSize(1);
    }

    @Test
    void shouldNotGoOnSendingOnceAbortBegins() {
        // Given
        broker.failNext(
                ApiKey.PRODUCE,
                Collections.nCopies(10_000, Errors.NOT_LEADER_OR_FOLLOWER).toArray(Errors[]::new));
        CompletableFuture<RecordMetadata> refused = send("a");

        // When
        transaction.giveUp(new TransactionAbortedException("as told"));

        // Then
        assertThatThrownBy(() -> refused.get(PATIENCE_S, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
    }

    @Test
    void shouldAnswerForRecordsUnderWayWhenProducerIsClosed() throws Exception {
        // Given
        broker.failNext(
                ApiKey.PRODUCE,
                Collections.nCopies(10_000, Errors.NOT_LEADER_OR_FOLLOWER).toArray(Errors[]::new));
        CompletableFuture<RecordMetadata> unanswered = send("a");
        owner.submit(() -> {}).get(PATIENCE_S, TimeUnit.SECONDS); // It is accepted,
        owner.submit(() -> {}).get(PATIENCE_S, TimeUnit.SECONDS); // and it is sent.

        // When
        owner.execute(() -> sender.close(new KafkaException("The producer is closed")));
        owner.shutdown();

        // Then
        assertThatThrownBy(() -> unanswered.get(PATIENCE_S, TimeUnit.SECONDS))
                .hasCauseInstanceOf(KafkaException.class)
                .hasMessageContaining("closed");
    }

    private static Deadline soon() {
        return Deadline.inMs(TimeUnit.SECONDS.toMillis(PATIENCE_S));
    }

    private CompletableFuture<RecordMetadata> send(String value) {
        return send(sender, value);
    }
}
