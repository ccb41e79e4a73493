// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import static io.kaon.coordinator.transaction.CoordinatorFixture.TIMEOUT_MS;
import static io.kaon.coordinator.transaction.CoordinatorFixture.errorOf;
import static io.kaon.coordinator.transaction.CoordinatorFixture.initRequest;
import static io.kaon.coordinator.transaction.CoordinatorFixture.oneOf;
import static io.kaon.coordinator.transaction.CoordinatorFixture.producer;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.coordinator.ShardOptions;
import io.kaon.wire.message.AddPartitionsToTxnRequest;
import io.kaon.wire.message.AddPartitionsToTxnResponse;
import io.kaon.wire.message.InitProducerIdRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the versions of each api say, and what is refused before anything is looked at. */
final class VersionsTest {
    private final CoordinatorFixture fixture = new CoordinatorFixture();

    @ParameterizedTest
    @CsvSource({"0, INVALID_PRODUCER_EPOCH", "3, INVALID_PRODUCER_EPOCH", "4, PRODUCER_FENCED", "5, PRODUCER_FENCED"})
    void shouldNameFencingOfInitProducerIdByVersion(int version, ErrorCode expected) {
        // Given
        fixture.init();

        // Then
        assertThat(fixture.done(fixture.init(version, initRequest(producer(100, 7))))
                        .errorCode())
                .isEqualTo(expected.code());
    }

    @ParameterizedTest
    @CsvSource({"0, INVALID_PRODUCER_EPOCH", "1, INVALID_PRODUCER_EPOCH", "2, PRODUCER_FENCED", "3, PRODUCER_FENCED"})
    void shouldNameFencingOfTheOthersByVersion(int version, ErrorCode expected) {
        // Given
        fixture.init();
        ProducerIdAndEpoch zombie = producer(100, -1);

        // Then
        assertThat(errorOf(fixture.done(fixture.add(version, CoordinatorFixture.oldAdd(zombie, "t", 0)))))
                .isEqualTo(expected);
        assertThat(fixture.addOffsets(version, zombie)).isEqualTo(expected);
        assertThat(fixture.ended(version, zombie, true)).isEqualTo(expected);
    }

    @Test
    void shouldRefuseTimeoutsOutOfBounds() {
        int max = TransactionOptions.DEFAULTS.maxTimeoutMs();
        for (int timeoutMs : new int[] {0, -1, max + 1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertThat(fixture.initError(initRequest().setTransactionTimeoutMs(timeoutMs)))
                    .isEqualTo(ErrorCode.INVALID_TRANSACTION_TIMEOUT);
        }
        assertThat(fixture.initError(initRequest().setTransactionTimeoutMs(max)))
                .isEqualTo(ErrorCode.NONE);
        assertThat(fixture.describe().transactionTimeoutMs()).isEqualTo(max);
    }

    @Test
    void shouldRefuseRequestsThatMakeNoSense() {
        // Given
        InitProducerIdRequest half = initRequest().setProducerId(5);
        InitProducerIdRequest otherHalf = initRequest().setProducerEpoch((short) 5);
        InitProducerIdRequest nameless =
                new InitProducerIdRequest().setTransactionalId("").setTransactionTimeoutMs(TIMEOUT_MS);

        // Then
        assertThat(fixture.initError(half)).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(fixture.initError(otherHalf)).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(fixture.initError(nameless)).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(fixture.describe("").errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
        assertThat(fixture.addedOld(producer(1, 0), "t", -1)).isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void shouldAnswerEachTransactionOfBatch() {
        // Given
        ProducerIdAndEpoch producer = fixture.init();
        AddPartitionsToTxnRequest request = new AddPartitionsToTxnRequest()
                .setTransactions(List.of(
                        oneOf(producer, "t", 0, 1),
                        oneOf(producer, "t", 0).setTransactionalId("nobody"),
                        oneOf(producer, "t", 0, 2).setVerifyOnly(true)));

        // When
        AddPartitionsToTxnResponse response = fixture.done(fixture.add(5, request));

        // Then
        assertThat(response.errorCode()).isZero();
        assertThat(response.resultsByTransaction())
                .extracting(result -> result.transactionalId() + " "
                        + result.topicResults().get(0).resultsByPartition().stream()
                                .map(partition -> ErrorCode.of(partition.partitionErrorCode()))
                                .toList())
                .containsExactly(
                        "tx [NONE, NONE]", "nobody [INVALID_PRODUCER_ID_MAPPING]", "tx [NONE, TRANSACTION_ABORTABLE]");
    }

    @Test
    void shouldNameWhatIsNotInTheTransaction() {
        // Given
        ProducerIdAndEpoch producer = fixture.init();

        // Then
        assertThat(fixture.verified(4, producer, "t", 0)).isEqualTo(ErrorCode.TRANSACTION_ABORTABLE);
        assertThat(fixture.verified(5, producer, "t", 0)).isEqualTo(ErrorCode.TRANSACTION_ABORTABLE);
        assertThat(fixture.state()).isEqualTo("Empty");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void shouldNotTellTheEpochBeforeVersion5(int version) {
        // Given
        ProducerIdAndEpoch producer = fixture.init();
        fixture.addedOld(producer, "t", 0);

        // When
        var response = fixture.done(fixture.end(version, producer, true));

        // Then
        assertThat(response.producerId()).isEqualTo(-1);
        assertThat(response.producerEpoch()).isEqualTo((short) -1);
        assertThat(fixture.ended(version, producer, true)).isEqualTo(ErrorCode.NONE);
        assertThat(fixture.ended(version, producer, false)).isEqualTo(ErrorCode.INVALID_TXN_STATE);
    }

    @Test
    void shouldLetOldAndNewClientsFollowEachOther() {
        // Given: an old client's transaction, then a new client's, then an old one's again
        ProducerIdAndEpoch old = fixture.init();
        fixture.addedOld(old, "t", 0);
        assertThat(fixture.ended(3, old, true)).isEqualTo(ErrorCode.NONE);

        // When
        ProducerIdAndEpoch young = fixture.init();
        fixture.addedNew(young, "t", 0);
        ProducerIdAndEpoch next = fixture.commit(young);
        ProducerIdAndEpoch oldAgain = fixture.init();

        // Then
        assertThat(List.of(old.epoch(), young.epoch(), next.epoch(), oldAgain.epoch()))
                .containsExactly((short) 0, (short) 1, (short) 2, (short) 3);
        assertThat(fixture.addedOld(oldAgain, "t", 0)).isEqualTo(ErrorCode.NONE);
        assertThat(fixture.ended(4, oldAgain, false)).isEqualTo(ErrorCode.NONE);
        assertThat(fixture.leaders.markers())
                .containsExactly("1: t-0 100/0 COMMIT", "1: t-0 100/2 COMMIT", "1: t-0 100/3 ABORT");
    }

    @Test
    void shouldRefuseMorePartitionsThanRecordHolds() {
        // Given: a topic of transactions that takes small batches only
        CoordinatorFixture small =
                new CoordinatorFixture(TransactionOptions.DEFAULTS, new ShardOptions(2_000, 5_000, 1_000, 100));
        ProducerIdAndEpoch producer = small.init();
        Integer[] many = new Integer[300];
        for (int i = 0; i < many.length; i++) {
            many[i] = i;
        }

        // Then: what is in stays in, and can end
        assertThat(small.addedNew(producer, "t", 0)).isEqualTo(ErrorCode.NONE);
        assertThat(small.addedNew(producer, "t", many)).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        assertThat(small.ended(5, producer, false)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldEndEveryTransactionThatCouldBegin() {
        // Given: as many partitions as are taken, one more each time, under an id that takes room, too
        String longId = "x".repeat(1_500);
        CoordinatorFixture small =
                new CoordinatorFixture(TransactionOptions.DEFAULTS, new ShardOptions(8_000, 5_000, 1_000, 100));
        small.metadata.level(0);
        ProducerIdAndEpoch producer = CoordinatorFixture.producerOf(
                small.done(small.init(4, CoordinatorFixture.initRequest().setTransactionalId(longId))));
        ErrorCode error = ErrorCode.NONE;
        for (int partition = 0; error == ErrorCode.NONE; partition++) {
            error = CoordinatorFixture.errorOf(small.done(small.add(
                    3, CoordinatorFixture.oldAdd(producer, "t", partition).setV3AndBelowTransactionalId(longId))));
        }
        assertThat(error).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);

        // When: the features go up meanwhile, and with them the record grows
        small.metadata.level(2);
        small.time.advance(CoordinatorFixture.TIMEOUT_MS);

        // Then
        assertThat(small.describe(longId).transactionState()).isEqualTo("CompleteAbort");
    }

    @Test
    void shouldNotTakeTheCommitOfAnotherProducerForOneThatWasRepeated() {
        // Given: a young producer is fenced by an old one, which commits without a new epoch
        ProducerIdAndEpoch young = fixture.init();
        fixture.addedNew(young, "t", 0);
        var fencing = fixture.init(4, CoordinatorFixture.initRequest());
        ProducerIdAndEpoch fenced = CoordinatorFixture.producer(young.producerId(), young.epoch() + 1);
        ProducerIdAndEpoch old = CoordinatorFixture.producerOf(fixture.done(fencing));
        assertThat(fixture.addedOld(old, "t", 0)).isEqualTo(ErrorCode.NONE);
        assertThat(fixture.ended(4, old, true)).isEqualTo(ErrorCode.NONE);

        // Then: nobody hears that its own was committed, or gets the epoch of the old one
        assertThat(old.epoch()).isEqualTo((short) (fenced.epoch() + 1));
        assertThat(fixture.ended(5, young, true)).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(fixture.ended(5, fenced, true)).isEqualTo(ErrorCode.PRODUCER_FENCED);
        fixture.elect();
        assertThat(fixture.ended(5, fenced, true)).isEqualTo(ErrorCode.PRODUCER_FENCED);
    }
}
