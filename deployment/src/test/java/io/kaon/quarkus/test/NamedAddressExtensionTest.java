// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.QuarkusUnitTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** No broker in the application, no address for all: channels that have one by a bean start, those that are off too. */
class NamedAddressExtensionTest {
    private static final String CONFIG =
            """
            %test.mp.messaging.outgoing.named-out.connector=kaon
            mp.messaging.outgoing.named-out.topic=named
            mp.messaging.outgoing.named-out.kafka-configuration=house
            mp.messaging.incoming.named-in.topic=named
            mp.messaging.incoming.off.connector=kaon
            mp.messaging.incoming.off.enabled=false
            address.of.the.house=${kaon.test.elsewhere}
            """;

    @RegisterExtension
    static final QuarkusUnitTest application = Elsewhere.start(
            new QuarkusUnitTest()
                    .withApplicationRoot(jar -> jar.addClasses(NamedAddressApplication.class, Elsewhere.class)
                            .addAsResource(new StringAsset(CONFIG), "application.properties"))
                    .overrideConfigKey("quarkus.kaon.broker.enabled", "false"),
            Map.of());

    @Inject
    NamedAddressApplication app;

    @Test
    void shouldGoWhereBeansSay() {
        // When
        app.out.sendAndAwait("here");

        // Then
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(app.received).containsExactly("here"));
    }
}
