// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.records;

import static io.kaon.admin.records.RecordsFixture.await;
import static io.kaon.admin.records.RecordsFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.admin.AdminCaller;
import io.kaon.admin.AdminException;
import io.kaon.broker.seed.RecordsFile;
import io.kaon.common.ErrorCode;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.record.RecordHeader;
import io.kaon.telemetry.LongWork;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exporting, watching, writing and emptying topics of a real broker in this JVM. */
final class RecordStreamsTest {
    private static RecordsFixture fixture;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        fixture = new RecordsFixture();
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    @Test
    void shouldExportWhatSeedsTheSameTopicAgain() throws IOException {
        // Given
        fixture.topic("source", 3);
        fixture.topic("copy", 3);
        fixture.write(
                "source",
                0,
                RecordBatchBuilder.uncompressed()
                        .append(1, bytes("tombstone"), (byte[]) null)
                        .append(2, null, new byte[] {(byte) 0xff, 0})
                        .append(3, new byte[0], new byte[0])
                        .append(4, bytes("json"), bytes("{\"a\": [1, 2.50, \"\\u00e4\"]}"))
                        .append(5, bytes("spaced"), bytes(" {\"a\": 1}\n"))
                        .append(6, bytes("number"), bytes("42"))
                        .append(7, bytes("{\"a\":1}{"), bytes("[1,\n2]"))
                        .append(
                                8,
                                null,
                                null,
                                List.of(
                                        new RecordHeader("a", ByteBuffer.wrap(bytes("1"))),
                                        new RecordHeader("b", ByteBuffer.wrap(new byte[] {(byte) 0xfe})),
                                        new RecordHeader("a", null),
                                        new RecordHeader("c", ByteBuffer.wrap(bytes("\"quoted\""))))));
        fixture.writeNumbered("source", 2, 0, 3000);

        // When
        Path file = folder.resolve("source.jsonl");
        Files.write(file, exported(ExportQuery.of("source")));
        long seeded = fixture.broker.seed("copy", RecordsFile.of(file));

        // Then
        assertThat(seeded).isEqualTo(3008);
        PageQuery all = PageQuery.of("source").limit(500).at(Position.oldest());
        assertThat(everything("copy")).isEqualTo(everything("source")).hasSize(3008);
        assertThat(fixture.page(all).records()).hasSize(500);
        assertThat(fixture.broker.longWork().states())
                .anySatisfy(work -> {
                    assertThat(work.kind()).isEqualTo("export");
                    assertThat(work.done()).isEqualTo(3008);
                    assertThat(work.phase()).isEqualTo(LongWork.Phase.DONE);
                })
                .anySatisfy(work -> {
                    assertThat(work.kind()).isEqualTo("seeding");
                    assertThat(work.done()).isEqualTo(3008);
                });
    }

    @Test
    void shouldExportARange() {
        // Given
        fixture.topic("range", 1);
        fixture.writeNumbered("range", 0, 0, 1000);

        // When
        String byOffset = text(exported(new ExportQuery(
                "range",
                OptionalInt.of(0),
                Optional.of(Position.offset(150)),
                Optional.of(Position.offset(153)),
                Isolation.READ_COMMITTED)));
        String byTime = text(exported(new ExportQuery(
                "range",
                OptionalInt.empty(),
                Optional.of(Position.timestamp(1_000_998)),
                Optional.empty(),
                Isolation.READ_COMMITTED)));

        // Then
        assertThat(byOffset.lines())
                .containsExactly(
                        "{\"key\":\"k150\",\"value\":\"v150\",\"partition\":0,\"timestamp\":1000150}",
                        "{\"key\":\"k151\",\"value\":\"v151\",\"partition\":0,\"timestamp\":1000151}",
                        "{\"key\":\"k152\",\"value\":\"v152\",\"partition\":0,\"timestamp\":1000152}");
        assertThat(byTime.lines()).hasSize(2);
        assertThatThrownBy(() -> exported(ExportQuery.of("nowhere"))).isInstanceOf(AdminException.class);
    }

    @Test
    void shouldTellThatAnExportWasGivenUp() {
        // Given
        fixture.topic("given-up", 1);
        fixture.writeNumbered("given-up", 0, 0, 20_000);
        RecordExport export = fixture.records.export(ExportQuery.of("given-up"));
        assertThat(await(export.next())).isPresent();

        // When
        export.close();

        // Then
        assertThat(await(export.next())).isEmpty();
        assertThat(fixture.broker.longWork().states()).anySatisfy(work -> {
            assertThat(work.subject()).isEqualTo("topic given-up");
            assertThat(work.phase()).isEqualTo(LongWork.Phase.FAILED);
            assertThat(work.done()).isPositive().isLessThan(20_000);
        });
    }

    @Test
    void shouldShowWhatComesAndNothingFromBefore() {
        // Given
        fixture.topic("tail", 2);
        fixture.writeNumbered("tail", 0, 0, 10);
        RecordTail tail = fixture.records.tail(TailQuery.of("tail"));
        assertThat(await(tail.next()).records()).isEmpty();
        CompletionStage<RecordTail.Batch> waiting = tail.next();

        // When
        fixture.writeNumbered("tail", 0, 10, 5);
        fixture.writeNumbered("tail", 1, 15, 5);
        List<String> came = new ArrayList<>(values(await(waiting)));
        while (came.size() < 10) {
            came.addAll(values(await(tail.next())));
        }
        tail.close();

        // Then
        assertThat(came)
                .containsExactlyInAnyOrder("v10", "v11", "v12", "v13", "v14", "v15", "v16", "v17", "v18", "v19");
    }

    @Test
    void shouldSkipWhatIsTooMuchAndCountIt() {
        // Given
        fixture.topic("burst", 1);
        RecordTail tail = fixture.records.tail(TailQuery.of("burst").rate(10));
        await(tail.next());

        // When
        fixture.writeNumbered("burst", 0, 0, 5000);
        long shown = 0;
        long skipped = 0;
        while (shown + skipped < 5000) {
            RecordTail.Batch batch = await(tail.next());
            shown += batch.records().size();
            skipped += batch.skipped();
        }
        tail.close();

        // Then
        assertThat(shown + skipped).isEqualTo(5000);
        assertThat(shown).isBetween(1L, 50L);
    }

    @Test
    void shouldShowOnlyWhatIsSearchedFor() {
        // Given
        fixture.topic("filtered", 1);
        RecordTail tail = fixture.records.tail(TailQuery.of("filtered").search(TextSearch.of("V7")));
        await(tail.next());

        // When
        fixture.writeNumbered("filtered", 0, 0, 80);
        List<String> came = new ArrayList<>();
        while (came.size() < 11) {
            came.addAll(values(await(tail.next())));
        }
        tail.close();

        // Then
        assertThat(came).hasSize(11).startsWith("v7", "v70").endsWith("v79");
    }

    @Test
    void shouldWriteRecordsAndEmptyTopics() {
        // Given
        fixture.topic("written", 3);
        fixture.topic("table", 1, Map.of("cleanup.policy", "compact"));
        AdminCaller caller = new AdminCaller(fixture.broker.connect("writer"), fixture.broker.adminThreads());
        RecordWriter writer = new RecordWriter(caller, () -> 4711);

        // When
        RecordWriter.Written placed = await(writer.write("written", record(OptionalInt.of(2), null)));
        RecordWriter.Written keyed = await(writer.write("written", record(OptionalInt.empty(), bytes("EUR"))));
        RecordWriter.Written again = await(writer.write("written", record(OptionalInt.empty(), bytes("EUR"))));
        List<RecordWriter.Emptied> emptied = await(writer.empty("written"));

        // Then
        assertThat(placed).isEqualTo(new RecordWriter.Written(new RecordPlace("written", 2, 0), 4711));
        assertThat(again.place().partition()).isEqualTo(keyed.place().partition());
        assertThat(emptied).hasSize(3);
        assertThat(emptied.stream().mapToLong(RecordWriter.Emptied::startOffset).sum())
                .isEqualTo(3);
        assertThat(fixture.page(PageQuery.of("written")).records()).isEmpty();
        assertThatThrownBy(() -> await(writer.empty("table")))
                .isInstanceOfSatisfying(AdminException.class, refused -> assertThat(refused.code())
                        .isEqualTo(ErrorCode.POLICY_VIOLATION))
                .hasMessageContaining("cleanup.policy");
        assertThatThrownBy(() -> await(writer.write("table", record(OptionalInt.empty(), null))))
                .isInstanceOf(AdminException.class)
                .hasMessageContaining("does not take this record");
        assertThatThrownBy(() -> await(writer.write("written", record(OptionalInt.of(3), null))))
                .hasMessageContaining("no partition 3");
        caller.close();
    }

    private static NewRecord record(OptionalInt partition, byte[] key) {
        return new NewRecord(
                partition,
                OptionalLong.empty(),
                key == null ? null : ByteBuffer.wrap(key),
                ByteBuffer.wrap(bytes("v")),
                List.of());
    }

    private static byte[] exported(ExportQuery query) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (RecordExport export = fixture.records.export(query)) {
            for (Optional<byte[]> piece = await(export.next()); piece.isPresent(); piece = await(export.next())) {
                all.writeBytes(piece.get());
            }
        }
        return all.toByteArray();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static List<String> values(RecordTail.Batch batch) {
        return batch.records().stream().map(record -> record.value().data()).toList();
    }

    /** Partition, timestamp, key, value and headers of every record. */
    private static List<String> everything(String topic) {
        List<String> all = new ArrayList<>();
        for (int partition = 0; partition < 3; partition++) {
            PageQuery query =
                    PageQuery.of(topic).partition(partition).limit(500).maxBytes(1 << 20);
            RecordPage page = fixture.page(query.at(Position.oldest()));
            while (true) {
                page.records()
                        .forEach(record -> all.add(record.partition() + " " + record.timestampMs() + " " + record.key()
                                + record.value() + record.headers()));
                if (page.newer().isEmpty()) {
                    break;
                }
                page = fixture.page(query.at(Position.cursor(page.newer().orElseThrow())));
            }
        }
        return all;
    }
}
