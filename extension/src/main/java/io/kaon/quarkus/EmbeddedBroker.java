// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus;

import io.kaon.broker.Broker;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * The broker of this application, for injection: {@code @Inject EmbeddedBroker broker}. An application that cannot do
 * without one injects {@link Broker} itself. Any thread.
 */
@Singleton
public class EmbeddedBroker {
    /** The broker, empty when this application runs without one. */
    public Optional<Broker> broker() {
        return BrokerHolder.running();
    }

    @Produces
    @Dependent
    Broker runningBroker() {
        return broker().orElseThrow(
                        () -> new IllegalStateException("No broker runs in this application: a Broker was injected,"
                                + " but quarkus.kaon.broker.enabled is off (its default in a packaged application)"));
    }
}
