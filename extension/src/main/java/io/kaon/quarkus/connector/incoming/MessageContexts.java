// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.operators.multi.AbstractMultiOperator;
import io.smallrye.mutiny.operators.multi.MultiOperatorProcessor;
import io.smallrye.mutiny.subscription.MultiSubscriber;
import io.smallrye.reactive.messaging.providers.locals.LocalContextMetadata;
import io.vertx.core.impl.ContextInternal;
import java.util.Optional;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * Passes messages on in their own contexts. On a thread of their channel that is only a change of the current
 * context; elsewhere the message goes to its event loop. Requests pass as they are: a source takes them from any
 * thread.
 */
final class MessageContexts<T extends Message<?>> extends AbstractMultiOperator<T, T> {
    MessageContexts(Multi<? extends T> upstream) {
        super(upstream);
    }

    @Override
    public void subscribe(MultiSubscriber<? super T> subscriber) {
        upstream.subscribe().withSubscriber(new Processor<>(subscriber));
    }

    private static final class Processor<T extends Message<?>> extends MultiOperatorProcessor<T, T> {
        private volatile ContextInternal channel;

        Processor(MultiSubscriber<? super T> downstream) {
            super(downstream);
        }

        @Override
        public void onItem(T item) {
            Optional<LocalContextMetadata> metadata = item.getMetadata().get(LocalContextMetadata.class);
            if (metadata.isPresent() && metadata.get().context() instanceof ContextInternal context) {
                pass(item, context);
            } else {
                super.onItem(item);
            }
        }

        private void pass(T item, ContextInternal context) {
            if (channel == null) {
                channel = context.unwrap();
            }
            ContextInternal current = ContextInternal.current();
            if (current == context) {
                super.onItem(item);
            } else if (isOfChannel(current, context)) {
                ContextInternal previous = context.beginDispatch();
                try {
                    super.onItem(item);
                } finally {
                    context.endDispatch(previous);
                }
            } else {
                context.runOnContext(ignored -> super.onItem(item));
            }
        }

        private static boolean isOfChannel(ContextInternal current, ContextInternal context) {
            return current != null
                    && current.unwrap() == context.unwrap()
                    && (context.inThread() || WorkerStay.isWith(context));
        }

        // What ends the stream must not overtake messages that are on their way to the event loop.

        @Override
        public void onFailure(Throwable failure) {
            if (channel == null) {
                super.onFailure(failure);
            } else {
                channel.runOnContext(ignored -> super.onFailure(failure));
            }
        }

        @Override
        public void onCompletion() {
            if (channel == null) {
                super.onCompletion();
            } else {
                channel.runOnContext(ignored -> super.onCompletion());
            }
        }
    }
}
