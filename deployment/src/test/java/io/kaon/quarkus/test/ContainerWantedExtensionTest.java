// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.quarkus.EmbeddedBroker;
import io.quarkus.test.QuarkusUnitTest;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who asks for Quarkus' container gets no broker of ours beside it. Its address is set here: no container is started. */
class ContainerWantedExtensionTest {
    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .withEmptyApplication()
            .overrideConfigKey("quarkus.kafka.devservices.enabled", "true")
            .overrideConfigKey("kafka.bootstrap.servers", "localhost:1");

    @Inject
    EmbeddedBroker embedded;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String address;

    @Test
    void shouldStepBack() {
        assertThat(embedded.broker()).isEmpty();
        assertThat(address).isEqualTo("localhost:1");
    }
}
