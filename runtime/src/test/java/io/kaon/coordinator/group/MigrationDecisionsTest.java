// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static io.kaon.coordinator.group.ConsumerBytes.assignment;
import static io.kaon.coordinator.group.ConsumerBytes.idOf;
import static io.kaon.coordinator.group.ConsumerBytes.subscription;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.coordinator.group.assignor.PartitionSet;
import io.kaon.coordinator.group.consumer.ConsumerGroup;
import io.kaon.coordinator.group.consumer.ConsumerGroups;
import io.kaon.coordinator.group.consumer.CurrentAssignment;
import io.kaon.coordinator.group.consumer.MemberProfile;
import io.kaon.coordinator.group.consumer.MemberState;
import io.kaon.coordinator.group.consumer.ModernGroupRecord;
import io.kaon.metadata.ClusterImage;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a group that goes from one protocol to the other: plain decisions, nothing is written. */
final class MigrationDecisionsTest {
    private static final String GROUP = "group";
    private static final int GENERATION = 5;
    private static final long NOW_MS = 1_000;

    private final ClusterImage image = ConsumerBytes.image(2, 6);

    @Test
    void shouldMakeGenerationTheEpochAndAssignmentsBothTargetAndPossession() {
        // Given
        ClassicGroup classic = group(
                member("a", "", subscription("topic-0", "topic-1"), assignment(List.of(0, 1))),
                member("b", "seat", subscription("topic-0"), assignment(List.of(2))));

        // When
        ConsumerGroup modern = upgraded(classic);

        // Then
        assertThat(modern.epoch()).isEqualTo(GENERATION);
        assertThat(modern.targetEpoch()).isEqualTo(GENERATION);
        assertThat(modern.members()).containsOnlyKeys("a", "b");
        MemberProfile a = modern.member("a").orElseThrow();
        assertThat(a.subscription().names()).containsExactly("topic-0", "topic-1");
        assertThat(a.classic().orElseThrow().sessionTimeoutMs()).isEqualTo(10_000);
        assertThat(a.classic().orElseThrow().protocols()).extracting("name").containsExactly("range");
        assertThat(a.rebalanceTimeoutMs()).isEqualTo(60_000);
        assertThat(modern.staticMember("seat").orElseThrow().memberId()).isEqualTo("b");
        CurrentAssignment current = modern.current("a");
        assertThat(current.state()).isEqualTo(MemberState.STABLE);
        assertThat(current.memberEpoch()).isEqualTo(GENERATION);
        assertThat(modern.ownerEpoch(idOf(0), 1)).isEqualTo(GENERATION);
        assertThat(modern.ownerEpoch(idOf(0), 3)).isEqualTo(ConsumerGroup.NOT_OWNED);
        assertThat(modern.target("b").partitions(idOf(0))).isEqualTo(PartitionSet.of(2));
    }

    @Test
    void shouldTakeMembersThatHaveNeverBeenAssignedAnything() {
        // Given
        ClassicGroup classic = group(member("a", "", subscription("topic-0"), ClassicMember.NO_ASSIGNMENT));

        // When
        ConsumerGroup modern = upgraded(classic);

        // Then
        assertThat(modern.target("a").isEmpty()).isTrue();
        assertThat(modern.current("a").assigned().isEmpty()).isTrue();
    }

    @Test
    void shouldRememberWhatMembersMayStillOwnWhenTheirAssignmentWasTakenBack() {
        // Given: a rebalance has begun while the leader assigned; a cooperative member goes on with what it had
        ClassicMember a = member("a", "", subscription("topic-0"), assignment(List.of(0, 1)));
        a.unassign();

        // When
        ConsumerGroup modern = upgraded(group(a));

        // Then
        assertThat(modern.ownerEpoch(idOf(0), 0)).isEqualTo(GENERATION);
    }

    @Test
    void shouldLeaveOutTopicsThatDoNotExist() {
        // Given
        ClassicGroup classic = group(member("a", "", subscription("topic-9", "topic-0"), assignment(List.of(0))));

        // When
        Upgrades.Outcome outcome = Upgrades.decide(classic, ConsumerBytes.image(0, 0));

        // Then
        ConsumerGroup modern = replayed((Upgrades.Possible) outcome);
        assertThat(modern.target("a").isEmpty()).isTrue();
        assertThat(modern.member("a").orElseThrow().subscription().names()).containsExactly("topic-0", "topic-9");
    }

    @Test
    void shouldRefuseOtherProtocolTypes() {
        // Given
        ClassicGroup classic = new ClassicGroup(GROUP, NOW_MS);
        classic.add(member("a", "", subscription("topic-0"), ClassicMember.NO_ASSIGNMENT), "connect");

        // Then
        assertThat(Upgrades.decide(classic, image)).isInstanceOf(Upgrades.Refused.class);
    }

    @Test
    void shouldRefuseWhatWouldBeLostOrIsOwnedTwice() {
        // Given
        ClassicGroup withUserData =
                group(member("a", "", subscription("topic-0"), assignment(List.of(0), new byte[] {1})));
        ClassicGroup ownedTwice = group(
                member("a", "", subscription("topic-0"), assignment(List.of(0))),
                member("b", "", subscription("topic-0"), assignment(List.of(0))));

        // Then
        assertThat(Upgrades.decide(withUserData, image)).isInstanceOf(Upgrades.Refused.class);
        assertThat(Upgrades.decide(ownedTwice, image)).isInstanceOf(Upgrades.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void shouldRefuseBytesThatCannotBeReadWhereverTheyAreCutOrChanged(long seed) {
        // Given
        Random random = new Random(seed);
        byte[] metadata = subscription(List.of(1, 2), "topic-0", "topic-1");
        for (int cut = 0; cut < metadata.length; cut++) {
            byte[] shorter = Arrays.copyOf(metadata, cut);
            assertThat(Upgrades.decide(group(member("a", "", shorter, new byte[0])), image))
                    .as("cut at %s", cut)
                    .isInstanceOf(Upgrades.Refused.class);
        }

        // Then: a flipped bit is refused, or read as something else, and never an exception
        for (int i = 0; i < 200; i++) {
            byte[] flipped = metadata.clone();
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
            byte[] given = assignment(List.of(0, 1, 2));
            given[random.nextInt(given.length)] ^= (byte) (1 << random.nextInt(8));
            assertThat(Upgrades.decide(group(member("a", "", flipped, given)), image))
                    .isNotNull();
        }
    }

    @Test
    void shouldGiveEverybodyItsTargetWhenTheGroupGoesBack() {
        // Given
        ConsumerGroup modern = upgraded(group(
                member("a", "", subscription("topic-0"), assignment(List.of(0, 1))),
                member("b", "seat", subscription("topic-0"), assignment(List.of(2)))));

        // When
        ClassicGroup classic = Downgrades.decide(modern, image, NOW_MS).orElseThrow();

        // Then
        assertThat(classic.generation()).isEqualTo(GENERATION);
        assertThat(classic.protocol()).isEqualTo("range");
        assertThat(classic.protocolType()).isEqualTo("consumer");
        assertThat(classic.phase()).isInstanceOf(GroupPhase.Stable.class);
        assertThat(classic.isLeader("a")).isTrue();
        assertThat(classic.roster().idOfInstance("seat")).contains("b");
        assertThat(ConsumerBytes.partitions(
                        classic.roster().find("a").orElseThrow().assignment()))
                .containsExactly(0, 1);
        assertThat(classic.roster().find("b").orElseThrow().timeouts()).isEqualTo(new MemberTimeouts(60_000, 10_000));
    }

    @Test
    void shouldNotGoBackWhileSomebodySpeaksTheNewProtocolOrWhenNobodyIsLeft() {
        // Given
        ConsumerGroups groups = new ConsumerGroups();
        Upgrades.Possible possible = (Upgrades.Possible)
                Upgrades.decide(group(member("a", "", subscription("topic-0"), assignment(List.of(0)))), image);
        possible.records().forEach(groups::replay);
        groups.replay(new ModernGroupRecord.MemberStored(
                GROUP,
                new MemberProfile(
                        "new",
                        "",
                        "",
                        new MemberProfile.Client("client", "/host"),
                        new MemberProfile.Subscription(new TreeSet<>(List.of("topic-0")), ""),
                        60_000,
                        "",
                        Optional.empty())));
        ConsumerGroup modern = groups.find(GROUP).orElseThrow();

        // Then
        assertThat(Downgrades.decide(modern, image, NOW_MS)).isEmpty();
        groups.replay(new ModernGroupRecord.MemberRemoved(GROUP, "a"));
        assertThat(Downgrades.decide(modern, image, NOW_MS)).isEmpty();
        groups.replay(new ModernGroupRecord.MemberRemoved(GROUP, "new"));
        assertThat(Downgrades.decide(modern, image, NOW_MS)).isEmpty();
    }

    private ConsumerGroup upgraded(ClassicGroup classic) {
        return replayed((Upgrades.Possible) Upgrades.decide(classic, image));
    }

    private static ConsumerGroup replayed(Upgrades.Possible possible) {
        ConsumerGroups groups = new ConsumerGroups();
        possible.records().forEach(groups::replay);
        return groups.find(GROUP).orElseThrow();
    }

    private static ClassicGroup group(ClassicMember... members) {
        return ClassicGroup.formed(GROUP, GENERATION, List.of(members), NOW_MS);
    }

    private static ClassicMember member(String memberId, String instanceId, byte[] metadata, byte[] assignment) {
        ClassicMember member = new ClassicMember(
                memberId,
                instanceId,
                new ClientIdentity("client", "/host"),
                new MemberTimeouts(60_000, 10_000),
                List.of(new MemberProtocol("range", metadata)));
        member.assign(assignment);
        return member;
    }
}
