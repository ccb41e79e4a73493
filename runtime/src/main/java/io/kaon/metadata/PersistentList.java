// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata;

import static io.kaon.common.Checks.require;

import java.util.AbstractList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/** An immutable list, one element of which can be replaced or added in O(log n). Any thread. */
final class PersistentList<T> extends AbstractList<T> {
    private final PersistentMap<Integer, T> elements;

    private PersistentList(PersistentMap<Integer, T> elements) {
        this.elements = elements;
    }

    static <T> PersistentList<T> copyOf(List<T> source) {
        if (source instanceof PersistentList<T> same) {
            return same;
        }
        PersistentMap<Integer, T> elements = PersistentMap.empty();
        for (T element : source) {
            elements = elements.with(elements.size(), element);
        }
        return new PersistentList<>(elements);
    }

    /** This list with another element at that index, which may be the one after the last. */
    PersistentList<T> with(int index, T element) {
        require(index >= 0 && index <= size(), "index %s of a list of %s", index, size());
        return new PersistentList<>(elements.with(index, element));
    }

    @Override
    public T get(int index) {
        Objects.checkIndex(index, size());
        return elements.get(index);
    }

    @Override
    public Iterator<T> iterator() {
        return elements.values().iterator();
    }

    @Override
    public int size() {
        return elements.size();
    }
}
