// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.kaon.broker.Broker;
import io.kaon.broker.BrokerOptions;
import io.quarkus.test.QuarkusUnitTest;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Strategies of the connector kaon with an address: Kafka's own clients, over TCP to another broker. */
class KaonRemoteStrategiesExtensionTest extends AbstractKaonStrategiesTest {
    private static final String ELSEWHERE = "kaon.test.elsewhere.strategies";

    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .withApplicationRoot(jar -> jar.addClasses(
                            StrategiesApplication.class, AbstractStrategiesTest.class, AbstractKaonStrategiesTest.class)
                    .addAsResource(new StringAsset(CONFIG), "application.properties"))
            .overrideConfigKey("quarkus.kaon.broker.enabled", "false")
            .overrideConfigKey("mp.messaging.connector.kaon.bootstrap.servers", "${" + ELSEWHERE + "}")
            .overrideConfigKey("kafka.bootstrap.servers", "${" + ELSEWHERE + "}")
            .setBeforeAllCustomizer(KaonRemoteStrategiesExtensionTest::startElsewhere)
            .setAfterAllCustomizer(KaonRemoteStrategiesExtensionTest::stopElsewhere);

    private static Broker elsewhere;

    private static void startElsewhere() {
        elsewhere = Broker.start(BrokerOptions.embedded().withConfig(Map.of("group.initial.rebalance.delay.ms", "0")));
        System.setProperty(ELSEWHERE, elsewhere.bootstrapServers());
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", elsewhere.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("retry", 3, (short) 1)));
        }
    }

    private static void stopElsewhere() {
        System.clearProperty(ELSEWHERE);
        elsewhere.close();
    }
}
