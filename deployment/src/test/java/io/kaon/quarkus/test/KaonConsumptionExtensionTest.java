// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.quarkus.test.QuarkusUnitTest;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Channels of the broker in the application. */
class KaonConsumptionExtensionTest extends AbstractConsumptionTest {
    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .withApplicationRoot(jar -> jar.addClasses(ConsumptionApplication.class, AbstractConsumptionTest.class)
                    .addAsResource(new StringAsset(CONFIG), "application.properties"));
}
