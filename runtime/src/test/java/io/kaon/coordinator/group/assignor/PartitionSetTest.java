// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.assignor;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.Uuid;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PartitionSetTest {
    private static final long SEED = 7;

    @Test
    void shouldCalculateLikeASet() {
        Random random = new Random(SEED);
        for (int run = 0; run < 2_000; run++) {
            // Given
            Set<Integer> one = some(random);
            Set<Integer> other = some(random);
            PartitionSet ones = PartitionSet.copyOf(one);
            PartitionSet others = PartitionSet.copyOf(other);

            // When
            PartitionSet sum = ones.plus(others);
            PartitionSet rest = ones.minus(others);
            PartitionSet common = ones.intersection(others);

            // Then
            assertThat(boxed(sum)).isEqualTo(union(one, other));
            assertThat(boxed(rest)).isEqualTo(without(one, other));
            assertThat(boxed(common)).isEqualTo(without(one, without(one, other)));
            assertThat(ones.containsAll(others)).isEqualTo(one.containsAll(other));
            assertThat(sum.minus(rest).plus(rest)).isEqualTo(sum).hasSameHashCodeAs(sum);
        }
    }

    @Test
    void shouldSortAndDropRepetitions() {
        // When
        PartitionSet set = PartitionSet.of(3, 1, 3, 2, 1);

        // Then
        assertThat(set.toArray()).containsExactly(1, 2, 3);
        assertThat(set.contains(2)).isTrue();
        assertThat(set.contains(4)).isFalse();
        assertThat(set).hasToString("[1, 2, 3]");
    }

    @Test
    void shouldHaveNoTopicsWithoutPartitions() {
        // Given
        Uuid topic = new Uuid(1, 1);
        Assignment one = new Assignment(Map.of(topic, PartitionSet.of(0, 1)));

        // When
        Assignment nothing = one.minus(new Assignment(Map.of(topic, PartitionSet.of(0, 1, 2))));

        // Then
        assertThat(nothing).isEqualTo(Assignment.EMPTY);
        assertThat(one.plus(nothing)).isEqualTo(one);
        assertThat(one.intersection(one)).isEqualTo(one);
        assertThat(one.contains(topic, 1)).isTrue();
        assertThat(one.partitionCount()).isEqualTo(2);
    }

    private static Set<Integer> some(Random random) {
        return random.ints(random.nextInt(8), 0, 10).boxed().collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<Integer> boxed(PartitionSet set) {
        return set.stream().boxed().collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<Integer> union(Set<Integer> one, Set<Integer> other) {
        Set<Integer> all = new TreeSet<>(one);
        all.addAll(other);
        return all;
    }

    private static Set<Integer> without(Set<Integer> one, Set<Integer> other) {
        Set<Integer> rest = new TreeSet<>(one);
        rest.removeAll(other);
        return rest;
    }
}
