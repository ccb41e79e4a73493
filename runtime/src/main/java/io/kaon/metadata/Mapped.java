// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata;

import java.util.Iterator;
import java.util.function.Function;

/** An iterator over something that is made from each element of another one. */
final class Mapped<S, T> implements Iterator<T> {
    private final Iterator<S> source;
    private final Function<S, T> mapping;

    Mapped(Iterator<S> source, Function<S, T> mapping) {
        this.source = source;
        this.mapping = mapping;
    }

    @Override
    public boolean hasNext() {
        return source.hasNext();
    }

    @Override
    public T next() {
        return mapping.apply(source.next());
    }
}
