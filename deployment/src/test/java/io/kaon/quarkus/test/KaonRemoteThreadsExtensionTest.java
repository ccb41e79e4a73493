// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.quarkus.test.QuarkusUnitTest;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Over TCP to another broker. */
class KaonRemoteThreadsExtensionTest extends AbstractThreadsTest {
    @RegisterExtension
    static final QuarkusUnitTest application = Elsewhere.remote(application("kaon"), Map.of());
}
