// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static io.kaon.coordinator.group.GroupFixture.REBALANCE_MS;
import static io.kaon.coordinator.group.GroupFixture.SESSION_MS;
import static io.kaon.coordinator.group.GroupFixture.joinRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.wire.message.JoinGroupResponse;
import io.kaon.wire.message.SyncGroupResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JoiningTest {
    private final GroupFixture fixture = new GroupFixture();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void shouldAdmitFirstMemberAtOnceInOldVersions(int version) {
        // When
        JoinGroupResponse response = fixture.done(fixture.join(version, joinRequest("", "range", "roundrobin")));

        // Then
        assertThat(response.errorCode()).isEqualTo(ErrorCode.NONE.code());
        assertThat(response.generationId()).isEqualTo(1);
        assertThat(response.memberId()).startsWith("client-");
        assertThat(response.leader()).isEqualTo(response.memberId());
        assertThat(response.protocolName()).isEqualTo("range");
        assertThat(response.protocolType()).isEqualTo("consumer");
        assertThat(response.members()).singleElement().satisfies(member -> {
            assertThat(member.memberId()).isEqualTo(response.memberId());
            assertThat(member.metadata()).isEqualTo("range".getBytes());
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 7, 8, 9})
    void shouldGiveOutAnIdFirstInNewVersions(int version) {
        // Given
        JoinGroupResponse first = fixture.done(fixture.join(version, joinRequest("", "range")));

        // When
        JoinGroupResponse second = fixture.done(fixture.join(version, joinRequest(first.memberId(), "range")));

        // Then
        assertThat(first.errorCode()).isEqualTo(ErrorCode.MEMBER_ID_REQUIRED.code());
        assertThat(second.errorCode()).isEqualTo(ErrorCode.NONE.code());
        assertThat(second.memberId()).isEqualTo(first.memberId());
    }

    @Test
    void shouldForgetAnIdThatDoesNotComeBack() {
        // Given
        String memberId =
                fixture.done(fixture.join(5, joinRequest("", "range"))).memberId();

        // When
        fixture.time.advance(SESSION_MS);

        // Then
        assertThat(errorOf(fixture.join(5, joinRequest(memberId, "range")))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @ParameterizedTest
    @ValueSource(ints = {5_999, 1_800_001, 0, -1})
    void shouldRefuseSessionTimeoutOutOfRange(int sessionTimeoutMs) {
        assertThat(errorOf(fixture.join(5, joinRequest("", "range").setSessionTimeoutMs(sessionTimeoutMs))))
                .isEqualTo(ErrorCode.INVALID_SESSION_TIMEOUT);
    }

    @Test
    void shouldRefuseEmptyGroupId() {
        assertThat(errorOf(fixture.join(5, joinRequest("", "range").setGroupId(""))))
                .isEqualTo(ErrorCode.INVALID_GROUP_ID);
    }

    @Test
    void shouldRefuseUnknownMember() {
        assertThat(errorOf(fixture.join("who"))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        fixture.stableGroup(1);
        assertThat(errorOf(fixture.join("who"))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldRefuseOtherProtocolTypeAndProtocolsWithoutCommonOne() {
        // Given
        fixture.stableGroup(1);

        // Then
        assertThat(errorOf(fixture.join(3, joinRequest("", "range").setProtocolType("connect"))))
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(errorOf(fixture.join(3, joinRequest("", "sticky"))))
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(errorOf(fixture.join(3, joinRequest("")))).isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    }

    @Test
    void shouldRefuseEmptyProtocolTypeInEmptyGroup() {
        assertThat(errorOf(fixture.join(3, joinRequest("", "range").setProtocolType(""))))
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    }

    @Test
    void shouldElectTheProtocolThatAllSpeakAndMostPrefer() {
        // Given
        String first =
                fixture.done(fixture.join(3, joinRequest("", "a", "b", "c"))).memberId();
        CompletableFuture<JoinGroupResponse> second = fixture.join(3, joinRequest("", "c", "b"));
        CompletableFuture<JoinGroupResponse> third = fixture.join(3, joinRequest("", "c", "b", "x"));

        // When
        JoinGroupResponse leader = fixture.done(fixture.join(3, joinRequest(first, "b", "c")));

        // Then
        assertThat(leader.protocolName()).isEqualTo("c");
        assertThat(fixture.done(second).protocolName()).isEqualTo("c");
        assertThat(fixture.done(third).members()).isEmpty();
        assertThat(leader.members()).hasSize(3);
    }

    @Test
    void shouldWaitForMembersOfTheLastGenerationOnly() {
        // Given
        List<String> members = fixture.stableGroup(2);

        // When
        CompletableFuture<JoinGroupResponse> third = fixture.join("");
        CompletableFuture<JoinGroupResponse> first = fixture.join(members.get(0));

        // Then
        assertThat(third).isNotDone();
        CompletableFuture<JoinGroupResponse> second = fixture.join(members.get(1));
        assertThat(fixture.done(first).generationId()).isEqualTo(3);
        assertThat(fixture.done(second).generationId()).isEqualTo(3);
        assertThat(fixture.done(third).leader()).isEqualTo(members.get(0));
    }

    @Test
    void shouldGoOnWithoutMembersThatDoNotJoinAgain() {
        // Given
        List<String> members = fixture.stableGroup(2);
        CompletableFuture<JoinGroupResponse> third = fixture.join("");
        CompletableFuture<JoinGroupResponse> second = fixture.join(members.get(1));

        // When: the leader heartbeats but does not join
        for (int waited = 0; waited < REBALANCE_MS; waited += 5_000) {
            assertThat(fixture.heartbeat(2, members.get(0))).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
            fixture.time.advance(5_000);
        }

        // Then
        assertThat(fixture.done(second).leader()).isEqualTo(members.get(1));
        assertThat(fixture.done(second).members()).hasSize(2);
        assertThat(fixture.done(third).errorCode()).isZero();
        assertThat(fixture.heartbeat(2, members.get(0))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldWaitForMoreMembersWhenTheGroupIsNew() {
        // Given
        GroupFixture slow = new GroupFixture(GroupOptions.DEFAULTS);
        CompletableFuture<JoinGroupResponse> first = slow.join("");

        // When
        slow.time.advance(2_000);
        CompletableFuture<JoinGroupResponse> second = slow.join("");
        slow.time.advance(1_000);

        // Then: the newcomer has extended the wait
        assertThat(first).isNotDone();
        slow.time.advance(3_000);
        assertThat(slow.done(first).generationId()).isEqualTo(1);
        assertThat(slow.done(second).generationId()).isEqualTo(1);
        assertThat(slow.done(first).members()).hasSize(2);
    }

    @Test
    void shouldNotExtendTheFirstWaitBeyondTheRebalanceTimeout() {
        // Given
        GroupFixture slow = new GroupFixture(GroupOptions.DEFAULTS);
        CompletableFuture<JoinGroupResponse> first =
                slow.join(3, joinRequest("", "range").setRebalanceTimeoutMs(7_000));

        // When
        for (int i = 0; i < 7; i++) {
            slow.join(3, joinRequest("", "range").setRebalanceTimeoutMs(7_000));
            slow.time.advance(1_000);
        }

        // Then
        assertThat(slow.done(first).members()).hasSizeGreaterThan(5);
    }

    @Test
    void shouldAnswerRepeatedJoinWithTheSameGeneration() {
        // Given
        String first = fixture.done(fixture.join("")).memberId();

        // When: its answer got lost, the group waits for its sync
        JoinGroupResponse again = fixture.done(fixture.join(first));

        // Then
        assertThat(again.generationId()).isEqualTo(1);
        assertThat(again.members()).hasSize(1);
    }

    @Test
    void shouldAnswerFollowerThatJoinsUnchangedAndRebalanceWhenTheLeaderDoes() {
        // Given
        List<String> members = fixture.stableGroup(2);

        // When
        JoinGroupResponse follower = fixture.done(fixture.join(members.get(1)));
        CompletableFuture<JoinGroupResponse> leader = fixture.join(members.get(0));

        // Then
        assertThat(follower.generationId()).isEqualTo(2);
        assertThat(follower.members()).isEmpty();
        assertThat(leader).isNotDone();
        assertThat(fixture.describe().groupState()).isEqualTo("PreparingRebalance");
    }

    @Test
    void shouldRebalanceWhenFollowerChangesItsMetadata() {
        // Given
        List<String> members = fixture.stableGroup(2);

        // When
        CompletableFuture<JoinGroupResponse> changed =
                fixture.join(3, joinRequest(members.get(1), "range", "roundrobin"));

        // Then
        assertThat(changed).isNotDone();
        assertThat(fixture.heartbeat(2, members.get(0))).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void shouldSendBackThoseWhoWaitForTheirAssignmentWhenSomebodyJoins() {
        // Given
        List<String> members = fixture.stableGroup(2);
        CompletableFuture<JoinGroupResponse> third = fixture.join("");
        fixture.join(members.get(0));
        fixture.join(members.get(1));
        CompletableFuture<SyncGroupResponse> sync = fixture.sync(3, members.get(1));

        // When
        CompletableFuture<JoinGroupResponse> fourth = fixture.join("");

        // Then
        assertThat(fixture.done(sync).errorCode()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS.code());
        assertThat(fixture.done(third).errorCode()).isZero();
        assertThat(fourth).isNotDone();
    }

    @Test
    void shouldRefuseMembersBeyondTheLimit() {
        // Given
        GroupFixture small = new GroupFixture(
                GroupOptions.DEFAULTS.withInitialRebalanceDelayMs(0).withMaxSize(2));
        List<String> members = small.stableGroup(2);

        // When
        ErrorCode error = ErrorCode.of(small.done(small.join("")).errorCode());

        // Then
        assertThat(error).isEqualTo(ErrorCode.GROUP_MAX_SIZE_REACHED);
        assertThat(small.heartbeat(2, members.get(1))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldTakeVersionZeroSessionTimeoutForBoth() {
        // Given
        String first = fixture.done(fixture.join(0, joinRequest("", "range"))).memberId();
        fixture.done(fixture.sync(1, first, first));
        CompletableFuture<JoinGroupResponse> second = fixture.join(0, joinRequest("", "range"));

        // When: only the session timeout passes
        fixture.heartbeat(1, first);
        fixture.time.advance(SESSION_MS);

        // Then
        assertThat(fixture.done(second).leader()).isNotEqualTo(first);
    }

    @Test
    void shouldCreateTheTopicOnFirstUse() {
        // Given
        fixture.removeTopic();

        // When
        JoinGroupResponse response = fixture.done(fixture.join(""));

        // Then
        assertThat(response.errorCode()).isZero();
    }

    private ErrorCode errorOf(CompletableFuture<JoinGroupResponse> answer) {
        return ErrorCode.of(fixture.done(answer).errorCode());
    }
}
