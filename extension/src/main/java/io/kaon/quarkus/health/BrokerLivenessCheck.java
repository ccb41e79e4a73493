// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.health;

import io.kaon.quarkus.EmbeddedBroker;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Whether the broker in this application lives: it is not closed, its event loops run, its data directory and its metadata
 * journal can be written. {@code DOWN} means that only a new start can help. A bean only in applications with SmallRye
 * Health.
 */
@Liveness
@ApplicationScoped
public class BrokerLivenessCheck implements HealthCheck {
    private final EmbeddedBroker embedded;

    @Inject
    BrokerLivenessCheck(EmbeddedBroker embedded) {
        this.embedded = embedded;
    }

    @Override
    public HealthCheckResponse call() {
        return BrokerAnswer.of(
                "liveness", embedded, (broker, answer) -> broker.health().whyNotAlive());
    }
}
