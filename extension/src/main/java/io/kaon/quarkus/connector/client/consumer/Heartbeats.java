// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import io.kaon.quarkus.connector.client.Deadline;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * The rhythm of one member's heartbeats. Members hear of newcomers by their heartbeats, and where one comes, others do:
 * for a while after each change the heartbeats, which cost no more than a call, follow each other closely. Then they
 * keep their interval. Owned by the timer's one thread; any thread may call.
 */
final class Heartbeats {
    private static final int HURRIED_MS = 25;
    private static final long HURRY_MS = 5_000;

    private final ScheduledExecutorService timer;
    private final Runnable beat;
    private final IntSupplier intervalMs;
    private Deadline calm = Deadline.inMs(HURRY_MS);
    private ScheduledFuture<?> next;
    private volatile boolean isStopped;

    /** @param intervalMs as it stands */
    Heartbeats(ScheduledExecutorService timer, Runnable beat, IntSupplier intervalMs) {
        this.timer = timer;
        this.beat = beat;
        this.intervalMs = intervalMs;
    }

    /** Begins, or begins anew: the group has changed. */
    void hurry() {
        onTimer(() -> {
            calm = Deadline.inMs(HURRY_MS);
            if (next != null) {
                next.cancel(false);
            }
            schedule();
        });
    }

    void stop() {
        isStopped = true;
        onTimer(() -> {
            if (next != null) {
                next.cancel(false);
            }
        });
    }

    private void onTimer(Runnable task) {
        if (!timer.isShutdown()) {
            timer.execute(task);
        }
    }

    private void schedule() {
        if (!isStopped && !timer.isShutdown()) {
            int delayMs = calm.hasPassed() ? intervalMs.getAsInt() : Math.min(HURRIED_MS, intervalMs.getAsInt());
            next = timer.schedule(this::run, delayMs, TimeUnit.MILLISECONDS);
        }
    }

    private void run() {
        if (!isStopped) {
            try {
                beat.run();
            } finally {
                schedule();
            }
        }
    }
}
