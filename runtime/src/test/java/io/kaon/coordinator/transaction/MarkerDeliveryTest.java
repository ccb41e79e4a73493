// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import static io.kaon.coordinator.transaction.CoordinatorFixture.LATEST_END;
import static io.kaon.coordinator.transaction.CoordinatorFixture.OLD_END;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.metadata.PartitionImage;
import io.kaon.wire.message.AddPartitionsToTxnRequest;
import io.kaon.wire.message.EndTxnRequest;
import io.kaon.wire.message.InitProducerIdRequest;
import io.kaon.wire.message.WriteTxnMarkersRequest.WritableTxnMarker;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Markers reach every partition, however long that takes, and only then has the transaction ended. */
final class MarkerDeliveryTest {
    private static final int LONG_MS = 5_000;

    private final CoordinatorFixture fixture = new CoordinatorFixture();

    @Test
    void shouldSayWhoItIsAndHowTheEpochsGo() {
        // Given
        ProducerIdAndEpoch producer = fixture.init();
        fixture.addedNew(producer, "t", 0);
        fixture.elect();

        // When
        fixture.commit(producer);

        // Then
        WritableTxnMarker marker =
                fixture.leaders.sent.get(0).request().markers().get(0);
        assertThat(marker.coordinatorEpoch()).isEqualTo(fixture.epoch());
        assertThat(marker.transactionVersion()).isEqualTo((byte) 2);
        assertThat(marker.transactionResult()).isTrue();
    }

    @Test
    void shouldNotSendBeforeTheDecisionIsCommitted() {
        // Given
        ProducerIdAndEpoch producer = fixture.init();
        fixture.addedNew(producer, "t", 0);
        fixture.log.commitLate();

        // When
        var end = fixture.end(LATEST_END, producer, true);
        assertThat(fixture.leaders.sent).isEmpty();
        assertThat(end).isNotDone();
        fixture.log.commit();

        // Then
        assertThat(fixture.leaders.sent).hasSize(1);
        assertThat(fixture.done(end).errorCode()).isZero();
        assertThat(fixture.state()).isEqualTo("PrepareCommit");
        fixture.log.commit();
        assertThat(fixture.state()).isEqualTo("CompleteCommit");
    }

    @Test
    void shouldSendAlsoWhenTheCommitCameAfterTheProducerWasTold() {
        // Given: the producer hears that the replicas take too long
        ProducerIdAndEpoch producer = fixture.init();
        fixture.addedNew(producer, "t", 0);
        fixture.log.commitLate();
        var end = fixture.end(LATEST_END, producer, true);
        fixture.time.advance(LONG_MS);
        assertThat(fixture.done(end).errorCode()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE.code());

        // When
        fixture.log.commitAtOnce();

        // Then
        assertThat(fixture.leaders.markers()).containsExactly("1: t-0 100/1 COMMIT");
        assertThat(fixture.ended(LATEST_END, producer, true)).isEqualTo(ErrorCode.NONE);
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorCode.class,
            names = {
                "NOT_LEADER_OR_FOLLOWER",
                "UNKNOWN_TOPIC_OR_PARTITION",
                "NOT_ENOUGH_REPLICAS",
                "REQUEST_TIMED_OUT",
                "KAFKA_STORAGE_ERROR",
                "NOT_COORDINATOR",
                "COORDINATOR_LOAD_IN_PROGRESS",
                "TRANSACTION_COORDINATOR_FENCED",
                "CLUSTER_AUTHORIZATION_FAILED",
                "UNKNOWN_SERVER_ERROR"
            })
    void shouldTryAgainForAsLongAsItTakes(ErrorCode error) {
        // Given
        ProducerIdAndEpoch producer = fixture.init();
        fixture.addedNew(producer, "t", 0, 1);
        fixture.leaders.answer(partition -> partition.equals("t-1") ? error : ErrorCode.NONE);
        fixture.commit(producer);
        fixture.time.advance(LONG_MS);
        assertThat(fixture.state()).isEqualTo("PrepareCommit");
        int tries = fixture.leaders.sent.size();

        // When
        fixture.leaders.recover();
        fixture.time.advance(LONG_MS);

        // Then: with a growing pause, and only to the partition that needs it
        assertThat(tries).isBetween(6, 20);
        assertThat(fixture.leaders.markers()).startsWith("1: t-0 t-1 100/1 COMMIT", "1: t-1 100/1 COMMIT");
        assertThat(fixture.leaders.sent).hasSize(tries + 1);
        assertThat(fixture.state()).isEqualTo("CompleteCommit");
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorCode.class,
            names = {"INVALID_PRODUCER_EPOCH", "UNSUPPORTED_FOR_MESSAGE_FORMAT", "UNSUPPORTED_VERSION"})
    void shouldNotTryAgainWhereThereIsNothingToEnd(ErrorCode error) {
        // Given
        ProducerIdAndEpoch producer = fixture.init();
        fixture.addedNew(producer, "t", 0);
        fixture.leaders.answer(partition -> error);

        // When
        fixture.commit(producer);

        // Then
        assertThat(fixture.state()).isEqualTo("CompleteCommit");
    }

    @Test
    void shouldFollowTheLeaderOfPartition() {
        // Given
        ProducerIdAndEpoch producer = fixture.init();
        fixture.addedNew(producer, "t", 0);
        fixture.leaders.fail(new IllegalStateException("the broker is gone"));
        fixture.commit(producer);

        // When: first nobody leads it, then another broker
        fixture.metadata.lead("t", 0, PartitionImage.NO_LEADER);
        fixture.time.advance(LONG_MS);
        fixture.leaders.recover();
        fixture.metadata.lead("t", 0, 3);
        fixture.time.advance(LONG_MS);

        // Then
        assertThat(fixture.leaders.markers()).containsExactly("1: t-0 100/1 COMMIT", "3: t-0 100/1 COMMIT");
        assertThat(fixture.state()).isEqualTo("CompleteCommit");
    }

    @Test
    void shouldLetGoOfDeletedTopics() {
        // Given
        ProducerIdAndEpoch producer = fixture.init();
        fixture.addedNew(producer, "t", 0);
        fixture.addedNew(producer, "u", 0);
        fixture.leaders.answer(partition -> ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        fixture.commit(producer);

        // When
        fixture.metadata.delete("t");
        fixture.metadata.delete("u");
        fixture.time.advance(LONG_MS);

        // Then
        assertThat(fixture.state()).isEqualTo("CompleteCommit");
    }

    @Test
    void shouldMakeTheTopicOfOffsetsBeforeItComesIntoTransaction() {
        // Given: nobody has committed an offset before
        fixture.metadata.delete("__consumer_offsets");
        ProducerIdAndEpoch producer = fixture.init();

        // When
        assertThat(fixture.addOffsets(3, producer)).isEqualTo(ErrorCode.NONE);
        fixture.ended(OLD_END, producer, true);

        // Then
        assertThat(fixture.leaders.markers()).containsExactly("2: __consumer_offsets-3 100/0 COMMIT");
        assertThat(fixture.state()).isEqualTo("CompleteCommit");
    }

    @Test
    void shouldNotTakeOffsetsIntoTransactionWithoutTheirTopic() {
        // Given
        fixture.offsetsTopic = ErrorCode.COORDINATOR_NOT_AVAILABLE;
        ProducerIdAndEpoch producer = fixture.init();

        // Then
        assertThat(fixture.addOffsets(3, producer)).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(fixture.state()).isEqualTo("Empty");
    }

    @Test
    void shouldEndEmptyAbortWithoutMarkers() {
        // Given
        ProducerIdAndEpoch producer = fixture.init();

        // Then
        assertThat(fixture.ended(LATEST_END, producer, false)).isEqualTo(ErrorCode.NONE);
        assertThat(fixture.leaders.sent).isEmpty();
        assertThat(fixture.describe().producerEpoch()).isEqualTo((short) 1);
        assertThat(fixture.state()).isEqualTo("CompleteAbort");
    }

    @Test
    void shouldCollectMarkersOfManyProducersInFewRequests() {
        // Given: a broker that takes its time
        int producers = 40;
        fixture.leaders.hold();

        // When
        for (int i = 0; i < producers; i++) {
            endTransactionOf("id-" + i);
        }
        int first = fixture.leaders.sent.size();
        fixture.leaders.release();
        fixture.time.advance(LONG_MS);

        // Then
        assertThat(first).isEqualTo(BrokerOutbox.MAX_REQUESTS_UNDER_WAY);
        assertThat(fixture.leaders.sent).hasSize(BrokerOutbox.MAX_REQUESTS_UNDER_WAY + 1);
        assertThat(fixture.leaders.markers()).hasSize(producers).doesNotHaveDuplicates();
        for (int i = 0; i < producers; i++) {
            assertThat(fixture.describe("id-" + i).transactionState()).isEqualTo("CompleteCommit");
        }
    }

    @Test
    void shouldTryAgainWhenTheEndCannotBeWritten() {
        // Given
        ProducerIdAndEpoch producer = fixture.init();
        fixture.addedNew(producer, "t", 0);
        fixture.leaders.hold();
        fixture.commit(producer);

        // When
        fixture.log.refuse(ErrorCode.NOT_ENOUGH_REPLICAS);
        fixture.leaders.release();
        fixture.time.advance(100L * LONG_MS);
        assertThat(fixture.failures).isEmpty();
        assertThat(fixture.state()).isEqualTo("PrepareCommit");
        fixture.log.accept();
        fixture.time.advance(LONG_MS);

        // Then: nobody was told twice
        assertThat(fixture.state()).isEqualTo("CompleteCommit");
        assertThat(fixture.leaders.sent).hasSize(1);
    }

    @Test
    void shouldStopSendingWhenTheShardMovesAway() {
        // Given
        ProducerIdAndEpoch producer = fixture.init();
        fixture.addedOld(producer, "t", 0);
        fixture.leaders.answer(partition -> ErrorCode.NOT_LEADER_OR_FOLLOWER);
        fixture.ended(OLD_END, producer, true);
        int sent = fixture.leaders.sent.size();

        // When
        fixture.coordinator.onResigned(0);
        fixture.time.advance(LONG_MS);

        // Then
        assertThat(fixture.leaders.sent).hasSize(sent);
    }

    private void endTransactionOf(String id) {
        var producer = CoordinatorFixture.producerOf(fixture.done(fixture.init(
                5,
                new InitProducerIdRequest()
                        .setTransactionalId(id)
                        .setTransactionTimeoutMs(CoordinatorFixture.TIMEOUT_MS))));
        fixture.done(fixture.add(
                5,
                new AddPartitionsToTxnRequest()
                        .setTransactions(List.of(
                                CoordinatorFixture.oneOf(producer, "t", 0).setTransactionalId(id)))));
        fixture.done(fixture.coordinator.endTxn(
                CoordinatorFixture.from(5),
                new EndTxnRequest()
                        .setTransactionalId(id)
                        .setProducerId(producer.producerId())
                        .setProducerEpoch(producer.epoch())
                        .setCommitted(true)));
    }
}
