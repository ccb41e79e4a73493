// SPDX-License-Identifier: Apache-2.0
package io.kaon.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.quarkus.testing.KaonTest;
import io.kaon.testing.KaonClient;
import io.kaon.testing.Reset;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Test;

/** The packaged application in a process of its own, with a broker that the test brings. */
@QuarkusIntegrationTest
@KaonTest(reset = Reset.TOPICS)
class GreetingIT {
    KaonClient kaon;

    @Test
    void shouldGreetEachTickInAnotherProcess() {
        assertThat(kaon.consume("greetings").awaitValues(2)).allMatch(greeting -> greeting.startsWith("Hello, tick "));
    }
}
