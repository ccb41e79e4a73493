// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.quarkus.test.QuarkusUnitTest;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Without a socket. */
class KaonMapExtensionTest extends AbstractMapTest {
    @RegisterExtension
    static final QuarkusUnitTest application =
            application().overrideConfigKey("quarkus.kaon.broker.topics.held.partitions", "2");

    @Override
    boolean isEmbedded() {
        return true;
    }
}
