// SPDX-License-Identifier: Apache-2.0
package io.kaon.exec;

import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The real {@link Scheduler}: one daemon thread that only passes tasks on. It is no {@link BrokerThread}, so that a task
 * for an owner runs on the workers and never delays the other timers.
 */
public final class TimerThread implements Scheduler, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(TimerThread.class);
    private final ScheduledThreadPoolExecutor executor;

    public TimerThread(String name) {
        executor = new ScheduledThreadPoolExecutor(1, task -> daemon(task, name));
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public Cancellable schedule(long delayMs, Runnable task) {
        try {
            Future<?> future = executor.schedule(() -> guarded(task), Math.max(0, delayMs), TimeUnit.MILLISECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException closing) {
            LOG.debug("A timer was set while the broker closes: it will not run", closing);
            return () -> {};
        }
    }

    /** Drops the tasks that are not due yet. */
    @Override
    public void close() {
        executor.shutdown();
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException failure) {
            LOG.error("A timer task failed", failure);
        }
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
