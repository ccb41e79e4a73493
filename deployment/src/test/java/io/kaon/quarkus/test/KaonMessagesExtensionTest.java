// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.quarkus.test.QuarkusUnitTest;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Without a socket. */
class KaonMessagesExtensionTest extends AbstractMessagesTest {
    @RegisterExtension
    static final QuarkusUnitTest application = application();
}
