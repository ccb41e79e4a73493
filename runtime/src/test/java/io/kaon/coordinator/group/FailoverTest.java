// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static io.kaon.coordinator.group.GroupFixture.SESSION_MS;
import static io.kaon.coordinator.group.GroupFixture.assignmentOf;
import static io.kaon.coordinator.group.GroupFixture.commitRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.wire.message.JoinGroupResponse;
import io.kaon.wire.message.ListGroupsRequest;
import io.kaon.wire.message.OffsetCommitResponse;
import io.kaon.wire.message.SyncGroupResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The coordinator moves, or its log commits late or loses its tail. */
final class FailoverTest {
    private final GroupFixture fixture = new GroupFixture();

    @Test
    void shouldGoOnWithTheSameGenerationAfterTheCoordinatorMoved() {
        // Given
        List<String> members = fixture.stableGroup(2);
        fixture.commit(2, members.get(0), 5);

        // When
        fixture.elect();

        // Then
        assertThat(fixture.heartbeat(2, members.get(0))).isEqualTo(ErrorCode.NONE);
        assertThat(fixture.fetch()).isEqualTo(5);
        assertThat(fixture.done(fixture.sync(2, members.get(1))).assignment())
                .isEqualTo(assignmentOf(members.get(1), 2));
        assertThat(fixture.describe().groupState()).isEqualTo("Stable");
        assertThat(fixture.commit(2, members.get(1), 6)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldTimeOutMembersThatDoNotFindTheNewCoordinator() {
        // Given
        List<String> members = fixture.stableGroup(2);
        fixture.elect();

        // When
        fixture.time.advance(SESSION_MS - 1_000);
        fixture.heartbeat(2, members.get(0));
        fixture.time.advance(SESSION_MS - 1_000);

        // Then
        assertThat(fixture.heartbeat(2, members.get(1))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(fixture.heartbeat(2, members.get(0))).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void shouldTellEverybodyWhoWaitsWhenTheCoordinatorMoves() {
        // Given
        List<String> members = fixture.stableGroup(2);
        CompletableFuture<JoinGroupResponse> join = fixture.join(members.get(0));
        fixture.log.commitLate();
        CompletableFuture<OffsetCommitResponse> commit = fixture.commit(8, commitRequest(2, members.get(0), 5));

        // When
        fixture.coordinator.onResigned(0);

        // Then
        assertThat(fixture.done(join).errorCode()).isEqualTo(ErrorCode.NOT_COORDINATOR.code());
        assertThat(GroupFixture.errorOf(fixture.done(commit))).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(fixture.heartbeat(2, members.get(0))).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(ErrorCode.of(fixture.describe().errorCode())).isEqualTo(ErrorCode.NOT_COORDINATOR);
    }

    @Test
    void shouldSayThatItLoadsAndSoonNotAnyMore() {
        // Given
        String member = fixture.stableGroup(1).get(0);
        fixture.commit(1, member, 5);
        fixture.log.holdReads();
        fixture.elect();

        // When: the question is answered after a short wait
        CompletableFuture<JoinGroupResponse> join = fixture.join("");
        CompletableFuture<OffsetCommitResponse> commit = fixture.commit(8, commitRequest(1, member, 6));
        var list = fixture.coordinator.listGroups(fixture.from(5), new ListGroupsRequest());
        assertThat(join).isNotDone();
        fixture.time.advance(100);

        // Then
        assertThat(fixture.done(join).errorCode()).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS.code());
        assertThat(GroupFixture.errorOf(fixture.done(commit))).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(fixture.done(list).errorCode()).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS.code());
        fixture.log.releaseReads();
        assertThat(fixture.commit(1, member, 6)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldAnswerAsSoonAsItHasLoaded() {
        // Given
        String member = fixture.stableGroup(1).get(0);
        fixture.log.holdReads();
        fixture.elect();
        CompletableFuture<OffsetCommitResponse> commit = fixture.commit(8, commitRequest(1, member, 6));

        // When
        fixture.log.releaseReads();

        // Then
        assertThat(GroupFixture.errorOf(fixture.done(commit))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldForgetWhatWasNeverCommitted() {
        // Given
        String member = fixture.stableGroup(1).get(0);
        fixture.commit(1, member, 5);
        fixture.log.commitLate();
        CompletableFuture<OffsetCommitResponse> lost = fixture.commit(8, commitRequest(1, member, 6));

        // When
        fixture.coordinator.onResigned(0);
        fixture.log.loseTail();
        fixture.log.commitAtOnce();
        fixture.elect();

        // Then
        assertThat(GroupFixture.errorOf(fixture.done(lost))).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(fixture.fetch()).isEqualTo(5);
        assertThat(fixture.heartbeat(1, member)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldHideUncommittedTailOfTheLastLeaderUntilItIsCommitted() {
        // Given
        fixture.commit(-1, "", 5);
        fixture.log.commitLate();
        fixture.commit(8, commitRequest(-1, "", 6));

        // When: the tail survives, but the new leader does not know yet that it is committed
        fixture.elect();

        // Then
        assertThat(fixture.fetch()).isEqualTo(5);
        fixture.log.commit();
        assertThat(fixture.fetch()).isEqualTo(6);
    }

    @Test
    void shouldHandOutAssignmentsOnlyWhenTheyAreCommitted() {
        // Given
        String member = fixture.done(fixture.join("")).memberId();
        fixture.log.commitLate();

        // When
        CompletableFuture<SyncGroupResponse> sync = fixture.sync(1, member, member);

        // Then
        assertThat(sync).isNotDone();
        assertThat(fixture.describe().groupState()).isEqualTo("CompletingRebalance");
        fixture.log.commit();
        assertThat(fixture.done(sync).assignment()).isEqualTo(assignmentOf(member, 1));
        assertThat(fixture.describe().groupState()).isEqualTo("Stable");
    }

    /** Found by the simulation, seed 12: a generation from a tail that was then lost had been handed out. */
    @Test
    void shouldNotHandOutRestoredAssignmentsBeforeTheyAreCommitted() {
        // Given
        String member = fixture.done(fixture.join("")).memberId();
        fixture.log.commitLate();
        fixture.sync(1, member, member);
        fixture.elect();

        // When
        CompletableFuture<SyncGroupResponse> sync = fixture.sync(1, member);

        // Then
        assertThat(sync).isNotDone();
        fixture.log.commit();
        assertThat(fixture.done(sync).assignment()).isEqualTo(assignmentOf(member, 1));
    }

    @Test
    void shouldNotHandOutAssignmentsOfGenerationThatIsOver() {
        // Given
        String member = fixture.done(fixture.join("")).memberId();
        fixture.log.commitLate();
        CompletableFuture<SyncGroupResponse> sync = fixture.sync(1, member, member);

        // When: somebody joins before the assignment is committed
        CompletableFuture<JoinGroupResponse> second = fixture.join("");
        fixture.log.commit();

        // Then
        assertThat(fixture.done(sync).errorCode()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS.code());
        assertThat(fixture.describe().groupState()).isEqualTo("PreparingRebalance");
        assertThat(second).isNotDone();
    }

    @Test
    void shouldRebalanceWhenTheAssignmentCannotBeWritten() {
        // Given
        String member = fixture.done(fixture.join("")).memberId();
        fixture.log.refuse(ErrorCode.NOT_ENOUGH_REPLICAS);

        // When
        SyncGroupResponse sync = fixture.done(fixture.sync(1, member, member));

        // Then
        assertThat(sync.errorCode()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE.code());
        fixture.log.accept();
        assertThat(fixture.done(fixture.join(member)).generationId()).isEqualTo(2);
    }

    @Test
    void shouldGoOnWithEmptyGroup() {
        // Given
        fixture.leave(fixture.stableGroup(1).get(0));

        // When
        fixture.elect();

        // Then
        assertThat(fixture.describe().groupState()).isEqualTo("Empty");
        assertThat(fixture.done(fixture.join("")).generationId()).isEqualTo(3);
    }

    @Test
    void shouldIgnoreElectionOfAnOldEpoch() {
        // Given
        String member = fixture.stableGroup(1).get(0);
        CompletableFuture<JoinGroupResponse> join = fixture.join("");

        // When
        fixture.coordinator.onLeader(0, 1);
        fixture.coordinator.onLeader(0, 0);

        // Then
        assertThat(join).isNotDone();
        assertThat(fixture.heartbeat(1, member)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void shouldLeaveNoTimersBehind() {
        // Given
        fixture.stableGroup(3);

        // When
        fixture.coordinator.close();

        // Then
        assertThat(fixture.time.waiting()).isZero();
    }
}
