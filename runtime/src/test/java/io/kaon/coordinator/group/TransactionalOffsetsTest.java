// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static io.kaon.coordinator.group.GroupFixture.GROUP;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.record.ControlRecordType;
import io.kaon.wire.message.DeleteGroupsRequest;
import io.kaon.wire.message.OffsetDeleteRequest;
import io.kaon.wire.message.OffsetDeleteRequest.OffsetDeleteRequestPartition;
import io.kaon.wire.message.OffsetDeleteRequest.OffsetDeleteRequestTopic;
import io.kaon.wire.message.OffsetFetchRequest;
import io.kaon.wire.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.kaon.wire.message.OffsetFetchResponse;
import io.kaon.wire.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import io.kaon.wire.message.TxnOffsetCommitRequest;
import io.kaon.wire.message.TxnOffsetCommitResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Offsets that are committed in transactions, from the first commit to the marker. */
final class TransactionalOffsetsTest {
    private static final long PRODUCER = 7;
    private static final long OTHER = 8;

    private final GroupFixture fixture = new GroupFixture();
    private final TransactionFixture transactions = new TransactionFixture(fixture);

    @Test
    void shouldShowOffsetsOnceTheTransactionIsCommitted() {
        // Given
        fixture.commit(-1, "", 5);
        assertThat(transactions.commit(PRODUCER, 42)).isEqualTo(ErrorCode.NONE);
        assertThat(fixture.fetch()).isEqualTo(5);

        // When
        ErrorCode error = transactions.commitTransaction(PRODUCER);

        // Then
        assertThat(error).isEqualTo(ErrorCode.NONE);
        assertThat(transactions.stable()).satisfies(partition -> {
            assertThat(partition.committedOffset()).isEqualTo(42);
            assertThat(partition.committedLeaderEpoch()).isEqualTo(7);
            assertThat(partition.metadata()).isEqualTo("note");
        });
    }

    @Test
    void shouldForgetOffsetsWhenTheTransactionIsAborted() {
        // Given
        fixture.commit(-1, "", 5);
        transactions.commit(PRODUCER, 42);

        // When
        transactions.abortTransaction(PRODUCER);

        // Then
        assertThat(transactions.stable().committedOffset()).isEqualTo(5);
    }

    @Test
    void shouldKeepTheLastOfSeveralCommitsOfATransaction() {
        // Given
        transactions.commit(PRODUCER, 42);
        transactions.commit(PRODUCER, 43);

        // When
        transactions.commitTransaction(PRODUCER);

        // Then
        assertThat(fixture.fetch()).isEqualTo(43);
    }

    @Test
    void shouldCallOffsetsOfOpenTransactionsUnstable() {
        // Given
        fixture.commit(-1, "", 5);

        // When
        transactions.commit(PRODUCER, 42);

        // Then
        assertThat(transactions.stable()).satisfies(partition -> {
            assertThat(partition.errorCode()).isEqualTo(ErrorCode.UNSTABLE_OFFSET_COMMIT.code());
            assertThat(partition.committedOffset()).isEqualTo(-1);
            assertThat(partition.committedLeaderEpoch()).isEqualTo(-1);
        });
        assertThat(allStable().get(0).errorCode()).isEqualTo(ErrorCode.UNSTABLE_OFFSET_COMMIT.code());
    }

    @Test
    void shouldStayUnstableUntilTheLastTransactionOfAPartitionEnds() {
        // Given
        transactions.commit(PRODUCER, 42);
        transactions.commit(OTHER, 43);

        // When
        transactions.abortTransaction(OTHER);

        // Then
        assertThat(transactions.stable().errorCode()).isEqualTo(ErrorCode.UNSTABLE_OFFSET_COMMIT.code());
        transactions.commitTransaction(PRODUCER);
        assertThat(transactions.stable().committedOffset()).isEqualTo(42);
    }

    @Test
    void shouldPreferTheCommitThatWasWrittenLater() {
        // Given
        transactions.commit(PRODUCER, 42);
        fixture.commit(-1, "", 50);

        // When
        transactions.commitTransaction(PRODUCER);

        // Then
        assertThat(fixture.fetch()).isEqualTo(50);
        fixture.elect();
        assertThat(fixture.fetch()).isEqualTo(50);
    }

    @Test
    void shouldPreferTheLaterOfTwoTransactionsInWhicheverOrderTheyEnd() {
        // Given
        transactions.commit(PRODUCER, 42);
        transactions.commit(OTHER, 50);
        transactions.commitTransaction(OTHER);

        // When
        transactions.commitTransaction(PRODUCER);

        // Then
        assertThat(fixture.fetch()).isEqualTo(50);
    }

    @Test
    void shouldAnswerStableFetchFromOneMomentWhileTheMarkerIsNotCommitted() {
        // Given
        fixture.commit(-1, "", 5);
        transactions.commit(PRODUCER, 42);
        fixture.log.commitLate();
        CompletableFuture<ErrorCode> end =
                transactions.end(PRODUCER, ControlRecordType.COMMIT).toCompletableFuture();

        // When
        CompletableFuture<OffsetFetchResponse> stable = fixture.fetch(8, true);

        // Then
        assertThat(end).isNotDone();
        assertThat(stable).isNotDone();
        assertThat(fixture.fetch()).isEqualTo(5);
        fixture.log.commit();
        assertThat(fixture.done(end)).isEqualTo(ErrorCode.NONE);
        assertThat(fixture.done(stable)
                        .groups()
                        .get(0)
                        .topics()
                        .get(0)
                        .partitions()
                        .get(0)
                        .committedOffset())
                .isEqualTo(42);
    }

    @Test
    void shouldRestoreOpenTransactionsFromTheLog() {
        // Given
        fixture.commit(-1, "", 5);
        transactions.commit(PRODUCER, 42);
        transactions.commit(OTHER, 43);
        transactions.abortTransaction(OTHER);

        // When
        fixture.elect();

        // Then
        assertThat(fixture.fetch()).isEqualTo(5);
        assertThat(transactions.stable().errorCode()).isEqualTo(ErrorCode.UNSTABLE_OFFSET_COMMIT.code());
        transactions.commitTransaction(PRODUCER);
        assertThat(transactions.stable().committedOffset()).isEqualTo(42);
        fixture.elect();
        assertThat(transactions.stable().committedOffset()).isEqualTo(42);
    }

    @Test
    void shouldBeOpenAgainWhenTheNewLeaderHasNotGotTheMarker() {
        // Given
        transactions.commit(PRODUCER, 42);
        fixture.log.commitLate();
        CompletableFuture<ErrorCode> end =
                transactions.end(PRODUCER, ControlRecordType.COMMIT).toCompletableFuture();
        fixture.log.loseTail();

        // When
        fixture.elect();

        // Then
        assertThat(fixture.done(end)).isEqualTo(ErrorCode.NOT_COORDINATOR);
        fixture.log.commitAtOnce();
        assertThat(transactions.stable().errorCode()).isEqualTo(ErrorCode.UNSTABLE_OFFSET_COMMIT.code());
        transactions.commitTransaction(PRODUCER);
        assertThat(transactions.stable().committedOffset()).isEqualTo(42);
    }

    @Test
    void shouldKnowNothingOfACommitThatTheNewLeaderHasNotGot() {
        // Given
        fixture.log.commitLate();
        CompletableFuture<TxnOffsetCommitResponse> commit =
                transactions.commit(TransactionFixture.LATEST, TransactionFixture.request(PRODUCER, 42));
        fixture.log.loseTail();

        // When
        fixture.elect();

        // Then
        assertThat(TransactionFixture.errorOf(fixture.done(commit))).isEqualTo(ErrorCode.NOT_COORDINATOR);
        fixture.log.commitAtOnce();
        transactions.commitTransaction(PRODUCER);
        assertThat(transactions.stable().committedOffset()).isEqualTo(-1);
    }

    @Test
    void shouldEndNothingTwice() {
        // Given
        transactions.commit(PRODUCER, 42);
        transactions.commitTransaction(PRODUCER);
        fixture.commit(-1, "", 50);

        // When
        transactions.commitTransaction(PRODUCER);
        transactions.abortTransaction(PRODUCER);

        // Then
        assertThat(fixture.fetch()).isEqualTo(50);
    }

    @Test
    void shouldDeleteOffsetsThatWait() {
        // Given
        transactions.commit(PRODUCER, 42);
        OffsetDeleteRequest request = new OffsetDeleteRequest().setGroupId(GROUP);
        request.topics()
                .add(new OffsetDeleteRequestTopic()
                        .setName("topic")
                        .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(0))));

        // When
        short error = fixture.done(fixture.coordinator.deleteOffsets(fixture.from(0), request))
                .errorCode();

        // Then
        assertThat(error).isZero();
        transactions.commitTransaction(PRODUCER);
        assertThat(transactions.stable().committedOffset()).isEqualTo(-1);
    }

    @Test
    void shouldDeleteGroupsWithOffsetsThatWait() {
        // Given
        transactions.commit(PRODUCER, 42);

        // When
        DeleteGroupsRequest request = new DeleteGroupsRequest().setGroupsNames(List.of(GROUP));
        short error = fixture.done(fixture.coordinator.deleteGroups(fixture.from(2), request))
                .results()
                .get(0)
                .errorCode();

        // Then
        assertThat(error).isZero();
        transactions.commitTransaction(PRODUCER);
        assertThat(transactions.stable().committedOffset()).isEqualTo(-1);
        fixture.elect();
        assertThat(transactions.stable().committedOffset()).isEqualTo(-1);
    }

    @Test
    void shouldKeepExpiredOffsetsOfOpenTransactions() {
        // Given
        fixture.commit(-1, "", 5);
        transactions.commit(PRODUCER, 42);

        // When
        fixture.time.advance(GroupOptions.DEFAULTS.offsetsRetentionMs() + 600_000);

        // Then
        assertThat(fixture.fetch()).isEqualTo(5);
        transactions.abortTransaction(PRODUCER);
        fixture.time.advance(600_000);
        assertThat(fixture.fetch()).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({
        "-1, '',     ,       0, NONE",
        "-1, '',     ,       6, NONE",
        "2,  member, ,       6, NONE",
        "2,  member, ,       3, NONE",
        "1,  member, ,       6, ILLEGAL_GENERATION",
        "3,  member, ,       6, ILLEGAL_GENERATION",
        "-1, member, ,       6, ILLEGAL_GENERATION",
        "2,  stranger, ,     6, UNKNOWN_MEMBER_ID",
        "2,  '',     ,       6, UNKNOWN_MEMBER_ID",
        "2,  member, nobody, 6, UNKNOWN_MEMBER_ID"
    })
    void shouldCheckTheMemberOfAClassicGroup(
            int generation, String member, String instance, int version, ErrorCode expected) {
        // Given
        List<String> members = fixture.stableGroup(2);
        assertThat(fixture.generation()).isEqualTo(2);
        TxnOffsetCommitRequest request = TransactionFixture.request(PRODUCER, 42)
                .setGenerationIdOrMemberEpoch(generation)
                .setMemberId(member.equals("member") ? members.get(0) : member)
                .setGroupInstanceId(instance);

        // When
        ErrorCode error = TransactionFixture.errorOf(fixture.done(transactions.commit(version, request)));

        // Then
        assertThat(error).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"1, 3, ILLEGAL_GENERATION", "1, 5, ILLEGAL_GENERATION", "1, 6, GROUP_ID_NOT_FOUND", "-1, 6, NONE"})
    void shouldSayThatThereIsNoSuchGroup(int generation, int version, ErrorCode expected) {
        // Given
        TxnOffsetCommitRequest request =
                TransactionFixture.request(PRODUCER, 42).setGenerationIdOrMemberEpoch(generation);

        // When
        ErrorCode error = TransactionFixture.errorOf(fixture.done(transactions.commit(version, request)));

        // Then
        assertThat(error).isEqualTo(expected);
    }

    @Test
    void shouldRefuseLongMetadataAndRequestsWithoutGroupOrProducer() {
        TxnOffsetCommitRequest tooLong = TransactionFixture.request(PRODUCER, 42);
        tooLong.topics().get(0).partitions().get(0).setCommittedMetadata("x".repeat(4097));
        assertThat(error(tooLong)).isEqualTo(ErrorCode.OFFSET_METADATA_TOO_LARGE);
        assertThat(error(TransactionFixture.request(PRODUCER, 42).setGroupId("")))
                .isEqualTo(ErrorCode.INVALID_GROUP_ID);
        assertThat(error(TransactionFixture.request(-1, 42))).isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        assertThat(fixture.log.entries()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "NOT_ENOUGH_REPLICAS, COORDINATOR_NOT_AVAILABLE",
        "NOT_LEADER_OR_FOLLOWER, NOT_COORDINATOR",
        "INVALID_PRODUCER_EPOCH, INVALID_PRODUCER_EPOCH"
    })
    void shouldAnswerWhatTheLogSays(ErrorCode refusal, ErrorCode expected) {
        // Given
        fixture.log.refuse(refusal);

        // When
        ErrorCode error = transactions.commit(PRODUCER, 42);

        // Then
        assertThat(error).isEqualTo(expected);
        fixture.log.accept();
        assertThat(transactions.stable().errorCode()).isZero();
    }

    private ErrorCode error(TxnOffsetCommitRequest request) {
        return TransactionFixture.errorOf(fixture.done(transactions.commit(TransactionFixture.LATEST, request)));
    }

    private List<OffsetFetchResponsePartitions> allStable() {
        OffsetFetchRequestGroup group =
                new OffsetFetchRequestGroup().setGroupId(GROUP).setTopics(null);
        OffsetFetchRequest request =
                new OffsetFetchRequest().setGroups(List.of(group)).setRequireStable(true);
        return fixture.done(fixture.coordinator.fetchOffsets(fixture.from(8), request))
                .groups()
                .get(0)
                .topics()
                .get(0)
                .partitions();
    }
}
