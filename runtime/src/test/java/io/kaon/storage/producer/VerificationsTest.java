// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.record.ControlRecordType;
import org.junit.jupiter.api.Test;

final class VerificationsTest {
    private static final long ID = 7;
    private static final long NOW_MS = 1_000;
    private static final boolean OWN_EPOCH = true;

    private final ProducerStates producers = new ProducerStates(true);
    private final ProducerStates forgetful = new ProducerStates(false);

    @Test
    void shouldAskOnlyAboutTheFirstBatchOfATransaction() {
        // Given
        boolean before = producers.needsVerification(batch(0, 0));
        producers.add(batch(0, 0), 10, NOW_MS);
        boolean whileOpen = producers.needsVerification(batch(0, 1));

        // When
        producers.end(commit(0), 11, NOW_MS);

        // Then
        assertThat(before).isTrue();
        assertThat(whileOpen).isFalse();
        assertThat(producers.needsVerification(batch(0, 1))).isTrue();
    }

    @Test
    void shouldNotAskAboutWhatIsRefusedOrWasThereBefore() {
        // Given
        producers.add(batch(3, 0), 10, NOW_MS);
        producers.end(commit(3), 11, NOW_MS);

        // When / Then
        assertThat(producers.needsVerification(batch(2, 1))).isFalse();
        assertThat(producers.needsVerification(batch(3, 0))).isFalse();
        assertThat(producers.needsVerification(batch(3, 9))).isFalse();
        assertThat(producers.needsVerification(batch(3, 1))).isTrue();
    }

    @Test
    void shouldRefuseABatchWhoseTransactionEndedWhileItWaited() {
        // Given
        VerificationGuard guard = producers.beginVerification(batch(0, 0), false);
        boolean before = guard.isStale();

        // When
        producers.end(commit(0), 10, NOW_MS);

        // Then
        assertThat(before).isFalse();
        assertThat(guard.isStale()).isTrue();
        assertThat(codeOf(producers.check(batch(0, 0), guard))).isEqualTo(ErrorCode.INVALID_TXN_STATE);
    }

    @Test
    void shouldKeepTheNextTransactionWhenTheOneBeforeEndsWithItsEpoch() {
        // Given
        VerificationGuard next = producers.beginVerification(batch(4, 0), OWN_EPOCH);

        // When
        producers.end(commit(4), 10, NOW_MS);

        // Then
        assertThat(next.isStale()).isFalse();
        assertThat(producers.check(batch(4, 0), next)).isEqualTo(ProducerVerdict.NEXT);
    }

    @Test
    void shouldEndWhatWaitsInAnOlderEpochThanTheMarker() {
        // Given
        VerificationGuard guard = producers.beginVerification(batch(4, 0), OWN_EPOCH);
        VerificationGuard last = producers.beginVerification(batch(Short.MAX_VALUE, 0), OWN_EPOCH);

        // When
        producers.end(commit(5), 10, NOW_MS);
        producers.end(commit(Short.MAX_VALUE), 11, NOW_MS);

        // Then
        assertThat(guard.isStale()).isTrue();
        assertThat(last.isStale()).isTrue();
    }

    @Test
    void shouldTakeAStaleGuardForABatchThatGoesOnWithAnOpenTransaction() {
        // Given
        VerificationGuard guard = producers.beginVerification(batch(0, 0), false);
        producers.end(commit(0), 10, NOW_MS);
        producers.add(batch(0, 0), 11, NOW_MS);

        // When
        ProducerVerdict verdict = producers.check(batch(0, 1), guard);

        // Then
        assertThat(verdict).isEqualTo(ProducerVerdict.NEXT);
    }

    @Test
    void shouldNotTouchAGuardThatWasGivenBack() {
        // Given
        VerificationGuard guard = producers.beginVerification(batch(0, 0), false);

        // When
        producers.endVerification(guard);
        producers.end(commit(0), 10, NOW_MS);

        // Then
        assertThat(guard.isStale()).isFalse();
    }

    @Test
    void shouldNotLetABatchOvertakeAnEarlierOneThatWasRefused() {
        // Given
        forgetful.endVerification(forgetful.beginVerification(batch(0, 4), false));
        VerificationGuard guard = forgetful.beginVerification(batch(0, 5), false);

        // When
        ProducerVerdict later = forgetful.check(batch(0, 5), guard);
        ProducerVerdict again = forgetful.check(batch(0, 4), guard);

        // Then
        assertThat(codeOf(later)).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(again).isEqualTo(ProducerVerdict.NEXT);
    }

    @Test
    void shouldForgetTheRefusedBatchOfAnotherEpoch() {
        // Given
        forgetful.endVerification(forgetful.beginVerification(batch(0, 4), false));

        // When
        VerificationGuard guard = forgetful.beginVerification(batch(1, 7), false);

        // Then
        assertThat(forgetful.check(batch(1, 7), guard)).isEqualTo(ProducerVerdict.NEXT);
    }

    @Test
    void shouldBeginWithZeroWhereEachTransactionHasItsOwnEpoch() {
        // Given
        VerificationGuard guard = forgetful.beginVerification(batch(5, 3), OWN_EPOCH);

        // When
        ProducerVerdict verdict = forgetful.check(batch(5, 3), guard);

        // Then
        assertThat(codeOf(verdict)).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }

    @Test
    void shouldAskNothingOfWhatNobodyVouchesFor() {
        assertThat(producers.check(batch(0, 0), VerificationGuard.NONE)).isEqualTo(ProducerVerdict.NEXT);
    }

    @Test
    void shouldRememberABoundedNumberOfRefusedProducers() {
        // Given
        for (long id = 0; id <= Verifications.MAX_REMEMBERED; id++) {
            forgetful.endVerification(forgetful.beginVerification(batchOf(id, 0, 4), false));
        }

        // When
        ProducerVerdict oldest = forgetful.check(batchOf(0, 0, 5), new VerificationGuard(0, (short) 0, false));
        ProducerVerdict next = forgetful.check(batchOf(1, 0, 5), new VerificationGuard(1, (short) 0, false));

        // Then
        assertThat(oldest).isEqualTo(ProducerVerdict.NEXT);
        assertThat(codeOf(next)).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }

    private static ProducerBatch batch(int epoch, int sequence) {
        return batchOf(ID, epoch, sequence);
    }

    private static ProducerBatch batchOf(long id, int epoch, int sequence) {
        return new ProducerBatch(id, (short) epoch, sequence, 0, 5, true);
    }

    private static TransactionMarker commit(int epoch) {
        return new TransactionMarker(ID, (short) epoch, ControlRecordType.COMMIT, 0);
    }

    private static ErrorCode codeOf(ProducerVerdict verdict) {
        return ((ProducerVerdict.Refused) verdict).code();
    }
}
