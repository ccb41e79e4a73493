// SPDX-License-Identifier: Apache-2.0
package io.kaon.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.it.client.BulkConsumer;
import io.kaon.it.client.BulkProducer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of the server while an idempotent producer sends: nothing acknowledged is missing, nothing is doubled. */
class CrashIT {
    private static final String RECORDS = System.getProperty("kaon.it.crash.records", "200000");
    private static final int CRASHES = 3;
    private static final long BYTES_BETWEEN_CRASHES = 20_000_000;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path data;

    private ServerProcess server;

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void shouldLoseAndDoubleNothingWhenKilledWhileProducing() throws Exception {
        // Given
        server = ServerProcess.start(data);
        String listener = "quarkus.kaon.broker.listeners=PLAINTEXT://" + server.bootstrap();
        createTopic(server, "crash", "3");
        Process producer = new ProcessBuilder(Strangers.clientWords(
                        "new", BulkProducer.class, server.bootstrap(), "crash", "3", RECORDS, "1024", "none"))
                .inheritIO()
                .start();

        // When
        try {
            for (int crash = 1; crash <= CRASHES; crash++) {
                awaitBytes(crash * BYTES_BETWEEN_CRASHES, producer);
                server.kill();
                server = ServerProcess.start(data, listener);
            }

            // Then
            assertThat(producer.waitFor(4, TimeUnit.MINUTES))
                    .as("the producer has ended")
                    .isTrue();
        } finally {
            producer.destroyForcibly();
        }
        assertThat(producer.exitValue()).isZero();
        String checked = Strangers.client("new", BulkConsumer.class, server.bootstrap(), "crash", "3", RECORDS, "1024")
                .succeeded();
        assertThat(checked).contains("checked " + RECORDS);
    }

    @Test
    void shouldKeepTopicsAndCommittedOffsetsWhenKilled() throws Exception {
        // Given
        server = ServerProcess.start(data);
        createTopic(server, "kept", "2");
        Strangers.toolWithInput(
                        "one\ntwo\nthree\n",
                        "org.apache.kafka.tools.ConsoleProducer",
                        "--bootstrap-server",
                        server.bootstrap(),
                        "--topic",
                        "kept")
                .succeeded();
        consume(server, "3");

        // When
        server.kill();
        server = ServerProcess.start(data);

        // Then
        String groups = Strangers.tool(
                        "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
                        "--bootstrap-server",
                        server.bootstrap(),
                        "--describe",
                        "--group",
                        "keepers")
                .succeeded();
        assertThat(groups.lines()
                        .filter(line -> line.startsWith("keepers"))
                        .mapToInt(CrashIT::lag)
                        .sum())
                .as(groups)
                .isZero();
    }

    private static int lag(String line) {
        return Integer.parseInt(line.trim().split("\\s+")[5]);
    }

    private static void consume(ServerProcess server, String count) {
        Strangers.tool(
                        "org.apache.kafka.tools.consumer.ConsoleConsumer",
                        "--bootstrap-server",
                        server.bootstrap(),
                        "--topic",
                        "kept",
                        "--group",
                        "keepers",
                        "--from-beginning",
                        "--max-messages",
                        count,
                        "--timeout-ms",
                        "30000")
                .succeeded();
    }

    private static void createTopic(ServerProcess server, String topic, String partitions) {
        Strangers.tool(
                        "org.apache.kafka.tools.TopicCommand",
                        "--bootstrap-server",
                        server.bootstrap(),
                        "--create",
                        "--topic",
                        topic,
                        "--partitions",
                        partitions)
                .succeeded();
    }

    private void awaitBytes(long bytes, Process producer) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (logBytes() < bytes && producer.isAlive()) {
            assertThat(System.nanoTime()).as("the log grows").isLessThan(deadline);
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    private long logBytes() throws IOException {
        long bytes = 0;
        for (int partition = 0; partition < 3; partition++) {
            bytes += data.resolve("crash-" + partition + "/00000000000000000000.log")
                    .toFile()
                    .length();
        }
        return bytes;
    }
}
