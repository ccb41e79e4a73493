// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.QuarkusUnitTest;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An application with another connector to which Kaon was added: its channels stay where they were. */
class OtherConnectorExtensionTest {
    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .withApplicationRoot(jar -> jar.addClasses(OneChannelApplication.class, OtherConnector.class));

    @Test
    void shouldLeaveOrphanChannelsToTheConnectorThatWasThere() {
        assertThat(ConfigProvider.getConfig().getValue("mp.messaging.incoming.only.connector", String.class))
                .isEqualTo(OtherConnector.NAME);
    }
}
