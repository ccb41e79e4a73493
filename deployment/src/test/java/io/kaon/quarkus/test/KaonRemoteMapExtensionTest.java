// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.kaon.broker.TopicSpec;
import io.quarkus.test.QuarkusUnitTest;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Over TCP to another broker. */
class KaonRemoteMapExtensionTest extends AbstractMapTest {
    @RegisterExtension
    static final QuarkusUnitTest application =
            Elsewhere.remote(application(), Map.of("held", new TopicSpec(2, Map.of())));

    @Override
    boolean isEmbedded() {
        return false;
    }
}
