// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.broker.Broker;
import io.kaon.testing.Fault;
import io.kaon.testing.Faults;
import io.kaon.testing.KaonClient;
import io.kaon.testing.Reset;
import io.kaon.wire.message.ApiKey;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Another profile restarts the application, with another broker; the annotations stand in the other order. */
@KaonTest(reset = Reset.ALL, before = KaonTest.When.EACH_CLASS)
@QuarkusTest
@TestProfile(RestartedApplicationTest.Other.class)
class RestartedApplicationTest {
    public static class Other implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.kaon.broker.config.\"num.partitions\"", "3");
        }
    }

    @Inject
    Broker broker;

    @Inject
    Faults injected;

    @Test
    void shouldFindTheBrokerOfTheNewApplication(KaonClient kaon, Faults faults) {
        // When
        Fault fault = faults.next().requests(ApiKey.FETCH).forTopic("orders").delay(Duration.ofMillis(50));
        kaon.produce("orders", "order");

        // Then
        assertThat(kaon.bootstrapServers()).isEqualTo(broker.bootstrapServers());
        assertThat(kaon.endOffsets("orders")).hasSize(3);
        assertThat(kaon.consume("receipts").awaitValues(1)).containsExactly("receipt of order");
        fault.awaitSpent();
        assertThat(injected).isSameAs(faults);
    }
}
