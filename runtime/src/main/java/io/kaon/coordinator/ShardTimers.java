// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import io.kaon.exec.Cancellable;
import io.kaon.exec.Clock;
import io.kaon.exec.Scheduler;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * The timers of a shard, by name (anything with equality): setting a name again replaces its timer. Owned by the
 * shard's owner, in which the tasks run too. A deadline that only moves out (a heartbeat does that every few seconds)
 * costs no call of the scheduler: the timer that is set already looks again when it fires.
 */
public final class ShardTimers {
    private static final long NS_PER_MS = 1_000_000;

    private final Scheduler scheduler;
    private final Clock clock;
    private final Executor turns;
    private final Map<Object, Entry> entries = new HashMap<>();
    private boolean closed;

    /** @param turns runs what may write inside the shard's owner */
    ShardTimers(Scheduler scheduler, Clock clock, Executor turns) {
        this.scheduler = scheduler;
        this.clock = clock;
        this.turns = turns;
    }

    /** Runs the task in {@code delayMs}, unless it is cancelled or replaced before. */
    public void schedule(Object name, long delayMs, Runnable task) {
        if (closed) {
            return;
        }
        long deadlineMs = nowMs() + Math.max(0, delayMs);
        Entry entry = entries.computeIfAbsent(name, Entry::new);
        entry.task = task;
        entry.deadlineMs = deadlineMs;
        if (entry.wake == null || deadlineMs < entry.wakeMs) {
            entry.sleep();
        }
    }

    public void cancel(Object name) {
        Entry entry = entries.remove(name);
        if (entry != null) {
            entry.wake.cancel();
        }
    }

    /** Runs, inside the shard's owner, what may write: after a hop from elsewhere, or after this task. Any thread. */
    public void runInTurn(Runnable task) {
        turns.execute(task);
    }

    public boolean isScheduled(Object name) {
        return entries.containsKey(name);
    }

    /** How many timers are set. */
    public int count() {
        return entries.size();
    }

    void close() {
        closed = true;
        entries.values().forEach(entry -> entry.wake.cancel());
        entries.clear();
    }

    private long nowMs() {
        return clock.nanos() / NS_PER_MS;
    }

    private void fire(Entry entry) {
        if (entries.get(entry.name) != entry) {
            return;
        }
        if (nowMs() < entry.deadlineMs) {
            entry.sleep();
        } else {
            entries.remove(entry.name);
            entry.wake.cancel();
            entry.task.run();
        }
    }

    private final class Entry {
        private final Object name;
        private Runnable task;
        private long deadlineMs;
        private long wakeMs;
        private Cancellable wake;

        Entry(Object name) {
            this.name = name;
        }

        void sleep() {
            if (wake != null) {
                wake.cancel();
            }
            wakeMs = deadlineMs;
            wake = scheduler.schedule(deadlineMs - nowMs(), () -> turns.execute(() -> fire(this)));
        }
    }
}
