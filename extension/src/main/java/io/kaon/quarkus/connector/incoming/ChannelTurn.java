// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

import io.vertx.core.impl.ContextInternal;
import java.util.concurrent.Executor;
import org.eclipse.microprofile.context.ThreadContext;

/** Records are given on the event loop of their channel, and by a worker thread that stays with it. */
final class ChannelTurn implements EmissionTurn {
    private final ContextInternal context;
    /**
     * Puts aside what contexts (a request, a transaction) the thread may have: they are no message's. Quarkus does so
     * around each message of other channels.
     */
    private final Executor withoutContexts = ThreadContext.builder()
            .propagated(ThreadContext.NONE)
            .cleared(ThreadContext.ALL_REMAINING)
            .build()
            .currentContextExecutor();

    /**
     * @param context of the channel, not of a message
     */
    ChannelTurn(ContextInternal context) {
        this.context = context;
    }

    @Override
    public boolean isHere() {
        ContextInternal current = ContextInternal.current();
        return current != null && current.unwrap() == context && (context.inThread() || WorkerStay.isWith(context));
    }

    @Override
    public boolean isOver() {
        return WorkerStay.isOver();
    }

    @Override
    public void later(Runnable task) {
        context.runOnContext(ignored -> withoutContexts.execute(task));
    }

    @Override
    public void now(Runnable task) {
        ContextInternal previous = context.beginDispatch();
        try {
            withoutContexts.execute(task);
        } finally {
            context.endDispatch(previous);
        }
    }
}
