// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.broker.Broker;
import io.quarkus.test.QuarkusUnitTest;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The usual settings: an address for production alone, and dev services off because there is no Docker. */
class ProductionAddressExtensionTest {
    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .withApplicationRoot(jar -> jar.addAsResource(
                    new StringAsset("%prod.kafka.bootstrap.servers=kafka.example:9092\n"
                            + "quarkus.devservices.enabled=false\n"),
                    "application.properties"));

    @Inject
    Broker broker;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String address;

    @Test
    void shouldUseTheBrokerOfThisApplicationInTests() {
        assertThat(address).isEqualTo(broker.bootstrapServers()).startsWith("localhost:");
    }
}
