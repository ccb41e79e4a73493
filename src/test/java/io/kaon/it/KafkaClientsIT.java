// SPDX-License-Identifier: Apache-2.0
package io.kaon.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.it.client.BulkConsumer;
import io.kaon.it.client.BulkProducer;
import io.kaon.it.client.GroupChurn;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Unmodified kafka-clients of two releases against the packaged server. {@code -Dkaon.it.records} sets the size. */
class KafkaClientsIT {
    private static final String RECORDS = System.getProperty("kaon.it.records", "60000");
    private static final String PARTITIONS = "3";
    private static final String BYTES = "1024";

    @TempDir
    static Path data;

    private static ServerProcess server;

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.start(data, "quarkus.kaon.broker.config.\"num.partitions\"=6");
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "new, none", "new, gzip", "new, snappy", "new, lz4", "new, zstd",
        "old, none", "old, gzip", "old, snappy", "old, lz4", "old, zstd"
    })
    void shouldReturnEveryRecordAsItWasSent(String release, String codec) {
        // Given
        String topic = "bulk-" + release + "-" + codec;
        Strangers.client(release, BulkProducer.class, server.bootstrap(), topic, PARTITIONS, RECORDS, BYTES, codec)
                .succeeded();

        // When
        Command read =
                Strangers.client(release, BulkConsumer.class, server.bootstrap(), topic, PARTITIONS, RECORDS, BYTES);

        // Then
        assertThat(read.succeeded()).contains("checked " + RECORDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"new", "old"})
    void shouldShowAGroupEachRecordWhileMembersLeaveAndJoin(String release) {
        // When
        Command churn = Strangers.client(
                release, GroupChurn.class, server.bootstrap(), "churn-" + release, "churners-" + release, "3000");

        // Then
        assertThat(churn.succeeded()).contains("seen 3000");
    }

    @Test
    void shouldLetReleasesReadEachOther() {
        // Given
        Strangers.client("old", BulkProducer.class, server.bootstrap(), "mixed", PARTITIONS, "3000", BYTES, "lz4")
                .succeeded();

        // When
        Command read =
                Strangers.client("new", BulkConsumer.class, server.bootstrap(), "mixed", PARTITIONS, "3000", BYTES);

        // Then
        assertThat(read.succeeded()).contains("checked 3000");
    }
}
