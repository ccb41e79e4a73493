// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.quarkus.connector.KaonConnector;
import io.quarkus.test.QuarkusUnitTest;
import jakarta.inject.Inject;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two routes in one transaction: the group protocol of KIP-848, which goes over TCP, and a producer without a socket. */
class KaonNewGroupsTransactionsExtensionTest extends AbstractTransactionsTest {
    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .withApplicationRoot(jar -> jar.addClasses(TransactionsApplication.class, AbstractTransactionsTest.class)
                    .addAsResource(new StringAsset(CONFIG), "application.properties"))
            .overrideConfigKey("mp.messaging.incoming.orders-in.group.protocol", "consumer");

    @Inject
    @Connector(KaonConnector.CONNECTOR_NAME)
    KaonConnector connector;

    @Test
    void shouldLeaveNewGroupProtocolToKafkasOwnClient() {
        assertThat(connector.getConsumer("orders-in").unwrap()).isInstanceOf(KafkaConsumer.class);
        assertThat(connector.getProducer("receipts-out").unwrap().getClass().getSimpleName())
                .isEqualTo("EmbeddedProducer");
    }
}
