// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.health;

import io.kaon.quarkus.EmbeddedBroker;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/**
 * Whether the broker in this application has started. What its last life left behind is looked through meanwhile, and on
 * demand: that does not hold the start up, or whoever waits for it would end it in the midst of that. A bean only in
 * applications with SmallRye Health.
 */
@Startup
@ApplicationScoped
public class BrokerStartupCheck implements HealthCheck {
    private final EmbeddedBroker embedded;

    @Inject
    BrokerStartupCheck(EmbeddedBroker embedded) {
        this.embedded = embedded;
    }

    @Override
    public HealthCheckResponse call() {
        return BrokerAnswer.of("startup", embedded, (broker, answer) -> {
            answer.withData("partitions in recovery", broker.health().replicas().recovering());
            return List.of();
        });
    }
}
