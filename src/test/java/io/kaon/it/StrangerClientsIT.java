// SPDX-License-Identifier: Apache-2.0
package io.kaon.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients in other languages against the packaged server: produce, consume in a group, resume. */
class StrangerClientsIT {
    private static final int COUNT = 1000;

    @TempDir
    static Path data;

    private static ServerProcess server;

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.start(data);
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4"})
    void shouldServeKcat(String codec) {
        // Given
        String topic = "kcat-" + codec;
        String lines = lines(0, COUNT);
        Strangers.kcat(lines, "-P", "-b", server.bootstrap(), "-t", topic, "-z", codec, "-X", "acks=all")
                .succeeded();

        // When
        String read = Strangers.kcat("", "-C", "-b", server.bootstrap(), "-t", topic, "-e", "-q", "-o", "beginning")
                .succeeded();

        // Then
        assertThat(read).isEqualTo(lines);
    }

    @Test
    void shouldLetAKcatGroupResume() {
        // Given
        String topic = "kcat-group";
        kcatProduce(topic, lines(0, 100));
        String first = kcatGroup(topic);
        kcatProduce(topic, lines(100, 150));

        // When
        String second = kcatGroup(topic);

        // Then
        assertThat(first).isEqualTo(lines(0, 100));
        assertThat(second).isEqualTo(lines(100, 150));
    }

    @Test
    void shouldDescribeItselfToKcat() {
        // When
        String metadata = Strangers.kcat("", "-L", "-b", server.bootstrap()).succeeded();

        // Then
        assertThat(metadata).contains("broker 0 at " + server.bootstrap());
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip"})
    void shouldServeKafkaPython(String codec) {
        // When
        Command script = Strangers.python(
                "produce_and_resume.py", server.bootstrap(), "python-" + codec, Integer.toString(COUNT), codec);

        // Then
        assertThat(script.succeeded()).contains("python saw " + COUNT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip"})
    void shouldServeKafkajs(String codec) {
        // When
        Command script = Strangers.node(
                "kafkajs",
                "produce_and_resume.js",
                server.bootstrap(),
                "node-" + codec,
                Integer.toString(COUNT),
                codec);

        // Then
        assertThat(script.succeeded()).contains("node saw " + COUNT);
    }

    private static void kcatProduce(String topic, String lines) {
        Strangers.kcat(lines, "-P", "-b", server.bootstrap(), "-t", topic).succeeded();
    }

    /** Reads as a member of a group up to the end of each partition, and commits on the way out. */
    private static String kcatGroup(String topic) {
        return Strangers.kcat(
                        "",
                        "-b",
                        server.bootstrap(),
                        "-q",
                        "-e",
                        "-X",
                        "auto.offset.reset=earliest",
                        "-G",
                        "group-of-" + topic,
                        topic)
                .succeeded();
    }

    private static String lines(int from, int to) {
        return IntStream.range(from, to).mapToObj(n -> "line " + n + "\n").collect(Collectors.joining());
    }
}
