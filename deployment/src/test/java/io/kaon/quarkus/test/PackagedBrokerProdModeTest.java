// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.QuarkusProdModeTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A packaged application that was told to run a broker. */
class PackagedBrokerProdModeTest {
    private static final Path DATA = directory();

    @RegisterExtension
    static final QuarkusProdModeTest application = new QuarkusProdModeTest()
            .withApplicationRoot(jar -> jar.addClass(OneChannelApplication.class))
            .setApplicationName("packaged-broker")
            .setRuntimeProperties(Map.of(
                    "quarkus.kaon.broker.enabled", "true",
                    "quarkus.kaon.broker.listeners", "PLAINTEXT://localhost:0",
                    "quarkus.kaon.broker.data-dir", DATA.toString()))
            .setRun(true);

    private static Path directory() {
        try {
            return Files.createTempDirectory("kaon-packaged");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldRunBrokerAndKeepItsData() {
        assertThat(application.getStartupConsoleOutput())
                .contains("Kaon is ready: listeners PLAINTEXT://localhost:")
                .contains(DATA.toString());
        assertThat(DATA.resolve("meta.properties")).exists();
    }
}
