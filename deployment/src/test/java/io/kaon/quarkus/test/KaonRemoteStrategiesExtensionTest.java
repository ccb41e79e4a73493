// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.kaon.broker.TopicSpec;
import io.quarkus.test.QuarkusUnitTest;
import java.util.Map;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Strategies of the connector kaon with an address: Kafka's own clients, over TCP to another broker. */
class KaonRemoteStrategiesExtensionTest extends AbstractKaonStrategiesTest {
    @RegisterExtension
    static final QuarkusUnitTest application = Elsewhere.remote(
            new QuarkusUnitTest().withApplicationRoot(jar -> jar.addClasses(
                            StrategiesApplication.class,
                            AbstractStrategiesTest.class,
                            AbstractKaonStrategiesTest.class,
                            Elsewhere.class)
                    .addAsResource(new StringAsset(CONFIG), "application.properties")),
            Map.of("retry", new TopicSpec(3, Map.of())));
}
