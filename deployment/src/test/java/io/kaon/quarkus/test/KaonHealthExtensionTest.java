// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.QuarkusUnitTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Without a socket, and with a broker that tells of itself. */
class KaonHealthExtensionTest extends AbstractHealthTest {
    @RegisterExtension
    static final QuarkusUnitTest application = application();

    @Test
    void shouldTellOfTheBroker() {
        // Then
        assertThat(broker("ready")).hasValueSatisfying(check -> {
            assertThat(check.get("status").asText()).isEqualTo("UP");
            assertThat(check.get("data").get("offline partitions").asLong()).isZero();
            assertThat(check.get("data").get("replicas not in sync").asLong()).isZero();
            assertThat(check.get("data").get("controller id").asInt()).isZero();
            assertThat(check.get("data").get("listeners").asText()).startsWith("PLAINTEXT://localhost:");
        });
    }

    @Test
    void shouldTellThatTheBrokerLives() {
        // Then
        assertThat(broker("live"))
                .hasValueSatisfying(
                        check -> assertThat(check.get("status").asText()).isEqualTo("UP"));
    }

    @Test
    void shouldTellThatTheBrokerHasStarted() {
        // Then
        assertThat(broker("started")).hasValueSatisfying(check -> {
            assertThat(check.get("status").asText()).isEqualTo("UP");
            assertThat(check.get("data").get("partitions in recovery").asLong()).isZero();
        });
    }
}
