// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import static io.kaon.coordinator.transaction.CoordinatorFixture.ID;
import static io.kaon.coordinator.transaction.CoordinatorFixture.LATEST_END;
import static io.kaon.coordinator.transaction.CoordinatorFixture.LATEST_INIT;
import static io.kaon.coordinator.transaction.CoordinatorFixture.OLD_END;
import static io.kaon.coordinator.transaction.CoordinatorFixture.initRequest;
import static io.kaon.coordinator.transaction.CoordinatorFixture.producer;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.wire.message.EndTxnResponse;
import io.kaon.wire.message.InitProducerIdResponse;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The life of transactions through the coordinator's front door. */
final class CoordinatorTest {
    private final CoordinatorFixture fixture = new CoordinatorFixture();

    @Test
    void shouldTakeTransactionOfNewClientThroughItsLife() {
        // Given
        ProducerIdAndEpoch first = fixture.init();
        assertThat(first).isEqualTo(producer(100, 0));

        // When
        assertThat(fixture.addedNew(first, "t", 0, 2)).isEqualTo(ErrorCode.NONE);
        assertThat(fixture.state()).isEqualTo("Ongoing");
        ProducerIdAndEpoch second = fixture.commit(first);

        // Then: every partition heard of it once, in the epoch that follows
        assertThat(second).isEqualTo(producer(100, 1));
        assertThat(fixture.leaders.markers()).containsExactlyInAnyOrder("1: t-0 100/1 COMMIT", "2: t-2 100/1 COMMIT");
        assertThat(fixture.state()).isEqualTo("CompleteCommit");
        assertThat(fixture.addedNew(second, "u", 0)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldTakeTransactionOfOldClientThroughItsLife() {
        // Given
        ProducerIdAndEpoch producer = fixture.init();

        // When
        assertThat(fixture.addedOld(producer, "t", 0)).isEqualTo(ErrorCode.NONE);
        assertThat(fixture.addOffsets(3, producer)).isEqualTo(ErrorCode.NONE);
        EndTxnResponse end = fixture.done(fixture.end(OLD_END, producer, false));

        // Then: the epoch stays
        assertThat(end.producerEpoch()).isEqualTo((short) -1);
        assertThat(fixture.leaders.markers())
                .containsExactlyInAnyOrder("1: t-0 100/0 ABORT", "2: __consumer_offsets-3 100/0 ABORT");
        assertThat(fixture.describe().producerEpoch()).isZero();
        assertThat(fixture.state()).isEqualTo("CompleteAbort");
    }

    @Test
    void shouldAbortOngoingTransactionForNewOwnerWithinItsPatience() {
        // Given
        ProducerIdAndEpoch zombie = fixture.init();
        fixture.addedNew(zombie, "t", 0);
        fixture.leaders.hold();

        // When: another one takes the id
        CompletableFuture<InitProducerIdResponse> init = fixture.init(LATEST_INIT, initRequest());
        assertThat(init).isNotDone();
        fixture.leaders.release();

        // Then
        assertThat(CoordinatorFixture.producerOf(fixture.done(init))).isEqualTo(producer(100, 2));
        assertThat(fixture.leaders.markers()).containsExactly("1: t-0 100/1 ABORT");
        assertThat(fixture.ended(LATEST_END, zombie, true)).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(fixture.addedNew(zombie, "t", 0)).isEqualTo(ErrorCode.PRODUCER_FENCED);
    }

    @Test
    void shouldSayConcurrentTransactionsWhenAnEndingTakesLonger() {
        // Given
        ProducerIdAndEpoch producer = fixture.init();
        fixture.addedNew(producer, "t", 0);
        fixture.leaders.hold();
        ProducerIdAndEpoch next = fixture.commit(producer);

        // When
        var add = fixture.addNew(next, "t", 1);
        var init = fixture.init(LATEST_INIT, initRequest());
        var retry = fixture.end(LATEST_END, producer, true);
        fixture.exhaustPatience();

        // Then
        assertThat(CoordinatorFixture.errorOf(fixture.done(add))).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);
        assertThat(fixture.done(init).errorCode()).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS.code());
        assertThat(fixture.done(retry).errorCode()).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS.code());
        fixture.leaders.release();
        assertThat(fixture.ended(LATEST_END, producer, true)).isEqualTo(ErrorCode.NONE);
        assertThat(fixture.addedNew(next, "t", 1)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldMakeTheTopicForTheFirstProducer() {
        // Given
        fixture.coordinator.onResigned(0);
        fixture.topicExists = false;

        // When
        ProducerIdAndEpoch producer = fixture.init();

        // Then
        assertThat(producer.epoch()).isZero();
        assertThat(fixture.describe(ID).transactionState()).isEqualTo("Empty");
    }
}
