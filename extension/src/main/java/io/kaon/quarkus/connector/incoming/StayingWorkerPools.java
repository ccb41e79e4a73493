// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

import io.quarkus.smallrye.reactivemessaging.runtime.QuarkusWorkerPoolRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.impl.ContextInternal;
import io.vertx.mutiny.core.Context;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;

/**
 * Runs blocking methods as Quarkus does, but lets a worker thread stay with a channel of the broker in this
 * application from one message to the next. Methods on a named pool or on virtual threads, those that need not keep
 * the order, and those of all other channels are Quarkus' own affair.
 */
@Alternative
@Priority(StayingWorkerPools.BEFORE_QUARKUS)
@ApplicationScoped
public class StayingWorkerPools extends QuarkusWorkerPoolRegistry {
    /** The priority of the bean whose place this one takes is 1. */
    static final int BEFORE_QUARKUS = 2;

    @Override
    public <T> Uni<T> executeWork(Context message, Uni<T> work, String pool, boolean isOrdered) {
        if (pool == null
                && isOrdered
                && message != null
                && message.getDelegate() instanceof ContextInternal context
                && WorkerStay.isAllowed(context)) {
            return new StayingWork<>(context, work);
        }
        return super.executeWork(message, work, pool, isOrdered);
    }
}
