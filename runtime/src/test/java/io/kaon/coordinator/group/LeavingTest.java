// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static io.kaon.coordinator.group.GroupFixture.GROUP;
import static io.kaon.coordinator.group.GroupFixture.LATEST_JOIN;
import static io.kaon.coordinator.group.GroupFixture.joinRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.wire.message.JoinGroupResponse;
import io.kaon.wire.message.LeaveGroupRequest;
import io.kaon.wire.message.LeaveGroupRequest.MemberIdentity;
import io.kaon.wire.message.LeaveGroupResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class LeavingTest {
    private final GroupFixture fixture = new GroupFixture();

    @Test
    void shouldRebalanceTheOthersAtOnce() {
        // Given
        List<String> members = fixture.stableGroup(2);

        // When
        ErrorCode error = fixture.leave(members.get(0));

        // Then
        assertThat(error).isEqualTo(ErrorCode.NONE);
        JoinGroupResponse response = fixture.done(fixture.join(members.get(1)));
        assertThat(response.leader()).isEqualTo(members.get(1));
        assertThat(response.generationId()).isEqualTo(3);
    }

    @Test
    void shouldBecomeEmptyWhenTheLastMemberLeaves() {
        // Given
        String member = fixture.stableGroup(1).get(0);

        // When
        fixture.leave(member);

        // Then
        assertThat(fixture.describe().groupState()).isEqualTo("Empty");
        assertThat(fixture.describe().protocolType()).isEqualTo("consumer");
        assertThat(fixture.heartbeat(1, member)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(fixture.done(fixture.join("")).generationId()).isEqualTo(3);
    }

    @Test
    void shouldRefuseStrangers() {
        assertThat(fixture.leave("who")).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        fixture.stableGroup(1);
        assertThat(fixture.leave("who")).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(fixture.leave("")).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldAnswerEachOfSeveralMembers() {
        // Given
        String one = fixture.done(fixture.joinStatic(LATEST_JOIN, "", "one")).memberId();
        String pending = fixture.done(fixture.join(LATEST_JOIN, joinRequest("", "range")))
                .memberId();

        // When
        LeaveGroupResponse response = leave(
                new MemberIdentity().setMemberId(pending),
                new MemberIdentity().setMemberId("who"),
                new MemberIdentity().setMemberId("old").setGroupInstanceId("one"),
                new MemberIdentity().setGroupInstanceId("two"),
                new MemberIdentity().setGroupInstanceId("one"),
                new MemberIdentity().setMemberId(one).setGroupInstanceId("one"));

        // Then
        assertThat(response.errorCode()).isZero();
        assertThat(response.members())
                .extracting(member -> ErrorCode.of(member.errorCode()))
                .containsExactly(
                        ErrorCode.NONE,
                        ErrorCode.UNKNOWN_MEMBER_ID,
                        ErrorCode.FENCED_INSTANCE_ID,
                        ErrorCode.UNKNOWN_MEMBER_ID,
                        ErrorCode.NONE,
                        ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(fixture.describe().groupState()).isEqualTo("Empty");
    }

    @Test
    void shouldAnswerMembersOfGroupThatIsNotThere() {
        // When
        LeaveGroupResponse response = leave(new MemberIdentity().setMemberId("who"));

        // Then
        assertThat(response.errorCode()).isZero();
        assertThat(response.members().get(0).errorCode()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID.code());
    }

    @Test
    void shouldEndTheJoinPhaseWhenTheMissingMemberLeaves() {
        // Given
        List<String> members = fixture.stableGroup(2);
        CompletableFuture<JoinGroupResponse> third = fixture.join("");
        CompletableFuture<JoinGroupResponse> first = fixture.join(members.get(0));

        // When
        fixture.leave(members.get(1));

        // Then
        assertThat(fixture.done(first).members()).hasSize(2);
        assertThat(fixture.done(third).errorCode()).isZero();
    }

    @Test
    void shouldAnswerTheJoinThatWaits() {
        // Given
        List<String> members = fixture.stableGroup(2);
        CompletableFuture<JoinGroupResponse> leader = fixture.join(members.get(0));

        // When
        fixture.leave(members.get(0));

        // Then
        assertThat(fixture.done(leader).errorCode()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID.code());
    }

    @Test
    void shouldEndTheRebalanceOfAHundredMembers() {
        // Given
        List<String> members = fixture.stableGroup(100);

        // When: half of them leave, the others join again
        members.subList(0, 50).forEach(fixture::leave);
        List<CompletableFuture<JoinGroupResponse>> joins =
                members.subList(50, 100).stream().map(fixture::join).toList();

        // Then
        assertThat(joins).allSatisfy(join -> {
            assertThat(fixture.done(join).errorCode()).isZero();
            assertThat(fixture.done(join).generationId()).isEqualTo(3);
        });
        assertThat(joins.stream().filter(join -> !fixture.done(join).members().isEmpty()))
                .hasSize(1);
    }

    private LeaveGroupResponse leave(MemberIdentity... members) {
        LeaveGroupRequest request = new LeaveGroupRequest().setGroupId(GROUP).setMembers(List.of(members));
        return fixture.done(fixture.coordinator.leaveGroup(fixture.from(5), request));
    }
}
