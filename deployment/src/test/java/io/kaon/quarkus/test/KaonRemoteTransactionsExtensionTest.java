// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.broker.Broker;
import io.kaon.broker.BrokerOptions;
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
    private static final String ELSEWHERE = "kaon.test.elsewhere.transactions";

    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .withApplicationRoot(jar -> jar.addClasses(TransactionsApplication.class, AbstractTransactionsTest.class)
                    .addAsResource(new StringAsset(CONFIG), "application.properties"))
            .overrideConfigKey("quarkus.kaon.broker.enabled", "false")
            .overrideConfigKey("mp.messaging.connector.kaon.bootstrap.servers", "${" + ELSEWHERE + "}")
            .overrideConfigKey("kafka.bootstrap.servers", "${" + ELSEWHERE + "}")
            .setBeforeAllCustomizer(KaonRemoteTransactionsExtensionTest::startElsewhere)
            .setAfterAllCustomizer(KaonRemoteTransactionsExtensionTest::stopElsewhere);

    private static Broker elsewhere;

    @Inject
    @Connector(KaonConnector.CONNECTOR_NAME)
    KaonConnector connector;

    private static void startElsewhere() {
        elsewhere = Broker.start(BrokerOptions.embedded().withConfig(Map.of("group.initial.rebalance.delay.ms", "0")));
        System.setProperty(ELSEWHERE, elsewhere.bootstrapServers());
    }

    private static void stopElsewhere() {
        System.clearProperty(ELSEWHERE);
        elsewhere.close();
    }

    @Test
    void shouldUseKafkasOwnClientForAnotherBroker() {
        assertThat(connector.getProducer("receipts-out").unwrap()).isInstanceOf(KafkaProducer.class);
    }
}
