// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.kaon.broker.Broker;
import io.kaon.broker.BrokerOptions;
import io.quarkus.test.QuarkusUnitTest;
import java.util.Map;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The end of a channel of the connector kaon with an address: Kafka's own clients, over TCP to another broker. */
class KaonRemoteEndingExtensionTest extends AbstractEndingTest {
    private static final String ELSEWHERE = "kaon.test.elsewhere.ending";

    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .withApplicationRoot(jar -> jar.addClasses(EndingApplication.class, AbstractEndingTest.class)
                    .addAsResource(new StringAsset(CONFIG), "application.properties"))
            .overrideConfigKey("quarkus.kaon.broker.enabled", "false")
            .overrideConfigKey("mp.messaging.connector.kaon.bootstrap.servers", "${" + ELSEWHERE + "}")
            .overrideConfigKey("kafka.bootstrap.servers", "${" + ELSEWHERE + "}")
            .setBeforeAllCustomizer(KaonRemoteEndingExtensionTest::startElsewhere)
            .setAfterAllCustomizer(KaonRemoteEndingExtensionTest::stopElsewhere);

    private static Broker elsewhere;

    private static void startElsewhere() {
        elsewhere = Broker.start(BrokerOptions.embedded().withConfig(Map.of("group.initial.rebalance.delay.ms", "0")));
        System.setProperty(ELSEWHERE, elsewhere.bootstrapServers());
    }

    private static void stopElsewhere() {
        System.clearProperty(ELSEWHERE);
        elsewhere.close();
        assertCommitted();
    }
}
