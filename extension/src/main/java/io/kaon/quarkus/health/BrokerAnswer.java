// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.health;

import io.kaon.broker.Broker;
import io.kaon.quarkus.EmbeddedBroker;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/** What the three health checks of the broker have in common. */
final class BrokerAnswer {
    private BrokerAnswer() {}

    /**
     * The answer of one check.
     *
     * @param kind such as {@code readiness}
     * @param look puts what is to be shown into the answer and returns why it is {@code DOWN}, if it is
     */
    static HealthCheckResponse of(
            String kind, EmbeddedBroker embedded, BiFunction<Broker, HealthCheckResponseBuilder, List<String>> look) {
        HealthCheckResponseBuilder answer = HealthCheckResponse.named("kaon broker - " + kind + " check");
        Optional<Broker> broker = embedded.broker();
        if (broker.isEmpty()) {
            return answer.up().withData("broker", "none in this application").build();
        }
        List<String> reasons = look.apply(broker.get(), answer);
        if (!reasons.isEmpty()) {
            answer.withData("reason", String.join("; ", reasons));
        }
        return answer.status(reasons.isEmpty()).build();
    }
}
