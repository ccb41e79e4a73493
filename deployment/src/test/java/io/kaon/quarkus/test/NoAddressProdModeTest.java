// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.QuarkusProdModeTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A packaged application with channels, no broker and no address. */
class NoAddressProdModeTest {
    @RegisterExtension
    static final QuarkusProdModeTest application = new QuarkusProdModeTest()
            .withApplicationRoot(jar -> jar.addClass(OneChannelApplication.class))
            .setApplicationName("no-address")
            .setExpectExit(true)
            .setRun(true);

    @Test
    void shouldFailWithSentenceThatSaysWhatToSet() {
        assertThat(application.getExitCode()).isNotZero();
        assertThat(application.getStartupConsoleOutput())
                .contains("The channel 'only' uses the connector 'kaon'")
                .contains("quarkus.kaon.broker.enabled=true")
                .contains("kafka.bootstrap.servers")
                .doesNotContain("localhost:9092");
    }
}
