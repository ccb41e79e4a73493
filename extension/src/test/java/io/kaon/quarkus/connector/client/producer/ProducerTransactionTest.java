// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import static io.kaon.quarkus.connector.client.producer.FakeCoordinator.FIRST_EPOCH;
import static io.kaon.quarkus.connector.client.producer.FakeCoordinator.PRODUCER_ID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.quarkus.connector.client.Deadline;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.EndTxnRequest;
import io.kaon.wire.message.InitProducerIdRequest;
import io.kaon.wire.message.TxnOffsetCommitRequest;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProducerTransactionTest {
    private static final Map<TopicPartition, OffsetAndMetadata> OFFSETS =
            Map.of(new TopicPartition("in", 2), new OffsetAndMetadata(17, "note"));

    private final FakeCoordinator coordinator = new FakeCoordinator();
    private final ProducerTransaction transaction =
            new ProducerTransaction("orders", new TransactionCalls(coordinator, 7_000));

    private static Deadline soon() {
        return Deadline.inMs(10_000);
    }

    private void begin() {
        transaction.initialize(soon());
        transaction.begin();
    }

    private static ConsumerGroupMetadata group() {
        return new ConsumerGroupMetadata("readers", 5, "member-1", Optional.of("instance"));
    }

    @Test
    void shouldGetProducerIdOnceCoordinatorIsReady() {
        // Given
        coordinator.failNext(ApiKey.FIND_COORDINATOR, Errors.COORDINATOR_NOT_AVAILABLE);
        coordinator.failNext(
                ApiKey.INIT_PRODUCER_ID, Errors.COORDINATOR_LOAD_IN_PROGRESS, Errors.CONCURRENT_TRANSACTIONS);

        // When
        begin();

        // Then
        assertThat(transaction.stamp()).contains(new ProducerIdAndEpoch(PRODUCER_ID, FIRST_EPOCH));
        assertThat(coordinator.requests(InitProducerIdRequest.class)).hasSize(3).allSatisfy(request -> {
            assertThat(request.transactionalId()).isEqualTo("orders");
            assertThat(request.transactionTimeoutMs()).isEqualTo(7_000);
        });
    }

    @Test
    void shouldGiveUpInitializingAtDeadline() {
        // Given
        coordinator.failNext(ApiKey.INIT_PRODUCER_ID, Errors.CONCURRENT_TRANSACTIONS, Errors.CONCURRENT_TRANSACTIONS);

        // When / Then
        assertThatThrownBy(() -> transaction.initialize(Deadline.inMs(0))).isInstanceOf(TimeoutException.class);
    }

    @Test
    void shouldRefuseClusterWithoutImplicitAdds() {
        // Given
        coordinator.finalizeTransactionVersion(1);

        // When / Then
        assertThatThrownBy(() -> transaction.initialize(soon()))
                .isInstanceOf(UnsupportedVersionException.class)
                .hasMessageContaining("bootstrap.servers");
    }

    @Test
    void shouldTellWhyIdIsRefused() {
        // Given
        coordinator.failNext(ApiKey.INIT_PRODUCER_ID, Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);

        // When / Then
        assertThatThrownBy(() -> transaction.initialize(soon()))
                .isInstanceOf(TransactionalIdAuthorizationException.class);
    }

    @Test
    void shouldTakeNextEpochFromEndOfTransaction() {
        // Given
        begin();
        transaction.stamp();

        // When
        transaction.commit(soon());
        transaction.begin();

        // Then
        assertThat(transaction.stamp()).contains(new ProducerIdAndEpoch(PRODUCER_ID, (short) (FIRST_EPOCH + 1)));
        assertThat(coordinator.requests(EndTxnRequest.class)).singleElement().satisfies(request -> {
            assertThat(request.committed()).isTrue();
            assertThat(request.producerId()).isEqualTo(PRODUCER_ID);
            assertThat(request.producerEpoch()).isEqualTo(FIRST_EPOCH);
        });
    }

    @Test
    void shouldEndTransactionWithoutRecordsWithoutBroker() {
        // Given
        begin();

        // When
        transaction.commit(soon());
        transaction.begin();
        transaction.abort(soon());

        // Then
        assertThat(coordinator.requests(EndTxnRequest.class)).isEmpty();
    }

    @Test
    void shouldAddOffsetsOfGroup() {
        // Given
        begin();
        coordinator.failNext(ApiKey.TXN_OFFSET_COMMIT, Errors.COORDINATOR_LOAD_IN_PROGRESS);

        // When
        transaction.addOffsets(OFFSETS, group(), soon());

        // Then
        assertThat(coordinator.requests(TxnOffsetCommitRequest.class))
                .hasSize(2)
                .allSatisfy(request -> {
                    assertThat(request.transactionalId()).isEqualTo("orders");
                    assertThat(request.groupId()).isEqualTo("readers");
                    assertThat(request.generationIdOrMemberEpoch()).isEqualTo(5);
                    assertThat(request.memberId()).isEqualTo("member-1");
                    assertThat(request.groupInstanceId()).isEqualTo("instance");
                    assertThat(request.topics().get(0).partitions().get(0).committedOffset())
                            .isEqualTo(17);
                });
    }

    @ParameterizedTest
    @EnumSource(
            value = Errors.class,
            names = {"ILLEGAL_GENERATION", "UNKNOWN_MEMBER_ID"})
    void shouldOnlyAbortAfterOffsetsOfStaleMember(Errors error) {
        // Given
        begin();
        coordinator.failNext(ApiKey.TXN_OFFSET_COMMIT, error);

        // When
        assertThatThrownBy(() -> transaction.addOffsets(OFFSETS, group(), soon()))
                .isInstanceOf(CommitFailedException.class);

        // Then
        assertThatThrownBy(() -> transaction.commit(soon()))
                .isInstanceOf(KafkaException.class)
                .hasCauseInstanceOf(CommitFailedException.class);
        transaction.abort(soon());
        transaction.begin();
        assertThat(coordinator.requests(EndTxnRequest.class))
                .singleElement()
                .satisfies(request -> assertThat(request.committed()).isFalse());
    }

    @Test
    void shouldOnlyAbortWhenNobodyKnowsWhetherOffsetsAreIn() {
        // Given
        begin();
        coordinator.failNext(ApiKey.TXN_OFFSET_COMMIT, Errors.COORDINATOR_LOAD_IN_PROGRESS);

        // When
        assertThatThrownBy(() -> transaction.addOffsets(OFFSETS, group(), Deadline.inMs(0)))
                .isInstanceOf(TimeoutException.class);

        // Then
        assertThatThrownBy(() -> transaction.commit(soon())).hasCauseInstanceOf(TimeoutException.class);
        transaction.abort(soon());
        transaction.begin();
    }

    @Test
    void shouldOnlyAbortAfterRecordThatWasNotTaken() {
        // Given
        begin();
        transaction.stamp();

        // When
        transaction.onSendFailure(Errors.MESSAGE_TOO_LARGE);

        // Then
        assertThat(transaction.stamp()).isEmpty();
        assertThat(transaction.refusal()).isPresent();
        assertThatThrownBy(transaction::onSend).isInstanceOf(KafkaException.class);
        assertThatThrownBy(() -> transaction.commit(soon())).isInstanceOf(KafkaException.class);
        transaction.abort(soon());
        transaction.begin();
        transaction.onSend();
    }

    @Test
    void shouldBeOfNoUseOnceFenced() {
        // Given
        begin();
        transaction.stamp();
        coordinator.failNext(ApiKey.END_TXN, Errors.INVALID_PRODUCER_EPOCH);

        // When
        assertThatThrownBy(() -> transaction.commit(soon())).isInstanceOf(ProducerFencedException.class);

        // Then
        assertThatThrownBy(() -> transaction.abort(soon())).isInstanceOf(ProducerFencedException.class);
        assertThatThrownBy(transaction::begin).isInstanceOf(ProducerFencedException.class);
        assertThatThrownBy(transaction::onSend).isInstanceOf(ProducerFencedException.class);
    }

    @Test
    void shouldLearnFromAbortThatOldEpochOfRecordMeansFencing() {
        // Given
        begin();
        transaction.stamp();
        transaction.onSendFailure(Errors.INVALID_PRODUCER_EPOCH);
        coordinator.failNext(ApiKey.END_TXN, Errors.PRODUCER_FENCED);

        // When / Then
        assertThatThrownBy(() -> transaction.abort(soon())).isInstanceOf(ProducerFencedException.class);
    }

    @Test
    void shouldAbortWhenCoordinatorAllowsNothingElse() {
        // Given
        begin();
        transaction.stamp();
        coordinator.failNext(ApiKey.END_TXN, Errors.TRANSACTION_ABORTABLE);

        // When
        assertThatThrownBy(() -> transaction.commit(soon())).isInstanceOf(TransactionAbortableException.class);
        transaction.abort(soon());

        // Then
        assertThat(coordinator.requests(EndTxnRequest.class))
                .extracting(EndTxnRequest::committed)
                .containsExactly(true, false);
    }

    @Test
    void shouldGoOnWithCommitThatTookTooLongButNotAbortIt() {
        // Given
        begin();
        transaction.stamp();
        coordinator.failNext(ApiKey.END_TXN, Errors.CONCURRENT_TRANSACTIONS);

        // When
        assertThatThrownBy(() -> transaction.commit(Deadline.inMs(0))).isInstanceOf(TimeoutException.class);

        // Then
        assertThatThrownBy(() -> transaction.abort(soon())).isInstanceOf(IllegalStateException.class);
        transaction.commit(soon());
        transaction.begin();
    }

    @Test
    void shouldRefuseStepsOutOfOrder() {
        // When / Then
        assertThatThrownBy(transaction::begin).isInstanceOf(IllegalStateException.class);
        transaction.initialize(soon());
        assertThatThrownBy(() -> transaction.initialize(soon())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(transaction::onSend).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> transaction.commit(soon())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> transaction.addOffsets(OFFSETS, group(), soon()))
                .isInstanceOf(IllegalStateException.class);
        transaction.begin();
        assertThatThrownBy(transaction::begin).isInstanceOf(IllegalStateException.class);
    }
}
