// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.kaon.broker.TopicSpec;
import io.quarkus.test.QuarkusUnitTest;
import java.util.Map;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The same over TCP. */
class KaonRemoteConsumptionExtensionTest extends AbstractConsumptionTest {
    @RegisterExtension
    static final QuarkusUnitTest application = Elsewhere.remote(
            new QuarkusUnitTest().withApplicationRoot(jar -> jar.addClasses(
                            ConsumptionApplication.class, AbstractConsumptionTest.class, Elsewhere.class)
                    .addAsResource(new StringAsset(CONFIG), "application.properties")),
            Map.of("wide", new TopicSpec(4, Map.of()), "split", new TopicSpec(4, Map.of())));
}
