// SPDX-License-Identifier: Apache-2.0
package io.kaon.channels;

import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * The counting methods. A method without an annotation runs on a worker thread, as applications have it; {@link
 * NonBlocking} does for one method what {@code quarkus.messaging.blocking.signatures.execution.mode=event-loop} does for
 * all.
 */
@ApplicationScoped
class Consumers {
    private final Tally tally;

    @Inject
    Consumers(Tally tally) {
        this.tally = tally;
    }

    /** Without a connector methods run where the message comes from. */
    @Incoming("direct")
    void direct(Object payload) {
        tally.add(1);
    }

    @Incoming("direct-worker")
    @Blocking
    void directWorker(Object payload) {
        tally.add(1);
    }

    @Incoming("in-worker")
    void onWorker(Object payload) {
        tally.add(1);
    }

    @Incoming("in-loop")
    @NonBlocking
    void onEventLoop(Object payload) {
        tally.add(1);
    }

    @Incoming("in-worker-batch")
    void batchOnWorker(List<Object> payloads) {
        tally.add(payloads.size());
    }

    @Incoming("in-loop-batch")
    @NonBlocking
    void batchOnEventLoop(List<Object> payloads) {
        tally.add(payloads.size());
    }
}
