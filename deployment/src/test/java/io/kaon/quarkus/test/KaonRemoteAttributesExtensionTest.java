// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.kaon.broker.TopicSpec;
import io.quarkus.test.QuarkusUnitTest;
import java.util.Map;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The connector kaon with an address: over TCP to a broker that is not the application's. */
class KaonRemoteAttributesExtensionTest extends AbstractAttributesTest {
    @RegisterExtension
    static final QuarkusUnitTest application = Elsewhere.start(
                    new QuarkusUnitTest().withApplicationRoot(jar -> jar.addClasses(CLASSES)
                            .addClass(Elsewhere.class)
                            .addAsResource(new StringAsset(CONFIG), "application.properties")),
                    Map.of("fixed", new TopicSpec(3, Map.of()), "shared", new TopicSpec(3, Map.of())))
            .overrideConfigKey("quarkus.kaon.broker.enabled", "false")
            .overrideConfigKey("kafka.bootstrap.servers", "${kaon.test.elsewhere}");
}
