// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static io.kaon.coordinator.group.GroupFixture.GROUP;
import static io.kaon.coordinator.group.GroupFixture.commitRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.wire.message.OffsetCommitRequest;
import io.kaon.wire.message.OffsetCommitResponse;
import io.kaon.wire.message.OffsetFetchRequest;
import io.kaon.wire.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.kaon.wire.message.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.kaon.wire.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import io.kaon.wire.message.OffsetFetchResponse;
import io.kaon.wire.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OffsetsTest {
    private static final int LATEST = 9;

    private final GroupFixture fixture = new GroupFixture();

    @Test
    void shouldGiveBackWhatWasCommitted() {
        // When
        ErrorCode error = fixture.commit(-1, "", 42);

        // Then
        assertThat(error).isEqualTo(ErrorCode.NONE);
        assertThat(partition()).satisfies(partition -> {
            assertThat(partition.committedOffset()).isEqualTo(42);
            assertThat(partition.committedLeaderEpoch()).isEqualTo(7);
            assertThat(partition.metadata()).isEqualTo("note");
        });
    }

    @Test
    void shouldSayNothingOfWhatWasNeverCommitted() {
        assertThat(partition()).satisfies(partition -> {
            assertThat(partition.committedOffset()).isEqualTo(-1);
            assertThat(partition.committedLeaderEpoch()).isEqualTo(-1);
            assertThat(partition.metadata()).isEmpty();
            assertThat(partition.errorCode()).isZero();
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldKnowNothingOfATopicOfTheSameNameThatIsNotTheSame(boolean stable) {
        // Given
        Uuid old = new Uuid(0, 1);
        OffsetCommitRequest request = commitRequest(-1, "", 42);
        request.topics().get(0).setTopicId(old);
        fixture.done(fixture.commit(LATEST, request));
        fixture.elect();

        // Then
        assertThat(offsetOf(old, stable)).isEqualTo(42);
        assertThat(offsetOf(Uuid.ZERO, stable)).isEqualTo(42);
        assertThat(offsetOf(new Uuid(0, 2), stable)).isEqualTo(-1);
    }

    private long offsetOf(Uuid topicId, boolean stable) {
        OffsetFetchRequestTopics topic = new OffsetFetchRequestTopics()
                .setName("topic")
                .setTopicId(topicId)
                .setPartitionIndexes(List.of(0));
        OffsetFetchRequestGroup group =
                new OffsetFetchRequestGroup().setGroupId(GROUP).setTopics(List.of(topic));
        OffsetFetchRequest question =
                new OffsetFetchRequest().setGroups(List.of(group)).setRequireStable(stable);
        return fixture.done(fixture.coordinator.fetchOffsets(fixture.from(10), question))
                .groups()
                .get(0)
                .topics()
                .get(0)
                .partitions()
                .get(0)
                .committedOffset();
    }

    @Test
    void shouldKeepNullMetadataAsNothing() {
        // Given
        OffsetCommitRequest request = commitRequest(-1, "", 1);
        request.topics().get(0).partitions().get(0).setCommittedMetadata(null);

        // When
        fixture.done(fixture.commit(LATEST, request));

        // Then
        assertThat(partition().metadata()).isEmpty();
    }

    @Test
    void shouldRefuseLongMetadataOfOnePartitionOnly() {
        // Given
        OffsetCommitRequest request = commitRequest(-1, "", 1);
        OffsetCommitRequest other = commitRequest(-1, "", 2);
        other.topics().get(0).partitions().get(0).setPartitionIndex(1).setCommittedMetadata("x".repeat(4097));
        request.setTopics(List.of(request.topics().get(0), other.topics().get(0)));

        // When
        OffsetCommitResponse response = fixture.done(fixture.commit(LATEST, request));

        // Then
        assertThat(response.topics().get(0).partitions().get(0).errorCode()).isZero();
        assertThat(response.topics().get(1).partitions().get(0).errorCode())
                .isEqualTo(ErrorCode.OFFSET_METADATA_TOO_LARGE.code());
        assertThat(fixture.fetch()).isEqualTo(1);
    }

    @Test
    void shouldTakeCommitsOfMembersOfThisGenerationOnly() {
        String member = fixture.stableGroup(1).get(0);
        assertThat(fixture.commit(1, member, 5)).isEqualTo(ErrorCode.NONE);
        assertThat(fixture.commit(0, member, 6)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(fixture.commit(2, member, 6)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(fixture.commit(-1, member, 6)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(fixture.commit(1, "who", 6)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(fixture.commit(-1, "", 6)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(fixture.fetch()).isEqualTo(5);
    }

    @Test
    void shouldTakeCommitsWhileTheGroupGathersButNotWhileItAssigns() {
        // Given
        List<String> members = fixture.stableGroup(2);
        fixture.join("");

        // Then
        assertThat(fixture.commit(2, members.get(0), 5)).isEqualTo(ErrorCode.NONE);
        fixture.join(members.get(0));
        fixture.join(members.get(1));
        assertThat(fixture.commit(3, members.get(0), 6)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void shouldTakeCommitsWithoutMembershipInEmptyGroup() {
        // Given
        String member = fixture.stableGroup(1).get(0);
        fixture.leave(member);

        // Then
        assertThat(fixture.commit(-1, "", 5)).isEqualTo(ErrorCode.NONE);
        assertThat(fixture.commit(1, member, 5)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldSayThatTheGroupIsMissingInTheWordsOfTheVersion() {
        assertThat(GroupFixture.errorOf(fixture.done(fixture.commit(8, commitRequest(3, "m", 1)))))
                .isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(GroupFixture.errorOf(fixture.done(fixture.commit(9, commitRequest(3, "m", 1)))))
                .isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        fixture.commit(-1, "", 5);
        assertThat(fixture.commit(3, "m", 1)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldTakeVersionZeroWithoutAnyMembershipAndAnswerMissingOffsetsItsWay() {
        // Given
        OffsetFetchRequest fetch = new OffsetFetchRequest()
                .setGroupId(GROUP)
                .setTopics(
                        List.of(new OffsetFetchRequestTopic().setName("topic").setPartitionIndexes(List.of(0, 1))));

        // When
        ErrorCode error = GroupFixture.errorOf(fixture.done(fixture.commit(0, commitRequest(-1, "", 9))));
        OffsetFetchResponse response = fixture.done(fixture.coordinator.fetchOffsets(fixture.from(0), fetch));

        // Then
        assertThat(error).isEqualTo(ErrorCode.NONE);
        assertThat(response.topics().get(0).partitions())
                .extracting("committedOffset")
                .containsExactly(9L, -1L);
        assertThat(response.topics().get(0).partitions().get(1).errorCode())
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 7})
    void shouldFetchEverythingWhenNoTopicIsNamed(int version) {
        // Given
        fixture.commit(-1, "", 9);
        OffsetFetchRequest fetch = new OffsetFetchRequest().setGroupId(GROUP).setTopics(null);

        // When
        OffsetFetchResponse response = fixture.done(fixture.coordinator.fetchOffsets(fixture.from(version), fetch));

        // Then
        assertThat(response.topics()).singleElement().satisfies(topic -> {
            assertThat(topic.name()).isEqualTo("topic");
            assertThat(topic.partitions()).singleElement().satisfies(partition -> assertThat(
                            partition.committedOffset())
                    .isEqualTo(9));
        });
    }

    @Test
    void shouldFetchSeveralGroupsAndKeepTopicIds() {
        // Given
        Uuid topicId = new Uuid(1, 2);
        OffsetCommitRequest commit = commitRequest(-1, "", 9);
        commit.topics().get(0).setTopicId(topicId);
        OffsetCommitResponse committed = fixture.done(fixture.commit(10, commit));
        OffsetFetchRequest fetch = new OffsetFetchRequest()
                .setGroups(List.of(
                        new OffsetFetchRequestGroup().setGroupId(GROUP).setTopics(null),
                        new OffsetFetchRequestGroup().setGroupId("other").setTopics(null)));

        // When
        OffsetFetchResponse response = fixture.done(fixture.coordinator.fetchOffsets(fixture.from(10), fetch));

        // Then
        assertThat(committed.topics().get(0).topicId()).isEqualTo(topicId);
        assertThat(response.groups()).extracting("groupId").containsExactly(GROUP, "other");
        assertThat(response.groups().get(0).topics()).hasSize(1);
        assertThat(response.groups().get(1).topics()).isEmpty();
        assertThat(response.groups().get(1).errorCode()).isZero();
    }

    @Test
    void shouldWriteAllOffsetsOfACommitAsOneBatch() {
        // Given
        OffsetCommitRequest request = commitRequest(-1, "", 1);
        OffsetCommitRequest other = commitRequest(-1, "", 2);
        other.topics().get(0).setName("second");
        request.setTopics(List.of(request.topics().get(0), other.topics().get(0)));

        // When
        fixture.done(fixture.commit(LATEST, request));

        // Then
        assertThat(fixture.log.batchSizes()).containsExactly(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOT_ENOUGH_REPLICAS", "UNKNOWN_TOPIC_OR_PARTITION", "REQUEST_TIMED_OUT"})
    void shouldAskToComeAgainWhenTheLogCannotWrite(String refusal) {
        fixture.log.refuse(ErrorCode.valueOf(refusal));
        assertThat(fixture.commit(-1, "", 1)).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(fixture.fetch()).isEqualTo(-1);
    }

    @Test
    void shouldMapTheOtherRefusalsOfTheLog() {
        fixture.log.refuse(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(fixture.commit(-1, "", 1)).isEqualTo(ErrorCode.NOT_COORDINATOR);
        fixture.log.refuse(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(fixture.commit(-1, "", 1)).isEqualTo(ErrorCode.NOT_COORDINATOR);
        fixture.log.refuse(ErrorCode.MESSAGE_TOO_LARGE);
        assertThat(fixture.commit(-1, "", 1)).isEqualTo(ErrorCode.INVALID_COMMIT_OFFSET_SIZE);
    }

    @Test
    void shouldAnswerCommitOnlyWhenItIsCommittedAndFetchWhatIs() {
        // Given
        fixture.commit(-1, "", 1);
        fixture.log.commitLate();

        // When
        var commit = fixture.commit(LATEST, commitRequest(-1, "", 2));

        // Then
        assertThat(commit).isNotDone();
        assertThat(fixture.fetch()).isEqualTo(1);
        var stable = fixture.fetch(8, true);
        assertThat(stable).isNotDone();
        fixture.log.commit();
        assertThat(GroupFixture.errorOf(fixture.done(commit))).isEqualTo(ErrorCode.NONE);
        assertThat(fixture.fetch()).isEqualTo(2);
        assertThat(fixture.done(stable)
                        .groups()
                        .get(0)
                        .topics()
                        .get(0)
                        .partitions()
                        .get(0)
                        .committedOffset())
                .isEqualTo(2);
    }

    @Test
    void shouldGiveUpOnCommitThatIsNotReplicated() {
        // Given
        fixture.log.commitLate();
        var first = fixture.commit(LATEST, commitRequest(-1, "", 2));
        fixture.time.advance(2_000);
        var second = fixture.commit(LATEST, commitRequest(-1, "", 3));

        // When
        fixture.time.advance(3_000);

        // Then
        assertThat(GroupFixture.errorOf(fixture.done(first))).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(second).isNotDone();
        fixture.time.advance(2_000);
        assertThat(GroupFixture.errorOf(fixture.done(second))).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    }

    private OffsetFetchResponsePartitions partition() {
        return fixture.done(fixture.fetch(8, false))
                .groups()
                .get(0)
                .topics()
                .get(0)
                .partitions()
                .get(0);
    }
}
