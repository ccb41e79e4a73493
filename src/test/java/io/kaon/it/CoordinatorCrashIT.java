// SPDX-License-Identifier: Apache-2.0
package io.kaon.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.it.client.CopyTopics;
import io.kaon.it.client.ExactCopier;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code kill -9} of the coordinators: groups go on, commits stay, and a transaction is whole or not there at all. */
class CoordinatorCrashIT {
    private static final int RECORDS = 6000;
    private static final String[] SETTINGS = {
        "quarkus.kaon.broker.config.\"group.initial.rebalance.delay.ms\"=0",
        "quarkus.kaon.broker.config.\"transaction.abort.timed.out.transaction.cleanup.interval.ms\"=200"
    };

    @TempDir
    Path directory;

    private ServerProcess server;

    @BeforeEach
    void start() throws IOException {
        server = ServerProcess.start(directory.resolve("data"), SETTINGS);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldCopyExactlyOnceAcrossCrashes(String protocol) throws Exception {
        // Given
        topics("feed", server.bootstrap(), "origin", "copy", Integer.toString(RECORDS));
        Process copier = new ProcessBuilder(Strangers.clientWords(
                        "new",
                        ExactCopier.class,
                        server.bootstrap(),
                        "origin",
                        "copy",
                        "copiers",
                        "group.protocol=" + protocol))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("copier.log").toFile())
                .start();

        // When
        try {
            for (int crash = 1; crash <= 2; crash++) {
                topics("await", server.bootstrap(), "copy", Integer.toString(crash * RECORDS / 4));
                crash();
            }

            // Then
            assertThat(topics("check", server.bootstrap(), "copy", Integer.toString(RECORDS)))
                    .contains("saw " + RECORDS + " copies");
        } finally {
            copier.destroyForcibly().waitFor();
        }
    }

    @Test
    void shouldCompleteATransactionThatWasOpenInTheCrash() throws Exception {
        // Given
        topics("feed", server.bootstrap(), "none", "open", "0");
        Process producer = new ProcessBuilder(
                        Strangers.clientWords("new", CopyTopics.class, "open", server.bootstrap(), "open", "opener"))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader printed = producer.inputReader()) {
            assertThat(printed.readLine()).isEqualTo("open");

            // When
            crash();
            producer.getOutputStream().close();

            // Then
            assertThat(printed.readLine()).isEqualTo("committed");
            assertThat(producer.waitFor(1, TimeUnit.MINUTES)).isTrue();
        } finally {
            producer.destroyForcibly().waitFor();
        }
        assertThat(topics("check", server.bootstrap(), "open", "2")).contains("saw 2 copies");
    }

    /** The same address again, as its clients keep it. */
    private void crash() throws IOException, InterruptedException {
        String bootstrap = server.bootstrap();
        server.kill();
        List<String> settings = new ArrayList<>(List.of(SETTINGS));
        settings.add("quarkus.kaon.broker.listeners=PLAINTEXT://" + bootstrap);
        server = ServerProcess.start(directory.resolve("data"), settings.toArray(String[]::new));
    }

    private static String topics(String... arguments) {
        return Strangers.client("new", CopyTopics.class, arguments).succeeded();
    }
}
