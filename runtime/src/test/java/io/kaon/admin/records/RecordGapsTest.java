// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.records;

import static io.kaon.admin.records.RecordsFixture.await;
import static io.kaon.admin.records.RecordsFixture.bytes;
import static io.kaon.admin.records.RecordsFixture.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.admin.AdminCaller;
import io.kaon.record.Compression;
import io.kaon.record.CompressionType;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.record.codec.StandardCodecs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Logs with holes: every record that is there is found, in both directions, and nothing goes on for ever. */
final class RecordGapsTest {
    private static RecordsFixture fixture;

    @BeforeAll
    static void start() {
        fixture = new RecordsFixture(Map.of("log.cleaner.backoff.ms", "100"));
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    @Test
    void shouldFindWhatCompactionLeft() {
        // Given
        fixture.topic(
                "compacted",
                1,
                Map.of(
                        "cleanup.policy",
                        "compact",
                        "segment.bytes",
                        "1048576",
                        "min.cleanable.dirty.ratio",
                        "0.01",
                        "max.compaction.lag.ms",
                        "1"));
        for (int round = 0; round < 60; round++) {
            RecordBatchBuilder batch = RecordBatchBuilder.uncompressed();
            for (int number = 0; number < 1000; number++) {
                // One key in a thousand stays for good; the others are overwritten in each round.
                String key = number == 500 ? "kept-" + round : "k" + number;
                batch.append(1_000 + round, bytes(key), bytes("v" + round + "x".repeat(60)));
            }
            fixture.write("compacted", 0, batch);
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> offsets(Position.oldest()).size() < 30_000);

        // When
        List<Long> onwards = offsets(Position.oldest());
        List<Long> back = offsets(Position.newest());

        // Then
        assertThat(new TreeSet<>(onwards)).hasSameSizeAs(onwards);
        assertThat(back).hasSizeLessThanOrEqualTo(onwards.size()).isSubsetOf(onwards);
        assertThat(back).contains(59_999L, 59_500L, 500L);
        assertThat(onwards).contains(500L, 1_500L, 30_500L);
    }

    private static List<Long> offsets(Position from) {
        PageQuery query = PageQuery.of("compacted").limit(500).maxBytes(1);
        List<Long> offsets = new ArrayList<>();
        RecordPage page = fixture.page(query.at(from));
        while (true) {
            page.records().forEach(record -> offsets.add(record.offset()));
            var next = from.equals(Position.newest()) ? page.older() : page.newer();
            if (next.isEmpty()) {
                return offsets;
            }
            page = fixture.page(query.at(Position.cursor(next.get())));
        }
    }

    @Test
    void shouldGoBackOverALongAbortedTransaction() {
        // Given
        fixture.topic("aborted", 1);
        fixture.writeNumbered("aborted", 0, 0, 10);
        Map<String, Object> config =
                Map.of("bootstrap.servers", fixture.broker.bootstrapServers(), "transactional.id", "gap");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int number = 0; number < 20_000; number++) {
                producer.send(new ProducerRecord<>("aborted", null, "a"));
            }
            producer.flush();
            producer.abortTransaction();
        }
        fixture.writeNumbered("aborted", 0, 10, 2);

        // When
        RecordPage page = fixture.page(PageQuery.of("aborted"));
        RecordPage search = fixture.page(PageQuery.of("aborted").search(TextSearch.of("v3")));

        // Then
        assertThat(values(page)).hasSize(12).startsWith("v11", "v10", "v9").endsWith("v0");
        assertThat(page.older()).isEmpty();
        assertThat(page.scanned()).isEqualTo(12);
        assertThat(values(search)).containsExactly("v3");
    }

    @Test
    void shouldEndWhereRecordsWereDeleted() {
        // Given
        fixture.topic("emptied", 1);
        fixture.writeNumbered("emptied", 0, 0, 150);
        RecordPage before = fixture.page(PageQuery.of("emptied"));
        AdminCaller caller = new AdminCaller(fixture.broker.connect("test"), fixture.broker.adminThreads());
        await(new RecordWriter(caller, () -> 1).empty("emptied"));
        caller.close();
        fixture.writeNumbered("emptied", 0, 150, 3);

        // When
        RecordPage page = fixture.page(PageQuery.of("emptied"));
        RecordPage stale = fixture.page(
                PageQuery.of("emptied").at(Position.cursor(before.older().orElseThrow())));

        // Then
        assertThat(values(page)).containsExactly("v152", "v151", "v150");
        assertThat(page.older()).isEmpty();
        assertThat(stale.records()).isEmpty();
        assertThat(stale.older()).isEmpty();
    }

    @Test
    void shouldTakeOnlyTheEndOfALargeCompressedBatch() {
        // Given
        fixture.topic("dense", 1, Map.of("max.message.bytes", "4000000"));
        try (StandardCodecs codecs = new StandardCodecs()) {
            RecordBatchBuilder batch = RecordBatchBuilder.compressed(codecs, Compression.of(CompressionType.ZSTD));
            IntStream.range(0, 100_000).forEach(number -> batch.append(number, null, bytes("v" + number)));
            fixture.write("dense", 0, batch);
        }

        // When
        RecordPage newest = fixture.page(PageQuery.of("dense").limit(2));
        RecordPage older = fixture.page(
                PageQuery.of("dense").limit(2).at(Position.cursor(newest.older().orElseThrow())));
        RecordPage search = fixture.page(PageQuery.of("dense").search(TextSearch.of("v4711")));

        // Then
        assertThat(values(newest)).containsExactly("v99999", "v99998");
        assertThat(values(older)).containsExactly("v99997", "v99996");
        assertThat(values(search)).hasSize(11).startsWith("v47119").endsWith("v4711");
        assertThat(search.scanned()).isEqualTo(100_000);
        assertThat(search.isComplete()).isTrue();
    }
}
