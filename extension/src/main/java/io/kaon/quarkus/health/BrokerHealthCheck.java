// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.health;

import io.kaon.broker.Broker;
import io.kaon.broker.Endpoint;
import io.kaon.quarkus.EmbeddedBroker;
import io.kaon.telemetry.MetricCatalogue;
import io.kaon.telemetry.Metrics;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Whether the broker in this application serves: it listens, and each of its partitions can be written. Asks nothing
 * over the network and no disk. A bean only in applications with SmallRye Health.
 */
@Readiness
@ApplicationScoped
public class BrokerHealthCheck implements HealthCheck {
    private static final String NAME = "kaon broker";
    private static final String OFFLINE_PARTITIONS = "offline partitions";

    private final EmbeddedBroker embedded;

    @Inject
    BrokerHealthCheck(EmbeddedBroker embedded) {
        this.embedded = embedded;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder answer = HealthCheckResponse.named(NAME);
        Optional<Broker> broker = embedded.broker();
        if (broker.isEmpty()) {
            return answer.up().withData("broker", "none in this application").build();
        }
        return answerOf(broker.get(), answer);
    }

    private static HealthCheckResponse answerOf(Broker broker, HealthCheckResponseBuilder answer) {
        if (broker.isClosed()) {
            return answer.down().withData("broker", "closed").build();
        }
        long offline = offlinePartitions(broker);
        return answer.status(offline == 0)
                .withData(
                        "listeners",
                        broker.listeners().stream().map(Endpoint::toString).collect(Collectors.joining(",")))
                .withData("cluster id", broker.clusterId())
                .withData(OFFLINE_PARTITIONS, offline)
                .build();
    }

    private static long offlinePartitions(Broker broker) {
        return (long) broker.metrics().stream()
                .filter(sample -> sample.name().equals(MetricCatalogue.OFFLINE_PARTITIONS))
                .mapToDouble(Metrics.Sample::value)
                .sum();
    }
}
