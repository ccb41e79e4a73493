// SPDX-License-Identifier: Apache-2.0
package io.kaon.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.it.client.TransactionClient;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Transactions of unmodified kafka-clients, from the first release that had them, against the packaged server. */
class TransactionsIT {
    @TempDir
    static Path data;

    private static ServerProcess server;

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.start(
                data,
                "quarkus.kaon.broker.config.\"num.partitions\"=2",
                "quarkus.kaon.broker.config.\"group.initial.rebalance.delay.ms\"=0",
                "quarkus.kaon.broker.config.\"transaction.abort.timed.out.transaction.cleanup.interval.ms\"=200");
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "0.11.0.3, ProducerFencedException",
        "1.1.1, ProducerFencedException",
        "2.8.2, ProducerFencedException",
        "old, ProducerFencedException",
        "new, InvalidTxnStateException"
    })
    void shouldKeepWhatTransactionsPromise(String release, String afterTimeout) {
        // When
        String seen = Strangers.anyClient(release, TransactionClient.class, server.bootstrap(), "tx-" + release)
                .succeeded();

        // Then
        assertThat(seen)
                .contains(
                        "commit and abort: exact",
                        "open transaction: stable 1 of 3",
                        "fenced: ProducerFencedException",
                        "consume, transform, produce: exact",
                        "timed out: " + afterTimeout);
    }
}
