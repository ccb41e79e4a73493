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

/** Transactions without a socket. */
class KaonTransactionsExtensionTest extends AbstractTransactionsTest {
    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .withApplicationRoot(jar -> jar.addClasses(TransactionsApplication.class, AbstractTransactionsTest.class)
                    .addAsResource(new StringAsset(CONFIG), "application.properties"));

    @Inject
    @Connector(KaonConnector.CONNECTOR_NAME)
    KaonConnector connector;

    @Test
    void shouldNeedNoSocketForTransactions() {
        assertThat(connector.getProducer("receipts-out").unwrap().getClass().getSimpleName())
                .isEqualTo("EmbeddedProducer");
        assertThat(connector.getConsumer("receipts-in").unwrap().getClass().getSimpleName())
                .isEqualTo("EmbeddedConsumer");
    }

    @Test
    void shouldNameTransactionsAfterApplicationAndChannel() {
        assertThat(ConfigProvider.getConfig()
                        .getValue("mp.messaging.outgoing.receipts-out.transactional.id", String.class))
                .isEqualTo("transactions-receipts-out");
    }
}
