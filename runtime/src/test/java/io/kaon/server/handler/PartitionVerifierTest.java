// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.common.TopicPartition;
import io.kaon.coordinator.ShardClock;
import io.kaon.coordinator.ShardLog;
import io.kaon.coordinator.ShardOptions;
import io.kaon.coordinator.group.TransactionVerifier.Question;
import io.kaon.coordinator.transaction.TransactionCoordinator;
import io.kaon.coordinator.transaction.TransactionOptions;
import io.kaon.coordinator.transaction.TransactionPorts;
import io.kaon.coordinator.transaction.TransactionsTopic;
import io.kaon.metadata.ClusterImage;
import io.kaon.sim.VirtualTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionVerifierTest {
    private static final ProducerIdAndEpoch PRODUCER = new ProducerIdAndEpoch(7, (short) 0);
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    private final VirtualTime time = new VirtualTime(TestBroker.START_MS);
    private boolean isEnabled = true;
    private final PartitionVerifier verifier = new PartitionVerifier(
            () -> {
                throw new IllegalStateException("no coordinator");
            },
            time,
            new PartitionVerifier.Options(() -> isEnabled, 20, 100));

    @Test
    void shouldAnswerWhenTheCoordinatorThrows() {
        // When
        CompletionStage<Map<TopicPartition, ErrorCode>> answer =
                verifier.ask("tx", PRODUCER, List.of(ORDERS), VerificationMode.ADD);

        // Then
        assertThat(answer.toCompletableFuture().join()).containsOnly(Map.entry(ORDERS, ErrorCode.UNKNOWN_SERVER_ERROR));
    }

    @Test
    void shouldNotLetBatchesWaitForEver() {
        // Given
        PartitionVerifier asking =
                new PartitionVerifier(this::neverLoading, time, new PartitionVerifier.Options(() -> true, 20, 100));
        CompletableFuture<Map<TopicPartition, ErrorCode>> answer = asking.ask(
                        "tx", PRODUCER, List.of(ORDERS), VerificationMode.VERIFY)
                .toCompletableFuture();

        // When
        time.advance(PartitionVerifier.ANSWER_TIMEOUT_MS - 1);
        boolean isEarly = answer.isDone();
        time.advance(1);

        // Then
        assertThat(isEarly).isFalse();
        assertThat(answer.join()).containsOnly(Map.entry(ORDERS, ErrorCode.COORDINATOR_NOT_AVAILABLE));
    }

    /** A coordinator whose log does not open, for which it waits longer than anybody. */
    private TransactionCoordinator neverLoading() {
        TransactionsTopic topic = new TransactionsTopic() {
            @Override
            public boolean exists() {
                return true;
            }

            @Override
            public int partitionCount() {
                return 1;
            }

            @Override
            public CompletionStage<Void> create() {
                return new CompletableFuture<>();
            }

            @Override
            public CompletionStage<ShardLog> open(int partition) {
                return new CompletableFuture<>();
            }
        };
        TransactionCoordinator coordinator = new TransactionCoordinator(
                new TransactionPorts(
                        topic,
                        (broker, markers) -> new CompletableFuture<>(),
                        () -> ClusterImage.EMPTY,
                        CompletableFuture::new,
                        group -> 0,
                        CompletableFuture::new,
                        Runnable::run),
                TransactionOptions.DEFAULTS,
                new ShardOptions(1 << 20, 5_000, 1 << 20, Integer.MAX_VALUE),
                new ShardClock(time, time));
        coordinator.onLeader(0, 0);
        return coordinator;
    }

    @Test
    void shouldNotLookWhenThatIsTurnedOffButAddNevertheless() {
        // Given
        isEnabled = false;

        // When
        ErrorCode looked = verifier.verify(new Question("tx", PRODUCER, 3, false))
                .toCompletableFuture()
                .join();
        ErrorCode added = verifier.verify(new Question("tx", PRODUCER, 3, true))
                .toCompletableFuture()
                .join();

        // Then
        assertThat(looked).isEqualTo(ErrorCode.NONE);
        assertThat(added).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
    }

    @ParameterizedTest
    @CsvSource({"0, VERIFY_OLD", "10, VERIFY_OLD", "11, VERIFY", "12, ADD", "13, ADD"})
    void shouldAskAsTheVersionOfProduceSays(short version, VerificationMode mode) {
        assertThat(VerificationMode.ofProduce(version)).isEqualTo(mode);
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, NONE, NONE, NONE",
        "PRODUCER_FENCED, INVALID_PRODUCER_EPOCH, INVALID_PRODUCER_EPOCH, INVALID_PRODUCER_EPOCH",
        "TRANSACTION_ABORTABLE, INVALID_TXN_STATE, TRANSACTION_ABORTABLE, TRANSACTION_ABORTABLE",
        "CONCURRENT_TRANSACTIONS, NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS, CONCURRENT_TRANSACTIONS",
        "NOT_COORDINATOR, NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS",
        "COORDINATOR_NOT_AVAILABLE, NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS",
        "COORDINATOR_LOAD_IN_PROGRESS, NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS",
        "NETWORK_EXCEPTION, NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS",
        "INVALID_PRODUCER_ID_MAPPING, INVALID_PRODUCER_ID_MAPPING, INVALID_PRODUCER_ID_MAPPING, "
                + "INVALID_PRODUCER_ID_MAPPING",
        "INVALID_TXN_STATE, INVALID_TXN_STATE, INVALID_TXN_STATE, INVALID_TXN_STATE"
    })
    void shouldTellProducersWhatTheyUnderstand(ErrorCode said, ErrorCode old, ErrorCode newer, ErrorCode newest) {
        assertThat(VerificationMode.VERIFY_OLD.toProducer(said)).isEqualTo(old);
        assertThat(VerificationMode.VERIFY.toProducer(said)).isEqualTo(newer);
        assertThat(VerificationMode.ADD.toProducer(said)).isEqualTo(newest);
    }
}
