// SPDX-License-Identifier: Apache-2.0
package io.kaon.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.DevServicesContext;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Test;

/** The packaged application in a process of its own, with a broker that the test brings. */
@QuarkusIntegrationTest
class GreetingIT {
    DevServicesContext services;

    @Test
    void shouldGreetEachTickInAnotherProcess() {
        String bootstrapServers = services.devServicesProperties().get("kafka.bootstrap.servers");
        assertThat(Greetings.readFrom(bootstrapServers, 3)).allMatch(greeting -> greeting.startsWith("Hello, tick "));
    }
}
