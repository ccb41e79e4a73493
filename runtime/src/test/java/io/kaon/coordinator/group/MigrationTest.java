// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static io.kaon.coordinator.group.ConsumerBytes.assignment;
import static io.kaon.coordinator.group.GroupFixture.GROUP;
import static io.kaon.coordinator.group.GroupFixture.SESSION_MS;
import static io.kaon.coordinator.group.GroupFixture.joinRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.group.consumer.MigrationPolicy;
import io.kaon.wire.message.ConsumerGroupHeartbeatResponse;
import io.kaon.wire.message.JoinGroupResponse;
import io.kaon.wire.message.ListGroupsRequest;
import io.kaon.wire.message.SyncGroupResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups that go from the classic protocol to the consumer protocol and back while they have members (KIP-848). */
final class MigrationTest extends AbstractMigrationTest {
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
}
