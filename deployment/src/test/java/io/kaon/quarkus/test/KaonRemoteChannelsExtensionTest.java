// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.broker.TopicSpec;
import io.kaon.quarkus.connector.KaonConnector;
import io.quarkus.test.QuarkusUnitTest;
import jakarta.inject.Inject;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The connector kaon with an address: the same application, over TCP to a broker that is not its own. */
class KaonRemoteChannelsExtensionTest extends AbstractChannelsTest {
    @RegisterExtension
    static final QuarkusUnitTest application = Elsewhere.remote(
            new QuarkusUnitTest().withApplicationRoot(jar -> jar.addClasses(
                            ChannelsApplication.class, AbstractChannelsTest.class, Elsewhere.class)
                    .addAsResource(new StringAsset(CONFIG), "application.properties")),
            Map.of("numbers", new TopicSpec(4, Map.of())));

    @Inject
    @Connector(KaonConnector.CONNECTOR_NAME)
    KaonConnector connector;

    @Test
    void shouldUseKafkasOwnClientForAnotherBroker() {
        assertThat(connector.getConsumer("words-in").unwrap()).isInstanceOf(KafkaConsumer.class);
    }
}
