// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.quarkus.test.QuarkusUnitTest;
import java.util.Map;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The end of a channel of the connector kaon with an address: Kafka's own clients, over TCP to another broker. */
class KaonRemoteEndingExtensionTest extends AbstractEndingTest {
    @RegisterExtension
    static final QuarkusUnitTest application = Elsewhere.remote(
            new QuarkusUnitTest().withApplicationRoot(jar -> jar.addClasses(
                            EndingApplication.class, AbstractEndingTest.class, Elsewhere.class)
                    .addAsResource(new StringAsset(CONFIG), "application.properties")),
            Map.of(),
            AbstractEndingTest::assertCommitted);
}
