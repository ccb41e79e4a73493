// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.kaon.broker.TopicSpec;
import io.quarkus.test.QuarkusUnitTest;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Over TCP to another broker. */
class KaonRemoteOutgoingFormsExtensionTest extends AbstractOutgoingFormsTest {
    @RegisterExtension
    static final QuarkusUnitTest application = Elsewhere.remote(
            application(),
            Map.of(
                    "forms", new TopicSpec(PARTITIONS, Map.of()),
                    "forms-elsewhere", new TopicSpec(1, Map.of()),
                    "relay", new TopicSpec(1, Map.of())));
}
