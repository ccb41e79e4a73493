// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.assignor;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Partition indexes of one topic, ascending and distinct, without boxes: groups have thousands of them. Immutable.
 */
public final class PartitionSet {
    public static final PartitionSet EMPTY = new PartitionSet(new int[0]);

    private final int[] indexes;

    private PartitionSet(int[] sortedDistinct) {
        indexes = sortedDistinct;
    }

    /** In any order, repetitions are dropped. */
    public static PartitionSet of(int... indexes) {
        return ofOwned(indexes.clone(), indexes.length);
    }

    /** In any order, repetitions are dropped. */
    public static PartitionSet copyOf(Collection<Integer> indexes) {
        int[] copy = indexes.stream().mapToInt(Integer::intValue).toArray();
        return ofOwned(copy, copy.length);
    }

    /** From {@code first}, {@code size} of them in a row. */
    public static PartitionSet range(int first, int size) {
        int[] row = new int[size];
        for (int i = 0; i < size; i++) {
            row[i] = first + i;
        }
        return size == 0 ? EMPTY : new PartitionSet(row);
    }

    /** Takes the array over and changes it: only its first {@code size} numbers count. */
    static PartitionSet ofOwned(int[] indexes, int size) {
        if (size == 0) {
            return EMPTY;
        }
        if (!isAscending(indexes, size)) {
            Arrays.sort(indexes, 0, size);
        }
        int distinct = 1;
        for (int i = 1; i < size; i++) {
            if (indexes[i] != indexes[distinct - 1]) {
                indexes[distinct++] = indexes[i];
            }
        }
        return new PartitionSet(distinct == indexes.length ? indexes : Arrays.copyOf(indexes, distinct));
    }

    private static boolean isAscending(int[] indexes, int size) {
        for (int i = 1; i < size; i++) {
            if (indexes[i - 1] > indexes[i]) {
                return false;
            }
        }
        return true;
    }

    public int size() {
        return indexes.length;
    }

    public boolean isEmpty() {
        return indexes.length == 0;
    }

    /** The index at a place of the ascending order, from 0. */
    public int get(int place) {
        return indexes[place];
    }

    public boolean contains(int index) {
        return Arrays.binarySearch(indexes, index) >= 0;
    }

    public boolean containsAll(PartitionSet other) {
        return other.minus(this).isEmpty();
    }

    public void forEach(IntConsumer action) {
        for (int index : indexes) {
            action.accept(index);
        }
    }

    public IntStream stream() {
        return Arrays.stream(indexes);
    }

    public int[] toArray() {
        return indexes.clone();
    }

    public PartitionSet plus(PartitionSet other) {
        if (other.isEmpty()) {
            return this;
        }
        if (isEmpty()) {
            return other;
        }
        int[] both = Arrays.copyOf(indexes, indexes.length + other.indexes.length);
        System.arraycopy(other.indexes, 0, both, indexes.length, other.indexes.length);
        return ofOwned(both, both.length);
    }

    /** What is here and not there. */
    public PartitionSet minus(PartitionSet other) {
        return other.isEmpty() ? this : select(other, false);
    }

    /** What is here and there. */
    public PartitionSet intersection(PartitionSet other) {
        return other.isEmpty() ? EMPTY : select(other, true);
    }

    private PartitionSet select(PartitionSet other, boolean present) {
        int[] selected = new int[indexes.length];
        int size = 0;
        int there = 0;
        for (int index : indexes) {
            while (there < other.indexes.length && other.indexes[there] < index) {
                there++;
            }
            boolean isThere = there < other.indexes.length && other.indexes[there] == index;
            if (isThere == present) {
                selected[size++] = index;
            }
        }
        return size == indexes.length ? this : ofOwned(selected, size);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PartitionSet that && Arrays.equals(indexes, that.indexes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(indexes);
    }

    @Override
    public String toString() {
        return Arrays.toString(indexes);
    }
}
