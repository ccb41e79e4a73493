// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.quarkus.test.QuarkusUnitTest;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Over TCP to another broker. */
class KaonRemoteMessagesExtensionTest extends AbstractMessagesTest {
    @RegisterExtension
    static final QuarkusUnitTest application = Elsewhere.remote(application(), TOPICS);
}
