// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import static io.kaon.coordinator.transaction.CoordinatorFixture.LATEST_END;
import static io.kaon.coordinator.transaction.CoordinatorFixture.LATEST_INIT;
import static io.kaon.coordinator.transaction.CoordinatorFixture.TIMEOUT_MS;
import static io.kaon.coordinator.transaction.CoordinatorFixture.initRequest;
import static io.kaon.coordinator.transaction.CoordinatorFixture.producer;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.coordinator.ShardOptions;
import io.kaon.wire.message.InitProducerIdRequest;
import org.junit.jupiter.api.Test;

/** Transactions that take too long, and ids that nobody uses any more. */
final class TimeTest {
    private static final TransactionOptions OPTIONS = new TransactionOptions(900_000, 10_000, 1_000_000L, 50_000L);

    private final CoordinatorFixture fixture = new CoordinatorFixture(OPTIONS, ShardOptions.DEFAULTS);

    @Test
    void shouldAbortTransactionThatTakesTooLongAndFenceItsProducer() {
        // Given
        ProducerIdAndEpoch producer = fixture.init();
        fixture.addedNew(producer, "t", 0);
        fixture.time.advance(TIMEOUT_MS - 1);
        fixture.addedNew(producer, "t", 1);
        assertThat(fixture.state()).isEqualTo("Ongoing");

        // When
        fixture.time.advance(1);

        // Then
        assertThat(fixture.state()).isEqualTo("CompleteAbort");
        assertThat(fixture.leaders.markers()).containsExactly("1: t-0 t-1 100/1 ABORT");
        assertThat(fixture.addedNew(producer, "t", 0)).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(fixture.ended(LATEST_END, producer, true)).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(CoordinatorFixture.producerOf(fixture.done(fixture.init(5, initRequest(producer)))))
                .isEqualTo(producer(100, 1));
    }

    @Test
    void shouldFenceForGoodBeforeTransactionVersion2() {
        // Given
        fixture.metadata.level(1);
        ProducerIdAndEpoch producer = fixture.init();
        fixture.addedOld(producer, "t", 0);

        // When
        fixture.time.advance(TIMEOUT_MS);

        // Then
        assertThat(fixture.state()).isEqualTo("CompleteAbort");
        assertThat(fixture.describe().producerEpoch()).isEqualTo((short) 1);
        assertThat(fixture.initError(initRequest(producer))).isEqualTo(ErrorCode.PRODUCER_FENCED);
    }

    @Test
    void shouldGiveEachTransactionItsOwnTime() {
        // Given: a short one, then another
        ProducerIdAndEpoch producer = fixture.init();
        fixture.addedNew(producer, "t", 0);
        fixture.time.advance(TIMEOUT_MS / 2);
        ProducerIdAndEpoch next = fixture.commit(producer);
        fixture.addedNew(next, "t", 0);

        // When
        fixture.time.advance(TIMEOUT_MS - 1);

        // Then
        assertThat(fixture.state()).isEqualTo("Ongoing");
        fixture.time.advance(1);
        assertThat(fixture.state()).isEqualTo("CompleteAbort");
    }

    @Test
    void shouldKeepTheDeadlineWhenTheCoordinatorMoves() {
        // Given
        fixture.addedNew(fixture.init(), "t", 0);
        fixture.time.advance(TIMEOUT_MS / 2);

        // When
        fixture.elect();
        fixture.time.advance(TIMEOUT_MS / 2 - 1);
        assertThat(fixture.state()).isEqualTo("Ongoing");
        fixture.time.advance(1);

        // Then
        assertThat(fixture.state()).isEqualTo("CompleteAbort");
    }

    @Test
    void shouldAbortAtOnceWhatTimedOutWhileNobodyCoordinated() {
        // Given
        fixture.addedNew(fixture.init(), "t", 0);
        fixture.coordinator.onResigned(0);
        fixture.time.advance(10L * TIMEOUT_MS);

        // When
        fixture.elect();
        fixture.describe();
        fixture.time.advance(1);

        // Then
        assertThat(fixture.state()).isEqualTo("CompleteAbort");
    }

    @Test
    void shouldTryAgainToAbortWhenTheLogRefuses() {
        // Given
        fixture.addedNew(fixture.init(), "t", 0);
        fixture.log.refuse(ErrorCode.NOT_ENOUGH_REPLICAS);
        fixture.time.advance(TIMEOUT_MS);
        assertThat(fixture.state()).isEqualTo("Ongoing");

        // When
        fixture.log.accept();
        fixture.time.advance(OPTIONS.abortTimedOutIntervalMs());

        // Then
        assertThat(fixture.state()).isEqualTo("CompleteAbort");
    }

    @Test
    void shouldTryAgainToAbortWhenNoProducerIdComesEver() {
        // Given: the last usable epoch, and nobody who answers
        ProducerIdAndEpoch last = new SettledId(fixture).at(ProducerIdentity.LAST_USABLE_EPOCH);
        fixture.addedNew(last, "t", 0);
        fixture.holdsIds = true;
        fixture.time.advance(TIMEOUT_MS);
        fixture.holdsIds = false;
        assertThat(fixture.state()).isEqualTo("Ongoing");

        // When
        fixture.time.advance(OPTIONS.abortTimedOutIntervalMs());

        // Then
        assertThat(fixture.state()).isEqualTo("CompleteAbort");
    }

    @Test
    void shouldKeepTheDeadlineOfTransactionThatBeginsBeforeTheAbortIsAnswered() {
        // Given: a transaction that has timed out, whose marker is on its way
        fixture.addedNew(fixture.init(), "t", 0);
        fixture.leaders.hold();
        fixture.time.advance(TIMEOUT_MS);
        assertThat(fixture.state()).isEqualTo("PrepareAbort");

        // When: the marker is answered, and in the same moment the next owner begins another one
        fixture.time.advance(1);
        fixture.log.owner().execute(() -> {
            fixture.leaders.release();
            fixture.init(LATEST_INIT, initRequest());
            fixture.addNew(producer(100, 2), "t", 1);
        });
        assertThat(fixture.state()).isEqualTo("Ongoing");

        // Then: that one has its own time, no more and no less
        fixture.time.advance(TIMEOUT_MS - 1);
        assertThat(fixture.state()).isEqualTo("Ongoing");
        fixture.time.advance(1);
        assertThat(fixture.state()).isEqualTo("CompleteAbort");
    }

    @Test
    void shouldTryAgainToAbortWhenThereIsNoProducerId() {
        // Given: the last usable epoch
        ProducerIdAndEpoch last = new SettledId(fixture).at(ProducerIdentity.LAST_USABLE_EPOCH);
        fixture.addedNew(last, "t", 0);
        fixture.holdsIds = true;
        fixture.time.advance(TIMEOUT_MS);
        fixture.askedIds.get(fixture.askedIds.size() - 1).completeExceptionally(new IllegalStateException("none"));
        assertThat(fixture.state()).isEqualTo("Ongoing");

        // When
        fixture.holdsIds = false;
        fixture.time.advance(OPTIONS.abortTimedOutIntervalMs());

        // Then
        assertThat(fixture.state()).isEqualTo("CompleteAbort");
        assertThat(fixture.describe().producerEpoch()).isZero();
        assertThat(fixture.describe().producerId()).isNotEqualTo(last.producerId());
    }

    @Test
    void shouldForgetIdsThatNobodyUses() {
        // Given: one that had a transaction, and one that has one now
        ProducerIdAndEpoch producer = fixture.init();
        fixture.addedNew(producer, "t", 0);
        fixture.commit(producer);

        // When
        fixture.time.advance(OPTIONS.idExpirationMs() - 1);
        assertThat(fixture.state()).isEqualTo("CompleteCommit");
        fixture.time.advance(OPTIONS.removeExpiredIntervalMs());

        // Then
        assertThat(fixture.describe().errorCode()).isEqualTo(ErrorCode.TRANSACTIONAL_ID_NOT_FOUND.code());
        assertThat(fixture.addedNew(producer(100, 1), "t", 0)).isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        fixture.elect();
        assertThat(fixture.describe().errorCode()).isEqualTo(ErrorCode.TRANSACTIONAL_ID_NOT_FOUND.code());
        assertThat(fixture.init()).isEqualTo(producer(101, 0));
    }

    @Test
    void shouldForgetIdsThatAreTooLongForOneBatch() {
        // Given
        int ids = 60;
        String longest = "x".repeat(30_000);
        for (int i = 0; i < ids; i++) {
            fixture.done(fixture.init(LATEST_INIT, initRequest().setTransactionalId(longest + i)));
        }

        // When
        fixture.time.advance(OPTIONS.idExpirationMs() + OPTIONS.removeExpiredIntervalMs());

        // Then
        for (int i = 0; i < ids; i++) {
            assertThat(fixture.describe(longest + i).errorCode())
                    .isEqualTo(ErrorCode.TRANSACTIONAL_ID_NOT_FOUND.code());
        }
    }

    @Test
    void shouldRefuseMoreIdsThanShardHoldsUntilSomeHaveExpired() {
        // Given
        ProducerIdAndEpoch first = fixture.init();
        for (int i = 1; i < Transactions.MAX_IDS; i++) {
            fixture.init(LATEST_INIT, initRequest().setTransactionalId("id-" + i));
        }

        // Then
        InitProducerIdRequest oneMore = initRequest().setTransactionalId("one more");
        assertThat(fixture.initError(oneMore)).isEqualTo(ErrorCode.POLICY_VIOLATION);
        assertThat(fixture.init()).isEqualTo(producer(first.producerId(), 1));

        // When
        fixture.time.advance(OPTIONS.idExpirationMs() + OPTIONS.removeExpiredIntervalMs());

        // Then
        assertThat(fixture.initError(oneMore)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldNotForgetIdsWithTransaction() {
        // Given: a marker that cannot be delivered
        ProducerIdAndEpoch producer = fixture.init();
        fixture.addedNew(producer, "t", 0);
        fixture.leaders.answer(partition -> ErrorCode.NOT_LEADER_OR_FOLLOWER);
        fixture.commit(producer);

        // When
        fixture.time.advance(2 * OPTIONS.idExpirationMs());

        // Then
        assertThat(fixture.state()).isEqualTo("PrepareCommit");
    }
}
