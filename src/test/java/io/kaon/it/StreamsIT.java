// SPDX-License-Identifier: Apache-2.0
package io.kaon.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.it.client.WordCount;
import io.kaon.it.client.WordCountTopics;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A word count of Kafka Streams with {@code exactly_once_v2}, killed in its work and resumed. */
class StreamsIT {
    private static final int WORDS = 6000;

    @TempDir
    static Path directory;

    private static ServerProcess server;

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.start(
                directory.resolve("data"), "quarkus.kaon.broker.config.\"group.initial.rebalance.delay.ms\"=0");
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @Test
    void shouldCountEveryWordOnceAlthoughTheApplicationIsKilled() throws Exception {
        // Given
        topics("feed", server.bootstrap(), "words", "counts", Integer.toString(WORDS));

        // When
        for (int kill = 1; kill <= 2; kill++) {
            Process application = wordCount(kill);
            try {
                topics("await", server.bootstrap(), "counts", Integer.toString(kill * WORDS / 4));
            } finally {
                application.destroyForcibly().waitFor();
            }
        }
        Process application = wordCount(3);

        // Then
        try {
            assertThat(topics("check", server.bootstrap(), "counts", Integer.toString(WORDS)))
                    .contains("saw " + WORDS + " counts of 17 words");
        } finally {
            application.destroyForcibly().waitFor();
        }
    }

    private static Process wordCount(int start) throws IOException {
        File log = directory.resolve("word-count-" + start + ".log").toFile();
        return new ProcessBuilder(Strangers.streamsWords(
                        WordCount.class,
                        server.bootstrap(),
                        "word-count",
                        "words",
                        "counts",
                        directory.resolve("state").toString()))
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
    }

    private static String topics(String... arguments) {
        return Strangers.client("new", WordCountTopics.class, arguments).succeeded();
    }
}
