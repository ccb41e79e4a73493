// SPDX-License-Identifier: Apache-2.0
package io.kaon.sim;

import io.kaon.exec.Cancellable;
import io.kaon.exec.Clock;
import io.kaon.exec.Scheduler;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Clock and scheduler of a test: time stands still until {@link #advance}, which runs what becomes due, in order. One thread. */
public final class VirtualTime implements Clock, Scheduler {
    private static final long NS_PER_MS = 1_000_000;

    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::dueMs).thenComparingLong(Timer::order));
    private long nowMs;
    private long scheduled;

    /** Starts at a wall time in milliseconds. */
    public VirtualTime(long startMs) {
        nowMs = startMs;
    }

    @Override
    public long wallMs() {
        return nowMs;
    }

    @Override
    public long nanos() {
        return nowMs * NS_PER_MS;
    }

    @Override
    public Cancellable schedule(long delayMs, Runnable task) {
        Timer timer = new Timer(nowMs + Math.max(0, delayMs), scheduled++, task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    /** Moves time on by {@code ms}, running each timer at its own moment, also those that timers set. */
    public void advance(long ms) {
        long end = nowMs + ms;
        while (!timers.isEmpty() && timers.peek().dueMs() <= end) {
            Timer timer = timers.poll();
            nowMs = Math.max(nowMs, timer.dueMs());
            timer.task().run();
        }
        nowMs = end;
    }

    /** How many timers wait. */
    public int waiting() {
        return timers.size();
    }

    private record Timer(long dueMs, long order, Runnable task) {}
}
