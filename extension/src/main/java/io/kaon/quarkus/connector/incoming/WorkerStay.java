// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

import io.vertx.core.impl.ContextInternal;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A worker thread that stays with one channel for a while: it runs the method for a record, and then that for the
 * next one, instead of handing each result to the event loop and being called again. Belongs to the thread it was
 * begun on.
 *
 * <p>A stay is one task of the channel's ordered blocking work, so nothing else of that work runs beside it. It ends
 * when there are no more records, when a method is not done at its return, or after {@link #MAX_MS}: others wait for
 * a worker thread, and Vert.x looks for tasks that do not end.
 */
final class WorkerStay {
    /** How long a stay goes on to a next record. */
    static final long MAX_MS = 20;

    private static final ThreadLocal<WorkerStay> CURRENT = new ThreadLocal<>();
    private static final Object ALLOWED = new Object();

    private final ContextInternal channel;
    private final long endNs;

    private WorkerStay(ContextInternal channel, long endNs) {
        this.channel = channel;
        this.endNs = endNs;
    }

    /**
     * Lets workers stay with the channel of this context. What the source does with records must not need the event
     * loop.
     */
    static void allow(ContextInternal channel) {
        channel.contextData().put(ALLOWED, true);
    }

    /**
     * @param context of a channel or of one of its messages
     */
    static boolean isAllowed(ContextInternal context) {
        return context.contextData().containsKey(ALLOWED);
    }

    /**
     * Whether the calling thread stays with this channel.
     *
     * @param context of the channel or of one of its messages
     */
    static boolean isWith(ContextInternal context) {
        WorkerStay current = CURRENT.get();
        return current != null && current.channel == context.unwrap();
    }

    /** Whether the calling thread stays with a channel and should leave it. */
    static boolean isOver() {
        WorkerStay current = CURRENT.get();
        return current != null && System.nanoTime() - current.endNs >= 0;
    }

    /**
     * Stays with the channel of this message while the task runs. Only on a worker thread, as ordered work of the
     * channel.
     */
    static <T> T during(ContextInternal message, Supplier<T> task) {
        WorkerStay before = CURRENT.get();
        CURRENT.set(new WorkerStay(message.unwrap(), System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MAX_MS)));
        try {
            return task.get();
        } finally {
            if (before == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(before);
            }
        }
    }
}
