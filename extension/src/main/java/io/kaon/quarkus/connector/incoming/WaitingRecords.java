// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * What has been polled and waits until the application asks for it: records, or whole polls of them. The thread that
 * polls adds and removes, one other thread at a time takes. Who polls keeps it from growing.
 */
final class WaitingRecords<T> {
    private final ConcurrentLinkedQueue<T> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();

    void add(T item) {
        size.getAndIncrement(); // Before it can be taken, so that the size is never negative.
        queue.add(item);
    }

    /** The oldest one; null if there is none, because it is asked for every record. */
    T take() {
        T item = queue.poll();
        if (item != null) {
            size.getAndDecrement();
        }
        return item;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    int size() {
        return size.get();
    }

    /** Takes out what nobody is to get any more, and says how many that were. */
    int removeIf(Predicate<T> isUnwanted) {
        int[] removed = {0};
        queue.removeIf(item -> {
            boolean isRemoved = isUnwanted.test(item);
            if (isRemoved) {
                removed[0]++;
            }
            return isRemoved;
        });
        size.getAndAdd(-removed[0]);
        return removed[0];
    }
}
