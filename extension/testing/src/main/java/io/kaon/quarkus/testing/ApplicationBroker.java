// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.testing;

import io.kaon.broker.Broker;
import io.kaon.quarkus.EmbeddedBroker;
import io.kaon.testing.Faults;
import io.kaon.testing.KaonClient;
import io.kaon.testing.Reset;
import io.quarkus.arc.Arc;
import io.quarkus.arc.ArcContainer;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * The broker that the application under test uses, and what tests do to it. Found anew for each test, for the
 * application may have been restarted: for another profile, or with other test resources.
 *
 * <p>The static is one application's: Quarkus loads this class anew for each, and an application in another process is
 * tested by the classes of the test's own loader.
 */
final class ApplicationBroker {
    private static final String BOOTSTRAP_SERVERS = "kafka.bootstrap.servers";

    private static ApplicationBroker current;

    private final String address;
    private final Optional<Broker> broker;
    private final KaonClient client;
    private final Optional<Faults> faults;
    private Set<String> topics;

    private ApplicationBroker(String address, Optional<Broker> broker) {
        this.address = address;
        this.broker = broker;
        this.client = KaonClient.connect(address);
        this.faults = broker.map(own -> Faults.of(own, client));
    }

    /**
     * The broker of the application that runs now.
     *
     * @throws IllegalStateException when there is none
     */
    static synchronized ApplicationBroker current() {
        Optional<Broker> broker = embedded();
        String address = broker.map(Broker::bootstrapServers).orElseGet(ApplicationBroker::configured);
        if (current != null && !(current.address.equals(address) && current.broker.equals(broker))) {
            end();
        }
        if (current == null) {
            current = new ApplicationBroker(address, broker);
        }
        return current;
    }

    static synchronized void clearFaults() {
        if (current != null) {
            current.faults.ifPresent(Faults::clear);
        }
    }

    /** The application ends. */
    static synchronized void end() {
        if (current != null) {
            clearFaults();
            current.client.close();
            current = null;
        }
    }

    /** An application in another process does not tell when it ends. */
    static synchronized void endUnlessEmbedded() {
        if (current != null && current.broker.isEmpty()) {
            end();
        }
    }

    KaonClient client() {
        return client;
    }

    Faults faults() {
        return faults.orElseThrow(() -> new IllegalStateException("Faults need the broker in the JVM of the test, but"
                + " this application's is elsewhere, at " + address + ". With @QuarkusIntegrationTest, let the test"
                + " bring it: @WithTestResource(KaonBrokerResource.class)"));
    }

    /** For {@link Reset#ALL}, the topics of before the first test stay. */
    void reset(Reset reset) {
        if (topics == null) {
            topics = reset == Reset.ALL ? client.topics() : null;
        }
        client.reset(reset, topics == null ? Set.of() : topics);
    }

    private static Optional<Broker> embedded() {
        Optional<Broker> ofResource = KaonBrokerResource.running();
        ArcContainer container = Arc.container();
        if (ofResource.isPresent() || container == null || !container.isRunning()) {
            return ofResource;
        }
        return container.instance(EmbeddedBroker.class).get().broker();
    }

    private static String configured() {
        return ConfigProvider.getConfig()
                .getOptionalValue(BOOTSTRAP_SERVERS, String.class)
                .orElseThrow(
                        () -> new IllegalStateException("The application under test has no broker: neither one of its"
                                + " own nor " + BOOTSTRAP_SERVERS));
    }
}
