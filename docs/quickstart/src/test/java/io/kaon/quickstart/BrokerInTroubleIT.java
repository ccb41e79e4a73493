// SPDX-License-Identifier: Apache-2.0
package io.kaon.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.quarkus.testing.KaonBrokerResource;
import io.kaon.quarkus.testing.KaonTest;
import io.kaon.testing.Fault;
import io.kaon.testing.Faults;
import io.kaon.testing.KaonClient;
import io.kaon.wire.message.ApiKey;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Test;

/** Faults under the packaged application: they want the broker in the JVM of the test. */
@QuarkusIntegrationTest
@WithTestResource(KaonBrokerResource.class)
@KaonTest
class BrokerInTroubleIT {
    KaonClient kaon;
    Faults faults;

    @Test
    void shouldGoOnWhenAnAnswerIsLost() {
        // Given
        Fault fault =
                faults.next().requests(ApiKey.PRODUCE).forTopic("greetings").dropResponse();

        // When
        fault.awaitSpent();

        // Then
        assertThat(kaon.consume("greetings").awaitValues(2)).allMatch(greeting -> greeting.startsWith("Hello, tick "));
    }
}
