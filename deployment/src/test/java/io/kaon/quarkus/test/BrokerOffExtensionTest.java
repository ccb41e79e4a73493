// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.quarkus.EmbeddedBroker;
import io.quarkus.test.QuarkusUnitTest;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BrokerOffExtensionTest {
    @RegisterExtension
    static final QuarkusUnitTest application =
            new QuarkusUnitTest().withEmptyApplication().overrideConfigKey("quarkus.kaon.broker.enabled", "false");

    @Inject
    EmbeddedBroker embedded;

    @Test
    void shouldRunWithoutBrokerWhenItIsOff() {
        assertThat(embedded.broker()).isEmpty();
        assertThat(ConfigProvider.getConfig().getOptionalValue("kafka.bootstrap.servers", String.class))
                .isEmpty();
    }
}
