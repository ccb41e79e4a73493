// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.record.ControlRecordType;
import io.kaon.storage.segment.AbortedTransaction;
import org.junit.jupiter.api.Test;

final class ProducerTransactionsTest {
    private static final long ID = 7;
    private static final long OTHER = 8;
    private static final long NOW_MS = 1_000;

    private final ProducerStates producers = new ProducerStates(true);

    @Test
    void shouldBeginWithTheFirstBatchAndEndWithTheMarker() {
        // Given
        write(ID, 0, 0, 10);
        write(ID, 0, 1, 11);

        // When
        long whileOpen = producers.firstUnstableOffset();
        producers.end(commit(ID, 0, 0), 12, NOW_MS);
        producers.onHighWatermark(13);

        // Then
        assertThat(whileOpen).isEqualTo(10);
        assertThat(producers.firstUnstableOffset()).isEqualTo(ProducerStates.NO_UNSTABLE_OFFSET);
    }

    @Test
    void shouldHoldReadersBackUntilTheMarkerIsCommitted() {
        // Given
        write(ID, 0, 0, 10);
        producers.end(commit(ID, 0, 0), 11, NOW_MS);

        // When
        producers.onHighWatermark(11);

        // Then
        assertThat(producers.firstUnstableOffset()).isEqualTo(10);
    }

    @Test
    void shouldSayWhatWasAbortedAndFromWhereOnNothingIsDecided() {
        // Given
        write(OTHER, 0, 0, 9);
        write(ID, 0, 0, 10);

        // When / Then
        assertThat(producers.end(abort(ID, 0, 0), 11, NOW_MS)).contains(new AbortedTransaction(ID, 10, 11, 9));
        assertThat(producers.end(abort(OTHER, 0, 0), 12, NOW_MS)).contains(new AbortedTransaction(OTHER, 9, 12, 13));
        assertThat(producers.end(abort(OTHER, 0, 0), 13, NOW_MS)).isEmpty();
    }

    @Test
    void shouldRefuseABatchOutsideTheOpenTransaction() {
        // Given
        write(ID, 0, 0, 10);

        // When
        ProducerVerdict verdict = producers.check(new ProducerBatch(ID, (short) 0, 1, 0, 5, false));

        // Then
        assertThat(codeOf(verdict)).isEqualTo(ErrorCode.INVALID_TXN_STATE);
    }

    @Test
    void shouldRefuseMarkersOfFencedProducersAndCoordinators() {
        // Given
        write(ID, 3, 0, 10);
        producers.end(commit(ID, 3, 5), 11, NOW_MS);

        // When / Then
        assertThat(codeOf(producers.check(commit(ID, 2, 5), MarkerEpochs.SAME)))
                .isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(codeOf(producers.check(commit(ID, 3, 4), MarkerEpochs.SAME)))
                .isEqualTo(ErrorCode.TRANSACTION_COORDINATOR_FENCED);
        assertThat(producers.check(commit(ID, 3, 5), MarkerEpochs.SAME)).isEqualTo(ProducerVerdict.NEXT);
    }

    @Test
    void shouldAskForANewerEpochOnlyWhileSomethingIsOpen() {
        // Given
        write(ID, 3, 0, 10);

        // When
        ProducerVerdict late = producers.check(commit(ID, 3, 0), MarkerEpochs.BUMPED);
        producers.end(commit(ID, 4, 0), 11, NOW_MS);
        ProducerVerdict repeated = producers.check(commit(ID, 4, 0), MarkerEpochs.BUMPED);

        // Then
        assertThat(codeOf(late)).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(repeated).isEqualTo(ProducerVerdict.NEXT);
    }

    @Test
    void shouldTakeTheLastEpochThereIsAsItsOwnSuccessor() {
        // Given
        write(ID, Short.MAX_VALUE, 0, 10);

        // When
        ProducerVerdict verdict = producers.check(commit(ID, Short.MAX_VALUE, 0), MarkerEpochs.BUMPED);

        // Then
        assertThat(verdict).isEqualTo(ProducerVerdict.NEXT);
    }

    @Test
    void shouldRefuseWhatTheProducerSentBeforeItsEpochWasBumped() {
        // Given
        write(ID, 3, 0, 10);
        producers.end(abort(ID, 4, 0), 11, NOW_MS);

        // When / Then
        assertThat(codeOf(producers.check(batch(ID, 3, 1)))).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(codeOf(producers.check(batch(ID, 4, 1)))).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(producers.check(batch(ID, 4, 0))).isEqualTo(ProducerVerdict.NEXT);
    }

    @Test
    void shouldGoOnCountingBehindAMarkerOfTheSameEpoch() {
        // Given
        write(ID, 3, 0, 10);

        // When
        producers.end(commit(ID, 3, 0), 11, NOW_MS);

        // Then
        assertThat(producers.check(batch(ID, 3, 1))).isEqualTo(ProducerVerdict.NEXT);
        assertThat(producers.check(batch(ID, 3, 0))).isInstanceOf(ProducerVerdict.Duplicate.class);
        assertThat(codeOf(producers.check(batch(ID, 3, 2)))).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }

    @Test
    void shouldTakeTheMarkerOfAProducerThatIsNotKnownAndRememberIt() {
        // When
        ProducerVerdict verdict = producers.check(abort(ID, 3, 5), MarkerEpochs.BUMPED);
        boolean isAborted = producers.end(abort(ID, 3, 5), 11, NOW_MS).isPresent();

        // Then
        assertThat(verdict).isEqualTo(ProducerVerdict.NEXT);
        assertThat(isAborted).isFalse();
        assertThat(producers.entries()).containsExactly(new ProducerEntry(ID, (short) 3, -1, -1, 0, NOW_MS, 5, -1));
    }

    @Test
    void shouldGoOnWithTheTransactionInANewEpoch() {
        // Given
        write(ID, 0, 0, 10);

        // When
        write(ID, 1, 0, 11);

        // Then
        assertThat(producers.entries().get(0).openTransactionFirstOffset()).isEqualTo(10);
    }

    @Test
    void shouldTakeWhatACoordinatorWritesWithoutASequence() {
        // Given
        ProducerBatch offsets = new ProducerBatch(ID, (short) 2, -1, 0, 5, true);
        producers.add(offsets, 10, NOW_MS);

        // When / Then
        assertThat(producers.checkWithoutSequence(offsets)).isEqualTo(ProducerVerdict.NEXT);
        assertThat(codeOf(producers.checkWithoutSequence(new ProducerBatch(ID, (short) 1, -1, 0, 5, true))))
                .isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(codeOf(producers.checkWithoutSequence(new ProducerBatch(ID, (short) 2, -1, 0, 5, false))))
                .isEqualTo(ErrorCode.INVALID_TXN_STATE);
    }

    @Test
    void shouldNeverForgetAProducerWithAnOpenTransaction() {
        // Given
        write(ID, 0, 0, 10);
        write(OTHER, 0, 0, 11);
        producers.end(commit(OTHER, 0, 0), 12, NOW_MS);

        // When
        producers.expire(NOW_MS + 1_000_000, 10);

        // Then
        assertThat(producers.entries()).extracting(ProducerEntry::producerId).containsExactly(ID);
    }

    @Test
    void shouldKnowOpenTransactionsAgainFromASnapshot() {
        // Given
        write(ID, 0, 0, 10);
        write(OTHER, 0, 0, 11);
        producers.end(commit(OTHER, 1, 4), 12, NOW_MS);

        // When
        ProducerStates loaded = new ProducerStates(true);
        loaded.load(producers.entries(), new ProducerStates(true));

        // Then
        assertThat(loaded.entries()).isEqualTo(producers.entries());
        assertThat(loaded.firstUnstableOffset()).isEqualTo(10);
        assertThat(loaded.end(abort(ID, 0, 0), 13, NOW_MS)).contains(new AbortedTransaction(ID, 10, 13, 14));
    }

    private void write(long id, int epoch, int sequence, long offset) {
        producers.add(batch(id, epoch, sequence), offset, NOW_MS);
    }

    private static ProducerBatch batch(long id, int epoch, int sequence) {
        return new ProducerBatch(id, (short) epoch, sequence, 0, 5, true);
    }

    private static TransactionMarker commit(long id, int epoch, int coordinatorEpoch) {
        return new TransactionMarker(id, (short) epoch, ControlRecordType.COMMIT, coordinatorEpoch);
    }

    private static TransactionMarker abort(long id, int epoch, int coordinatorEpoch) {
        return new TransactionMarker(id, (short) epoch, ControlRecordType.ABORT, coordinatorEpoch);
    }

    private static ErrorCode codeOf(ProducerVerdict verdict) {
        return ((ProducerVerdict.Refused) verdict).code();
    }
}
