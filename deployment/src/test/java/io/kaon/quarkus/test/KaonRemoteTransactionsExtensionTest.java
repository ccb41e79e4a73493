// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.quarkus.connector.KaonConnector;
import io.quarkus.test.QuarkusUnitTest;
import jakarta.inject.Inject;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Transactions of the connector kaon with an address: Kafka's own clients, over TCP to another broker. */
class KaonRemoteTransactionsExtensionTest extends AbstractTransactionsTest {
    @RegisterExtension
    static final QuarkusUnitTest application = Elsewhere.remote(
            new QuarkusUnitTest().withApplicationRoot(jar -> jar.addClasses(
                            TransactionsApplication.class, AbstractTransactionsTest.class, Elsewhere.class)
                    .addAsResource(new StringAsset(CONFIG), "application.properties")),
            Map.of());

    @Inject
    @Connector(KaonConnector.CONNECTOR_NAME)
    KaonConnector connector;

    @Test
    void shouldUseKafkasOwnClientForAnotherBroker() {
        assertThat(connector.getProducer("receipts-out").unwrap()).isInstanceOf(KafkaProducer.class);
    }
}
