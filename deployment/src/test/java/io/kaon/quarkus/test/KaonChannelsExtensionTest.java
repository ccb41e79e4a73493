// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.quarkus.connector.KaonConnector;
import io.quarkus.test.QuarkusUnitTest;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nothing but the extension: channels get the connector kaon and clients without a socket. */
class KaonChannelsExtensionTest extends AbstractChannelsTest {
    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .withApplicationRoot(jar -> jar.addClasses(ChannelsApplication.class, AbstractChannelsTest.class)
                    .addAsResource(new StringAsset(CONFIG), "application.properties"));

    @Inject
    @Connector(KaonConnector.CONNECTOR_NAME)
    KaonConnector connector;

    @Test
    void shouldAttachOrphanChannelsToKaon() {
        assertThat(ConfigProvider.getConfig().getValue("mp.messaging.incoming.words-in.connector", String.class))
                .isEqualTo("kaon");
        assertThat(ConfigProvider.getConfig().getValue("mp.messaging.outgoing.words-out.connector", String.class))
                .isEqualTo("kaon");
    }

    @Test
    void shouldNeedNoSocketForChannels() {
        assertThat(connector.getConsumer("words-in").unwrap().getClass().getSimpleName())
                .isEqualTo("EmbeddedConsumer");
        assertThat(connector.getProducer("words-out").unwrap().getClass().getSimpleName())
                .isEqualTo("EmbeddedProducer");
    }
}
