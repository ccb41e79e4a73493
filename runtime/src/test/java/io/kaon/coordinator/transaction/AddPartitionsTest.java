// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import static io.kaon.coordinator.transaction.Stories.EPOCH;
import static io.kaon.coordinator.transaction.Stories.NOW_MS;
import static io.kaon.coordinator.transaction.Stories.ONGOING;
import static io.kaon.coordinator.transaction.Stories.PREPARE_COMMIT;
import static io.kaon.coordinator.transaction.Stories.decide;
import static io.kaon.coordinator.transaction.Stories.epoch;
import static io.kaon.coordinator.transaction.Stories.error;
import static io.kaon.coordinator.transaction.Stories.in;
import static io.kaon.coordinator.transaction.Stories.next;
import static io.kaon.coordinator.transaction.Stories.partitions;
import static io.kaon.coordinator.transaction.Stories.reply;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.common.TopicPartition;
import io.kaon.coordinator.transaction.TransactionPhase.Ongoing;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The decision tables of AddPartitionsToTxn, AddOffsetsToTxn, and of the check that leaders ask for. */
final class AddPartitionsTest {
    private static final int MAX_BYTES = 1_000;

    @ParameterizedTest
    @ValueSource(strings = {"Empty", "CompleteCommit", "CompleteAbort"})
    void shouldBeginTransactionNow(String state) {
        // When
        Decision decision = decide(add(epoch(EPOCH), partitions("t", 1)), in(Stories.phase(state), EPOCH, 4));

        // Then
        assertThat(next(decision).phase()).isEqualTo(new Ongoing(partitions("t", 1), NOW_MS));
        assertThat(next(decision).producer().lastEpoch()).isEqualTo((short) 4);
        assertThat(next(decision).clientVersion()).isEqualTo((short) 2);
        assertThat(next(decision).updatedMs()).isEqualTo(NOW_MS);
        assertThat(reply(decision)).isEqualTo(Reply.DONE);
    }

    @Test
    void shouldAddToOngoingTransactionWithoutMovingItsDeadline() {
        // When
        Decision decision = decide(add(epoch(EPOCH), partitions("t", 0, 2)), in(ONGOING));

        // Then
        assertThat(next(decision).phase()).isEqualTo(new Ongoing(partitions("t", 0, 2), ONGOING.startMs()));
    }

    @Test
    void shouldWriteNothingForPartitionsThatAreIn() {
        assertThat(error(decide(add(epoch(EPOCH), partitions("t", 0)), in(ONGOING))))
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldRefuseStrangers() {
        assertThat(error(add(epoch(EPOCH), partitions("t", 1)).decide(Optional.empty(), OptionalLong.empty(), NOW_MS)))
                .isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        assertThat(error(decide(add(new ProducerIdAndEpoch(7, EPOCH), partitions("t", 1)), in(ONGOING))))
                .isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        assertThat(error(decide(add(epoch(EPOCH - 1), partitions("t", 0)), in(ONGOING))))
                .isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(error(decide(add(epoch(EPOCH + 1), partitions("t", 1)), in(ONGOING))))
                .isEqualTo(ErrorCode.PRODUCER_FENCED);
    }

    @Test
    void shouldLetTheProducerThatWillBeWaitForAnEnding() {
        // A producer with a new id knows it before the transaction has ended: it is no stranger.
        assertThat(decide(add(new ProducerIdAndEpoch(7, (short) 0), partitions("t", 1)), in(PREPARE_COMMIT)))
                .isInstanceOf(Decision.AfterEnding.class);
    }

    @Test
    void shouldBoundThePartitionsOfOneTransaction() {
        // Given
        int[] many = new int[250];
        for (int i = 0; i < many.length; i++) {
            many[i] = i;
        }

        // Then
        assertThat(error(decide(add(epoch(EPOCH), partitions("t", many)), in(ONGOING))))
                .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
    }

    @Test
    void shouldTellWhatIsMissing() {
        // Given
        PartitionCheck check = new PartitionCheck(epoch(EPOCH));

        // When
        PartitionCheck.Result result = check.of(Optional.of(in(ONGOING)), partitions("t", 0, 1));

        // Then
        assertThat(result.error()).isEqualTo(ErrorCode.NONE);
        assertThat(result.missing()).containsExactly(new TopicPartition("t", 1));
    }

    @Test
    void shouldRefuseToCheckForStrangersAndWhileEnding() {
        assertThat(checked(epoch(EPOCH), Optional.empty())).isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        assertThat(checked(new ProducerIdAndEpoch(7, EPOCH), Optional.of(in(ONGOING))))
                .isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        assertThat(checked(epoch(EPOCH - 1), Optional.of(in(ONGOING)))).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(checked(epoch(EPOCH), Optional.of(in(PREPARE_COMMIT)))).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);
    }

    private static ErrorCode checked(ProducerIdAndEpoch producer, Optional<Transaction> present) {
        return new PartitionCheck(producer).of(present, partitions("t", 0)).error();
    }

    private static Question add(ProducerIdAndEpoch producer, SortedSet<TopicPartition> partitions) {
        return new AddPartitions(producer, partitions, (short) 2, MAX_BYTES);
    }
}
