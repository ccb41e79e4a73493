// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import static io.kaon.coordinator.transaction.CoordinatorFixture.ID;
import static io.kaon.coordinator.transaction.CoordinatorFixture.LATEST_END;
import static io.kaon.coordinator.transaction.CoordinatorFixture.LATEST_INIT;
import static io.kaon.coordinator.transaction.CoordinatorFixture.initRequest;
import static io.kaon.coordinator.transaction.CoordinatorFixture.producer;
import static io.kaon.coordinator.transaction.CoordinatorFixture.producerOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.coordinator.ShardOptions;
import io.kaon.wire.message.ListTransactionsRequest;
import org.junit.jupiter.api.Test;

/** The coordinator moves; its log commits late, loses its tail, or refuses. */
final class MovingTest {
    private final CoordinatorFixture fixture = new CoordinatorFixture();

    @Test
    void shouldGoOnWithTheTransactionOnTheNextLeader() {
        // Given
        ProducerIdAndEpoch producer = fixture.init();
        fixture.addedNew(producer, "t", 0);

        // When
        fixture.elect();

        // Then
        assertThat(fixture.addedNew(producer, "t", 1)).isEqualTo(ErrorCode.NONE);
        assertThat(fixture.commit(producer)).isEqualTo(producer(100, 1));
        assertThat(fixture.leaders.markers()).containsExactly("1: t-0 t-1 100/1 COMMIT");
    }

    @Test
    void shouldTellThePartitionsAgainAfterTheLeaderThatDidNotFinish() {
        // Given: the partitions heard of it, the log did not
        ProducerIdAndEpoch producer = fixture.init();
        fixture.addedNew(producer, "t", 0);
        fixture.leaders.hold();
        fixture.commit(producer);

        // When
        fixture.elect();
        fixture.leaders.release();
        fixture.describe();
        fixture.time.advance(1_000);

        // Then: the next leader, in its epoch; what the first one hears late does nothing
        assertThat(fixture.leaders.markers()).containsExactly("1: t-0 100/1 COMMIT", "1: t-0 100/1 COMMIT");
        assertThat(fixture.leaders.sent.get(1).request().markers().get(0).coordinatorEpoch())
                .isEqualTo(fixture.epoch());
        assertThat(fixture.state()).isEqualTo("CompleteCommit");
        assertThat(fixture.ended(LATEST_END, producer, true)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldNotKnowDecisionThatWasLostWithTheTail() {
        // Given
        ProducerIdAndEpoch producer = fixture.init();
        fixture.addedNew(producer, "t", 0);
        fixture.log.commitLate();
        var end = fixture.end(LATEST_END, producer, true);

        // When
        fixture.coordinator.onResigned(0);
        fixture.log.loseTail();
        fixture.log.commitAtOnce();
        fixture.elect();

        // Then: nobody was told, and the other end is still possible
        assertThat(fixture.done(end).errorCode()).isEqualTo(ErrorCode.NOT_COORDINATOR.code());
        assertThat(fixture.leaders.sent).isEmpty();
        assertThat(fixture.ended(LATEST_END, producer, false)).isEqualTo(ErrorCode.NONE);
        assertThat(fixture.leaders.markers()).containsExactly("1: t-0 100/1 ABORT");
    }

    @Test
    void shouldAnswerNothingBeforeItIsCommitted() {
        // Given
        fixture.log.commitLate();

        // When
        var init = fixture.init(LATEST_INIT, initRequest());
        assertThat(init).isNotDone();
        assertThat(fixture.describe().errorCode()).isEqualTo(ErrorCode.TRANSACTIONAL_ID_NOT_FOUND.code());
        fixture.log.commit();
        ProducerIdAndEpoch producer = producerOf(fixture.done(init));
        var add = fixture.addNew(producer, "t", 0);
        var again = fixture.addNew(producer, "t", 0);
        assertThat(again).isNotDone();
        fixture.log.commit();

        // Then
        assertThat(CoordinatorFixture.errorOf(fixture.done(add))).isEqualTo(ErrorCode.NONE);
        assertThat(CoordinatorFixture.errorOf(fixture.done(again))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldSayNotCoordinatorWhereItIsNot() {
        // Given
        ProducerIdAndEpoch producer = fixture.init();

        // When
        fixture.coordinator.onResigned(0);

        // Then
        assertThat(fixture.initError(initRequest())).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(fixture.addedOld(producer, "t", 0)).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(fixture.addedNew(producer, "t", 0)).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(fixture.verified(5, producer, "t", 0)).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(fixture.addOffsets(3, producer)).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(fixture.ended(LATEST_END, producer, true)).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(fixture.describe(ID).errorCode()).isEqualTo(ErrorCode.NOT_COORDINATOR.code());
        assertThat(fixture.done(fixture.coordinator.listTransactions(new ListTransactionsRequest()))
                        .errorCode())
                .isZero();
    }

    @Test
    void shouldSayThatItLoadsAndAnswerOnceItHas() {
        // Given
        ProducerIdAndEpoch producer = fixture.init();
        fixture.log.holdReads();
        fixture.elect();

        // When
        var late = fixture.addNew(producer, "t", 0);
        var list = fixture.coordinator.listTransactions(new ListTransactionsRequest());
        fixture.time.advance(ShardOptions.DEFAULTS.loadGraceMs());

        // Then
        assertThat(CoordinatorFixture.errorOf(fixture.done(late))).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(fixture.done(list).errorCode()).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS.code());
        fixture.log.releaseReads();
        assertThat(fixture.addedNew(producer, "t", 0)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldTellThoseWhoWaitThatItMoved() {
        // Given: requests that wait for an ending, for a commit, and for a producer id
        ProducerIdAndEpoch producer = fixture.init();
        fixture.addedNew(producer, "t", 0);
        fixture.leaders.hold();
        fixture.commit(producer);
        var afterEnding = fixture.init(LATEST_INIT, initRequest());
        fixture.holdsIds = true;
        var afterId = fixture.init(LATEST_INIT, initRequest().setTransactionalId("other"));

        // When
        fixture.coordinator.onResigned(0);
        fixture.askedIds.get(fixture.askedIds.size() - 1).complete(777L);

        // Then
        assertThat(fixture.done(afterEnding).errorCode()).isEqualTo(ErrorCode.NOT_COORDINATOR.code());
        assertThat(fixture.done(afterId).errorCode()).isEqualTo(ErrorCode.NOT_COORDINATOR.code());
        fixture.elect();
        assertThat(fixture.describe("other").errorCode()).isEqualTo(ErrorCode.TRANSACTIONAL_ID_NOT_FOUND.code());
    }

    @Test
    void shouldTurnRefusalsOfTheLogIntoWhatProducersKnow() {
        // Given
        ProducerIdAndEpoch producer = fixture.init();

        // Then
        assertThat(refused(producer, ErrorCode.NOT_ENOUGH_REPLICAS)).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(refused(producer, ErrorCode.KAFKA_STORAGE_ERROR)).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(refused(producer, ErrorCode.NOT_LEADER_OR_FOLLOWER)).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(refused(producer, ErrorCode.MESSAGE_TOO_LARGE)).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        assertThat(refused(producer, ErrorCode.INVALID_RECORD)).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(fixture.addedNew(producer, "t", 0)).isEqualTo(ErrorCode.NONE);
    }

    private ErrorCode refused(ProducerIdAndEpoch producer, ErrorCode error) {
        fixture.log.refuse(error);
        ErrorCode answer = fixture.addedNew(producer, "t", 0);
        fixture.log.accept();
        return answer;
    }

    @Test
    void shouldDecideOnWhatIsWrittenBeforeItIsCommitted() {
        // Given: the replicas are behind
        ProducerIdAndEpoch producer = fixture.init();
        fixture.log.commitLate();

        // When: the producer does not wait
        var add = fixture.addNew(producer, "t", 0);
        var end = fixture.end(LATEST_END, producer, true);
        var fence = fixture.addNew(producer, "t", 1);
        fixture.log.commitAtOnce();
        fixture.time.advance(1);

        // Then
        assertThat(CoordinatorFixture.errorOf(fixture.done(add))).isEqualTo(ErrorCode.NONE);
        assertThat(producerOf(fixture.done(end))).isEqualTo(producer(100, 1));
        assertThat(CoordinatorFixture.errorOf(fixture.done(fence))).isEqualTo(ErrorCode.PRODUCER_FENCED);
    }

    @Test
    void shouldGiveOneOfTwoFirstProducersTheNewIdAndTheOtherTheNextEpoch() {
        // Given: both ask before there is an id
        fixture.holdsIds = true;
        var one = fixture.init(LATEST_INIT, initRequest());
        var other = fixture.init(LATEST_INIT, initRequest());

        // When
        fixture.askedIds.get(1).complete(11L);
        fixture.askedIds.get(0).complete(10L);

        // Then
        assertThat(producerOf(fixture.done(other))).isEqualTo(producer(11, 0));
        assertThat(producerOf(fixture.done(one))).isEqualTo(producer(11, 1));
    }

    @Test
    void shouldGoThroughTheEndOfTheEpochs() {
        // Given
        ProducerIdAndEpoch last = new SettledId(fixture).at(ProducerIdentity.LAST_USABLE_EPOCH);
        fixture.addedNew(last, "t", 0);

        // When
        ProducerIdAndEpoch next = fixture.commit(last);

        // Then: the marker has the largest epoch of the old id; a repetition is known, on the next leader too
        assertThat(next).isEqualTo(producer(100, 0));
        assertThat(fixture.leaders.markers()).containsExactly("1: t-0 50/32767 COMMIT");
        assertThat(fixture.commit(last)).isEqualTo(next);
        fixture.elect();
        assertThat(fixture.commit(last)).isEqualTo(next);
        assertThat(fixture.addedNew(next, "t", 0)).isEqualTo(ErrorCode.NONE);
        assertThat(fixture.ended(LATEST_END, last, true)).isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
    }
}
