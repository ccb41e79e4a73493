// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.quarkus.test.QuarkusUnitTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PortInUseExtensionTest {
    private static final ServerSocket TAKEN = taken();

    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .withEmptyApplication()
            .overrideConfigKey("quarkus.kaon.broker.listeners", "PLAINTEXT://127.0.0.1:" + TAKEN.getLocalPort())
            .assertException(failure -> assertThat(failure)
                    .hasMessageContaining("quarkus.kaon.broker.listeners")
                    .hasMessageContaining(String.valueOf(TAKEN.getLocalPort())));

    private static ServerSocket taken() {
        try {
            return new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    static void release() throws IOException {
        TAKEN.close();
    }

    @Test
    void shouldStopStartWhenPortIsInUse() {
        fail("The application must not start");
    }
}
