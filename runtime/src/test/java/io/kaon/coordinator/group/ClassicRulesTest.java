// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static io.kaon.coordinator.group.GroupFixture.JOIN_WITHOUT_ID;
import static io.kaon.coordinator.group.GroupFixture.LATEST_JOIN;
import static io.kaon.coordinator.group.GroupFixture.REBALANCE_MS;
import static io.kaon.coordinator.group.GroupFixture.SESSION_MS;
import static io.kaon.coordinator.group.GroupFixture.assignmentOf;
import static io.kaon.coordinator.group.GroupFixture.joinRequest;
import static io.kaon.coordinator.group.GroupFixture.syncRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.ShardOptions;
import io.kaon.wire.message.DescribeGroupsResponse.DescribedGroup;
import io.kaon.wire.message.JoinGroupRequest.JoinGroupRequestProtocol;
import io.kaon.wire.message.JoinGroupResponse;
import io.kaon.wire.message.SyncGroupRequest;
import io.kaon.wire.message.SyncGroupRequest.SyncGroupRequestAssignment;
import io.kaon.wire.message.SyncGroupResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules of the classic protocol about input that nobody should send, and about what must not disturb others. */
final class ClassicRulesTest {
    /** Shorter than that of the other members, and still allowed. */
    private static final int SHORT_SESSION_MS = 6_000;

    private final GroupFixture fixture = new GroupFixture();

    @Test
    void shouldNotDisturbStableGroupWhenAnIdIsNeverUsed() {
        // Given
        List<String> members = fixture.stableGroup(2);
        fixture.done(fixture.join(LATEST_JOIN, joinRequest("", "range").setSessionTimeoutMs(SHORT_SESSION_MS)));

        // When
        fixture.time.advance(SHORT_SESSION_MS);

        // Then
        assertThat(fixture.describe().groupState()).isEqualTo("Stable");
        assertThat(fixture.heartbeat(2, members.get(0))).isEqualTo(ErrorCode.NONE);
        assertThat(fixture.heartbeat(2, members.get(1))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldGoOnWhenAnIdThatTheGroupWaitsForIsNeverUsed() {
        // Given
        List<String> members = fixture.stableGroup(1);
        fixture.done(fixture.join(LATEST_JOIN, joinRequest("", "range").setSessionTimeoutMs(SHORT_SESSION_MS)));
        CompletableFuture<JoinGroupResponse> again = fixture.join(members.get(0));
        assertThat(again).isNotDone();

        // When
        fixture.time.advance(SHORT_SESSION_MS);

        // Then
        assertThat(fixture.done(again).errorCode()).isZero();
    }

    @Test
    void shouldRequireProtocolInSyncFromVersionFive() {
        // Given
        String member = fixture.stableGroup(1).get(0);

        // Then
        assertThat(errorOf(5, syncRequest(1, member).setProtocolType(null)))
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(errorOf(5, syncRequest(1, member).setProtocolName(null)))
                .isEqualTo(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(errorOf(5, syncRequest(1, member))).isEqualTo(ErrorCode.NONE);
        assertThat(errorOf(4, syncRequest(1, member).setProtocolType(null).setProtocolName(null)))
                .isEqualTo(ErrorCode.NONE);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldCarrySubscriptionsThatAreNoneAsTheyAre(long seed) {
        // Given
        Random random = new Random(seed);
        byte[] garbage = new byte[random.nextInt(64)];
        random.nextBytes(garbage);
        String good = fixture.stableGroup(1).get(0);

        // When
        CompletableFuture<JoinGroupResponse> strange =
                fixture.join(JOIN_WITHOUT_ID, joinRequest("").setProtocols(List.of(protocol("range", garbage))));
        JoinGroupResponse leader = fixture.done(fixture.join(good));
        fixture.sync(2, fixture.done(strange).memberId());
        fixture.done(fixture.sync(2, good, good, fixture.done(strange).memberId()));

        // Then
        assertThat(leader.members()).extracting("metadata").contains(garbage);
        assertThat(fixture.describe().groupState()).isEqualTo("Stable");
        assertThat(fixture.heartbeat(2, good)).isEqualTo(ErrorCode.NONE);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldCarryAssignmentsThatAreNoneAsTheyAre(long seed) {
        // Given
        byte[] garbage = new byte[40];
        new Random(seed).nextBytes(garbage);
        String member = fixture.done(fixture.join("")).memberId();

        // When
        SyncGroupResponse sync = fixture.done(fixture.coordinator.syncGroup(
                fixture.from(5), syncRequest(1, member).setAssignments(List.of(assignment(member, garbage)))));

        // Then
        assertThat(sync.assignment()).isEqualTo(garbage);
    }

    @Test
    void shouldRecoverFromAssignmentThatDoesNotFitIntoBatch() {
        // Given
        GroupFixture small = new GroupFixture(
                GroupOptions.DEFAULTS.withInitialRebalanceDelayMs(0), new ShardOptions(4_096, 5_000, 1_024, 100), 1);
        List<String> members = small.stableGroup(2);
        CompletableFuture<JoinGroupResponse> first = small.join(members.get(0));
        small.done(small.join(members.get(1)));
        int generation = small.done(first).generationId();
        CompletableFuture<SyncGroupResponse> follower = small.sync(generation, members.get(1));

        // When
        SyncGroupResponse tooMuch = small.done(small.coordinator.syncGroup(
                small.from(5),
                syncRequest(generation, members.get(0))
                        .setAssignments(List.of(assignment(members.get(0), new byte[5_000])))));

        // Then: everybody hears of it, joins again, and the group goes on
        assertThat(ErrorCode.of(tooMuch.errorCode())).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(ErrorCode.of(small.done(follower).errorCode())).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        CompletableFuture<JoinGroupResponse> again = small.join(members.get(0));
        small.done(small.join(members.get(1)));
        int next = small.done(again).generationId();
        small.done(small.sync(next, members.get(0), members.toArray(String[]::new)));
        assertThat(small.done(small.sync(next, members.get(1))).assignment())
                .isEqualTo(assignmentOf(members.get(1), next));
    }

    @Test
    void shouldRecoverWhenTheMemberWithTooMuchMetadataHasGone() {
        // Given
        GroupFixture small = new GroupFixture(
                GroupOptions.DEFAULTS.withInitialRebalanceDelayMs(0), new ShardOptions(4_096, 5_000, 1_024, 100), 1);
        String good = small.stableGroup(1).get(0);
        CompletableFuture<JoinGroupResponse> big =
                small.join(JOIN_WITHOUT_ID, joinRequest("").setProtocols(List.of(protocol("range", new byte[6_000]))));
        small.done(small.join(good));
        SyncGroupResponse refused = small.done(small.sync(2, good, good));

        // When
        small.leave(small.done(big).memberId());

        // Then
        assertThat(ErrorCode.of(refused.errorCode())).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        int next = small.done(small.join(good)).generationId();
        assertThat(small.done(small.sync(next, good, good)).assignment()).isEqualTo(assignmentOf(good, next));
    }

    @Test
    void shouldNotTellLiveMembersThatTheyAreUnknownWhenRebalancesOverlap() {
        // Given
        List<String> members = new ArrayList<>(fixture.stableGroup(10));
        int generation = 2;

        // When: in each round somebody new arrives while the last rebalance is not synced yet
        for (int round = 0; round < 20; round++) {
            CompletableFuture<JoinGroupResponse> newcomer = fixture.join("");
            for (String member : members) {
                assertThat(fixture.heartbeat(generation, member)).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
            }
            List<CompletableFuture<JoinGroupResponse>> joins =
                    members.stream().map(fixture::join).toList();

            // Then
            generation++;
            for (CompletableFuture<JoinGroupResponse> join : joins) {
                assertThat(fixture.done(join).errorCode()).isZero();
                assertThat(fixture.done(join).generationId()).isEqualTo(generation);
            }
            members.add(fixture.done(newcomer).memberId());
            CompletableFuture<SyncGroupResponse> waiting = fixture.sync(generation, members.get(1));
            fixture.time.advance(SESSION_MS / 2);
            assertThat(waiting).isNotDone();
        }
        assertThat(fixture.describe().members()).hasSize(30);
    }

    @Test
    void shouldKeepMembersAliveThatWaitLongerThanTheirSession() {
        // Given: the leader takes its time before it joins
        List<String> members = fixture.stableGroup(2);
        CompletableFuture<JoinGroupResponse> newcomer = fixture.join("");
        CompletableFuture<JoinGroupResponse> second = fixture.join(members.get(1));
        for (int waitedMs = 0; waitedMs < REBALANCE_MS - SESSION_MS; waitedMs += SESSION_MS / 2) {
            fixture.time.advance(SESSION_MS / 2);
            assertThat(fixture.heartbeat(2, members.get(0))).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        }

        // When
        JoinGroupResponse leader = fixture.done(fixture.join(members.get(0)));

        // Then
        assertThat(leader.members()).hasSize(3);
        assertThat(fixture.done(second).errorCode()).isZero();
        assertThat(fixture.done(newcomer).errorCode()).isZero();
    }

    @Test
    void shouldShowMetadataOnlyOfStableGroups() {
        // Given
        List<String> members = fixture.stableGroup(2);
        DescribedGroup stable = fixture.describe(4);

        // When
        fixture.join("");

        // Then
        DescribedGroup preparing = fixture.describe(4);
        assertThat(stable.protocolData()).isEqualTo("range");
        assertThat(stable.members()).allSatisfy(member -> {
            assertThat(member.memberMetadata()).isEqualTo("range".getBytes());
            assertThat(member.clientHost()).isEqualTo("/in-jvm");
        });
        assertThat(preparing.groupState()).isEqualTo("PreparingRebalance");
        assertThat(preparing.protocolData()).isEmpty();
        assertThat(preparing.members()).hasSize(3).allSatisfy(member -> assertThat(member.memberMetadata())
                .isEmpty());
        assertThat(preparing.members()).extracting("memberId").containsAll(members);
    }

    @Test
    void shouldThrowOutWhoComesLastWhenTheLimitWasLowered() {
        // Given: a group of three, and a coordinator that allows two
        List<String> members = fixture.stableGroup(3);
        GroupFixture lowered = new GroupFixture(
                GroupOptions.DEFAULTS.withInitialRebalanceDelayMs(0).withMaxSize(2));
        lowered.coordinator.onResigned(0);
        fixture.log.records().forEach(lowered.log::put);
        lowered.elect();

        // When
        CompletableFuture<JoinGroupResponse> first = lowered.join(members.get(0));
        CompletableFuture<JoinGroupResponse> second = lowered.join(members.get(1));
        JoinGroupResponse third = lowered.done(lowered.join(members.get(2)));

        // Then
        assertThat(ErrorCode.of(third.errorCode())).isEqualTo(ErrorCode.GROUP_MAX_SIZE_REACHED);
        assertThat(lowered.done(first).errorCode()).isZero();
        assertThat(lowered.done(second).errorCode()).isZero();
    }

    @Test
    void shouldEndTheRebalanceOfAThousandMembers() {
        // Given
        List<String> members = fixture.stableGroup(1_000);

        // When
        List<CompletableFuture<JoinGroupResponse>> joins =
                members.stream().map(fixture::join).toList();
        List<CompletableFuture<SyncGroupResponse>> syncs = new ArrayList<>();
        for (int i = members.size() - 1; i > 0; i--) {
            syncs.add(fixture.sync(3, members.get(i)));
        }
        syncs.add(fixture.sync(3, members.get(0), members.toArray(String[]::new)));

        // Then
        assertThat(joins).allSatisfy(join -> assertThat(fixture.done(join).generationId())
                .isEqualTo(3));
        assertThat(syncs).allSatisfy(sync -> {
            assertThat(fixture.done(sync).errorCode()).isZero();
            assertThat(fixture.done(sync).assignment()).isNotEmpty();
        });
    }

    private static JoinGroupRequestProtocol protocol(String name, byte[] metadata) {
        return new JoinGroupRequestProtocol().setName(name).setMetadata(metadata);
    }

    private static SyncGroupRequestAssignment assignment(String memberId, byte[] bytes) {
        return new SyncGroupRequestAssignment().setMemberId(memberId).setAssignment(bytes);
    }

    private ErrorCode errorOf(int version, SyncGroupRequest request) {
        return ErrorCode.of(fixture.done(fixture.coordinator.syncGroup(fixture.from(version), request))
                .errorCode());
    }
}
