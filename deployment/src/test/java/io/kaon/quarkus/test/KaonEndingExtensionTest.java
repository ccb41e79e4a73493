// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.quarkus.test.QuarkusUnitTest;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The end of a channel without a socket. */
class KaonEndingExtensionTest extends AbstractEndingTest {
    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .withApplicationRoot(jar -> jar.addClasses(EndingApplication.class, AbstractEndingTest.class)
                    .addAsResource(new StringAsset(CONFIG), "application.properties"))
            .setAfterAllCustomizer(AbstractEndingTest::assertCommitted);
}
