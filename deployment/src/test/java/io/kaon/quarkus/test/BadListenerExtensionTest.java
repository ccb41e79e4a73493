// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.quarkus.test.QuarkusUnitTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BadListenerExtensionTest {
    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .withEmptyApplication()
            .overrideConfigKey("quarkus.kaon.broker.listeners", "somewhere")
            .assertException(failure ->
                    assertThat(failure).hasStackTraceContaining("quarkus.kaon.broker.listeners: a listener is"));

    @Test
    void shouldStopStartWithSentenceThatNamesTheKey() {
        fail("The application must not start");
    }
}
