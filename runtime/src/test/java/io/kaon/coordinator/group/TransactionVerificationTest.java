// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.wire.message.TxnOffsetCommitRequest;
import io.kaon.wire.message.TxnOffsetCommitResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Offsets must not open a transaction that its coordinator does not know of (KIP-890). */
final class TransactionVerificationTest {
    private static final long PRODUCER = 7;

    private final GroupFixture fixture = new GroupFixture();
    private final TransactionFixture transactions = new TransactionFixture(fixture);
    private final List<TransactionVerifier.Question> questions = new ArrayList<>();
    private final List<CompletableFuture<ErrorCode>> answers = new ArrayList<>();

    @BeforeEach
    void askTheTest() {
        fixture.verifier = this::ask;
    }

    private CompletionStage<ErrorCode> ask(TransactionVerifier.Question question) {
        questions.add(question);
        answers.add(new CompletableFuture<>());
        return answers.get(answers.size() - 1);
    }

    @ParameterizedTest
    @CsvSource({"0, false", "4, false", "5, true", "6, true"})
    void shouldAskOnceInATransactionBeforeAnythingIsWritten(int version, boolean adds) {
        // Given
        CompletableFuture<TxnOffsetCommitResponse> first = commit(version);
        assertThat(fixture.log.entries()).isEmpty();

        // When
        answers.get(0).complete(ErrorCode.NONE);
        CompletableFuture<TxnOffsetCommitResponse> second = commit(version);

        // Then
        ProducerIdAndEpoch producer = new ProducerIdAndEpoch(PRODUCER, TransactionFixture.EPOCH);
        assertThat(questions).containsExactly(new TransactionVerifier.Question("app-7", producer, 0, adds));
        assertThat(errorOf(first)).isEqualTo(ErrorCode.NONE);
        assertThat(errorOf(second)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldAskAgainInTheNextTransaction() {
        // Given
        CompletableFuture<TxnOffsetCommitResponse> first = commit(TransactionFixture.LATEST);
        answers.get(0).complete(ErrorCode.NONE);
        assertThat(errorOf(first)).isEqualTo(ErrorCode.NONE);
        transactions.commitTransaction(PRODUCER);

        // When
        CompletableFuture<TxnOffsetCommitResponse> second = commit(TransactionFixture.LATEST);

        // Then
        assertThat(questions).hasSize(2);
        assertThat(second).isNotDone();
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_TXN_STATE,          6, INVALID_TXN_STATE",
        "INVALID_PRODUCER_EPOCH,     6, INVALID_PRODUCER_EPOCH",
        "PRODUCER_FENCED,            6, INVALID_PRODUCER_EPOCH",
        "INVALID_PRODUCER_ID_MAPPING,6, INVALID_PRODUCER_ID_MAPPING",
        "CONCURRENT_TRANSACTIONS,    6, CONCURRENT_TRANSACTIONS",
        "NETWORK_EXCEPTION,          6, COORDINATOR_LOAD_IN_PROGRESS",
        "TRANSACTION_ABORTABLE,      4, TRANSACTION_ABORTABLE",
        "TRANSACTION_ABORTABLE,      3, INVALID_TXN_STATE"
    })
    void shouldWriteNothingWhenTheCoordinatorRefuses(ErrorCode answer, int version, ErrorCode expected) {
        // Given
        CompletableFuture<TxnOffsetCommitResponse> commit = commit(version);

        // When
        answers.get(0).complete(answer);

        // Then
        assertThat(errorOf(commit)).isEqualTo(expected);
        assertThat(fixture.log.entries()).isEmpty();
    }

    @Test
    void shouldLetTheClientComeAgainWhenNobodyCanBeAsked() {
        // Given
        CompletableFuture<TxnOffsetCommitResponse> commit = commit(TransactionFixture.LATEST);

        // When
        answers.get(0).completeExceptionally(new IllegalStateException("as told"));

        // Then
        assertThat(errorOf(commit)).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
    }

    @Test
    void shouldAskAgainWhenATransactionEndedMeanwhile() {
        // Given
        CompletableFuture<TxnOffsetCommitResponse> commit = commit(4);
        transactions.abortTransaction(PRODUCER);
        answers.get(0).complete(ErrorCode.NONE);
        assertThat(errorOf(commit)).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(transactions.stable().errorCode()).isZero();

        // When
        CompletableFuture<TxnOffsetCommitResponse> again = commit(4);
        answers.get(1).complete(ErrorCode.INVALID_TXN_STATE);

        // Then
        assertThat(errorOf(again)).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(transactions.stable().errorCode()).isZero();
    }

    @Test
    void shouldNotLoseAProducerToTheMarkerOfItsTransactionBefore() {
        // Given
        TxnOffsetCommitRequest next =
                TransactionFixture.request(PRODUCER, 42).setProducerEpoch((short) (TransactionFixture.EPOCH + 1));
        CompletableFuture<TxnOffsetCommitResponse> commit = transactions.commit(TransactionFixture.LATEST, next);
        transactions.commitTransaction(PRODUCER);
        answers.get(0).complete(ErrorCode.NONE);
        assertThat(errorOf(commit)).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);

        // When
        CompletableFuture<TxnOffsetCommitResponse> again = transactions.commit(TransactionFixture.LATEST, next);
        answers.get(1).complete(ErrorCode.NONE);

        // Then
        assertThat(errorOf(again)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldLetTheClientComeAgainWhenTheGroupCoordinatorMovedMeanwhile() {
        // Given
        CompletableFuture<TxnOffsetCommitResponse> commit = commit(TransactionFixture.LATEST);
        fixture.elect();

        // When
        answers.get(0).complete(ErrorCode.NONE);

        // Then
        assertThat(errorOf(commit)).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(fixture.log.entries()).isEmpty();
    }

    @Test
    void shouldLetTwoCommitsOfAProducerShareTheirGuard() {
        // Given
        CompletableFuture<TxnOffsetCommitResponse> first = commit(4);
        CompletableFuture<TxnOffsetCommitResponse> second = commit(4);

        // When
        answers.get(0).complete(ErrorCode.INVALID_TXN_STATE);
        answers.get(1).complete(ErrorCode.NONE);

        // Then
        assertThat(errorOf(first)).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(errorOf(second)).isEqualTo(ErrorCode.NONE);
    }

    private CompletableFuture<TxnOffsetCommitResponse> commit(int version) {
        return transactions.commit(version, TransactionFixture.request(PRODUCER, 42));
    }

    private ErrorCode errorOf(CompletableFuture<TxnOffsetCommitResponse> commit) {
        return TransactionFixture.errorOf(fixture.done(commit));
    }
}
