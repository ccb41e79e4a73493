// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.assignor;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.Uuid;
import java.util.HashMap;
import java.util.IntSummaryStatistics;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold for every assignment of every group, on groups that change at random. The seed is in the message. */
class AssignorPropertyTest {
    private static final int SEEDS = 400;
    private static final int STEPS = 12;

    static Stream<Assignor> assignors() {
        return Assignors.all().stream();
    }

    @ParameterizedTest
    @MethodSource("assignors")
    void shouldGiveEachSubscribedPartitionToOneSubscriber(Assignor assignor) {
        for (long seed = 0; seed < SEEDS; seed++) {
            // Given
            RandomGroup group = new RandomGroup(seed);
            for (int step = 0; step < STEPS; step++) {
                // When
                AssignorInput input = group.input();
                Map<String, Assignment> targets = assignor.assign(input);

                // Then
                assertValid(input, targets, assignor.name() + ", seed " + seed + ", step " + step);
                group.onTargets(targets);
                group.change();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("assignors")
    void shouldNotDependOnTheOrderOfMembers(Assignor assignor) {
        LongStream.range(0, SEEDS).forEach(seed -> {
            // Given
            RandomGroup group = new RandomGroup(seed);
            group.onTargets(assignor.assign(group.input()));
            group.change();

            // When
            Map<String, Assignment> one = assignor.assign(group.input());
            Map<String, Assignment> other = assignor.assign(group.shuffled());

            // Then
            assertThat(one).as("seed %d", seed).isEqualTo(other);
        });
    }

    @ParameterizedTest
    @MethodSource("assignors")
    void shouldLeaveEverythingWhereItIsWhenNothingChanged(Assignor assignor) {
        LongStream.range(0, SEEDS).forEach(seed -> {
            // Given
            RandomGroup group = new RandomGroup(seed);
            Map<String, Assignment> before = assignor.assign(group.input());
            group.onTargets(before);

            // When
            Map<String, Assignment> after = assignor.assign(group.input());

            // Then
            assertThat(after).as("seed %d", seed).isEqualTo(before);
        });
    }

    @Test
    void shouldGiveMembersWithEqualSubscriptionsTheSameNumberOrOneMore() {
        for (long seed = 0; seed < SEEDS; seed++) {
            // Given
            RandomGroup group = new RandomGroup(seed);
            for (int step = 0; group.isHomogeneous && step < STEPS; step++) {
                // When
                Map<String, Assignment> targets = new UniformAssignor().assign(group.input());

                // Then
                IntSummaryStatistics loads = targets.values().stream()
                        .mapToInt(Assignment::partitionCount)
                        .summaryStatistics();
                assertThat(loads.getMax() - loads.getMin())
                        .as("seed %d, step %d: %s", seed, step, loads)
                        .isLessThanOrEqualTo(1);
                group.onTargets(targets);
                group.change();
            }
        }
    }

    /** With different subscriptions: nobody could hand a partition to a subscriber that has two fewer. */
    @Test
    void shouldLeaveNoPartitionWithAMemberThatHasTwoMoreThanAnotherSubscriber() {
        for (long seed = 0; seed < SEEDS; seed++) {
            // Given
            RandomGroup group = new RandomGroup(seed);
            for (int step = 0; step < STEPS; step++) {
                // When
                AssignorInput input = group.input();
                Map<String, Assignment> targets = new UniformAssignor().assign(input);

                // Then
                assertLevel(input, targets, "seed " + seed + ", step " + step);
                group.onTargets(targets);
                group.change();
            }
        }
    }

    @Test
    void shouldMoveNoMorePartitionsThanANewMemberGets() {
        for (long seed = 0; seed < SEEDS; seed++) {
            // Given
            RandomGroup group = new RandomGroup(seed);
            group.onTargets(new UniformAssignor().assign(group.input()));
            AssignorInput before = group.input();
            group.addMember();

            // When
            Map<String, Assignment> targets = new UniformAssignor().assign(group.input());

            // Then
            if (group.isHomogeneous) {
                int ofTheNewMember = targets.entrySet().stream()
                        .filter(entry -> before.members().stream()
                                .noneMatch(member -> member.memberId().equals(entry.getKey())))
                        .mapToInt(entry -> entry.getValue().partitionCount())
                        .sum();
                assertThat(taken(before, targets)).as("seed %d", seed).isEqualTo(ofTheNewMember);
            }
        }
    }

    @Test
    void shouldTakeNothingFromAnybodyWhenAMemberLeaves() {
        for (long seed = 0; seed < SEEDS; seed++) {
            // Given
            RandomGroup group = new RandomGroup(seed);
            group.onTargets(new UniformAssignor().assign(group.input()));
            boolean isRemoved = group.removeMember();
            AssignorInput input = group.input();

            // When
            Map<String, Assignment> targets = new UniformAssignor().assign(input);

            // Then
            if (isRemoved && group.isHomogeneous) {
                assertThat(taken(input, targets)).as("seed %d", seed).isZero();
            }
        }
    }

    /** How many partitions members had before and have no longer. */
    private static int taken(AssignorInput before, Map<String, Assignment> after) {
        return before.members().stream()
                .mapToInt(member ->
                        member.target().minus(after.get(member.memberId())).partitionCount())
                .sum();
    }

    private static void assertValid(AssignorInput input, Map<String, Assignment> targets, String what) {
        assertThat(targets.keySet())
                .as(what)
                .containsExactlyInAnyOrderElementsOf(
                        input.members().stream().map(AssignorMember::memberId).toList());
        Map<Uuid, PartitionSet> given = new HashMap<>();
        for (AssignorMember member : input.members()) {
            targets.get(member.memberId()).topics().forEach((topic, partitions) -> {
                assertThat(member.subscribedTopics()).as(what).contains(topic);
                PartitionSet others = given.getOrDefault(topic, PartitionSet.EMPTY);
                assertThat(others.intersection(partitions).isEmpty()).as(what).isTrue();
                given.put(topic, others.plus(partitions));
            });
        }
        for (AssignorTopic topic : input.topics().values()) {
            boolean isSubscribed = input.members().stream()
                    .anyMatch(member -> member.subscribedTopics().contains(topic.id()));
            PartitionSet expected = isSubscribed ? PartitionSet.range(0, topic.partitionCount()) : PartitionSet.EMPTY;
            assertThat(given.getOrDefault(topic.id(), PartitionSet.EMPTY))
                    .as(what)
                    .isEqualTo(expected);
        }
        assertThat(input.topics().keySet()).as(what).containsAll(given.keySet());
    }

    private static void assertLevel(AssignorInput input, Map<String, Assignment> targets, String what) {
        for (AssignorMember owner : input.members()) {
            Assignment owned = targets.get(owner.memberId());
            for (AssignorMember other : input.members()) {
                boolean couldTake = owned.topics().keySet().stream().anyMatch(other.subscribedTopics()::contains);
                int otherLoad = targets.get(other.memberId()).partitionCount();
                if (couldTake) {
                    assertThat(owned.partitionCount()).as(what).isLessThanOrEqualTo(otherLoad + 1);
                }
            }
        }
    }
}
