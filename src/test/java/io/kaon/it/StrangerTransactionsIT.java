// SPDX-License-Identifier: Apache-2.0
package io.kaon.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups and transactions of clients in other languages against the packaged server. */
class StrangerTransactionsIT {
    @TempDir
    static Path data;

    private static ServerProcess server;

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.start(data, "quarkus.kaon.broker.config.\"group.initial.rebalance.delay.ms\"=0");
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @Test
    void shouldServeKafkajs() {
        // When
        Command script = Strangers.node("kafkajs", "transactions.js", server.bootstrap(), "node-transactions", "20");

        // Then
        assertThat(script.succeeded()).contains("kafkajs copied 20 and the fenced producer got INVALID_PRODUCER_EPOCH");
    }

    @Test
    void shouldServeConfluentKafka() {
        // When
        Command script =
                Strangers.confluentPython("transactions.py", server.bootstrap(), "confluent-transactions", "200");

        // Then
        assertThat(script.succeeded()).contains("confluent-kafka copied 200 and the fenced producer got _FENCED");
    }

    /** Two members of one group in kafka-python, whose older protocol versions the broker still speaks. */
    @Test
    void shouldServeGroupsOfKafkaPython() {
        // When
        Command script = Strangers.python("share_a_topic.py", server.bootstrap(), "python-shares", "300");

        // Then
        assertThat(script.succeeded()).contains("kafka-python shared 300");
    }

    @Test
    void shouldServeTransactionsOfKcat() {
        // Given
        String topic = "kcat-transactions";
        String[] read = {"-C", "-b", server.bootstrap(), "-t", topic, "-e", "-q", "-X", "isolation.level=read_committed"
        };

        // When
        Command sent = Strangers.kcat(
                "one\ntwo\nthree\n",
                "-P",
                "-b",
                server.bootstrap(),
                "-t",
                topic,
                "-p",
                "0",
                "-X",
                "transactional.id=kcat");

        // Then
        assertThat(sent.succeeded()).contains("Transaction successfully committed");
        assertThat(Strangers.kcat("", read).succeeded()).isEqualTo("one\ntwo\nthree\n");
    }
}
