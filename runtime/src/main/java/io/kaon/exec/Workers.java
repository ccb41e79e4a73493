// SPDX-License-Identifier: Apache-2.0
package io.kaon.exec;

import static io.kaon.common.Checks.require;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * A bounded pool of daemon threads of the broker's own ({@link BrokerThread}), started on demand and gone after a minute
 * without work: where owners drain when the calling thread cannot, and (as {@link DiskThreads}) where blocking is allowed.
 */
public class Workers implements Executor, AutoCloseable {
    private static final long IDLE_SECONDS = 60;
    private static final long CLOSE_SECONDS = 30;

    private final int threads;
    private final LongAdder busyNs = new LongAdder();
    private final ThreadPoolExecutor executor;

    /**
     * @param name prefix of the threads' names
     * @param threads how many at most, at least 1
     */
    public Workers(String name, int threads) {
        require(threads >= 1, "%s needs at least 1 thread, was %s", name, threads);
        this.threads = threads;
        executor = new Pool(name, threads);
        executor.allowCoreThreadTimeOut(true);
    }

    /** How many threads there may be. */
    public int threads() {
        return threads;
    }

    /** For how long all of them together have been busy, with tasks that are done. */
    public long busyNs() {
        return busyNs.sum();
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

    /** Times its tasks. */
    private final class Pool extends ThreadPoolExecutor {
        Pool(String name, int threads) {
            super(threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new Named(name));
        }

        @Override
        protected void beforeExecute(Thread thread, Runnable task) {
            ((Worker) thread).startedNs = System.nanoTime();
        }

        @Override
        protected void afterExecute(Runnable task, Throwable failure) {
            busyNs.add(System.nanoTime() - ((Worker) Thread.currentThread()).startedNs);
        }
    }

    private record Named(String name, AtomicInteger index) implements ThreadFactory {
        Named(String name) {
            this(name, new AtomicInteger());
        }

        @Override
        public Thread newThread(Runnable task) {
            return new Worker(task, name + "-" + index.getAndIncrement());
        }
    }

    private static final class Worker extends Thread {
        private long startedNs;

        Worker(Runnable task, String name) {
            super(
                    () -> {
                        BrokerThread.adopt();
                        task.run();
                    },
                    name);
            setDaemon(true);
        }
    }
}
