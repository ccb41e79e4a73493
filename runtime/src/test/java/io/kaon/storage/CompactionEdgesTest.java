// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.storage.CompactionFixture.BACKOFF_MS;
import static io.kaon.storage.CompactionFixture.COMPACTED;
import static io.kaon.storage.CompactionFixture.DELETE_RETENTION_MS;
import static io.kaon.storage.StorageFixture.join;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.record.Compression;
import io.kaon.record.CompressionType;
import io.kaon.record.InspectionDepth;
import io.kaon.record.Record;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.record.RecordHeader;
import io.kaon.record.RecordIterator;
import io.kaon.record.TimestampType;
import io.kaon.record.ValidationRules;
import io.kaon.record.codec.StandardCodecs;
import io.kaon.storage.compaction.CompactorOptions;
import io.kaon.telemetry.MetricCatalogue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compaction where something else comes in its way, and of records that are not like others. */
final class CompactionEdgesTest {
    private static final long NEVER_MS = Long.MAX_VALUE;

    @TempDir
    private Path path;

    private FaultyDisk disk;
    private CompactionFixture fixture;

    @BeforeEach
    void open() {
        disk = FaultyDisk.quick();
        fixture = new CompactionFixture(path, disk);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void shouldOnlyCompactAboveTheRatio() {
        // Given
        fixture.use(COMPACTED.withCompaction(new CompactionOptions(0, NEVER_MS, 1, DELETE_RETENTION_MS)));
        fixture.put("a", "1");
        fixture.put("a", "2");
        fixture.roll();

        // When
        fixture.storage.time.advance(10 * BACKOFF_MS);

        // Then: everything is dirty, which is not more than everything
        assertThat(fixture.metric(MetricCatalogue.COMPACTION_DIRTY_RATIO)).isEqualTo(1);
        assertThat(fixture.metric(MetricCatalogue.COMPACTION_ROUNDS)).isZero();
    }

    @Test
    void shouldKeepThePromiseOfTheMaximumLagOfALogThatNobodyWritesTo() {
        // Given
        fixture.use(COMPACTED.withCompaction(new CompactionOptions(0, 10_000, 1, DELETE_RETENTION_MS)));
        fixture.put("a", "1");
        fixture.put("a", "2");
        fixture.storage.time.advance(8_000);
        List<String> early = fixture.content();

        // When
        fixture.storage.time.advance(8_000);

        // Then
        assertThat(early).containsExactly("0:a=1", "1:a=2");
        assertThat(fixture.content()).containsExactly("1:a=2");
        assertThat(fixture.log().view().logEndOffset()).isEqualTo(2);
        assertThat(fixture.put("a", "3").baseOffset()).isEqualTo(2);
    }

    @Test
    void shouldNotEndTheSegmentOfALogWithoutAMaximumLag() {
        // Given
        fixture.put("a", "1");

        // When
        fixture.storage.time.advance(1_000 * BACKOFF_MS);

        // Then
        assertThat(fixture.log().view().segments()).hasSize(1);
    }

    @Test
    void shouldForgetATombstoneThatTheLifeBeforeHasKept() {
        // Given
        fixture.put("a", "1");
        fixture.put("a", null);
        fixture.roll();
        fixture.compact();

        // When
        fixture.restart();
        fixture.storage.time.advance(DELETE_RETENTION_MS - 2 * BACKOFF_MS);
        List<String> early = fixture.content();
        fixture.storage.time.advance(4 * BACKOFF_MS);

        // Then
        assertThat(early).containsExactly("1:a=null", "2:roll=over");
        assertThat(fixture.content()).containsExactly("2:roll=over");
        double rounds = fixture.metric(MetricCatalogue.COMPACTION_ROUNDS);
        fixture.storage.time.advance(10 * DELETE_RETENTION_MS);
        assertThat(fixture.metric(MetricCatalogue.COMPACTION_ROUNDS)).isEqualTo(rounds);
    }

    @Test
    void shouldTryADamagedLogAgainWhenASettingChanges() throws IOException {
        // Given
        fixture.put("a", "1");
        fixture.put("a", "2");
        fixture.roll();
        flip(65);
        fixture.storage.time.advance(10 * BACKOFF_MS);
        flip(65);
        fixture.storage.time.advance(10 * BACKOFF_MS);
        double refused = fixture.metric(MetricCatalogue.COMPACTION_REFUSED);
        double rounds = fixture.metric(MetricCatalogue.COMPACTION_ROUNDS);

        // When
        fixture.use(COMPACTED.withCompaction(new CompactionOptions(0, NEVER_MS, 0.1, DELETE_RETENTION_MS)));
        fixture.storage.time.advance(2 * BACKOFF_MS);

        // Then
        assertThat(refused).isEqualTo(1);
        assertThat(rounds).isZero();
        assertThat(fixture.content()).containsExactly("1:a=2", "2:roll=over");
        assertThat(fixture.metric(MetricCatalogue.COMPACTION_REFUSED)).isZero();
    }

    @Test
    void shouldTryADamagedLogAgainWhenTheDamagedSegmentIsDeleted() throws IOException {
        // Given
        fixture.put("a", "1");
        fixture.roll();
        fixture.put("b", "1");
        fixture.put("b", "2");
        fixture.roll();
        flip(65);
        fixture.storage.time.advance(10 * BACKOFF_MS);
        double refused = fixture.metric(MetricCatalogue.COMPACTION_REFUSED);

        // When
        join(fixture.storage.inside(() -> fixture.log().advanceLogStartOffset(1)));
        fixture.storage.time.advance(2 * BACKOFF_MS);

        // Then
        assertThat(refused).isEqualTo(1);
        assertThat(fixture.content()).doesNotContain("2:b=1").contains("3:b=2");
    }

    @Test
    void shouldForgetADamagedLogThatIsDeleted() throws IOException {
        // Given
        fixture.put("a", "1");
        fixture.roll();
        flip(65);
        fixture.compact();
        fixture.compact();
        double refused = fixture.metric(MetricCatalogue.COMPACTION_REFUSED);

        // When
        join(fixture.log().delete());
        fixture.compact();

        // Then
        assertThat(refused).isEqualTo(1);
        assertThat(fixture.metric(MetricCatalogue.COMPACTION_REFUSED)).isZero();
    }

    @Test
    void shouldNotCountALogAsCompactedThatWasCutMeanwhileAndHasGrownAgain() {
        // Given: a round with nothing to change that has read everything but its end
        for (int index = 0; index < 40; index++) {
            fixture.put("k" + index, "x".repeat(1_000));
        }
        fixture.roll();
        pauseRound();

        // When
        join(fixture.storage.inside(() -> fixture.log().truncateTo(10)));
        for (int index = 0; index < 60; index++) {
            fixture.put("same", "x".repeat(1_000));
        }
        fixture.roll();
        goOn();

        // Then
        fixture.storage.time.advance(10 * BACKOFF_MS);
        assertThat(fixture.content())
                .filteredOn(line -> line.contains(":same=x"))
                .hasSize(1);
    }

    @Test
    void shouldLetGoOfALogWhosePolicyChangesMeanwhile() throws IOException {
        // Given
        manyOfOneKey();
        pauseRound();

        // When
        fixture.use(COMPACTED.withRetention(new RetentionOptions(true, false, -1, -1, 1_000)));
        goOn();
        fixture.storage.time.advance(10 * BACKOFF_MS);

        // Then
        assertThat(fixture.content()).hasSize(101);
        assertThat(unfinished()).isEmpty();
        fixture.use(COMPACTED);
        fixture.storage.time.advance(10 * BACKOFF_MS);
        assertThat(fixture.content()).hasSize(2);
    }

    @Test
    void shouldGoOnWithWhatIsLeftWhenRecordsAreDeletedMeanwhile() throws IOException {
        // Given
        manyOfOneKey();
        pauseRound();

        // When
        join(fixture.storage.inside(() -> fixture.log().advanceLogStartOffset(50)));
        goOn();
        fixture.storage.time.advance(10 * BACKOFF_MS);

        // Then
        assertThat(fixture.content()).hasSize(2);
        assertThat(fixture.log().view().logStartOffset()).isEqualTo(50);
        assertThat(unfinished()).isEmpty();
    }

    @Test
    void shouldCompactATopicOfTheSameNameAfterTheFirstWasDeletedInTheMiddleOfARound() throws IOException {
        // Given
        manyOfOneKey();
        pauseRound();

        // When
        join(fixture.log().delete());
        fixture.restart();
        goOn();
        manyOfOneKey();
        fixture.storage.time.advance(10 * BACKOFF_MS);

        // Then
        assertThat(fixture.content()).hasSize(2);
    }

    @Test
    void shouldTakeItsFilesAwayAndTryAgainWhenTheDiskIsFull() throws IOException {
        // Given
        for (int index = 0; index < 100; index++) {
            fixture.put("k" + index % 50, "x".repeat(1_000));
        }
        fixture.roll();
        disk.bytesLeft = 2_000;

        // When
        fixture.storage.time.advance(10 * BACKOFF_MS);
        boolean isOnline = fixture.log().isOnline();
        List<Path> left = unfinished();
        double refused = fixture.metric(MetricCatalogue.COMPACTION_REFUSED);
        disk.bytesLeft = Long.MAX_VALUE;
        fixture.storage.time.advance(400_000);

        // Then
        assertThat(isOnline).isTrue();
        assertThat(left).isEmpty();
        assertThat(refused).isEqualTo(1);
        assertThat(fixture.content()).hasSize(51);
    }

    @Test
    void shouldTellEmptyKeysAndValuesFromMissingOnes() {
        // Given
        fixture.append(fixture.batch(
                RecordBatchBuilder.uncompressed(),
                "",
                "1",
                "",
                "2",
                "a",
                "1",
                "a",
                "",
                null,
                "gone",
                "b",
                "1",
                "b",
                null));
        fixture.roll();

        // When
        fixture.compact();

        // Then
        assertThat(fixture.content()).containsExactly("1:=2", "3:a=", "6:b=null", "7:roll=over");
        fixture.storage.time.advance(2 * DELETE_RETENTION_MS);
        assertThat(fixture.content()).containsExactly("1:=2", "3:a=", "7:roll=over");
    }

    @Test
    void shouldKeepHeadersAndAnyTimestampAroundAnEndlessHorizon() {
        // Given: deltas that do not fit into 63 bits
        fixture.use(COMPACTED
                .withCompaction(new CompactionOptions(0, NEVER_MS, 0, Long.MAX_VALUE))
                .withRules(rules(TimestampType.CREATE_TIME)));
        RecordBatchBuilder builder = RecordBatchBuilder.uncompressed();
        List<Long> times = List.of(-1L, 0L, 1L << 40, Long.MAX_VALUE);
        for (int index = 0; index < times.size(); index++) {
            builder.append(
                    times.get(index),
                    ByteBuffer.wrap(CompactionFixture.bytes("k" + index)),
                    index == 1 ? null : ByteBuffer.wrap(new byte[0]),
                    List.of(new RecordHeader("h", ByteBuffer.wrap(new byte[] {(byte) index}))));
        }
        fixture.append(builder.build());
        fixture.roll();

        // When
        fixture.compact();

        // Then
        List<Record> records = records();
        assertThat(fixture.batches().get(0).baseTimestamp()).isEqualTo(Long.MAX_VALUE);
        assertThat(records.subList(0, 4)).extracting(Record::timestamp).containsExactlyElementsOf(times);
        assertThat(records.subList(0, 4)).allMatch(record -> record.headers().size() == 1);
    }

    @Test
    void shouldKeepOneRecordOfACompressedBatchOfTheLogsOwnTime() {
        // Given
        fixture.use(COMPACTED.withRules(rules(TimestampType.LOG_APPEND_TIME)));
        Compression zstd = Compression.of(CompressionType.ZSTD);
        RecordBatchBuilder builder = RecordBatchBuilder.compressed(new StandardCodecs(), zstd);
        fixture.append(fixture.batch(builder, "a", "1", "b", null, "a", "2", "c", "1"));
        long loggedMs = fixture.batches().get(0).maxTimestamp();
        fixture.put("a", "3");
        fixture.put("c", "2");
        fixture.roll();

        // When
        fixture.compact();

        // Then
        assertThat(fixture.content()).containsExactly("1:b=null", "4:a=3", "5:c=2", "6:roll=over");
        assertThat(fixture.batches().get(0).maxTimestamp()).isEqualTo(loggedMs);
        assertThat(fixture.batches().get(0).compression()).isEqualTo(CompressionType.ZSTD);
        assertThat(records().get(0).timestamp()).isEqualTo(loggedMs);
    }

    private static ValidationRules rules(TimestampType type) {
        return new ValidationRules(
                1 << 20,
                type,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                false,
                ValidationRules.DEFAULT.origin(),
                InspectionDepth.HEADER);
    }

    private List<Record> records() {
        List<Record> all = new ArrayList<>();
        for (RecordBatch batch : fixture.batches()) {
            try (RecordIterator records = batch.records(StorageFixture.LIMITS)) {
                records.forEachRemaining(all::add);
            }
        }
        return all;
    }

    private void manyOfOneKey() {
        for (int index = 0; index < 100; index++) {
            fixture.put("k", "x".repeat(1_000));
        }
        fixture.roll();
    }

    /** Begins a round that has to wait in its middle. */
    private void pauseRound() {
        fixture.use(new CompactorOptions(true, 1, 1 << 20, 0.9, 8_192, 20_000, BACKOFF_MS));
        fixture.storage.time.advance(BACKOFF_MS);
        assertThat(fixture.metric(MetricCatalogue.COMPACTION_ROUNDS)).isZero();
        assertThat(fixture.metric(MetricCatalogue.COMPACTION_BYTES_READ)).isPositive();
    }

    private void goOn() {
        fixture.use(new CompactorOptions(true, 1, 1 << 20, 0.9, 8_192, Double.MAX_VALUE, BACKOFF_MS));
    }

    private List<Path> unfinished() throws IOException {
        try (Stream<Path> files = Files.list(path.resolve("orders-3"))) {
            return files.filter(file -> file.toString().endsWith(".cleaned")).toList();
        }
    }

    private void flip(int position) throws IOException {
        Path log = path.resolve("orders-3/00000000000000000000.log");
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, position);
            one.put(0, (byte) ~one.get(0)).flip();
            channel.write(one, position);
        }
    }
}
