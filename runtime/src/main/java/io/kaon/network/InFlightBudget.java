// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The bytes that all connections together have received and not answered yet, unfinished frames included. Any thread.
 *
 * <p>What has been read is charged in any case; a connection that then finds the budget exhausted stops reading and
 * asks to be woken, so that the overshoot is one read per connection. One connection at a time, the elder, may finish
 * its frame even so: otherwise unfinished frames could wait for each other.
 */
final class InFlightBudget {
    private static final int WAKE_AT_ONCE = 16;

    private final long limit;
    private final AtomicLong used = new AtomicLong();
    private final AtomicReference<Object> elder = new AtomicReference<>();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    InFlightBudget(long limit) {
        this.limit = limit;
    }

    /** Counts bytes that are there, or gives them back when negative. */
    void charge(long bytes) {
        used.addAndGet(bytes);
        if (bytes < 0) {
            wake(WAKE_AT_ONCE);
        }
    }

    boolean isExhausted() {
        return used.get() >= limit;
    }

    long used() {
        return used.get();
    }

    /** Answers whether the candidate is, or just became, the one that may finish its frame. */
    boolean isElder(Object candidate) {
        return elder.get() == candidate || elder.compareAndSet(null, candidate);
    }

    /** The candidate's frame is complete or given up. */
    void resign(Object candidate) {
        if (elder.get() == candidate && elder.compareAndSet(candidate, null)) {
            for (int left = waiting.size(); left > 0; left--) {
                Runnable next = waiting.poll();
                if (next == null) {
                    return;
                }
                next.run();
            }
        }
    }

    /**
     * Asks for a call once there is room again; it may come on any thread, at once, and in vain. Whoever was
     * called calls {@link #passOn} when it has started to read.
     */
    void awaitRoom(Runnable onRoom) {
        waiting.add(onRoom);
        passOn();
    }

    /** Wakes the next one if there is still room. */
    void passOn() {
        wake(1);
    }

    private void wake(int count) {
        for (int i = 0; i < count && !isExhausted(); i++) {
            Runnable next = waiting.poll();
            if (next == null) {
                return;
            }
            next.run();
        }
    }
}
