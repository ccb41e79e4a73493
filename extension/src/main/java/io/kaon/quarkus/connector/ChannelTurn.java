// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import io.vertx.core.impl.ContextInternal;

/** Records are given on the event loop of their channel, and by a worker thread that stays with it. */
final class ChannelTurn implements EmissionTurn {
    private final ContextInternal context;

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
        context.runOnContext(ignored -> task.run());
    }

    @Override
    public void now(Runnable task) {
        ContextInternal previous = context.beginDispatch();
        try {
            task.run();
        } finally {
            context.endDispatch(previous);
        }
    }
}
