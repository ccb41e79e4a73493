// SPDX-License-Identifier: Apache-2.0
package io.kaon.exec;

import static io.kaon.common.Checks.invariant;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * The owner of mutable state: runs its tasks one at a time, in the order of their {@link #execute} calls.
 *
 * <p>An idle owner runs the task on the calling thread, when that is a {@link BrokerThread} outside any other owner's
 * task; inside another owner's task it runs right after that one; in all other cases on the hand-over executor. A drain
 * is bounded in tasks and time, then handed over, so that a busy owner does not keep an event loop.
 *
 * <p>{@link #execute} may be called by any thread. A task that throws goes to the failure listener; the next ones run.
 */
public final class SerialExecutor implements Executor {
    /** Tasks that one drain runs before it hands over. */
    static final int MAX_TASKS_PER_DRAIN = 256;
    /** Nanoseconds after which a drain hands over, looked at between tasks. */
    static final long MAX_DRAIN_NS = 2_000_000;

    private static final Logger LOG = Logger.getLogger(SerialExecutor.class);

    private final String name;
    private final Executor handOver;
    private final Executor away;
    private final Consumer<Throwable> onFailure;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();
    private volatile Thread runner;
    /** What is left of the task that runs, and whether it may block here: of the thread that drains. */
    private Runnable rest;

    private boolean mayBlock;

    /** An owner whose failures are logged. */
    public SerialExecutor(String name, Executor handOver) {
        this(name, handOver, failure -> LOG.errorf(failure, "A task of %s failed", name));
    }

    /**
     * An owner some of whose tasks may block.
     *
     * @param away where tasks of {@link #executeAway} run; its threads should be {@link BrokerThread}s
     */
    public static SerialExecutor withAway(String name, Executor handOver, Executor away) {
        return new SerialExecutor(name, handOver, away, failure -> LOG.errorf(failure, "A task of %s failed", name));
    }

    /**
     * @param name for messages
     * @param handOver where tasks run that the calling thread cannot run; its threads should be {@link BrokerThread}s
     * @param onFailure runs inside the owner, with what a task has thrown
     */
    public SerialExecutor(String name, Executor handOver, Consumer<Throwable> onFailure) {
        this(name, handOver, handOver, onFailure);
    }

    private SerialExecutor(String name, Executor handOver, Executor away, Consumer<Throwable> onFailure) {
        this.name = name;
        this.handOver = handOver;
        this.away = away;
        this.onFailure = onFailure;
    }

    /** Marks a task that may block. */
    private record AwayTask(Runnable task) implements Runnable {
        @Override
        public void run() {
            task.run();
        }
    }

    @Override
    public void execute(Runnable task) {
        BrokerThread thread = BrokerThread.current();
        tasks.add(task);
        if (pending.getAndIncrement() != 0) {
            return;
        }
        if (task instanceof AwayTask) {
            away.execute(this::drainAway);
        } else if (thread == null) {
            handOver.execute(this::drainHere);
        } else if (thread.isBusy()) {
            thread.drainLater(this);
        } else {
            thread.drain(this, false);
        }
    }

    /**
     * The same for a task that may block or take long: it keeps its place in the order, and runs on the executor for
     * such tasks, never on the calling thread. What comes behind it waits.
     */
    public void executeAway(Runnable task) {
        execute(new AwayTask(task));
    }

    /**
     * For a task that finds out while it runs that it must block: what is left of it runs before any other task of this
     * owner, on the executor for such tasks. The task should return then; this may be called once in a task. Owner.
     */
    public void continueAway(Runnable remaining) {
        assertInside();
        invariant(rest == null, "a task of %s went away twice", name);
        rest = remaining;
    }

    /** Whether the task that runs may block: it went away, or came behind one that did. Owner. */
    public boolean mayBlock() {
        assertInside();
        return mayBlock;
    }

    /** Whether the caller runs inside one of this owner's tasks. */
    public boolean isInside() {
        return runner == Thread.currentThread();
    }

    /** Throws {@link io.kaon.common.InvariantViolation} when the caller is not inside one of this owner's tasks. */
    public void assertInside() {
        invariant(isInside(), "%s was touched from outside, by %s", name, Thread.currentThread());
    }

    private void drainHere() {
        drainOn(false);
    }

    private void drainAway() {
        drainOn(true);
    }

    private void drainOn(boolean isAway) {
        BrokerThread thread = BrokerThread.current();
        if (thread == null || thread.isBusy()) {
            drain(isAway);
        } else {
            thread.drain(this, isAway);
        }
    }

    /** Runs what is queued, at most up to the limits, and up to what may block if this thread may not; hands the rest over. */
    void drain(boolean isAway) {
        runner = Thread.currentThread();
        mayBlock = isAway;
        // Only our own threads are waited for by others; on a thread of a simulation the time must not decide anything.
        boolean isTimed = BrokerThread.isCurrent();
        long deadline = 0;
        int done = 0;
        while (true) {
            if (!isAway && (rest != null || tasks.peek() instanceof AwayTask)) {
                runner = null;
                away.execute(this::drainAway);
                return;
            }
            run(rest == null ? tasks.poll() : takeRest());
            if (rest != null) {
                continue;
            }
            done++;
            if (pending.get() == 1) {
                runner = null;
            }
            if (pending.decrementAndGet() == 0) {
                return;
            }
            runner = Thread.currentThread();
            deadline = isTimed && deadline == 0 ? System.nanoTime() + MAX_DRAIN_NS : deadline;
            if (done >= MAX_TASKS_PER_DRAIN || (isTimed && System.nanoTime() >= deadline)) {
                runner = null;
                handOver.execute(this::drainHere);
                return;
            }
        }
    }

    private Runnable takeRest() {
        Runnable taken = rest;
        rest = null;
        return taken;
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error failure) {
            onFailure.accept(failure);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
