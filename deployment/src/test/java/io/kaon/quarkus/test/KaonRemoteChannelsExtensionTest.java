// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.broker.Broker;
import io.kaon.broker.BrokerOptions;
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
    /** Lives in the class loader of the test, out of the application's reach. */
    private static final String ELSEWHERE = "kaon.test.elsewhere";

    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .withApplicationRoot(jar -> jar.addClasses(ChannelsApplication.class, AbstractChannelsTest.class)
                    .addAsResource(new StringAsset(CONFIG), "application.properties"))
            .overrideConfigKey("quarkus.kaon.broker.enabled", "false")
            .overrideConfigKey("mp.messaging.connector.kaon.bootstrap.servers", "${" + ELSEWHERE + "}")
            .overrideConfigKey("kafka.bootstrap.servers", "${" + ELSEWHERE + "}")
            .setBeforeAllCustomizer(KaonRemoteChannelsExtensionTest::startElsewhere)
            .setAfterAllCustomizer(KaonRemoteChannelsExtensionTest::stopElsewhere);

    private static Broker elsewhere;

    @Inject
    @Connector(KaonConnector.CONNECTOR_NAME)
    KaonConnector connector;

    private static void startElsewhere() {
        elsewhere = Broker.start(BrokerOptions.embedded()
                .withTopics(Map.of("numbers", new TopicSpec(4, Map.of())))
                .withConfig(Map.of("group.initial.rebalance.delay.ms", "0")));
        System.setProperty(ELSEWHERE, elsewhere.bootstrapServers());
    }

    private static void stopElsewhere() {
        System.clearProperty(ELSEWHERE);
        elsewhere.close();
    }

    @Test
    void shouldUseKafkasOwnClientForAnotherBroker() {
        assertThat(connector.getConsumer("words-in").unwrap()).isInstanceOf(KafkaConsumer.class);
    }
}
