// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static io.kaon.coordinator.group.GroupFixture.GROUP;
import static io.kaon.coordinator.group.GroupFixture.commitRequest;
import static io.kaon.coordinator.group.GroupFixture.joinRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.wire.message.DeleteGroupsRequest;
import io.kaon.wire.message.JoinGroupRequest;
import io.kaon.wire.message.JoinGroupResponse;
import io.kaon.wire.message.ListGroupsRequest;
import io.kaon.wire.message.ListGroupsResponse;
import io.kaon.wire.message.OffsetCommitRequest;
import io.kaon.wire.message.OffsetDeleteRequest;
import io.kaon.wire.message.OffsetDeleteRequest.OffsetDeleteRequestPartition;
import io.kaon.wire.message.OffsetDeleteRequest.OffsetDeleteRequestTopic;
import io.kaon.wire.message.OffsetDeleteResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RemovalsTest {
    private static final long WEEK_MS = 7L * 24 * 60 * 60 * 1000;
    private static final long CHECK_MS = 600_000;
    private static final long HEARTBEAT_MS = 9_000;

    private final GroupFixture fixture = new GroupFixture();

    @Test
    void shouldDeleteGroupWithItsOffsetsAndRememberThat() {
        // Given
        fixture.commit(-1, "", 5);
        fixture.leave(fixture.stableGroup(1).get(0));

        // When
        ErrorCode error = delete();

        // Then
        assertThat(error).isEqualTo(ErrorCode.NONE);
        assertThat(fixture.fetch()).isEqualTo(-1);
        assertThat(fixture.describe().groupState()).isEqualTo("Dead");
        assertThat(delete()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        fixture.elect();
        assertThat(fixture.fetch()).isEqualTo(-1);
        assertThat(list().groups()).isEmpty();
    }

    @Test
    void shouldNotDeleteGroupWithMembers() {
        fixture.stableGroup(1);
        assertThat(delete()).isEqualTo(ErrorCode.NON_EMPTY_GROUP);
    }

    @Test
    void shouldDescribeMissingGroupInTheWordsOfTheVersion() {
        assertThat(fixture.describe(5).groupState()).isEqualTo("Dead");
        assertThat(fixture.describe(5).errorCode()).isZero();
        assertThat(fixture.describe(6).errorCode()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND.code());
        assertThat(fixture.describe(6).errorMessage()).contains(GROUP);
    }

    @Test
    void shouldListGroupsByStateAndType() {
        // Given
        fixture.commit(-1, "", 5);

        // Then
        assertThat(list().groups()).singleElement().satisfies(group -> {
            assertThat(group.groupId()).isEqualTo(GROUP);
            assertThat(group.groupState()).isEqualTo("Empty");
            assertThat(group.groupType()).isEqualTo("classic");
            assertThat(group.protocolType()).isEmpty();
        });
        assertThat(list("empty").groups()).hasSize(1);
        assertThat(list("Stable").groups()).isEmpty();
        assertThat(listOfTypes("Classic").groups()).hasSize(1);
        assertThat(listOfTypes("consumer").groups()).isEmpty();
        fixture.stableGroup(1);
        assertThat(list("Stable").groups()).hasSize(1);
    }

    @Test
    void shouldDeleteOffsetsOfTopicsThatNobodyConsumes() {
        // Given
        consumer("other");
        commitAsMember();

        // When
        OffsetDeleteResponse response = deleteOffsets("topic", "other");

        // Then
        assertThat(response.errorCode()).isZero();
        assertThat(errorOf(response, 0)).isEqualTo(ErrorCode.NONE);
        assertThat(errorOf(response, 1)).isEqualTo(ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC);
        assertThat(fixture.fetch()).isEqualTo(-1);
    }

    @Test
    void shouldKeepOffsetsOfConsumedTopics() {
        // Given
        consumer("topic");
        commitAsMember();

        // When
        OffsetDeleteResponse response = deleteOffsets("topic");

        // Then
        assertThat(errorOf(response, 0)).isEqualTo(ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC);
        assertThat(fixture.fetch()).isEqualTo(5);
    }

    @Test
    void shouldRefuseToDeleteOffsetsOfOtherKindsOfGroupsAndOfNone() {
        assertThat(deleteOffsets("topic").errorCode()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND.code());
        JoinGroupRequest connect = joinRequest("", "p").setProtocolType("connect");
        assertThat(fixture.done(fixture.join(3, connect)).errorCode()).isZero();
        assertThat(deleteOffsets("topic").errorCode()).isEqualTo(ErrorCode.NON_EMPTY_GROUP.code());
    }

    @Test
    void shouldExpireOffsetsOfSimpleConsumersAfterTheirLastCommit() {
        // Given
        fixture.commit(-1, "", 5);

        // When
        fixture.time.advance(WEEK_MS - CHECK_MS);
        assertThat(fixture.fetch()).isEqualTo(5);
        fixture.time.advance(2 * CHECK_MS);

        // Then
        assertThat(fixture.fetch()).isEqualTo(-1);
        assertThat(fixture.describe().groupState()).isEqualTo("Dead");
    }

    @Test
    void shouldKeepOffsetsForTheRetentionAfterTheLastMemberLeft() {
        // Given
        fixture.commit(-1, "", 5);
        String member = fixture.stableGroup(1).get(0);
        for (long waited = 0; waited < 2 * WEEK_MS; waited += HEARTBEAT_MS) {
            fixture.time.advance(HEARTBEAT_MS);
            fixture.heartbeat(1, member);
        }
        fixture.leave(member);

        // When
        fixture.time.advance(WEEK_MS - 2 * CHECK_MS);
        long before = fixture.fetch();
        fixture.time.advance(4 * CHECK_MS);

        // Then
        assertThat(before).isEqualTo(5);
        assertThat(fixture.fetch()).isEqualTo(-1);
    }

    @Test
    void shouldHonourTheRetentionOfOldCommits() {
        // Given
        OffsetCommitRequest request = commitRequest(-1, "", 5).setRetentionTimeMs(3 * CHECK_MS);
        fixture.done(fixture.commit(3, request));
        fixture.elect();

        // When
        fixture.time.advance(CHECK_MS + 300);
        long before = fixture.fetch();
        fixture.time.advance(3 * CHECK_MS);

        // Then
        assertThat(before).isEqualTo(5);
        assertThat(fixture.fetch()).isEqualTo(-1);
    }

    @Test
    void shouldForgetOffsetsOfDeletedTopics() {
        // Given
        fixture.commit(-1, "", 5);

        // When
        fixture.coordinator.onTopicsDeleted(Map.of(new Uuid(0, 1), "topic", new Uuid(0, 2), "unrelated"));

        // Then
        assertThat(fixture.fetch()).isEqualTo(-1);
    }

    private void consumer(String topic) {
        ByteBuffer subscription = ByteBuffer.allocate(100);
        subscription
                .putShort((short) 1)
                .putInt(1)
                .putShort((short) topic.length())
                .put(topic.getBytes());
        JoinGroupRequest request = joinRequest("", "range");
        request.protocols().get(0).setMetadata(subscription.array());
        JoinGroupResponse joined = fixture.done(fixture.join(3, request));
        fixture.done(fixture.sync(1, joined.memberId(), joined.memberId()));
    }

    private void commitAsMember() {
        String member = fixture.describe().members().get(0).memberId();
        assertThat(fixture.commit(1, member, 5)).isEqualTo(ErrorCode.NONE);
    }

    private OffsetDeleteResponse deleteOffsets(String... topics) {
        OffsetDeleteRequest request = new OffsetDeleteRequest().setGroupId(GROUP);
        for (String topic : topics) {
            request.topics()
                    .add(new OffsetDeleteRequestTopic()
                            .setName(topic)
                            .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(0))));
        }
        return fixture.done(fixture.coordinator.deleteOffsets(fixture.from(0), request));
    }

    private static ErrorCode errorOf(OffsetDeleteResponse response, int topic) {
        return ErrorCode.of(response.topics().get(topic).partitions().get(0).errorCode());
    }

    private ErrorCode delete() {
        DeleteGroupsRequest request = new DeleteGroupsRequest().setGroupsNames(List.of(GROUP));
        return ErrorCode.of(fixture.done(fixture.coordinator.deleteGroups(fixture.from(2), request))
                .results()
                .get(0)
                .errorCode());
    }

    private ListGroupsResponse list(String... states) {
        ListGroupsRequest request = new ListGroupsRequest().setStatesFilter(List.of(states));
        return fixture.done(fixture.coordinator.listGroups(fixture.from(5), request));
    }

    private ListGroupsResponse listOfTypes(String... types) {
        ListGroupsRequest request = new ListGroupsRequest().setTypesFilter(List.of(types));
        return fixture.done(fixture.coordinator.listGroups(fixture.from(5), request));
    }
}
