// SPDX-License-Identifier: Apache-2.0
package io.kaon.exec;

import static io.kaon.common.Checks.require;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A bounded pool of daemon threads of the broker's own ({@link BrokerThread}), started on demand and gone after a minute
 * without work: where owners drain when the calling thread cannot, and (as {@link DiskThreads}) where blocking is allowed.
 */
public class Workers implements Executor, AutoCloseable {
    private static final long IDLE_SECONDS = 60;
    private static final long CLOSE_SECONDS = 30;

    private final ThreadPoolExecutor executor;

    /**
     * @param name prefix of the threads' names
     * @param threads how many at most, at least 1
     */
    public Workers(String name, int threads) {
        require(threads >= 1, "%s needs at least 1 thread, was %s", name, threads);
        AtomicInteger index = new AtomicInteger();
        executor = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(() -> adopted(task), name + "-" + index.getAndIncrement());
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(task);
    }

    /** Waits for the work that was accepted, at most half a minute. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void adopted(Runnable task) {
        BrokerThread.adopt();
        task.run();
    }
}
