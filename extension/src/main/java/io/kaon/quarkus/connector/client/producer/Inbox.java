// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Hands records over to a producer's thread, in their order: one wake-up for all that has come meanwhile. Any thread may
 * {@link #add}; the other methods are for the producer's thread, whose last step is {@link #close}.
 */
final class Inbox {
    private static final Logger LOG = Logger.getLogger(Inbox.class);
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
    private volatile boolean isClosed;
    private boolean isStalled;

    Inbox(Executor owner) {
        this.owner = owner;
    }

    void add(Parcel parcel) {
        parcels.add(parcel);
        if (isClosed) {
            refuse(parcels, closed()); // Nobody else would.
        } else {
            schedule();
        }
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
        refuse(first, reason);
        refuse(parcels, reason);
    }

    /** Refuses what waits and what still comes. */
    void close(RuntimeException reason) {
        isClosed = true;
        refuseAll(reason);
    }

    private static IllegalStateException closed() {
        return new IllegalStateException("The producer is closed");
    }

    private static void refuse(Queue<Parcel> from, RuntimeException reason) {
        for (Parcel parcel = from.poll(); parcel != null; parcel = from.poll()) {
            refuse(parcel, reason);
        }
    }

    /** What the application does about it must not keep the others waiting. */
    private static void refuse(Parcel parcel, RuntimeException reason) {
        try {
            parcel.refuse(reason);
        } catch (RuntimeException | Error failure) {
            LOG.errorf(failure, "A record was refused, and its sender failed when it was told: %s", reason);
        }
    }

    private void schedule() {
        if (isScheduled.get() || !isScheduled.compareAndSet(false, true)) {
            return;
        }
        try {
            owner.execute(this::drain);
        } catch (RejectedExecutionException shutDown) {
            LOG.debug("The producer is closed, what has come is refused with its last step");
        }
    }

    private void drain() {
        isScheduled.set(false);
        for (int count = 0; count < SLICE && !isClosed; count++) {
            Parcel parcel = next();
            if (parcel == null) {
                return;
            }
            if (!enter(parcel)) {
                isStalled = true;
                return;
            }
            remove();
        }
        schedule();
    }

    private static boolean enter(Parcel parcel) {
        try {
            return parcel.enter();
        } catch (RuntimeException | Error failure) {
            LOG.error("A record could not be handed over", failure);
            return true; // Tried again it would fail again, and hold all others up.
        }
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
