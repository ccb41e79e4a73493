// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static io.kaon.coordinator.group.GroupFixture.GROUP;
import static io.kaon.coordinator.group.GroupFixture.LATEST_JOIN;
import static io.kaon.coordinator.group.GroupFixture.assignmentOf;
import static io.kaon.coordinator.group.GroupFixture.commitRequest;
import static io.kaon.coordinator.group.GroupFixture.joinRequest;
import static io.kaon.coordinator.group.GroupFixture.syncRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.wire.message.HeartbeatRequest;
import io.kaon.wire.message.JoinGroupResponse;
import io.kaon.wire.message.SyncGroupResponse;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class StaticMembersTest {
    private static final short BEFORE_SKIPPING = 8;

    private final GroupFixture fixture = new GroupFixture();
    private String leader;
    private String follower;

    @BeforeEach
    void formStableGroupOfTwo() {
        leader = fixture.done(fixture.joinStatic(LATEST_JOIN, "", "one")).memberId();
        CompletableFuture<JoinGroupResponse> joining = fixture.joinStatic(LATEST_JOIN, "", "two");
        fixture.done(fixture.joinStatic(LATEST_JOIN, leader, "one"));
        follower = fixture.done(joining).memberId();
        fixture.sync(2, follower);
        fixture.done(fixture.sync(2, leader, leader, follower));
    }

    @Test
    void shouldJoinWithoutTheDetourOfAnId() {
        assertThat(leader).startsWith("one-");
        assertThat(follower).startsWith("two-");
        assertThat(fixture.describe().members()).extracting("groupInstanceId").containsExactly("one", "two");
    }

    @Test
    void shouldKeepGenerationAndAssignmentWhenFollowerRestarts() {
        // When
        JoinGroupResponse back = fixture.done(fixture.joinStatic(LATEST_JOIN, "", "two"));
        SyncGroupResponse sync = fixture.done(fixture.sync(2, back.memberId()));

        // Then
        assertThat(back.generationId()).isEqualTo(2);
        assertThat(back.memberId()).isNotEqualTo(follower).startsWith("two-");
        assertThat(back.members()).isEmpty();
        assertThat(back.skipAssignment()).isFalse();
        assertThat(sync.assignment()).isEqualTo(assignmentOf(follower, 2));
        assertThat(fixture.heartbeat(2, leader)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldTellRestartedLeaderToSkipTheAssignment() {
        // When
        JoinGroupResponse back = fixture.done(fixture.joinStatic(LATEST_JOIN, "", "one"));

        // Then
        assertThat(back.generationId()).isEqualTo(2);
        assertThat(back.leader()).isEqualTo(back.memberId());
        assertThat(back.skipAssignment()).isTrue();
        assertThat(back.members()).hasSize(2);
        assertThat(fixture.done(fixture.sync(2, back.memberId())).assignment()).isEqualTo(assignmentOf(leader, 2));
    }

    @Test
    void shouldLetOldLeaderBelieveThatItFollows() {
        // When
        JoinGroupResponse back = fixture.done(fixture.joinStatic(BEFORE_SKIPPING, "", "one"));

        // Then
        assertThat(back.leader()).isEqualTo(leader).isNotEqualTo(back.memberId());
        assertThat(back.members()).isEmpty();
        assertThat(back.skipAssignment()).isFalse();
    }

    @Test
    void shouldFenceTheOldIdEverywhere() {
        // Given
        fixture.done(fixture.joinStatic(LATEST_JOIN, "", "two"));

        // Then
        assertThat(errorOf(fixture.joinStatic(LATEST_JOIN, follower, "two"))).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(fixture.done(fixture.coordinator.syncGroup(
                                fixture.from(5), syncRequest(2, follower).setGroupInstanceId("two")))
                        .errorCode())
                .isEqualTo(ErrorCode.FENCED_INSTANCE_ID.code());
        assertThat(fixture.heartbeat(new HeartbeatRequest()
                        .setGroupId(GROUP)
                        .setGenerationId(2)
                        .setMemberId(follower)
                        .setGroupInstanceId("two")))
                .isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(GroupFixture.errorOf(fixture.done(
                        fixture.commit(8, commitRequest(2, follower, 5).setGroupInstanceId("two")))))
                .isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
    }

    @Test
    void shouldRefuseUnknownInstance() {
        assertThat(errorOf(fixture.joinStatic(LATEST_JOIN, follower, "three"))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldRebalanceWhenTheRestartChangesTheProtocol() {
        // Given
        CompletableFuture<JoinGroupResponse> leads =
                fixture.join(LATEST_JOIN, joinRequest(leader, "sticky", "range").setGroupInstanceId("one"));
        CompletableFuture<JoinGroupResponse> follows = fixture.join(
                LATEST_JOIN, joinRequest(follower, "range", "sticky").setGroupInstanceId("two"));
        int generation = fixture.done(leads).generationId();
        fixture.sync(generation, follower);
        fixture.done(fixture.sync(generation, leader, leader, follower));
        assertThat(fixture.done(follows).protocolName()).isEqualTo("range");

        // When
        CompletableFuture<JoinGroupResponse> back =
                fixture.join(LATEST_JOIN, joinRequest("", "sticky").setGroupInstanceId("two"));

        // Then
        assertThat(back).isNotDone();
        assertThat(fixture.heartbeat(generation, leader)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void shouldRebalanceWhenMemberRestartsWhileTheLeaderAssigns() {
        // Given
        CompletableFuture<JoinGroupResponse> third = fixture.joinStatic(LATEST_JOIN, "", "three");
        fixture.joinStatic(LATEST_JOIN, leader, "one");
        fixture.joinStatic(LATEST_JOIN, follower, "two");
        fixture.done(third);

        // When
        CompletableFuture<JoinGroupResponse> back = fixture.joinStatic(LATEST_JOIN, "", "two");

        // Then
        assertThat(back).isNotDone();
        assertThat(fixture.heartbeat(3, leader)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void shouldFenceTheJoinThatWaitsUnderTheOldId() {
        // Given
        CompletableFuture<JoinGroupResponse> waiting = fixture.joinStatic(LATEST_JOIN, "", "three");

        // When
        CompletableFuture<JoinGroupResponse> back = fixture.joinStatic(LATEST_JOIN, "", "three");

        // Then
        assertThat(errorOf(waiting)).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(back).isNotDone();
    }

    @Test
    void shouldKeepTheOldIdWhenTheNewOneCannotBeWritten() {
        // Given
        fixture.log.refuse(ErrorCode.NOT_ENOUGH_REPLICAS);

        // When
        ErrorCode error = errorOf(fixture.joinStatic(LATEST_JOIN, "", "two"));

        // Then
        assertThat(error).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(fixture.heartbeat(2, follower)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldAnswerRestartOnlyWhenItsNewIdIsCommitted() {
        // Given
        fixture.log.commitLate();

        // When
        CompletableFuture<JoinGroupResponse> back = fixture.joinStatic(LATEST_JOIN, "", "two");

        // Then
        assertThat(back).isNotDone();
        fixture.log.commit();
        assertThat(fixture.done(back).generationId()).isEqualTo(2);
    }

    @Test
    void shouldKeepTheSeatOfStaticMemberThatIsLateUntilItsSessionEnds() {
        // Given
        CompletableFuture<JoinGroupResponse> leads =
                fixture.join(LATEST_JOIN, joinRequest(leader, "range", "x").setGroupInstanceId("one"));

        // When: the rebalance timeout passes while the follower only heartbeats
        for (int i = 0; i < 12; i++) {
            fixture.time.advance(5_000);
            fixture.heartbeat(2, follower);
        }

        // Then
        assertThat(fixture.done(leads).members()).extracting("groupInstanceId").containsExactly("one", "two");
    }

    private ErrorCode errorOf(CompletableFuture<JoinGroupResponse> answer) {
        return ErrorCode.of(fixture.done(answer).errorCode());
    }
}
