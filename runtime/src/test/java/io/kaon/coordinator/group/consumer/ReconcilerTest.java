// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.Uuid;
import io.kaon.coordinator.group.assignor.Assignment;
import io.kaon.coordinator.group.assignor.PartitionSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The steps of a member, each from what it owns, is meant to own, says it owns, and what others own. */
class ReconcilerTest {
    private static final Uuid TOPIC = new Uuid(0, 1);
    private static final Optional<Assignment> SILENT = Optional.empty();

    private Set<Integer> others = Set.of();
    private Predicate<Uuid> subscribed = topic -> true;

    @Test
    void shouldTakeWhatIsFree() {
        assertThat(step(stable(1, 0), 2, says(0), 0, 1))
                .isEqualTo(member(2, 1, MemberState.STABLE, at(1, 0), at(2, 1)));
    }

    @Test
    void shouldWaitForWhatOthersHave() {
        // Given
        others = Set.of(1);

        // Then
        assertThat(step(stable(1, 0), 2, SILENT, 0, 1))
                .isEqualTo(member(2, 1, MemberState.UNRELEASED_PARTITIONS, at(1, 0)));
    }

    @Test
    void shouldGiveUpFirstAndStayInItsEpoch() {
        assertThat(step(stable(1, 0, 1), 2, says(0, 1), 0, 2))
                .isEqualTo(new CurrentAssignment(1, 1, MemberState.UNREVOKED_PARTITIONS, at(1, 0), at(1, 1)));
    }

    @Test
    void shouldTakeNothingNewWhileItDoesNotSayThatItGaveUp() {
        // Given
        CurrentAssignment before = new CurrentAssignment(1, 1, MemberState.UNREVOKED_PARTITIONS, at(1, 0), at(1, 1));

        // Then
        assertThat(step(before, 2, SILENT, 0, 2)).isSameAs(before);
        assertThat(step(before, 2, says(0, 1), 0, 2)).isSameAs(before);
        assertThat(step(before, 2, says(0), 0, 2)).isEqualTo(member(2, 1, MemberState.STABLE, at(1, 0), at(2, 2)));
    }

    @Test
    void shouldTakeBackWhatItHasJustGivenUp() {
        // Given
        others = Set.of(1);
        CurrentAssignment before = new CurrentAssignment(1, 1, MemberState.UNREVOKED_PARTITIONS, at(1, 0), at(1, 1));

        // Then
        assertThat(step(before, 3, says(0), 0, 1)).isEqualTo(member(3, 1, MemberState.STABLE, at(1, 0), at(3, 1)));
    }

    @Test
    void shouldGiveUpWhatItDoesNotWantAnyMoreWithoutWaitingForATarget() {
        // Given
        subscribed = topic -> false;
        CurrentAssignment before = stable(2, 0);

        // Then
        assertThat(next(before, 2, says(0), true, 0))
                .isEqualTo(
                        new CurrentAssignment(2, 2, MemberState.UNREVOKED_PARTITIONS, PartitionEpochs.EMPTY, at(2, 0)));
        assertThat(next(before, 2, says(), true, 0)).isEqualTo(member(2, 2, MemberState.STABLE));
        assertThat(next(before, 2, says(0), false, 0)).isSameAs(before);
    }

    @Test
    void shouldStayWhereItIsWhenAllIsDone() {
        // Given
        CurrentAssignment before = stable(2, 0);

        // Then
        assertThat(step(before, 2, SILENT, 0)).isSameAs(before);
        assertThat(Reconciler.isReconciled(before, 2)).isTrue();
        assertThat(Reconciler.isReconciled(before, 3)).isFalse();
    }

    @Test
    void shouldGoOnFromAStateOfANewerCoordinator() {
        // Given
        CurrentAssignment before =
                new CurrentAssignment(1, 0, MemberState.UNKNOWN, PartitionEpochs.EMPTY, PartitionEpochs.EMPTY);

        // Then
        assertThat(step(before, 2, says(), 0)).isEqualTo(member(2, 1, MemberState.STABLE, at(2, 0)));
    }

    private CurrentAssignment step(CurrentAssignment before, int epoch, Optional<Assignment> owned, int... target) {
        return next(before, epoch, owned, false, target);
    }

    private CurrentAssignment next(
            CurrentAssignment before, int epoch, Optional<Assignment> owned, boolean changed, int... target) {
        Reconciler.Owners owners = (topic, partition) ->
                others.contains(partition) || before.assigned().contains(topic, partition)
                        ? 1
                        : ConsumerGroup.NOT_OWNED;
        return new Reconciler(
                        new Reconciler.Target(epoch, new Assignment(Map.of(TOPIC, PartitionSet.of(target)))),
                        owners,
                        subscribed,
                        owned)
                .next(before, changed);
    }

    private static CurrentAssignment stable(int epoch, int... partitions) {
        return member(epoch, epoch - 1, MemberState.STABLE, at(epoch, partitions));
    }

    private static CurrentAssignment member(int epoch, int before, MemberState state, PartitionEpochs... assigned) {
        PartitionEpochs.Builder all = new PartitionEpochs.Builder();
        for (PartitionEpochs some : assigned) {
            all.addAll(some);
        }
        return new CurrentAssignment(epoch, before, state, all.build(), PartitionEpochs.EMPTY);
    }

    private static PartitionEpochs at(int epoch, int... partitions) {
        PartitionEpochs.Builder builder = new PartitionEpochs.Builder();
        for (int partition : partitions) {
            builder.add(TOPIC, partition, epoch);
        }
        return builder.build();
    }

    private static Optional<Assignment> says(int... partitions) {
        return Optional.of(new Assignment(Map.of(TOPIC, PartitionSet.of(partitions))));
    }
}
