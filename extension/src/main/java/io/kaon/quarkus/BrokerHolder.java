// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus;

import io.kaon.broker.Broker;
import io.kaon.broker.BrokerOptions;
import io.kaon.broker.DataDirectory;
import io.kaon.broker.TopicSpec;
import java.util.HashMap;
import java.util.Map;
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
    /** Of a broker without a directory of its own: kept while the broker is started anew with other settings. */
    private static final AtomicReference<TemporaryData> TEMPORARY = new AtomicReference<>();

    private BrokerHolder() {}

    /**
     * @param options what the broker was asked for
     * @param seeded see {@link TopicSeeds#seedWhatChanged}
     */
    private record Running(BrokerOptions options, Broker broker, Map<String, String> seeded) {}

    /**
     * Returns the broker for these options and makes the topics that are not there. The broker that runs stays, if
     * nothing but topics differs from what it was started with. Otherwise it is closed, and a new one takes over its
     * data, unless the data directory or the node id is another one.
     */
    static Broker startOrKeep(BrokerOptions options) {
        Running running = RUNNING.get();
        if (running != null && withoutTopics(running.options()).equals(withoutTopics(options))) {
            Map<String, TopicSpec> added = new HashMap<>(options.topics());
            added.keySet().removeAll(running.options().topics().keySet());
            running.broker().createTopics(added);
            RUNNING.set(new Running(options, running.broker(), running.seeded()));
            return running.broker();
        }
        Map<String, String> seeded = new HashMap<>();
        if (running != null) {
            RUNNING.set(null);
            running.broker().close();
            if (isSameData(running.options(), options)) {
                seeded.putAll(running.seeded());
            } else {
                deleteTemporaryData();
            }
        }
        Broker broker = startOutsideApplication(options.withData(place(options.data())));
        RUNNING.set(new Running(options, broker, seeded));
        return broker;
    }

    /** Puts records into the topics of the broker that runs; see {@link TopicSeeds#seedWhatChanged}. */
    static void seed(TopicSeeds seeds) {
        Running running = RUNNING.get();
        seeds.seedWhatChanged(running.broker(), running.seeded());
    }

    private static BrokerOptions withoutTopics(BrokerOptions options) {
        return options.withTopics(Map.of());
    }

    private static boolean isSameData(BrokerOptions one, BrokerOptions other) {
        return one.data().equals(other.data()) && one.nodeId() == other.nodeId();
    }

    private static DataDirectory place(DataDirectory asked) {
        if (asked instanceof DataDirectory.Kept) {
            return asked;
        }
        return DataDirectory.at(TEMPORARY
                .updateAndGet(data -> data == null ? TemporaryData.make() : data)
                .path());
    }

    private static void deleteTemporaryData() {
        Optional.ofNullable(TEMPORARY.getAndSet(null)).ifPresent(TemporaryData::delete);
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

    /** Closes the broker if one runs, and deletes its data if they are temporary. */
    static void stop() {
        Running running = RUNNING.getAndSet(null);
        if (running != null) {
            running.broker().close();
        }
        deleteTemporaryData();
    }
}
