// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static io.kaon.coordinator.group.GroupFixture.GROUP;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.coordinator.MemoryShardLog;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ImageBuilder;
import io.kaon.wire.message.DeleteGroupsRequest;
import io.kaon.wire.message.DeleteGroupsResponse;
import io.kaon.wire.message.ListGroupsRequest;
import io.kaon.wire.message.OffsetCommitRequest;
import io.kaon.wire.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.kaon.wire.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.kaon.wire.message.OffsetFetchRequest;
import io.kaon.wire.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.kaon.wire.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import io.kaon.wire.message.OffsetFetchResponse;
import io.kaon.wire.message.TxnOffsetCommitRequest;
import io.kaon.wire.state.TopicRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Removals that take a while, and what is committed meanwhile: an acknowledged commit stays (S8). */
final class RemovalRacesTest {
    private static final long WEEK_MS = 7L * 24 * 60 * 60 * 1000;
    private static final long CHECK_MS = 600_000;
    private static final int MANY = 2_500;
    private static final Uuid OLD = new Uuid(0, 1);
    private static final Uuid NEW = new Uuid(0, 2);

    private final GroupFixture fixture = new GroupFixture();
    private final TransactionFixture transactions = new TransactionFixture(fixture);
    private final MemoryShardLog log = fixture.log;

    @Test
    void shouldKeepWhatIsCommittedWhileExpiryIsBeingWritten() {
        // Given: more offsets than go into one batch, all of them old
        commit(Uuid.ZERO, 0, MANY, 5);
        fixture.time.advance(WEEK_MS - CHECK_MS);
        log.commitLate();
        fixture.time.advance(2 * CHECK_MS);

        // When: the first batch is not committed yet
        CompletableFuture<?> commit = commit(Uuid.ZERO, MANY - 1, MANY, 9);
        log.commitAtOnce();
        fixture.time.advance(1_000);

        // Then
        assertThat(commit).isCompleted();
        assertThat(fetch(Uuid.ZERO, MANY - 1)).isEqualTo(9);
        fixture.elect();
        assertThat(fetch(Uuid.ZERO, MANY - 1)).isEqualTo(9);
        assertThat(fetch(Uuid.ZERO, MANY - 2)).isEqualTo(-1);
    }

    @Test
    void shouldKeepWhatIsCommittedWhileADeletionIsBeingWritten() {
        // Given
        commit(Uuid.ZERO, 0, MANY, 5);
        fixture.leave(fixture.stableGroup(1).get(0));
        log.commitLate();
        CompletableFuture<DeleteGroupsResponse> deletion = fixture.coordinator
                .deleteGroups(fixture.from(2), new DeleteGroupsRequest().setGroupsNames(List.of(GROUP)))
                .toCompletableFuture();

        // When
        commit(Uuid.ZERO, MANY - 1, MANY, 9);
        log.commitAtOnce();

        // Then: what was deleted is what was there, not what came later
        assertThat(deletion).isCompleted();
        assertThat(deletion.join().results().get(0).errorCode()).isZero();
        fixture.elect();
        assertThat(fetch(Uuid.ZERO, MANY - 1)).isEqualTo(9);
        assertThat(fetch(Uuid.ZERO, 0)).isEqualTo(-1);
    }

    @Test
    void shouldRemoveGroupsWithLongNamesInBatchesThatTheTopicTakes() {
        // Given
        String longName = "g".repeat(20_000);
        fixture.done(fixture.commit(8, request(longName, Uuid.ZERO, 0, 40, 5)));
        fixture.done(fixture.commit(8, request(longName, Uuid.ZERO, 40, 80, 5)));

        // When
        DeleteGroupsResponse response = fixture.done(fixture.coordinator.deleteGroups(
                fixture.from(2), new DeleteGroupsRequest().setGroupsNames(List.of(longName))));

        // Then
        assertThat(response.results().get(0).errorCode()).isZero();
        assertThat(log.batchSizes().subList(2, log.batchSizes().size())).allMatch(size -> size <= 13);
    }

    @Test
    void shouldKeepOffsetsOfTopicThatWasMadeAgainBeforeTheOldOnesAreGone() {
        // Given: clients commit for the new topic before this coordinator comes to the removal of the old one
        commit(OLD, 0, 2, 5);
        commit(NEW, 0, 1, 9);

        // When
        fixture.coordinator.onTopicsDeleted(Map.of(OLD, "topic"));

        // Then
        assertThat(fetch(NEW, 0)).isEqualTo(9);
        assertThat(fetch(Uuid.ZERO, 1)).isEqualTo(-1);
        assertThat(log.records()).hasSize(4);
    }

    @Test
    void shouldKeepTransactionsOfTopicThatWasMadeAgain() {
        // Given
        commit(OLD, 0, 1, 5);
        TxnOffsetCommitRequest request = TransactionFixture.request(7, 9);
        request.topics().get(0).setTopicId(NEW);
        fixture.done(transactions.commit(TransactionFixture.LATEST, request));

        // When
        fixture.coordinator.onTopicsDeleted(Map.of(OLD, "topic"));
        assertThat(transactions.commitTransaction(7)).isEqualTo(ErrorCode.NONE);

        // Then
        assertThat(fetch(NEW, 0)).isEqualTo(9);
    }

    @Test
    void shouldNotShowOffsetsOfAnEarlierTopicToThoseWhoKnowNoIds() {
        // Given
        ImageBuilder image = new ImageBuilder(ClusterImage.EMPTY);
        image.replay(new TopicRecord().setName("topic").setTopicId(NEW));
        fixture.image = image.build(1);
        commit(OLD, 0, 2, 5);
        commit(NEW, 1, 2, 6);

        // When // Then
        assertThat(fetch(Uuid.ZERO, 0)).isEqualTo(-1);
        assertThat(fetch(Uuid.ZERO, 1)).isEqualTo(6);
        for (boolean stable : List.of(true, false)) {
            assertThat(fetchAll(stable).groups().get(0).topics())
                    .singleElement()
                    .satisfies(topic -> assertThat(topic.partitions())
                            .singleElement()
                            .satisfies(partition ->
                                    assertThat(partition.committedOffset()).isEqualTo(6)));
        }
    }

    @Test
    void shouldListAndDescribeGroupThatOnlyWaitsForTransactions() {
        // Given
        assertThat(transactions.commit(7, 9)).isEqualTo(ErrorCode.NONE);

        // When // Then
        assertThat(fixture.done(fixture.coordinator.listGroups(fixture.from(5), new ListGroupsRequest()))
                        .groups())
                .singleElement()
                .satisfies(group -> assertThat(group.groupState()).isEqualTo("Empty"));
        assertThat(fixture.describe(6).groupState()).isEqualTo("Empty");
        transactions.abortTransaction(7);
        assertThat(fixture.describe(6).errorCode()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND.code());
    }

    private CompletableFuture<?> commit(Uuid topicId, int from, int to, long offset) {
        return fixture.commit(8, request(GROUP, topicId, from, to, offset));
    }

    private static OffsetCommitRequest request(String groupId, Uuid topicId, int from, int to, long offset) {
        List<OffsetCommitRequestPartition> partitions = new ArrayList<>();
        for (int index = from; index < to; index++) {
            partitions.add(new OffsetCommitRequestPartition()
                    .setPartitionIndex(index)
                    .setCommittedOffset(offset)
                    .setCommittedMetadata(""));
        }
        return new OffsetCommitRequest()
                .setGroupId(groupId)
                .setGenerationIdOrMemberEpoch(-1)
                .setMemberId("")
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setName("topic")
                        .setTopicId(topicId)
                        .setPartitions(partitions)));
    }

    private long fetch(Uuid topicId, int partition) {
        OffsetFetchRequestTopics topic = new OffsetFetchRequestTopics()
                .setName("topic")
                .setTopicId(topicId)
                .setPartitionIndexes(List.of(partition));
        return fetch(List.of(topic), false)
                .groups()
                .get(0)
                .topics()
                .get(0)
                .partitions()
                .get(0)
                .committedOffset();
    }

    private OffsetFetchResponse fetchAll(boolean stable) {
        return fetch(null, stable);
    }

    private OffsetFetchResponse fetch(List<OffsetFetchRequestTopics> topics, boolean stable) {
        OffsetFetchRequestGroup group =
                new OffsetFetchRequestGroup().setGroupId(GROUP).setTopics(topics);
        return fixture.done(fixture.coordinator.fetchOffsets(
                fixture.from(8),
                new OffsetFetchRequest().setGroups(List.of(group)).setRequireStable(stable)));
    }
}
