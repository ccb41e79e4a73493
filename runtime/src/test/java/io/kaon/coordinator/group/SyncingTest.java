// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static io.kaon.coordinator.group.GroupFixture.REBALANCE_MS;
import static io.kaon.coordinator.group.GroupFixture.SESSION_MS;
import static io.kaon.coordinator.group.GroupFixture.assignmentOf;
import static io.kaon.coordinator.group.GroupFixture.syncRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.wire.message.HeartbeatRequest;
import io.kaon.wire.message.JoinGroupResponse;
import io.kaon.wire.message.SyncGroupRequest;
import io.kaon.wire.message.SyncGroupResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class SyncingTest {
    private final GroupFixture fixture = new GroupFixture();

    @Test
    void shouldGiveEachMemberItsAssignment() {
        // Given
        String first = fixture.done(fixture.join("")).memberId();
        CompletableFuture<JoinGroupResponse> joining = fixture.join("");
        fixture.done(fixture.join(first));
        String second = fixture.done(joining).memberId();
        CompletableFuture<SyncGroupResponse> follower = fixture.sync(2, second);

        // When
        SyncGroupResponse leader = fixture.done(fixture.sync(2, first, first, second, "ghost"));

        // Then
        assertThat(leader.assignment()).isEqualTo(assignmentOf(first, 2));
        assertThat(leader.protocolName()).isEqualTo("range");
        assertThat(leader.protocolType()).isEqualTo("consumer");
        assertThat(fixture.done(follower).assignment()).isEqualTo(assignmentOf(second, 2));
        assertThat(fixture.describe().members()).allSatisfy(member -> {
            assertThat(member.memberAssignment()).isEqualTo(assignmentOf(member.memberId(), 2));
            assertThat(member.memberMetadata()).isEqualTo("range".getBytes());
            assertThat(member.clientId()).isEqualTo("client");
            assertThat(member.clientHost()).isEqualTo("/in-jvm");
        });
    }

    @Test
    void shouldAnswerLateSyncInStableGroup() {
        // Given
        List<String> members = fixture.stableGroup(2);

        // When
        SyncGroupResponse again = fixture.done(fixture.sync(2, members.get(1)));

        // Then
        assertThat(again.assignment()).isEqualTo(assignmentOf(members.get(1), 2));
    }

    @Test
    void shouldGiveNothingToMembersThatTheLeaderForgot() {
        // Given
        String first = fixture.done(fixture.join("")).memberId();

        // When
        SyncGroupResponse response = fixture.done(fixture.sync(1, first));

        // Then
        assertThat(response.errorCode()).isZero();
        assertThat(response.assignment()).isEmpty();
    }

    @Test
    void shouldRefuseStaleGenerationUnknownMemberAndOtherProtocol() {
        // Given
        String member = fixture.stableGroup(1).get(0);

        // Then
        assertThat(errorOf(syncRequest(0, member))).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(errorOf(syncRequest(2, member))).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(errorOf(syncRequest(1, "who"))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(errorOf(syncRequest(1, member).setGroupId("other"))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(errorOf(syncRequest(1, member).setGroupId(""))).isEqualTo(ErrorCode.INVALID_GROUP_ID);
        assertThat(errorOf(syncRequest(1, member).setProtocolType("connect")))
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(errorOf(syncRequest(1, member).setProtocolName("sticky")))
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    }

    @Test
    void shouldSendSyncBackWhileTheGroupGathers() {
        // Given
        List<String> members = fixture.stableGroup(2);
        fixture.join("");

        // Then
        assertThat(errorOf(syncRequest(2, members.get(0)))).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void shouldRemoveMembersThatDoNotSync() {
        // Given
        List<String> members = fixture.stableGroup(2);
        CompletableFuture<JoinGroupResponse> third = fixture.join("");
        fixture.join(members.get(0));
        fixture.join(members.get(1));
        String newcomer = fixture.done(third).memberId();
        fixture.done(fixture.sync(3, members.get(0), members.get(0), members.get(1), newcomer));
        fixture.done(fixture.sync(3, members.get(1)));

        // When: the newcomer heartbeats but never syncs
        for (int waited = 0; waited < REBALANCE_MS; waited += 5_000) {
            fixture.heartbeat(3, members.get(0));
            fixture.heartbeat(3, members.get(1));
            assertThat(fixture.heartbeat(3, newcomer)).isEqualTo(ErrorCode.NONE);
            fixture.time.advance(5_000);
        }

        // Then
        assertThat(fixture.heartbeat(3, newcomer)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(fixture.heartbeat(3, members.get(0))).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void shouldRemoveSilentMember() {
        // Given
        List<String> members = fixture.stableGroup(2);

        // When
        fixture.time.advance(SESSION_MS / 2);
        fixture.heartbeat(2, members.get(0));
        fixture.time.advance(SESSION_MS / 2);

        // Then
        assertThat(fixture.heartbeat(2, members.get(1))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(fixture.heartbeat(2, members.get(0))).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(fixture.done(fixture.join(members.get(0))).members()).hasSize(1);
    }

    @Test
    void shouldNotRemoveMemberThatWaitsForUs() {
        // Given: the second member waits for the leader's assignment for longer than its session
        String first = fixture.done(fixture.join("")).memberId();
        CompletableFuture<JoinGroupResponse> joining = fixture.join("");
        fixture.done(fixture.join(first));
        String second = fixture.done(joining).memberId();
        CompletableFuture<SyncGroupResponse> waiting = fixture.sync(2, second);

        // When
        for (int i = 0; i < 4; i++) {
            fixture.time.advance(5_000);
            fixture.heartbeat(2, first);
        }
        fixture.done(fixture.sync(2, first, first, second));

        // Then
        assertThat(fixture.done(waiting).assignment()).isEqualTo(assignmentOf(second, 2));
        assertThat(fixture.heartbeat(2, second)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldAnswerHeartbeatsExactly() {
        assertThat(fixture.heartbeat(1, "who")).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        String member = fixture.stableGroup(1).get(0);
        assertThat(fixture.heartbeat(1, member)).isEqualTo(ErrorCode.NONE);
        assertThat(fixture.heartbeat(0, member)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(fixture.heartbeat(1, "who")).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(fixture.heartbeat(new HeartbeatRequest().setGroupId("").setMemberId(member)))
                .isEqualTo(ErrorCode.INVALID_GROUP_ID);
    }

    @Test
    void shouldAcceptHeartbeatBeforeSync() {
        // Given
        String member = fixture.done(fixture.join("")).memberId();

        // Then
        assertThat(fixture.heartbeat(1, member)).isEqualTo(ErrorCode.NONE);
    }

    private ErrorCode errorOf(SyncGroupRequest request) {
        return ErrorCode.of(fixture.done(fixture.coordinator.syncGroup(fixture.from(5), request))
                .errorCode());
    }
}
