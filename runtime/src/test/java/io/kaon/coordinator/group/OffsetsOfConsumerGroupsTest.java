// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static io.kaon.coordinator.group.GroupFixture.GROUP;
import static io.kaon.coordinator.group.GroupFixture.commitRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.coordinator.group.consumer.CurrentAssignment;
import io.kaon.coordinator.group.consumer.MemberProfile;
import io.kaon.coordinator.group.consumer.MemberState;
import io.kaon.coordinator.group.consumer.ModernGroupRecord;
import io.kaon.coordinator.group.consumer.PartitionEpochs;
import io.kaon.wire.message.DeleteGroupsRequest;
import io.kaon.wire.message.OffsetDeleteRequest;
import io.kaon.wire.message.OffsetDeleteRequest.OffsetDeleteRequestPartition;
import io.kaon.wire.message.OffsetDeleteRequest.OffsetDeleteRequestTopic;
import io.kaon.wire.message.OffsetDeleteResponse;
import io.kaon.wire.message.OffsetFetchRequest;
import io.kaon.wire.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.kaon.wire.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Offsets of groups of the consumer protocol (KIP-848), whose records stand in the log when the shard loads. */
final class OffsetsOfConsumerGroupsTest {
    private static final Uuid TOPIC_ID = new Uuid(0, 1);
    private static final long RETENTION_MS = 10_000;

    private final GroupFixture fixture =
            new GroupFixture(new GroupOptions(6_000, 1_800_000, 100, 0, 4_096, RETENTION_MS, 1_000));
    private final GroupRecordCodec codec = new GroupRecordCodec();

    private void put(ModernGroupRecord record) {
        fixture.log.put(codec.encode(new GroupRecord.Modern(record)));
    }

    private void emptyGroup() {
        put(new ModernGroupRecord.EpochStored(GROUP, 5, 0));
        put(new ModernGroupRecord.TargetEpochStored(GROUP, 5, 0));
        fixture.elect();
    }

    /** One member at epoch 5, subscribed to a topic, and owner of its partition 0 since epoch 5. */
    private void groupOfOne(String topic) {
        put(new ModernGroupRecord.EpochStored(GROUP, 5, 0));
        put(new ModernGroupRecord.MemberStored(
                GROUP,
                new MemberProfile(
                        "m",
                        "",
                        "",
                        new MemberProfile.Client("c", "/h"),
                        new MemberProfile.Subscription(new TreeSet<>(List.of(topic)), ""),
                        60_000,
                        "",
                        Optional.empty())));
        put(new ModernGroupRecord.TargetEpochStored(GROUP, 5, 0));
        put(new ModernGroupRecord.CurrentStored(
                GROUP,
                "m",
                new CurrentAssignment(
                        5,
                        4,
                        MemberState.STABLE,
                        new PartitionEpochs.Builder().add(TOPIC_ID, 0, 5).build(),
                        PartitionEpochs.EMPTY)));
        fixture.elect();
    }

    @ParameterizedTest
    @CsvSource({
        "5,  m,        9, NONE",
        "5,  m,        8, UNSUPPORTED_VERSION",
        "4,  m,        9, STALE_MEMBER_EPOCH",
        "6,  m,        9, STALE_MEMBER_EPOCH",
        "5,  stranger, 9, UNKNOWN_MEMBER_ID",
        "-1, '',       9, UNKNOWN_MEMBER_ID"
    })
    void shouldCheckTheMemberEpochOfCommits(int epoch, String memberId, int version, ErrorCode expected) {
        // Given
        groupOfOne("topic");

        // When
        ErrorCode error =
                GroupFixture.errorOf(fixture.done(fixture.commit(version, commitRequest(epoch, memberId, 42))));

        // Then
        assertThat(error).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "m,        5, NONE",
        "m,        4, STALE_MEMBER_EPOCH",
        "stranger, 5, UNKNOWN_MEMBER_ID",
        ",        -1, NONE"
    })
    void shouldCheckTheMemberEpochOfFetches(String memberId, int epoch, ErrorCode expected) {
        // Given
        groupOfOne("topic");
        OffsetFetchRequestGroup group = new OffsetFetchRequestGroup()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setMemberEpoch(epoch)
                .setTopics(
                        List.of(new OffsetFetchRequestTopics().setName("topic").setPartitionIndexes(List.of(0))));

        // When
        short error = fixture.done(fixture.coordinator.fetchOffsets(
                        fixture.from(9), new OffsetFetchRequest().setGroups(List.of(group))))
                .groups()
                .get(0)
                .errorCode();

        // Then
        assertThat(ErrorCode.of(error)).isEqualTo(expected);
    }

    @Test
    void shouldLetAnybodyCommitWhileTheGroupIsEmpty() {
        // Given
        emptyGroup();

        // When
        ErrorCode error = fixture.commit(-1, "", 42);

        // Then
        assertThat(error).isEqualTo(ErrorCode.NONE);
        assertThat(fixture.fetch()).isEqualTo(42);
    }

    @Test
    void shouldDeleteAnEmptyGroupWithItsOffsets() {
        // Given
        emptyGroup();
        fixture.commit(-1, "", 42);

        // When
        ErrorCode error = deleteGroup();

        // Then
        assertThat(error).isEqualTo(ErrorCode.NONE);
        assertThat(fixture.fetch()).isEqualTo(-1);
        assertThat(deleteGroup()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        fixture.elect();
        assertThat(deleteGroup()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }

    @Test
    void shouldNotDeleteAGroupWithMembers() {
        // Given
        groupOfOne("topic");

        // Then
        assertThat(deleteGroup()).isEqualTo(ErrorCode.NON_EMPTY_GROUP);
    }

    @ParameterizedTest
    @CsvSource({"topic, GROUP_SUBSCRIBED_TO_TOPIC, 42", "other, NONE, -1"})
    void shouldDeleteOffsetsOfTopicsThatNobodyReads(String subscribed, ErrorCode expected, long left) {
        // Given
        groupOfOne(subscribed);
        fixture.done(fixture.commit(9, commitRequest(5, "m", 42)));
        OffsetDeleteRequest request = new OffsetDeleteRequest().setGroupId(GROUP);
        request.topics()
                .add(new OffsetDeleteRequestTopic()
                        .setName("topic")
                        .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(0))));

        // When
        OffsetDeleteResponse response = fixture.done(fixture.coordinator.deleteOffsets(fixture.from(0), request));

        // Then
        assertThat(response.errorCode()).isZero();
        assertThat(response.topics().get(0).partitions().get(0).errorCode()).isEqualTo(expected.code());
        assertThat(fixture.fetch()).isEqualTo(left);
    }

    @ParameterizedTest
    @CsvSource({"topic, 42", "other, -1"})
    void shouldExpireOffsetsOfTopicsThatNobodyReads(String subscribed, long left) {
        // Given
        groupOfOne(subscribed);
        fixture.done(fixture.commit(9, commitRequest(5, "m", 42)));

        // When
        fixture.time.advance(RETENTION_MS + 2_000);

        // Then
        assertThat(fixture.fetch()).isEqualTo(left);
        assertThat(deleteGroup()).isEqualTo(ErrorCode.NON_EMPTY_GROUP);
    }

    @Test
    void shouldForgetAnEmptyGroupWithItsLastOffset() {
        // Given
        emptyGroup();
        fixture.commit(-1, "", 42);

        // When
        fixture.time.advance(RETENTION_MS + 2_000);

        // Then
        assertThat(deleteGroup()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }

    private ErrorCode deleteGroup() {
        DeleteGroupsRequest request = new DeleteGroupsRequest().setGroupsNames(List.of(GROUP));
        return ErrorCode.of(fixture.done(fixture.coordinator.deleteGroups(fixture.from(2), request))
                .results()
                .get(0)
                .errorCode());
    }
}
