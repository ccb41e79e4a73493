// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.kaon.broker.Broker;
import io.kaon.broker.BrokerOptions;
import io.kaon.broker.TopicSpec;
import io.quarkus.test.QuarkusUnitTest;
import java.util.Map;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The connector kaon with an address: over TCP to a broker that is not the application's. */
class KaonRemoteAttributesExtensionTest extends AbstractAttributesTest {
    /** Lives in the class loader of the test, out of the application's reach. */
    private static final String ELSEWHERE = "kaon.test.attributes.elsewhere";

    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .withApplicationRoot(
                    jar -> jar.addClasses(CLASSES).addAsResource(new StringAsset(CONFIG), "application.properties"))
            .overrideConfigKey("quarkus.kaon.broker.enabled", "false")
            .overrideConfigKey("kafka.bootstrap.servers", "${" + ELSEWHERE + "}")
            .setBeforeAllCustomizer(KaonRemoteAttributesExtensionTest::startElsewhere)
            .setAfterAllCustomizer(KaonRemoteAttributesExtensionTest::stopElsewhere);

    private static Broker elsewhere;

    private static void startElsewhere() {
        elsewhere = Broker.start(BrokerOptions.embedded()
                .withTopics(Map.of("fixed", new TopicSpec(3, Map.of()), "shared", new TopicSpec(3, Map.of())))
                .withConfig(Map.of("group.initial.rebalance.delay.ms", "0")));
        System.setProperty(ELSEWHERE, elsewhere.bootstrapServers());
    }

    private static void stopElsewhere() {
        System.clearProperty(ELSEWHERE);
        elsewhere.close();
    }
}
