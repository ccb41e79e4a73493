// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus;

import io.kaon.broker.Broker;
import io.kaon.broker.BrokerOptions;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Owns the one broker of an application.
 *
 * <p>This is a static on purpose, the only one. In dev mode every reload throws the application's class loader away and
 * makes a new one, but this class is loaded by the parent of that loader, which lives as long as dev mode does. What is
 * held here keeps its topics, records, committed offsets and port over a reload. Continuous testing has a parent
 * loader of its own, and so a broker of its own.
 *
 * <p>Started and stopped by the thread that starts and stops the application; read by any thread.
 */
final class BrokerHolder {
    private static final AtomicReference<Running> RUNNING = new AtomicReference<>();

    private BrokerHolder() {}

    private record Running(BrokerOptions options, Broker broker) {}

    /**
     * Returns the broker for these options: the one that runs if it was started with equal options, a new one
     * otherwise, after the old one was closed.
     */
    static Broker startOrKeep(BrokerOptions options) {
        Running running = RUNNING.get();
        if (running != null && running.options().equals(options)) {
            return running.broker();
        }
        stop();
        Broker broker = startOutsideApplication(options);
        RUNNING.set(new Running(options, broker));
        return broker;
    }

    /** The broker's threads outlive the application's class loader and must not keep it. */
    private static Broker startOutsideApplication(BrokerOptions options) {
        Thread thread = Thread.currentThread();
        ClassLoader application = thread.getContextClassLoader();
        thread.setContextClassLoader(BrokerHolder.class.getClassLoader());
        try {
            return Broker.start(options);
        } finally {
            thread.setContextClassLoader(application);
        }
    }

    static Optional<Broker> running() {
        return Optional.ofNullable(RUNNING.get()).map(Running::broker);
    }

    /** Closes the broker if one runs. */
    static void stop() {
        Running running = RUNNING.getAndSet(null);
        if (running != null) {
            running.broker().close();
        }
    }
}
