// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static io.kaon.coordinator.group.ConsumerBytes.assignment;
import static io.kaon.coordinator.group.ConsumerBytes.idOf;
import static io.kaon.coordinator.group.GroupFixture.GROUP;
import static io.kaon.coordinator.group.GroupFixture.LATEST_JOIN;
import static io.kaon.coordinator.group.GroupFixture.REBALANCE_MS;
import static io.kaon.coordinator.group.GroupFixture.SESSION_MS;
import static io.kaon.coordinator.group.GroupFixture.joinRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.ShardOptions;
import io.kaon.coordinator.group.consumer.ConsumerGroupConfig;
import io.kaon.coordinator.group.consumer.ConsumerGroupOptions;
import io.kaon.coordinator.group.consumer.MigrationPolicy;
import io.kaon.metadata.ImageBuilder;
import io.kaon.metadata.ImageChange;
import io.kaon.wire.message.ConsumerGroupHeartbeatRequest;
import io.kaon.wire.message.ConsumerGroupHeartbeatResponse;
import io.kaon.wire.message.JoinGroupRequest;
import io.kaon.wire.message.JoinGroupResponse;
import io.kaon.wire.message.LeaveGroupRequest;
import io.kaon.wire.message.LeaveGroupRequest.MemberIdentity;
import io.kaon.wire.message.LeaveGroupResponse;
import io.kaon.wire.message.SyncGroupRequest.SyncGroupRequestAssignment;
import io.kaon.wire.message.SyncGroupResponse;
import io.kaon.wire.state.PartitionRecord;
import io.kaon.wire.state.TopicRecord;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What members of both protocols may and have to do in the group that they share (KIP-848). */
final class MixedGroupTest extends AbstractMigrationTest {
    @Test
    void shouldGiveTheSilentClassicMembersPartitionsAway() {
        // Given
        mixedGroup();

        // When
        heartbeat("new", 2, null);
        fixture.time.advance(SESSION_MS);

        // Then
        ConsumerGroupHeartbeatResponse alone = heartbeat("new", 2, null);
        assertThat(partitions(alone)).hasSize(6);
        assertThat(types()).containsExactly("consumer");
    }

    /** Found by seeds 13 and 32 of the simulation. */
    @Test
    void shouldGiveUpOnClassicMemberThatNeverHearsOfTheMigration() {
        // Given
        classicGroup(List.of(0, 1, 2, 3, 4, 5));
        heartbeat("new", 0, List.of());

        // When
        fixture.time.advance(SESSION_MS);

        // Then
        assertThat(partitions(heartbeat("new", 2, List.of()))).hasSize(6);
    }

    /** Found by seed 1368 of the simulation. */
    @Test
    void shouldNotGiveUpOnClassicMemberThatWaitsForOurCommits() {
        // Given: each answer takes almost as long as it may
        mixedGroup();
        fixture.log.commitLate();
        CompletableFuture<JoinGroupResponse> joined = fixture.join(3, request("", List.of()));
        fixture.time.advance(4_900);
        fixture.log.commit();
        String newcomer = fixture.done(joined).memberId();
        CompletableFuture<ConsumerGroupHeartbeatResponse> other = send("new", 2, List.of());
        CompletableFuture<SyncGroupResponse> synced = fixture.coordinator
                .syncGroup(fixture.from(5), syncRequest(fixture.done(joined).generationId(), newcomer))
                .toCompletableFuture();

        // When
        fixture.time.advance(4_900);
        fixture.log.commit();
        int generation = fixture.done(joined).generationId();
        fixture.done(other);
        assertThat(fixture.done(synced).errorCode()).isZero();
        fixture.time.advance(4_900);

        // Then
        assertThat(classicHeartbeat(generation, newcomer)).isNotEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldGiveAnInstanceItsSeatBackInAFullGroup() {
        // Given
        fixture = new GroupFixture(
                GroupOptions.DEFAULTS.withInitialRebalanceDelayMs(0),
                ShardOptions.DEFAULTS,
                1,
                new ConsumerGroupOptions(2, List.of("uniform"), MigrationPolicy.BIDIRECTIONAL));
        createTopic();
        heartbeat("new", 0, List.of());
        JoinGroupResponse seat =
                fixture.done(fixture.join(5, request("", List.of()).setGroupInstanceId("instance")));

        // When
        JoinGroupResponse again =
                fixture.done(fixture.join(5, request("", List.of()).setGroupInstanceId("instance")));

        // Then
        assertThat(seat.errorCode()).isZero();
        assertThat(again.errorCode()).isZero();
        assertThat(again.memberId()).isNotEqualTo(seat.memberId());
        assertThat(errorOf(request("", List.of()))).isEqualTo(ErrorCode.GROUP_MAX_SIZE_REACHED);
    }

    @Test
    void shouldLeaveClassicMembersAloneWhileTheTargetOfALargeGroupIsComputed() {
        // Given
        Queue<Runnable> computations = new ArrayDeque<>();
        fixture.background = computations::add;
        fixture.image = ConsumerBytes.image(1, 10_001);
        String old = classicGroup(List.of(0, 1, 2, 3, 4, 5));
        heartbeat("new", 0, List.of());

        // When
        ErrorCode meanwhile = classicHeartbeat(1, old);
        JoinGroupResponse again = join(old, List.of(0, 1, 2, 3, 4, 5));
        SyncGroupResponse synced = sync(1, old);
        computations.remove().run();

        // Then
        assertThat(computations).isEmpty();
        assertThat(meanwhile).isEqualTo(ErrorCode.NONE);
        assertThat(again.generationId()).isEqualTo(1);
        assertThat(ConsumerBytes.partitions(synced.assignment())).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(classicHeartbeat(1, old)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(join(old, List.of()).generationId()).isEqualTo(2);
        assertThat(ConsumerBytes.partitions(sync(2, old).assignment())).hasSizeGreaterThanOrEqualTo(5_000);
    }

    @Test
    void shouldFenceClassicMemberThatDoesNotJoinInTime() {
        // Given
        String old = classicGroup(List.of(0, 1, 2, 3, 4, 5));
        heartbeat("new", 0, List.of());

        // When: it is alive, and does nothing about it
        for (int passedMs = 0; passedMs < REBALANCE_MS; passedMs += SESSION_MS / 2) {
            assertThat(classicHeartbeat(1, old)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
            heartbeat("new", 2, null);
            fixture.time.advance(SESSION_MS / 2);
        }

        // Then
        assertThat(classicHeartbeat(1, old)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(partitions(heartbeat("new", 2, null))).hasSize(6);
    }

    @Test
    void shouldFenceClassicMemberThatDoesNotSyncInTime() {
        // Given
        String old = mixedGroup();
        join(old, List.of());

        // When
        for (int passedMs = 0; passedMs < REBALANCE_MS; passedMs += SESSION_MS / 2) {
            assertThat(classicHeartbeat(2, old)).isEqualTo(ErrorCode.NONE);
            heartbeat("new", 2, null);
            fixture.time.advance(SESSION_MS / 2);
        }

        // Then
        assertThat(classicHeartbeat(2, old)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldRefuseSubscriptionsThatItCannotReadInMixedGroup() {
        // Given
        String old = mixedGroup();

        // When
        JoinGroupResponse refused = fixture.done(fixture.join(3, joinRequest("", "range")));

        // Then
        assertThat(refused.errorCode()).isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL.code());
        assertThat(classicHeartbeat(2, old)).isEqualTo(ErrorCode.NONE);
        assertThat(heartbeat("new", 2, null).errorCode()).isZero();
    }

    @Test
    void shouldGiveOutIdsInMixedGroupsToo() {
        // Given
        mixedGroup();

        // When
        JoinGroupResponse first = fixture.done(fixture.join(LATEST_JOIN, request("", List.of())));
        JoinGroupResponse second = join(first.memberId(), List.of());

        // Then
        assertThat(ErrorCode.of(first.errorCode())).isEqualTo(ErrorCode.MEMBER_ID_REQUIRED);
        assertThat(second.errorCode()).isZero();
        assertThat(second.memberId()).isEqualTo(first.memberId());
    }

    @Test
    void shouldRefuseWhatClassicMembersGetWrongInMixedGroups() {
        // Given
        String old = mixedGroup();

        // Then
        assertThat(classicHeartbeat(1, old)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(classicHeartbeat(2, "who")).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(classicHeartbeat(2, "new")).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(syncError(syncRequest(1, old))).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(syncError(syncRequest(2, old).setProtocolName("other")))
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(syncError(syncRequest(2, old).setProtocolType("connect")))
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(syncError(syncRequest(2, old).setGroupInstanceId("seat"))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(errorOf(request("", List.of()).setProtocolType("connect")))
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(errorOf(request("", List.of()).setProtocols(List.of())))
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(errorOf(request("", List.of()).setSessionTimeoutMs(1))).isEqualTo(ErrorCode.INVALID_SESSION_TIMEOUT);
        JoinGroupRequest otherAssignor = request("", List.of());
        otherAssignor.protocols().get(0).setName("other");
        assertThat(errorOf(otherAssignor)).isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(classicHeartbeat(2, old)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldTakeCommitsOfBothKindsOfMembers() {
        // Given
        String old = mixedGroup();

        // Then
        assertThat(fixture.commit(2, old, 1)).isEqualTo(ErrorCode.NONE);
        assertThat(GroupFixture.errorOf(fixture.done(fixture.commit(9, GroupFixture.commitRequest(2, "new", 2)))))
                .isEqualTo(ErrorCode.NONE);
        assertThat(fixture.commit(7, old, 3)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(fixture.fetch()).isEqualTo(2);
    }

    @Test
    void shouldRemoveMembersOfBothKindsByLeaveGroup() {
        // Given
        String old = mixedGroup();

        // When
        LeaveGroupResponse left = fixture.done(fixture.coordinator.leaveGroup(
                fixture.from(5),
                new LeaveGroupRequest()
                        .setGroupId(GROUP)
                        .setMembers(List.of(
                                new MemberIdentity().setMemberId(old).setReason("test"),
                                new MemberIdentity().setMemberId("who"),
                                new MemberIdentity().setMemberId("new")))));

        // Then
        assertThat(left.members())
                .extracting(member -> ErrorCode.of(member.errorCode()))
                .containsExactly(ErrorCode.NONE, ErrorCode.UNKNOWN_MEMBER_ID, ErrorCode.NONE);
        assertThat(types()).containsExactly("consumer");
        assertThat(states()).containsExactly("Empty");
    }

    @Test
    void shouldPassSeatOfStaticMemberFromOneProtocolToTheOtherAndBack() {
        // Given
        JoinGroupResponse seated =
                fixture.done(fixture.join(LATEST_JOIN, request("", List.of()).setGroupInstanceId("seat")));
        fixture.done(fixture.coordinator.syncGroup(
                fixture.from(5),
                syncRequest(1, seated.memberId())
                        .setGroupInstanceId("seat")
                        .setAssignments(List.of(new SyncGroupRequestAssignment()
                                .setMemberId(seated.memberId())
                                .setAssignment(assignment(List.of(0, 1, 2, 3, 4, 5)))))));

        // When: its process is restarted with the consumer protocol
        ConsumerGroupHeartbeatResponse restarted = fixture.done(fixture.coordinator.consumerGroupHeartbeat(
                fixture.from(1), heartbeatRequest("new", 0, List.of()).setInstanceId("seat")));

        // Then
        assertThat(restarted.errorCode()).isZero();
        assertThat(partitions(restarted)).hasSize(PARTITIONS);
        assertThat(classicHeartbeat(1, seated.memberId())).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);

        // When: and with the classic one again
        JoinGroupResponse back =
                fixture.done(fixture.join(LATEST_JOIN, request("", List.of()).setGroupInstanceId("seat")));

        // Then
        assertThat(back.errorCode()).isZero();
        assertThat(types()).containsExactly("classic");
        assertThat(fixture.describe().members()).extracting("groupInstanceId").containsExactly("seat");
    }

    @Test
    void shouldFindNewTopicsOfAnExpressionWhenClassicMemberJoinsFirst() {
        // Given
        String old = classicGroup(List.of(0, 1, 2, 3, 4, 5));
        ConsumerGroupHeartbeatRequest byExpression =
                heartbeatRequest("new", 0, List.of()).setSubscribedTopicRegex("topic-.*");
        int epoch = fixture.done(fixture.coordinator.consumerGroupHeartbeat(fixture.from(1), byExpression))
                .memberEpoch();
        ImageBuilder more = new ImageBuilder(fixture.image)
                .replay(new TopicRecord().setName("topic-1").setTopicId(idOf(1)))
                .replay(new PartitionRecord()
                        .setTopicId(idOf(1))
                        .setReplicas(List.of(0))
                        .setIsr(List.of(0)));
        ImageChange change = more.change();
        fixture.image = more.build(fixture.image.offset() + 1);

        // When
        fixture.coordinator.onMetadata(fixture.image, change);
        join(old, List.of());
        ConsumerGroupHeartbeatResponse next = heartbeat("new", epoch, List.of());

        // Then
        assertThat(next.assignment().topicPartitions())
                .extracting(assigned -> assigned.topicId())
                .contains(idOf(1));
    }

    @Test
    void shouldNotCallMembersToJoinBeforeAnotherTargetIsDue() {
        // Given
        fixture.consumerConfig = new ConsumerGroupConfig(45_000, 5_000, 1_000, 0);
        String old = mixedGroup();

        // When: another one comes within the interval
        heartbeat("third", 0, List.of());

        // Then
        assertThat(classicHeartbeat(2, old)).isEqualTo(ErrorCode.NONE);
        fixture.time.advance(1_000);
        assertThat(classicHeartbeat(2, old)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }
}
