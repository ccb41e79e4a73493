// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import io.kaon.admin.AdminCaller;
import io.kaon.broker.Broker;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The way from the API to the broker of the application. The broker may be another one after a reload, so it is looked
 * up for each request. Any thread.
 */
public final class AdminConnection implements AutoCloseable {
    private static final int SERVICE_UNAVAILABLE = 503;
    private static final int NO_BROKER = 50302;

    private final Supplier<Optional<Broker>> source;
    private final Executor executor;
    private Shared shared;

    private record Shared(Broker broker, AdminCaller caller) {}

    /** @param executor where answers of the broker arrive */
    public AdminConnection(Supplier<Optional<Broker>> source, Executor executor) {
        this.source = source;
        this.executor = executor;
    }

    /**
     * The broker.
     *
     * @throws ProblemException with status 503 when this application runs without one
     */
    public Broker broker() {
        return source.get().filter(broker -> !broker.isClosed()).orElseThrow(() -> Problem.of(
                        SERVICE_UNAVAILABLE,
                        NO_BROKER,
                        "No broker runs in this application. Set quarkus.kaon.broker.enabled, or ask the"
                                + " application whose broker this one uses.")
                .asException());
    }

    /** The caller that requests share: for questions that are answered soon. Not to be closed. */
    public synchronized AdminCaller caller() {
        Broker broker = broker();
        if (shared == null || shared.broker() != broker) {
            close();
            shared = new Shared(broker, open("kaon-admin"));
        }
        return shared.caller();
    }

    /**
     * A caller of one's own, to be closed: for Fetch, which runs one at a time on each.
     *
     * @param clientId what the broker calls it
     */
    public AdminCaller open(String clientId) {
        return new AdminCaller(broker().connect(clientId), executor);
    }

    /** Where answers arrive: for work that does not belong on an event loop. */
    public Executor executor() {
        return executor;
    }

    @Override
    public synchronized void close() {
        if (shared != null) {
            shared.caller().close();
            shared = null;
        }
    }
}
