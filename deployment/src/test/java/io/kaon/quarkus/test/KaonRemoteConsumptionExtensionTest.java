// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.kaon.broker.Broker;
import io.kaon.broker.BrokerOptions;
import io.kaon.broker.TopicSpec;
import io.quarkus.test.QuarkusUnitTest;
import java.util.Map;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The same over TCP. */
class KaonRemoteConsumptionExtensionTest extends AbstractConsumptionTest {
    /** Lives in the class loader of the test, out of the application's reach. */
    private static final String ELSEWHERE = "kaon.test.elsewhere";

    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .withApplicationRoot(jar -> jar.addClasses(ConsumptionApplication.class, AbstractConsumptionTest.class)
                    .addAsResource(new StringAsset(CONFIG), "application.properties"))
            .overrideConfigKey("quarkus.kaon.broker.enabled", "false")
            .overrideConfigKey("mp.messaging.connector.kaon.bootstrap.servers", "${" + ELSEWHERE + "}")
            .setBeforeAllCustomizer(KaonRemoteConsumptionExtensionTest::startElsewhere)
            .setAfterAllCustomizer(KaonRemoteConsumptionExtensionTest::stopElsewhere);

    private static Broker elsewhere;

    private static void startElsewhere() {
        elsewhere = Broker.start(BrokerOptions.embedded()
                .withTopics(Map.of("wide", new TopicSpec(4, Map.of()), "split", new TopicSpec(4, Map.of())))
                .withConfig(Map.of("group.initial.rebalance.delay.ms", "0")));
        System.setProperty(ELSEWHERE, elsewhere.bootstrapServers());
    }

    private static void stopElsewhere() {
        System.clearProperty(ELSEWHERE);
        elsewhere.close();
    }
}
