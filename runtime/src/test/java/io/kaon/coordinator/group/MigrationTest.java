// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static io.kaon.coordinator.group.ConsumerBytes.assignment;
import static io.kaon.coordinator.group.ConsumerBytes.idOf;
import static io.kaon.coordinator.group.ConsumerBytes.subscription;
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
import io.kaon.wire.message.ConsumerGroupHeartbeatRequest.TopicPartitions;
import io.kaon.wire.message.ConsumerGroupHeartbeatResponse;
import io.kaon.wire.message.HeartbeatRequest;
import io.kaon.wire.message.JoinGroupRequest;
import io.kaon.wire.message.JoinGroupRequest.JoinGroupRequestProtocol;
import io.kaon.wire.message.JoinGroupResponse;
import io.kaon.wire.message.LeaveGroupRequest;
import io.kaon.wire.message.LeaveGroupRequest.MemberIdentity;
import io.kaon.wire.message.LeaveGroupResponse;
import io.kaon.wire.message.ListGroupsRequest;
import io.kaon.wire.message.SyncGroupRequest;
import io.kaon.wire.message.SyncGroupRequest.SyncGroupRequestAssignment;
import io.kaon.wire.message.SyncGroupResponse;
import io.kaon.wire.state.PartitionRecord;
import io.kaon.wire.state.TopicRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups that go from the classic protocol to the consumer protocol and back while they have members (KIP-848). */
final class MigrationTest {
    private static final int PARTITIONS = 6;

    private GroupFixture fixture = new GroupFixture();

    @BeforeEach
    void createTopic() {
        fixture.image = ConsumerBytes.image(1, PARTITIONS);
    }

    @Test
    void shouldBringClassicGroupOverWhenMemberOfTheConsumerProtocolComes() {
        // Given
        String old = classicGroup(List.of(0, 1, 2, 3, 4, 5));

        // When
        ConsumerGroupHeartbeatResponse joined = heartbeat("new", 0, List.of());

        // Then: the old member owns all until it has given up its share
        assertThat(joined.errorCode()).isZero();
        assertThat(joined.memberEpoch()).isEqualTo(2);
        assertThat(partitions(joined)).isEmpty();
        assertThat(types()).containsExactly("consumer");
        assertThat(classicHeartbeat(1, old)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        JoinGroupResponse again = join(old, List.of(0, 1, 2, 3, 4, 5));
        assertThat(again.generationId()).isEqualTo(1);
        assertThat(again.members()).isEmpty();
        List<Integer> kept = ConsumerBytes.partitions(sync(1, old).assignment());
        assertThat(kept).hasSize(3);
        assertThat(partitions(heartbeat("new", 2, List.of()))).isEmpty();

        // When: it has
        assertThat(classicHeartbeat(1, old)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        JoinGroupResponse reduced = join(old, kept);
        assertThat(reduced.generationId()).isEqualTo(2);
        assertThat(ConsumerBytes.partitions(sync(2, old).assignment())).isEqualTo(kept);
        ConsumerGroupHeartbeatResponse assigned = heartbeat("new", 2, List.of());

        // Then
        assertThat(partitions(assigned)).hasSize(3).doesNotContainAnyElementsOf(kept);
        assertThat(classicHeartbeat(2, old)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldLetEagerMemberGoOnAtOnce() {
        // Given: it revokes everything before it joins
        String old = classicGroup(List.of(0, 1, 2, 3, 4, 5));
        heartbeat("new", 0, List.of());

        // When
        JoinGroupResponse again = join(old, List.of());

        // Then
        assertThat(again.generationId()).isEqualTo(2);
        List<Integer> kept = ConsumerBytes.partitions(sync(2, old).assignment());
        assertThat(kept).hasSize(3);
        assertThat(partitions(heartbeat("new", 2, List.of()))).hasSize(3).doesNotContainAnyElementsOf(kept);
    }

    @Test
    void shouldGoBackWhenTheLastMemberOfTheConsumerProtocolLeaves() {
        // Given
        String old = mixedGroup();

        // When
        ConsumerGroupHeartbeatResponse left = heartbeat("new", -1, null);

        // Then: the old member keeps its generation, and is called to share anew
        assertThat(left.errorCode()).isZero();
        assertThat(types()).containsExactly("classic");
        assertThat(fixture.describe().groupState()).isEqualTo("PreparingRebalance");
        assertThat(classicHeartbeat(2, old)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(fixture.commit(2, old, 10)).isEqualTo(ErrorCode.NONE);
        JoinGroupResponse leader = join(old, List.of(0));
        assertThat(leader.generationId()).isEqualTo(3);
        assertThat(leader.leader()).isEqualTo(old);
        assertThat(ConsumerBytes.partitions(
                        sync(3, old, assignment(List.of(0, 1, 2, 3, 4, 5))).assignment()))
                .hasSize(6);
        assertThat(heartbeat("new", 2, List.of()).errorCode()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND.code());
    }

    @Test
    void shouldGoBackWhenTheLastMemberOfTheConsumerProtocolFallsSilent() {
        // Given
        String old = mixedGroup();

        // When
        for (int passedMs = 0; passedMs < 45_000; passedMs += SESSION_MS / 2) {
            classicHeartbeat(2, old);
            fixture.time.advance(SESSION_MS / 2);
        }

        // Then
        assertThat(types()).containsExactly("classic");
        assertThat(classicHeartbeat(2, old)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

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
    void shouldDescribeConsumerGroupToClassicClientsAsMissing() {
        // When
        mixedGroup();

        // Then
        assertThat(fixture.describe(5).groupState()).isEqualTo("Dead");
        assertThat(fixture.describe(5).errorCode()).isZero();
        assertThat(fixture.describe(6).errorCode()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND.code());
        assertThat(fixture.describe(6).errorMessage()).contains("not a classic group");
    }

    @Test
    void shouldListGroupsOfBothTypesByTypeAndState() {
        // Given
        mixedGroup();
        fixture.done(fixture.join(3, request("", List.of()).setGroupId("other")));

        // Then
        assertThat(listed(new ListGroupsRequest())).containsExactlyInAnyOrder(GROUP, "other");
        assertThat(listed(new ListGroupsRequest().setTypesFilter(List.of("Consumer"))))
                .containsExactly(GROUP);
        assertThat(listed(new ListGroupsRequest().setTypesFilter(List.of("CLASSIC"))))
                .containsExactly("other");
        assertThat(listed(new ListGroupsRequest().setTypesFilter(List.of("share"))))
                .isEmpty();
        assertThat(listed(new ListGroupsRequest().setStatesFilter(List.of("stable"))))
                .containsExactly(GROUP);
        assertThat(listed(new ListGroupsRequest().setStatesFilter(List.of("completingrebalance"))))
                .containsExactly("other");
    }

    @ParameterizedTest
    @CsvSource({"DISABLED, false, false", "UPGRADE, true, false", "DOWNGRADE, false, true", "BIDIRECTIONAL, true, true"
    })
    void shouldFollowThePolicy(MigrationPolicy policy, boolean upgrades, boolean downgrades) {
        // Given
        fixture = fixture(policy);
        createTopic();
        String old = classicGroup(List.of(0, 1, 2, 3, 4, 5));

        // When
        ConsumerGroupHeartbeatResponse joined = heartbeat("new", 0, List.of());

        // Then
        if (!upgrades) {
            assertThat(joined.errorCode()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND.code());
            assertThat(classicHeartbeat(1, old)).isEqualTo(ErrorCode.NONE);
            assertThat(types()).containsExactly("classic");
            return;
        }
        heartbeat("new", -1, null);
        assertThat(types()).containsExactly(downgrades ? "classic" : "consumer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DISABLED", "BIDIRECTIONAL"})
    void shouldTakeOverGroupsWithoutMembersWhateverThePolicy(MigrationPolicy policy) {
        // Given
        fixture = fixture(policy);
        createTopic();
        String old = classicGroup(List.of(0));
        fixture.commit(1, old, 42);
        fixture.leave(old);

        // When
        ConsumerGroupHeartbeatResponse joined = heartbeat("new", 0, List.of());

        // Then
        assertThat(joined.errorCode()).isZero();
        assertThat(partitions(joined)).hasSize(PARTITIONS);
        assertThat(types()).containsExactly("consumer");
        assertThat(fixture.fetch()).isEqualTo(42);

        // When: and back
        heartbeat("new", -1, null);
        String again = classicGroup(List.of(0));

        // Then
        assertThat(again).isNotEmpty();
        assertThat(types()).containsExactly("classic");
        assertThat(fixture.fetch()).isEqualTo(42);
    }

    @Test
    void shouldRefuseToBringOverWhatItCannotRead() {
        // Given
        JoinGroupResponse joined = fixture.done(fixture.join(3, joinRequest("", "range")));
        fixture.done(fixture.sync(1, joined.memberId(), joined.memberId()));

        // When
        ConsumerGroupHeartbeatResponse refused = heartbeat("new", 0, List.of());

        // Then
        assertThat(refused.errorCode()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND.code());
        assertThat(classicHeartbeat(1, joined.memberId())).isEqualTo(ErrorCode.NONE);
        assertThat(fixture.describe().groupState()).isEqualTo("Stable");
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
    void shouldTellThoseWhoWaitToJoinTheConsumerGroup() {
        // Given: the group gathers
        String old = classicGroup(List.of(0, 1, 2, 3, 4, 5));
        CompletableFuture<JoinGroupResponse> newcomer = fixture.join(3, request("", List.of()));
        assertThat(newcomer).isNotDone();

        // When
        heartbeat("new", 0, List.of());

        // Then
        JoinGroupResponse sentBack = fixture.done(newcomer);
        assertThat(ErrorCode.of(sentBack.errorCode())).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(join(sentBack.memberId(), List.of()).errorCode()).isZero();
        assertThat(join(old, List.of()).errorCode()).isZero();
    }

    @Test
    void shouldTellThoseWhoWaitForTheirAssignmentToJoinTheConsumerGroup() {
        // Given: the leader assigns
        String leader = fixture.done(fixture.join(3, request("", List.of()))).memberId();
        CompletableFuture<JoinGroupResponse> second = fixture.join(3, request("", List.of()));
        fixture.done(fixture.join(3, request(leader, List.of())));
        String follower = fixture.done(second).memberId();
        CompletableFuture<SyncGroupResponse> sync = fixture.sync(2, follower);

        // When
        heartbeat("new", 0, List.of());

        // Then
        assertThat(ErrorCode.of(fixture.done(sync).errorCode())).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(join(follower, List.of()).errorCode()).isZero();
    }

    @Test
    void shouldNotChangeAnythingWhenTheLogRefuses() {
        // Given
        String old = classicGroup(List.of(0, 1, 2, 3, 4, 5));
        fixture.log.refuse(ErrorCode.NOT_ENOUGH_REPLICAS);

        // When
        ConsumerGroupHeartbeatResponse refused = heartbeat("new", 0, List.of());

        // Then
        assertThat(refused.errorCode()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE.code());
        fixture.log.accept();
        assertThat(types()).containsExactly("classic");
        assertThat(classicHeartbeat(1, old)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldTryAgainWhenTheLogRefusesTheWayBack() {
        // Given: the member that goes is written, what follows is not
        String old = mixedGroup();
        fixture.log.acceptOnly(1);

        // When
        heartbeat("new", -1, null);
        fixture.log.accept();
        assertThat(types()).containsExactly("consumer");
        fixture.time.advance(1_000);

        // Then
        assertThat(types()).containsExactly("classic");
        assertThat(classicHeartbeat(2, old)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void shouldBeWhatItWasForTheNextCoordinator() {
        // Given
        String old = mixedGroup();

        // When
        failOver();

        // Then
        assertThat(types()).containsExactly("consumer");
        assertThat(classicHeartbeat(2, old)).isEqualTo(ErrorCode.NONE);
        assertThat(heartbeat("new", 2, null).errorCode()).isZero();

        // When: it goes back, and the coordinator moves again
        heartbeat("new", -1, null);
        failOver();

        // Then
        assertThat(types()).containsExactly("classic");
        assertThat(classicHeartbeat(2, old)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(join(old, List.of()).generationId()).isEqualTo(3);
    }

    @Test
    void shouldStayClassicForTheNextCoordinatorWhenTheBatchWasNotCommitted() {
        // Given
        String old = classicGroup(List.of(0, 1, 2, 3, 4, 5));
        fixture.log.commitLate();
        CompletableFuture<ConsumerGroupHeartbeatResponse> joined = send("new", 0, List.of());
        assertThat(joined).isNotDone();

        // When
        fixture.coordinator.onResigned(0);
        fixture.log.loseTail();
        fixture.elect();

        // Then
        assertThat(fixture.done(joined).errorCode()).isEqualTo(ErrorCode.NOT_COORDINATOR.code());
        assertThat(types()).containsExactly("classic");
        assertThat(classicHeartbeat(1, old)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldFinishTheWayBackThatTheLastCoordinatorHadNotComeTo() {
        // Given
        mixedGroup();
        fixture.log.commitLate();
        send("new", -1, null);
        fixture.log.commitTo(fixture.log.endOffset() - 2);

        // When: only that the member left is known to the next one, or that and a part of the rest
        fixture.coordinator.onResigned(0);
        fixture.log.loseTail();
        fixture.log.commitAtOnce();
        fixture.elect();

        // Then
        assertThat(types()).hasSize(1);
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

    /** One cooperative member of the classic protocol and one of the consumer protocol, three partitions each. */
    private String mixedGroup() {
        String old = classicGroup(List.of(0, 1, 2, 3, 4, 5));
        heartbeat("new", 0, List.of());
        join(old, List.of());
        assertThat(ConsumerBytes.partitions(sync(2, old).assignment())).hasSize(3);
        assertThat(partitions(heartbeat("new", 2, List.of()))).hasSize(3);
        assertThat(classicHeartbeat(2, old)).isEqualTo(ErrorCode.NONE);
        return old;
    }

    private String classicGroup(List<Integer> partitions) {
        JoinGroupResponse joined = fixture.done(fixture.join(3, request("", List.of())));
        assertThat(joined.errorCode()).isZero();
        assertThat(sync(joined.generationId(), joined.memberId(), assignment(partitions))
                        .errorCode())
                .isZero();
        return joined.memberId();
    }

    private static GroupFixture fixture(MigrationPolicy policy) {
        return new GroupFixture(
                GroupOptions.DEFAULTS.withInitialRebalanceDelayMs(0),
                ShardOptions.DEFAULTS,
                1,
                new ConsumerGroupOptions(Integer.MAX_VALUE, List.of("uniform", "range"), policy));
    }

    private void failOver() {
        fixture.coordinator.onResigned(0);
        fixture.elect();
    }

    private JoinGroupResponse join(String memberId, List<Integer> owned) {
        return fixture.done(fixture.join(3, request(memberId, owned)));
    }

    private ErrorCode errorOf(JoinGroupRequest request) {
        return ErrorCode.of(fixture.done(fixture.join(3, request)).errorCode());
    }

    private static JoinGroupRequest request(String memberId, List<Integer> owned) {
        return joinRequest(memberId)
                .setProtocols(new ArrayList<>(List.of(
                        new JoinGroupRequestProtocol().setName("range").setMetadata(subscription(owned, "topic-0")))));
    }

    private SyncGroupResponse sync(int generation, String memberId, byte[]... assignment) {
        return fixture.done(fixture.coordinator.syncGroup(
                fixture.from(5),
                syncRequest(generation, memberId)
                        .setAssignments(Arrays.stream(assignment)
                                .map(bytes -> new SyncGroupRequestAssignment()
                                        .setMemberId(memberId)
                                        .setAssignment(bytes))
                                .toList())));
    }

    private static SyncGroupRequest syncRequest(int generation, String memberId) {
        return GroupFixture.syncRequest(generation, memberId);
    }

    private ErrorCode syncError(SyncGroupRequest request) {
        return ErrorCode.of(fixture.done(fixture.coordinator.syncGroup(fixture.from(5), request))
                .errorCode());
    }

    private ErrorCode classicHeartbeat(int generation, String memberId) {
        return fixture.heartbeat(new HeartbeatRequest()
                .setGroupId(GROUP)
                .setGenerationId(generation)
                .setMemberId(memberId));
    }

    private ConsumerGroupHeartbeatResponse heartbeat(String memberId, int epoch, List<Integer> owned) {
        return fixture.done(send(memberId, epoch, owned));
    }

    private CompletableFuture<ConsumerGroupHeartbeatResponse> send(String memberId, int epoch, List<Integer> owned) {
        return fixture.coordinator
                .consumerGroupHeartbeat(fixture.from(1), heartbeatRequest(memberId, epoch, owned))
                .toCompletableFuture();
    }

    private static ConsumerGroupHeartbeatRequest heartbeatRequest(String memberId, int epoch, List<Integer> owned) {
        ConsumerGroupHeartbeatRequest request = new ConsumerGroupHeartbeatRequest()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setMemberEpoch(epoch)
                .setSubscribedTopicNames(null)
                .setTopicPartitions(null);
        if (epoch == 0) {
            request.setRebalanceTimeoutMs(REBALANCE_MS).setSubscribedTopicNames(List.of("topic-0"));
        }
        if (owned != null) {
            request.setTopicPartitions(
                    owned.isEmpty()
                            ? List.of()
                            : List.of(new TopicPartitions().setTopicId(idOf(0)).setPartitions(owned)));
        }
        return request;
    }

    private static List<Integer> partitions(ConsumerGroupHeartbeatResponse response) {
        List<Integer> partitions = new ArrayList<>();
        if (response.assignment() != null) {
            response.assignment().topicPartitions().forEach(topic -> partitions.addAll(topic.partitions()));
        }
        return partitions;
    }

    private List<String> types() {
        return fixture.done(fixture.coordinator.listGroups(fixture.from(5), new ListGroupsRequest())).groups().stream()
                .map(group -> group.groupType())
                .toList();
    }

    private List<String> listed(ListGroupsRequest request) {
        return fixture.done(fixture.coordinator.listGroups(fixture.from(5), request)).groups().stream()
                .map(group -> group.groupId())
                .toList();
    }

    private List<String> states() {
        return fixture.done(fixture.coordinator.listGroups(fixture.from(5), new ListGroupsRequest())).groups().stream()
                .map(group -> group.groupState())
                .toList();
    }
}
