// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import static io.kaon.coordinator.transaction.Stories.COMPLETE_ABORT;
import static io.kaon.coordinator.transaction.Stories.EPOCH;
import static io.kaon.coordinator.transaction.Stories.FRESH_ID;
import static io.kaon.coordinator.transaction.Stories.NOW_MS;
import static io.kaon.coordinator.transaction.Stories.ONGOING;
import static io.kaon.coordinator.transaction.Stories.PREPARE_ABORT;
import static io.kaon.coordinator.transaction.Stories.PREPARE_COMMIT;
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
import org.junit.jupiter.params.provider.CsvSource;

/** The decision tables of EndTxn. */
final class EndTransactionTest {
    private static final short LAST = ProducerIdentity.LAST_USABLE_EPOCH;

    @ParameterizedTest
    @CsvSource({
        "Empty,          commit, INVALID_TXN_STATE",
        "Empty,          abort,  INVALID_TXN_STATE",
        "Ongoing,        commit, PrepareCommit",
        "Ongoing,        abort,  PrepareAbort",
        "PrepareCommit,  commit, later",
        "PrepareCommit,  abort,  later",
        "PrepareAbort,   commit, later",
        "PrepareAbort,   abort,  later",
        "CompleteCommit, commit, NONE",
        "CompleteCommit, abort,  INVALID_TXN_STATE",
        "CompleteAbort,  commit, INVALID_TXN_STATE",
        "CompleteAbort,  abort,  NONE"
    })
    void shouldFollowTheTableOfVersionsBefore5(String state, String end, String outcome) {
        // When
        Decision decision = decide(old(epoch(EPOCH), end), in(Stories.phase(state)));

        // Then
        assertThat(outcome(decision)).isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource({
        "Empty,          commit, repeated, PRODUCER_FENCED",
        "Empty,          commit, current,  INVALID_TXN_STATE",
        "Empty,          abort,  repeated, PRODUCER_FENCED",
        "Empty,          abort,  current,  PrepareAbort",
        "Ongoing,        commit, repeated, PRODUCER_FENCED",
        "Ongoing,        commit, current,  PrepareCommit",
        "Ongoing,        abort,  repeated, PRODUCER_FENCED",
        "Ongoing,        abort,  current,  PrepareAbort",
        "PrepareCommit,  commit, repeated, later",
        "PrepareCommit,  abort,  current,  later",
        "PrepareAbort,   abort,  repeated, later",
        "PrepareAbort,   commit, current,  later",
        "CompleteCommit, commit, repeated, NONE",
        "CompleteCommit, commit, current,  INVALID_TXN_STATE",
        "CompleteCommit, abort,  repeated, INVALID_TXN_STATE",
        "CompleteCommit, abort,  current,  PrepareAbort",
        "CompleteAbort,  commit, repeated, INVALID_TXN_STATE",
        "CompleteAbort,  commit, current,  INVALID_TXN_STATE",
        "CompleteAbort,  abort,  repeated, NONE",
        "CompleteAbort,  abort,  current,  PrepareAbort",
        "CompleteCommit, commit, older,    PRODUCER_FENCED",
        "CompleteAbort,  abort,  newer,    PRODUCER_FENCED"
    })
    void shouldFollowTheTableOfVersion5(String state, String end, String which, String outcome) {
        // Given
        int claimed =
                switch (which) {
                    case "older" -> EPOCH - 2;
                    case "repeated" -> EPOCH - 1;
                    case "current" -> EPOCH;
                    default -> EPOCH + 1;
                };

        // When
        Decision decision = decide(bumping(epoch(claimed), end), in(Stories.phase(state), EPOCH, EPOCH - 1));

        // Then
        assertThat(outcome(decision)).isEqualTo(outcome);
    }

    @Test
    void shouldKeepTheEpochBeforeVersion5() {
        // When
        Decision decision = decide(old(epoch(EPOCH), "commit"), in(ONGOING, EPOCH, 4));

        // Then
        assertThat(next(decision).producer().current()).isEqualTo(epoch(EPOCH));
        assertThat(next(decision).producer().lastEpoch()).isEqualTo((short) 4);
        assertThat(next(decision).clientVersion()).isZero();
        assertThat(reply(decision)).isEqualTo(Reply.DONE);
    }

    @Test
    void shouldFenceOtherEpochsAndProducersBeforeVersion5() {
        assertThat(error(decide(old(epoch(EPOCH - 1), "commit"), in(ONGOING)))).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(error(decide(old(epoch(EPOCH + 1), "commit"), in(ONGOING)))).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(error(decide(old(epoch(EPOCH - 1), "commit"), in(PREPARE_COMMIT))))
                .isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(error(decide(old(new ProducerIdAndEpoch(7, EPOCH), "commit"), in(ONGOING))))
                .isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
    }

    @Test
    void shouldGiveTheNextEpochFromVersion5On() {
        // When
        Decision decision = decide(bumping(epoch(EPOCH), "commit"), in(ONGOING));

        // Then
        assertThat(next(decision))
                .isEqualTo(new Transaction(
                        new ProducerIdentity(epoch(EPOCH + 1), PRODUCER_ID, EPOCH, -1),
                        PREPARE_COMMIT,
                        Stories.TIMEOUT_MS,
                        NOW_MS,
                        (short) 2));
        assertThat(reply(decision).producer()).isEqualTo(epoch(EPOCH + 1));
    }

    @Test
    void shouldTellRepetitionWhoTheProducerIsNow() {
        assertThat(reply(decide(bumping(epoch(EPOCH - 1), "abort"), in(COMPLETE_ABORT, EPOCH, EPOCH - 1)))
                        .producer())
                .isEqualTo(epoch(EPOCH));
    }

    @Test
    void shouldBeginAnEmptyAbortNow() {
        // When
        Decision decision = decide(bumping(epoch(EPOCH), "abort"), in(COMPLETE_ABORT));

        // Then
        assertThat(next(decision).phase()).isEqualTo(COMPLETE_ABORT.abortNothing(NOW_MS));
        assertThat(next(decision).phase().startMs()).isEqualTo(NOW_MS);
    }

    @Test
    void shouldTakeNewProducerIdWhenEpochsAreUsedUp() {
        // Given
        Transaction present = in(ONGOING, LAST, LAST - 1);

        // When
        Decision decision = decideWithFreshId(bumping(epoch(LAST), "commit"), present);
        ProducerIdentity ending = next(decision).producer();

        // Then: the markers go out under the old id, the producer goes on under the new one
        assertThat(decide(bumping(epoch(LAST), "commit"), present)).isInstanceOf(Decision.NeedsProducerId.class);
        assertThat(ending).isEqualTo(new ProducerIdentity(epoch(Short.MAX_VALUE), PRODUCER_ID, LAST, FRESH_ID));
        assertThat(reply(decision).producer()).isEqualTo(new ProducerIdAndEpoch(FRESH_ID, (short) 0));
        assertThat(ending.completed())
                .isEqualTo(new ProducerIdentity(new ProducerIdAndEpoch(FRESH_ID, (short) 0), PRODUCER_ID, LAST, -1));
    }

    @Test
    void shouldKnowRepetitionUnderTheUsedUpProducerId() {
        // Given
        Decision decision = decideWithFreshId(bumping(epoch(LAST), "commit"), in(ONGOING, LAST, LAST - 1));
        Transaction completed = Stories.of(next(decision).producer().completed(), PREPARE_COMMIT.complete());

        // Then
        assertThat(reply(decide(bumping(epoch(LAST), "commit"), completed))).isEqualTo(reply(decision));
        assertThat(error(decide(bumping(epoch(LAST), "abort"), completed))).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(error(decide(bumping(epoch(LAST - 1), "commit"), completed)))
                .isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
    }

    @Test
    void shouldNotTakeStrangerForRepetition() {
        // Given: a producer id in its first epoch
        Transaction first = Stories.of(ProducerIdentity.first(PRODUCER_ID), COMPLETE_ABORT);

        // Then
        assertThat(error(decide(bumping(epoch(LAST), "abort"), first))).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(error(decide(bumping(new ProducerIdAndEpoch(7, EPOCH), "abort"), in(COMPLETE_ABORT))))
                .isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
    }

    @Test
    void shouldRefuseIdThatIsNotKnown() {
        for (Question question : new Question[] {old(epoch(0), "commit"), bumping(epoch(0), "abort")}) {
            assertThat(error(question.decide(Optional.empty(), OptionalLong.empty(), NOW_MS)))
                    .isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        }
    }

    @Test
    void shouldAbortWhatTimedOutAndFenceItsProducer() {
        // Given
        Transaction present = in(ONGOING, EPOCH, 4);

        // When
        Decision withEpochs = decide(new Fence(1_000, (short) 2), present);
        Decision before = decide(new Fence(1_000, (short) 1), present);

        // Then
        assertThat(next(withEpochs).phase()).isEqualTo(PREPARE_ABORT);
        assertThat(next(withEpochs).producer())
                .isEqualTo(new ProducerIdentity(epoch(EPOCH + 1), PRODUCER_ID, EPOCH, -1));
        assertThat(next(before).producer())
                .isEqualTo(new ProducerIdentity(epoch(EPOCH + 1), PRODUCER_ID, (short) -1, -1));
        assertThat(next(before).clientVersion()).isZero();
    }

    @Test
    void shouldLeaveLaterTransactionsAlone() {
        Fence fence = new Fence(999, (short) 2);
        assertThat(error(decide(fence, in(ONGOING)))).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(error(decide(fence, in(PREPARE_COMMIT)))).isEqualTo(ErrorCode.INVALID_TXN_STATE);
    }

    @Test
    void shouldFenceInTheLastEpochToo() {
        // Given
        Transaction present = in(ONGOING, LAST, LAST - 1);

        // Then: with version 2 under a new id; before, the largest epoch remains for this
        assertThat(decide(new Fence(1_000, (short) 2), present)).isInstanceOf(Decision.NeedsProducerId.class);
        assertThat(next(decideWithFreshId(new Fence(1_000, (short) 2), present)).producer())
                .isEqualTo(new ProducerIdentity(epoch(Short.MAX_VALUE), PRODUCER_ID, LAST, FRESH_ID));
        assertThat(next(decide(new Fence(1_000, (short) 0), present)).producer().current())
                .isEqualTo(epoch(Short.MAX_VALUE));
    }

    private static String outcome(Decision decision) {
        if (decision instanceof Decision.AfterEnding) {
            return "later";
        }
        return decision instanceof Decision.Step step
                ? step.next().state().kafkaName()
                : error(decision).name();
    }

    private static Question old(ProducerIdAndEpoch producer, String end) {
        return new EndTransaction(producer, end.equals("commit"), (short) 0);
    }

    private static Question bumping(ProducerIdAndEpoch producer, String end) {
        return new EndTransaction(producer, end.equals("commit"), (short) 2);
    }
}
