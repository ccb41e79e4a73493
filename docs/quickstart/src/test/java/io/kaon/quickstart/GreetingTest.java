// SPDX-License-Identifier: Apache-2.0
package io.kaon.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

@QuarkusTest
class GreetingTest {
    @Test
    void shouldGreetEachTick() {
        assertThat(Greetings.readFrom(bootstrapServers(), 3)).allMatch(greeting -> greeting.startsWith("Hello, tick "));
    }

    private static String bootstrapServers() {
        return ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class);
    }
}
