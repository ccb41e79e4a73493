// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.health;

import io.kaon.broker.Broker;
import io.kaon.broker.BrokerHealth;
import io.kaon.broker.Endpoint;
import io.kaon.quarkus.EmbeddedBroker;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Whether clients should be sent to the broker in this application: it listens, knows the controller, its replicas are
 * in sync, and none of its partitions is offline. A bean only in applications with SmallRye Health.
 */
@Readiness
@ApplicationScoped
public class BrokerReadinessCheck implements HealthCheck {
    private final EmbeddedBroker embedded;

    @Inject
    BrokerReadinessCheck(EmbeddedBroker embedded) {
        this.embedded = embedded;
    }

    @Override
    public HealthCheckResponse call() {
        return BrokerAnswer.of("readiness", embedded, BrokerReadinessCheck::look);
    }

    private static List<String> look(Broker broker, HealthCheckResponseBuilder answer) {
        BrokerHealth health = broker.health();
        answer.withData(
                        "listeners",
                        broker.listeners().stream().map(Endpoint::toString).collect(Collectors.joining(",")))
                .withData("cluster id", broker.clusterId())
                .withData("replicas not in sync", health.replicas().behind())
                .withData("offline partitions", health.replicas().offline());
        health.controllerId().ifPresent(id -> answer.withData("controller id", id));
        return health.whyNotReady();
    }
}
