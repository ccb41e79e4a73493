// SPDX-License-Identifier: Apache-2.0
package io.kaon.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

@QuarkusTest
class GreetingTest {
    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    @Test
    void shouldGreetEachTick() {
        assertThat(Greetings.readFrom(bootstrapServers, 3)).allMatch(greeting -> greeting.startsWith("Hello, tick "));
    }
}
