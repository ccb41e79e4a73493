// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.quarkus.connector.KaonConnector;
import io.quarkus.test.QuarkusUnitTest;
import jakarta.inject.Inject;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Transactions with a group whose coordinator assigns (KIP-848). */
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
    void shouldNeedNoSocketForNewGroupProtocol() {
        assertThat(connector.getConsumer("orders-in").unwrap().getClass().getSimpleName())
                .isEqualTo("EmbeddedConsumer");
        assertThat(connector.getProducer("receipts-out").unwrap().getClass().getSimpleName())
                .isEqualTo("EmbeddedProducer");
    }
}
