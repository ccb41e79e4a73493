// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

import io.smallrye.context.SmallRyeThreadContext;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.operators.AbstractUni;
import io.smallrye.mutiny.subscription.UniSubscriber;
import io.smallrye.mutiny.subscription.UniSubscription;
import io.vertx.core.impl.ContextInternal;

/**
 * What a blocking method does with one message: on the worker thread that stays with the channel already, or on one
 * that comes for it. Where the method has nothing to tell, what follows (the acknowledgement, the request for the
 * next message) happens on that thread too. A result or a failure goes to the event loop of the message, because
 * somebody there takes it further.
 */
final class StayingWork<T> extends AbstractUni<T> {
    private final ContextInternal message;
    private final Uni<T> work;

    /**
     * @param message the context of the message, of a channel that allows stays
     */
    StayingWork(ContextInternal message, Uni<T> work) {
        this.message = message;
        this.work = work;
    }

    @Override
    public void subscribe(UniSubscriber<? super T> subscriber) {
        if (ContextInternal.current() == message && WorkerStay.isWith(message)) {
            SmallRyeThreadContext steps = SmallRyeThreadContext.getCurrentThreadContext();
            // The method has the contexts that the first one on this thread had, and any other on a worker.
            SmallRyeThreadContext.withThreadContext(
                    null, () -> AbstractUni.subscribe(work, new Outcome<>(message, subscriber, steps)));
            return;
        }
        message.<Void>executeBlocking(
                        () -> WorkerStay.during(message, () -> {
                            AbstractUni.subscribe(work, new Outcome<>(message, subscriber, null));
                            return null;
                        }),
                        true)
                .onFailure(subscriber::onFailure); // Only when no worker took it: the work tells its failures itself.
    }

    /**
     * Carries the outcome to where it belongs.
     *
     * @param steps what held on the thread before the method, or null
     */
    private record Outcome<T>(ContextInternal message, UniSubscriber<? super T> subscriber, SmallRyeThreadContext steps)
            implements UniSubscriber<T> {
        @Override
        public void onSubscribe(UniSubscription subscription) {
            subscriber.onSubscribe(subscription);
        }

        @Override
        public void onItem(T item) {
            if (item == null && WorkerStay.isWith(message)) {
                SmallRyeThreadContext.withThreadContext(steps, () -> subscriber.onItem(null));
            } else {
                message.runOnContext(ignored -> subscriber.onItem(item));
            }
        }

        @Override
        public void onFailure(Throwable failure) {
            message.runOnContext(ignored -> subscriber.onFailure(failure));
        }
    }
}
