// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.quarkus.test.QuarkusUnitTest;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Strategies of channels without a socket. */
class KaonStrategiesExtensionTest extends AbstractKaonStrategiesTest {
    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .withApplicationRoot(jar -> jar.addClasses(
                            StrategiesApplication.class, AbstractStrategiesTest.class, AbstractKaonStrategiesTest.class)
                    .addAsResource(new StringAsset(CONFIG), "application.properties"))
            .overrideConfigKey("quarkus.kaon.broker.topics.retry.partitions", "3");
}
