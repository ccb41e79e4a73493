// SPDX-License-Identifier: Apache-2.0
package io.kaon.exec;

import java.util.ArrayDeque;

/**
 * What the broker knows about one of its own threads. Only on such threads does a {@link SerialExecutor} run a task at
 * once: an application's thread may be interrupted inside a file write, which would close the file for everybody.
 * Also the trampoline of D3: work for a second owner that comes up inside an owner's task waits here until that task is over.
 */
public final class BrokerThread {
    private static final ThreadLocal<BrokerThread> CURRENT = new ThreadLocal<>();

    private final ArrayDeque<SerialExecutor> waiting = new ArrayDeque<>();
    private SerialExecutor running;

    private BrokerThread() {}

    /** Declares the calling thread to be the broker's own. Idempotent. */
    public static void adopt() {
        if (CURRENT.get() == null) {
            CURRENT.set(new BrokerThread());
        }
    }

    /** Ends what {@link #adopt} began: for a thread that goes on with something else. Outside any owner's task. */
    public static void release() {
        CURRENT.remove();
    }

    /** Whether the calling thread is the broker's own. */
    public static boolean isCurrent() {
        return CURRENT.get() != null;
    }

    /** The calling thread's record, or null when the thread is not ours: for {@link SerialExecutor} only. */
    static BrokerThread current() {
        return CURRENT.get();
    }

    boolean isBusy() {
        return running != null;
    }

    /** Queues an owner that got its first task; it drains when the task that runs now is over. */
    void drainLater(SerialExecutor owner) {
        waiting.add(owner);
    }

    /** Drains an owner, then those that came up meanwhile. */
    void drain(SerialExecutor first, boolean mayBlock) {
        SerialExecutor owner = first;
        boolean firstMayBlock = mayBlock;
        while (owner != null) {
            running = owner;
            try {
                owner.drain(firstMayBlock);
            } finally {
                running = null;
            }
            firstMayBlock = false;
            owner = waiting.poll();
        }
    }
}
