// SPDX-License-Identifier: Apache-2.0
package io.kaon.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.quarkus.testing.KaonTest;
import io.kaon.testing.KaonClient;
import io.kaon.testing.Reset;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

@QuarkusTest
@KaonTest(reset = Reset.TOPICS)
class GreetingTest {
    KaonClient kaon;

    @Test
    void shouldGreetEachTick() {
        assertThat(kaon.consume("greetings").awaitValues(2)).allMatch(greeting -> greeting.startsWith("Hello, tick "));
    }

    @Test
    void shouldGreetTheTickOfATest() {
        // When
        kaon.produce("ticks", 1_000_000L);

        // Then
        kaon.consume("greetings").awaitRecord(greeting -> greeting.value().equals("Hello, tick 1000000"));
    }
}
