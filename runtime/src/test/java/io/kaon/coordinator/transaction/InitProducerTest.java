// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import static io.kaon.coordinator.transaction.Stories.COMPLETE_ABORT;
import static io.kaon.coordinator.transaction.Stories.COMPLETE_COMMIT;
import static io.kaon.coordinator.transaction.Stories.EMPTY;
import static io.kaon.coordinator.transaction.Stories.EPOCH;
import static io.kaon.coordinator.transaction.Stories.FRESH_ID;
import static io.kaon.coordinator.transaction.Stories.NOW_MS;
import static io.kaon.coordinator.transaction.Stories.ONGOING;
import static io.kaon.coordinator.transaction.Stories.PREPARE_ABORT;
import static io.kaon.coordinator.transaction.Stories.PRODUCER_ID;
import static io.kaon.coordinator.transaction.Stories.decide;
import static io.kaon.coordinator.transaction.Stories.decideWithFreshId;
import static io.kaon.coordinator.transaction.Stories.epoch;
import static io.kaon.coordinator.transaction.Stories.error;
import static io.kaon.coordinator.transaction.Stories.in;
import static io.kaon.coordinator.transaction.Stories.next;
import static io.kaon.coordinator.transaction.Stories.reply;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.ProducerIdAndEpoch;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The decision table of InitProducerId. */
final class InitProducerTest {
    private static final int TIMEOUT_MS = 30_000;
    private static final short LAST = ProducerIdentity.LAST_USABLE_EPOCH;

    @Test
    void shouldGiveNewProducerIdToIdThatIsNotKnown() {
        // Given
        Question question = claiming(epoch(3));

        // When
        Decision without = question.decide(Optional.empty(), OptionalLong.empty(), NOW_MS);
        Decision with = question.decide(Optional.empty(), OptionalLong.of(FRESH_ID), NOW_MS);

        // Then: whatever it claims
        assertThat(without).isInstanceOf(Decision.NeedsProducerId.class);
        assertThat(next(with))
                .isEqualTo(new Transaction(
                        new ProducerIdentity(new ProducerIdAndEpoch(FRESH_ID, (short) 0), FRESH_ID, (short) -1, -1),
                        EMPTY,
                        TIMEOUT_MS,
                        NOW_MS,
                        (short) 0));
        assertThat(reply(with).producer()).isEqualTo(new ProducerIdAndEpoch(FRESH_ID, (short) 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Empty", "CompleteCommit", "CompleteAbort"})
    void shouldFenceWhoeverWasThereWithOneMoreEpoch(String state) {
        // When
        Decision decision = decide(newcomer(), in(Stories.phase(state), EPOCH, 4));

        // Then: a repetition of the old owner is not taken for one any more
        assertThat(next(decision).producer())
                .isEqualTo(new ProducerIdentity(epoch(EPOCH + 1), PRODUCER_ID, (short) -1, -1));
        assertThat(next(decision).phase()).isEqualTo(EMPTY);
        assertThat(next(decision).timeoutMs()).isEqualTo(TIMEOUT_MS);
        assertThat(reply(decision).producer()).isEqualTo(epoch(EPOCH + 1));
    }

    @Test
    void shouldLetTheOwnerGoOnAndRememberItsEpoch() {
        // When
        Decision decision = decide(claiming(epoch(EPOCH)), in(COMPLETE_ABORT));

        // Then
        assertThat(next(decision).producer()).isEqualTo(new ProducerIdentity(epoch(EPOCH + 1), PRODUCER_ID, EPOCH, -1));
    }

    @Test
    void shouldAnswerRepetitionWithTheSame() {
        // Given: the owner went from epoch 4 to 5 and did not hear of it
        Transaction present = in(EMPTY, EPOCH, EPOCH - 1);

        // When
        Decision once = decide(claiming(epoch(EPOCH - 1)), present);
        Decision twice = decide(claiming(epoch(EPOCH - 1)), next(once));

        // Then
        assertThat(reply(once).producer()).isEqualTo(epoch(EPOCH));
        assertThat(reply(twice).producer()).isEqualTo(epoch(EPOCH));
        assertThat(next(twice).producer()).isEqualTo(present.producer());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 6, 32_766})
    void shouldFenceClaimOfAnyOtherEpoch(int claimed) {
        Transaction present = in(EMPTY, EPOCH, EPOCH - 1);
        assertThat(error(decide(claiming(epoch(claimed)), present))).isEqualTo(ErrorCode.PRODUCER_FENCED);
    }

    @Test
    void shouldFenceClaimOfAnotherProducerId() {
        ProducerIdAndEpoch other = new ProducerIdAndEpoch(77, EPOCH);
        assertThat(error(decide(claiming(other), in(EMPTY)))).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(error(decide(claiming(other), in(ONGOING)))).isEqualTo(ErrorCode.PRODUCER_FENCED);
    }

    @Test
    void shouldTakeNewProducerIdWhenEpochsAreUsedUp() {
        // Given
        Transaction present = in(COMPLETE_COMMIT, LAST, LAST - 1);

        // Then: for a newcomer and for the owner
        assertThat(decide(newcomer(), present)).isInstanceOf(Decision.NeedsProducerId.class);
        assertThat(next(decideWithFreshId(newcomer(), present)).producer())
                .isEqualTo(
                        new ProducerIdentity(new ProducerIdAndEpoch(FRESH_ID, (short) 0), PRODUCER_ID, (short) -1, -1));
        assertThat(next(decideWithFreshId(claiming(epoch(LAST)), present)).producer())
                .isEqualTo(new ProducerIdentity(new ProducerIdAndEpoch(FRESH_ID, (short) 0), PRODUCER_ID, LAST, -1));
    }

    @Test
    void shouldAnswerRepetitionAfterRotationWithTheSame() {
        // Given
        Transaction rotated = next(decideWithFreshId(claiming(epoch(LAST)), in(EMPTY, LAST, LAST - 1)));

        // When
        Decision once = decide(claiming(epoch(LAST)), rotated);
        Decision twice = decide(claiming(epoch(LAST)), next(once));

        // Then
        assertThat(reply(once).producer()).isEqualTo(new ProducerIdAndEpoch(FRESH_ID, (short) 0));
        assertThat(reply(twice)).isEqualTo(reply(once));
    }

    @Test
    void shouldFenceTheOwnerWhoseUsedUpIdWasTakenOver() {
        // Given
        Transaction rotated = next(decideWithFreshId(newcomer(), in(EMPTY, LAST, LAST - 1)));

        // Then
        assertThat(error(decide(claiming(epoch(LAST)), rotated))).isEqualTo(ErrorCode.PRODUCER_FENCED);
    }

    @Test
    void shouldAnswerRepetitionThatReachedTheLastEpoch() {
        // Given: the last usable epoch was given away, and the answer got lost
        Transaction present = in(EMPTY, LAST, LAST - 1);

        // Then
        assertThat(reply(decide(claiming(epoch(LAST - 1)), present)).producer()).isEqualTo(epoch(LAST));
    }

    @Test
    void shouldNeverGiveAwayTheLargestEpoch() {
        // Given: a fenced transaction has gone to 32767
        Transaction fenced = in(COMPLETE_ABORT, Short.MAX_VALUE, LAST);

        // Then
        assertThat(decide(newcomer(), fenced)).isInstanceOf(Decision.NeedsProducerId.class);
        assertThat(reply(decideWithFreshId(claiming(epoch(LAST)), fenced)).producer())
                .isEqualTo(new ProducerIdAndEpoch(FRESH_ID, (short) 0));
    }

    @Test
    void shouldWaitForAnEndingWhoeverAsks() {
        assertThat(decide(newcomer(), in(PREPARE_ABORT))).isInstanceOf(Decision.AfterEnding.class);
        assertThat(decide(claiming(new ProducerIdAndEpoch(77, (short) 0)), in(PREPARE_ABORT)))
                .isInstanceOf(Decision.AfterEnding.class);
    }

    @Test
    void shouldAbortOngoingTransactionFirst() {
        // When
        Decision newcomer = decide(newcomer(), in(ONGOING));
        Decision owner = decide(claiming(epoch(EPOCH)), in(ONGOING));

        // Then: with transaction.version 2 the owner is recognised afterwards
        assertThat(newcomer).isEqualTo(owner).isInstanceOf(Decision.AbortFirst.class);
        assertThat(next(owner).phase()).isEqualTo(PREPARE_ABORT);
        assertThat(next(owner).producer()).isEqualTo(new ProducerIdentity(epoch(EPOCH + 1), PRODUCER_ID, EPOCH, -1));
        assertThat(next(owner).timeoutMs()).isEqualTo(Stories.TIMEOUT_MS);
    }

    @Test
    void shouldNotLetFencedClaimAbortOngoingTransaction() {
        assertThat(error(decide(claiming(epoch(EPOCH - 1)), in(ONGOING, EPOCH, EPOCH - 1))))
                .isEqualTo(ErrorCode.PRODUCER_FENCED);
    }

    private static Question newcomer() {
        return new InitProducer(TIMEOUT_MS, Optional.empty(), (short) 2);
    }

    private static Question claiming(ProducerIdAndEpoch claim) {
        return new InitProducer(TIMEOUT_MS, Optional.of(claim), (short) 2);
    }
}
