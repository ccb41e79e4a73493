// SPDX-License-Identifier: Apache-2.0
package io.kaon.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.it.client.OldClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients from 2014 on, most of which know nothing of today's message format: what they send is converted up, what they
 * read is converted down, and old and new clients read each other's records (C19, C25, C27 to C30).
 */
class LegacyClientsIT {
    private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4");
    private static final String COUNT = System.getProperty("kaon.it.legacy.records", "2000");
    private static final String BYTES = "300";

    @TempDir
    static Path data;

    private static ServerProcess server;

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.start(
                data,
                "quarkus.kaon.broker.config.\"num.partitions\"=2",
                "quarkus.kaon.broker.config.\"group.initial.rebalance.delay.ms\"=0");
        Strangers.client("new", OldClient.class, produce("from-new")).succeeded();
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.9.0.1", "0.10.0.1", "0.10.2.2", "0.11.0.3", "1.1.1", "2.0.1", "2.4.1", "2.8.2"})
    void shouldServeAnOldKafkaClient(String version) {
        // Given
        String prefix = "from-" + version;
        Strangers.oldClient(version, OldClient.class, produce(prefix)).succeeded();

        // When
        String ownRecords = Strangers.oldClient(version, OldClient.class, consume("own-" + version, prefix))
                .succeeded();
        String newRecords = Strangers.oldClient(version, OldClient.class, consume("new-" + version, "from-new"))
                .succeeded();
        String oldRecords = Strangers.client("new", OldClient.class, consume("later-" + version, prefix))
                .succeeded();

        // Then
        assertThat(ownRecords.lines()).hasSize(CODECS.size());
        assertThat(newRecords.lines()).hasSize(CODECS.size());
        assertThat(oldRecords.lines()).hasSize(CODECS.size());
    }

    /** 0.8.2 had the producer of today and no consumer yet. */
    @Test
    void shouldServeTheOldestJavaProducer() {
        // Given
        Strangers.oldClient("0.8.2.2", OldClient.class, produce("from-0.8.2.2")).succeeded();

        // When
        String read = Strangers.client("new", OldClient.class, consume("later-0.8", "from-0.8.2.2"))
                .succeeded();

        // Then
        assertThat(read.lines()).hasSize(CODECS.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip"})
    void shouldServeTheOldestPythonApi(String codec) {
        // When
        String[] address = server.bootstrap().split(":");
        Command script =
                Strangers.plainPython("oldest_api.py", address[0], address[1], "oldest-" + codec, "500", codec);

        // Then
        assertThat(script.succeeded()).contains("oldest api saw 500");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip"})
    void shouldServeKafkaNode(String codec) {
        // When
        Command script =
                Strangers.node("kafka-node", "kafka_node.js", server.bootstrap(), "kafka-node-" + codec, "1000", codec);

        // Then
        assertThat(script.succeeded()).contains("kafka-node saw 1000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip"})
    void shouldServeNoKafka(String codec) {
        // When
        Command script =
                Strangers.node("no-kafka", "no_kafka.js", server.bootstrap(), "no-kafka-" + codec, "1000", codec);

        // Then
        assertThat(script.succeeded()).contains("no-kafka saw 1000");
    }

    private static String[] produce(String prefix) {
        return arguments(
                Stream.of("produce", server.bootstrap(), COUNT, BYTES),
                CODECS.stream().map(codec -> prefix + "-" + codec + "=" + codec));
    }

    private static String[] consume(String group, String prefix) {
        return arguments(
                Stream.of("consume", server.bootstrap(), COUNT, BYTES, group),
                CODECS.stream().map(codec -> prefix + "-" + codec));
    }

    private static String[] arguments(Stream<String> first, Stream<String> rest) {
        return Stream.concat(first, rest).toArray(String[]::new);
    }
}
