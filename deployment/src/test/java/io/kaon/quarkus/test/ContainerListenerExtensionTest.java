// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.QuarkusUnitTest;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Node;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The listener for containers, without a container: clients of each listener are told the address they can use. */
class ContainerListenerExtensionTest {
    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .withEmptyApplication()
            .overrideConfigKey("quarkus.kaon.devservices.container-listener", "true")
            .overrideConfigKey("quarkus.kaon.devservices.container-interface", "127.0.0.1")
            .overrideConfigKey("quarkus.kaon.devservices.container-host", "127.0.0.1");

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String address;

    @ConfigProperty(name = "kaon.container.bootstrap.servers")
    String containerAddress;

    @Test
    void shouldTellEachClientTheAddressOfItsListener() throws Exception {
        // Given
        assertThat(containerAddress).startsWith("127.0.0.1:");
        int port = Integer.parseInt(containerAddress.substring(containerAddress.indexOf(':') + 1));

        // When
        Node toldContainers = node(containerAddress);
        Node toldOthers = node(address);

        // Then
        assertThat(toldContainers.host()).isEqualTo("127.0.0.1");
        assertThat(toldContainers.port()).isEqualTo(port);
        assertThat(toldOthers.host()).isEqualTo("localhost");
        assertThat(address).isEqualTo("localhost:" + toldOthers.port());
    }

    private static Node node(String bootstrapServers) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            return admin.describeCluster()
                    .nodes()
                    .get(30, TimeUnit.SECONDS)
                    .iterator()
                    .next();
        }
    }
}
