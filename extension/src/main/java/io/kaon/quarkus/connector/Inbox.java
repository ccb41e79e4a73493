// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Hands records over to a producer's thread, in their order: one wake-up for all that has come meanwhile. Any thread may
 * {@link #add}; the other methods are for the producer's thread.
 */
final class Inbox {
    /** So that answers are not kept waiting by those who never stop sending. */
    private static final int SLICE = 1024;

    /** Something to be done on the producer's thread. */
    interface Parcel {
        /** Does it, or says that there is no room now: then it is tried again, and nothing overtakes it. */
        boolean enter();

        /** It will never be done. */
        void refuse(RuntimeException reason);
    }

    private final Executor owner;
    private final Queue<Parcel> parcels = new ConcurrentLinkedQueue<>();
    private final Deque<Parcel> first = new ArrayDeque<>();
    private final AtomicBoolean isScheduled = new AtomicBoolean();
    private boolean isStalled;

    Inbox(Executor owner) {
        this.owner = owner;
    }

    void add(Parcel parcel) {
        parcels.add(parcel);
        schedule();
    }

    /** These go before all that wait. */
    void addFirst(Collection<Parcel> returned) {
        first.addAll(returned);
        drain();
    }

    /** There may be room again. */
    void resume() {
        if (isStalled) {
            isStalled = false;
            schedule();
        }
    }

    /** Refuses what waits. */
    void refuseAll(RuntimeException reason) {
        for (Parcel parcel = next(); parcel != null; parcel = next()) {
            remove();
            parcel.refuse(reason);
        }
    }

    private void schedule() {
        if (isScheduled.get() || !isScheduled.compareAndSet(false, true)) {
            return;
        }
        try {
            owner.execute(this::drain);
        } catch (RejectedExecutionException closed) {
            // The owner is gone: whoever comes late is told here.
            Parcel late = parcels.poll();
            while (late != null) {
                late.refuse(new IllegalStateException("The producer is closed"));
                late = parcels.poll();
            }
            isScheduled.set(false);
        }
    }

    private void drain() {
        isScheduled.set(false);
        for (int count = 0; count < SLICE; count++) {
            Parcel parcel = next();
            if (parcel == null) {
                return;
            }
            if (!parcel.enter()) {
                isStalled = true;
                return;
            }
            remove();
        }
        schedule();
    }

    private Parcel next() {
        Parcel parcel = first.peek();
        return parcel == null ? parcels.peek() : parcel;
    }

    private void remove() {
        if (first.poll() == null) {
            parcels.poll();
        }
    }
}
