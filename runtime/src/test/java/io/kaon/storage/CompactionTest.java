// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.storage.CompactionFixture.BACKOFF_MS;
import static io.kaon.storage.CompactionFixture.COMPACTED;
import static io.kaon.storage.CompactionFixture.DELETE_RETENTION_MS;
import static io.kaon.storage.StorageFixture.join;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.record.Record;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.storage.checkpoint.Disk;
import io.kaon.storage.compaction.CompactorOptions;
import io.kaon.telemetry.MetricCatalogue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CompactionTest {
    @TempDir
    private Path path;

    private CompactionFixture fixture;

    @BeforeEach
    void open() {
        fixture = new CompactionFixture(path);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void shouldKeepTheNewestValueOfEachKey() {
        // Given
        fixture.put("a", "1");
        fixture.put("b", "1");
        fixture.put("a", "2");
        fixture.roll();

        // When
        fixture.compact();

        // Then
        assertThat(fixture.content()).containsExactly("1:b=1", "2:a=2", "3:roll=over");
    }

    @Test
    void shouldLeaveTheActiveSegmentAlone() {
        // Given
        fixture.put("a", "1");
        fixture.put("a", "2");

        // When
        fixture.compact();

        // Then
        assertThat(fixture.content()).containsExactly("0:a=1", "1:a=2");
    }

    @Test
    void shouldKeepATombstoneForItsTime() {
        // Given
        fixture.put("a", "1");
        fixture.put("a", null);
        fixture.roll();

        // When
        fixture.compact();
        fixture.storage.time.advance(DELETE_RETENTION_MS - BACKOFF_MS);

        // Then
        assertThat(fixture.content()).containsExactly("1:a=null", "2:roll=over");
    }

    @Test
    void shouldForgetATombstoneWhoseTimeHasComeEvenIfNothingElseIsDue() {
        // Given
        fixture.put("a", "1");
        fixture.put("a", null);
        fixture.put("b", "1");
        fixture.roll();
        fixture.compact();

        // When
        fixture.storage.time.advance(DELETE_RETENTION_MS + 2 * BACKOFF_MS);

        // Then
        assertThat(fixture.content()).containsExactly("2:b=1", "3:roll=over");
    }

    @Test
    void shouldGiveTombstonesTheirTimestampsUnchanged() {
        // Given
        long writtenMs = fixture.storage.time.wallMs();
        fixture.append(fixture.batch(RecordBatchBuilder.uncompressed(), "a", null, "b", "1"));
        fixture.storage.time.advance(100);
        fixture.roll();

        // When
        fixture.compact();

        // Then
        RecordBatch batch = fixture.batches().get(0);
        assertThat(batch.hasDeleteHorizon()).isTrue();
        assertThat(batch.baseTimestamp()).isEqualTo(writtenMs + BACKOFF_MS + DELETE_RETENTION_MS);
        assertThat(batch.maxTimestamp()).isEqualTo(writtenMs);
        Iterator<Record> records = batch.records(StorageFixture.LIMITS);
        assertThat(records).toIterable().allMatch(record -> record.timestamp() == writtenMs);
    }

    @Test
    void shouldDropRecordsWithoutAKey() {
        // Given
        fixture.put(null, "from before");
        fixture.put("a", "1");
        fixture.roll();

        // When
        fixture.compact();

        // Then
        assertThat(fixture.content()).containsExactly("1:a=1", "2:roll=over");
    }

    @Test
    void shouldWaitForTheDirtyRatio() {
        // Given
        fixture.use(COMPACTED.withCompaction(new CompactionOptions(0, Long.MAX_VALUE, 0.5, DELETE_RETENTION_MS)));
        fixture.put("a", "x".repeat(1_000));
        fixture.roll();
        fixture.compact();
        fixture.put("b", "1");
        fixture.put("b", "2");
        fixture.roll();

        // When
        fixture.compact();

        // Then
        assertThat(fixture.content()).contains("2:b=1", "3:b=2");
        assertThat(fixture.metric(MetricCatalogue.COMPACTION_DIRTY_RATIO)).isBetween(0.1, 0.5);
    }

    @Test
    void shouldNotTouchWhatIsYoungerThanTheMinimumLag() {
        // Given
        fixture.use(COMPACTED.withCompaction(new CompactionOptions(10_000, Long.MAX_VALUE, 0, DELETE_RETENTION_MS)));
        fixture.put("a", "1");
        fixture.put("a", "2");
        fixture.roll();
        fixture.storage.time.advance(9_000);
        List<String> early = fixture.content();

        // When
        fixture.storage.time.advance(2_000);

        // Then
        assertThat(early).contains("0:a=1");
        assertThat(fixture.content()).containsExactly("1:a=2", "2:roll=over");
    }

    @Test
    void shouldNotLetARecordGetOlderThanTheMaximumLag() {
        // Given
        fixture.use(COMPACTED.withCompaction(new CompactionOptions(0, 10_000, 1, DELETE_RETENTION_MS)));
        fixture.put("z", "x".repeat(1_000));
        fixture.storage.time.advance(12_000);
        fixture.roll();
        fixture.compact();
        fixture.put("a", "1");
        fixture.put("a", "2");
        fixture.roll();
        fixture.storage.time.advance(8_000);
        List<String> early = fixture.content();

        // When
        fixture.storage.time.advance(3_000);

        // Then
        assertThat(early).anyMatch(record -> record.endsWith("a=1"));
        assertThat(fixture.content()).noneMatch(record -> record.endsWith("a=1"));
    }

    @Test
    void shouldEndARoundWhereTheMapIsFullAndGoOnFromThere() {
        // Given
        int keys = 500;
        fixture.use(new CompactorOptions(true, 1, 4_096, 1, 1 << 16, Double.MAX_VALUE, BACKOFF_MS));
        for (int index = 0; index < 2 * keys; index++) {
            fixture.put("k" + index % keys, "v" + index);
        }
        fixture.roll();

        // When
        fixture.storage.time.advance(100 * BACKOFF_MS);

        // Then
        assertThat(fixture.content()).hasSize(keys + 1);
        assertThat(fixture.metric(MetricCatalogue.COMPACTION_ROUNDS)).isGreaterThan(3);
    }

    @Test
    void shouldKeepToItsBytesPerSecond() {
        // Given
        for (int index = 0; index < 200; index++) {
            fixture.put("k" + index % 2, "x".repeat(1_000));
        }
        fixture.roll();
        double before = fixture.metric(MetricCatalogue.COMPACTION_BYTES_READ);
        fixture.use(new CompactorOptions(true, 1, 1 << 20, 0.9, 8_192, 20_000, BACKOFF_MS));

        // When
        fixture.storage.time.advance(10_000);

        // Then
        double read = fixture.metric(MetricCatalogue.COMPACTION_BYTES_READ) - before;
        assertThat(read).isBetween(180_000d, 220_000d);
        assertThat(fixture.metric(MetricCatalogue.COMPACTION_ROUNDS)).isZero();
        fixture.storage.time.advance(20_000);
        assertThat(fixture.metric(MetricCatalogue.COMPACTION_ROUNDS)).isEqualTo(1);
    }

    @Test
    void shouldEndARoundThatWaitsWhenTheDirectoryCloses() throws IOException {
        // Given
        for (int index = 0; index < 100; index++) {
            fixture.put("k", "x".repeat(1_000));
        }
        fixture.roll();
        fixture.use(new CompactorOptions(true, 1, 1 << 20, 0.9, 8_192, 1, BACKOFF_MS));
        fixture.compact();

        // When
        fixture.restart();

        // Then
        assertThat(fixture.content()).hasSize(101);
        try (Stream<Path> files = Files.list(path.resolve("orders-3"))) {
            assertThat(files).noneMatch(file -> file.toString().endsWith(".cleaned"));
        }
    }

    @Test
    void shouldLeaveALogWithADamagedBatchAsItIs() throws IOException {
        // Given
        fixture.put("a", "1");
        fixture.put("a", "2");
        fixture.roll();
        Path log = path.resolve("orders-3/00000000000000000000.log");
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {77}), 65);
        }

        // When
        fixture.compact();
        fixture.compact();

        // Then
        assertThat(fixture.metric(MetricCatalogue.COMPACTION_REFUSED)).isEqualTo(1);
        assertThat(fixture.log().isOnline()).isTrue();
        assertThat(fixture.log().view().segments()).hasSize(2);
    }

    @Test
    void shouldNotBelieveABatchWhoseOffsetIsDamaged() throws IOException {
        // Given
        fixture.put("a", "1");
        int size = fixture.batches().get(0).sizeInBytes();
        fixture.put("a", "2");
        fixture.roll();
        Path log = path.resolve("orders-3/00000000000000000000.log");
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {77}), size);
        }

        // When
        fixture.compact();
        fixture.compact();

        // Then
        assertThat(fixture.metric(MetricCatalogue.COMPACTION_REFUSED)).isEqualTo(1);
        assertThat(fixture.metric(MetricCatalogue.COMPACTION_ROUNDS)).isZero();
    }

    @Test
    void shouldMergeSegmentsThatHaveBecomeSmall() throws IOException {
        // Given
        fixture.use(COMPACTED.withSegments(new SegmentOptions(2_000, Long.MAX_VALUE, 1 << 20, 100)));
        for (int index = 0; index < 200; index++) {
            fixture.put("k" + index % 3, "x".repeat(100));
        }
        fixture.roll();
        fixture.compact();
        int after = fixture.log().view().segments().size();

        // When
        fixture.roll();
        fixture.compact();

        // Then
        assertThat(after).isGreaterThan(4);
        assertThat(fixture.log().view().segments()).hasSizeLessThan(4);
        assertThat(fixture.log().view().segments().get(0).baseOffset()).isZero();
    }

    @Test
    void shouldGoOnFromTheCheckpointAfterARestart() {
        // Given
        fixture.put("a", "1");
        fixture.put("a", "2");
        fixture.roll();
        fixture.compact();

        // When
        fixture.restart();
        double rounds = fixture.metric(MetricCatalogue.COMPACTION_ROUNDS);
        fixture.storage.time.advance(10 * BACKOFF_MS);

        // Then
        assertThat(fixture.metric(MetricCatalogue.COMPACTION_ROUNDS)).isEqualTo(rounds);
        assertThat(fixture.content()).containsExactly("1:a=2", "2:roll=over");
    }

    @Test
    void shouldForgetTheCheckpointOfADeletedTopic() throws IOException {
        // Given
        fixture.put("a", "1");
        fixture.roll();
        fixture.compact();
        fixture.storage.time.advance(BACKOFF_MS);

        // When
        join(fixture.log().delete());
        fixture.restart();

        // Then
        CleanerCheckpoint checkpoint = new CleanerCheckpoint(Disk.system(), path);
        checkpoint.load();
        assertThat(checkpoint.offsetOf(StorageFixture.NAME)).isEqualTo(-1);
    }

    @Test
    void shouldCompactAgainWhatFollowsACut() {
        // Given
        fixture.put("a", "1");
        fixture.put("b", "1");
        fixture.put("a", "2");
        fixture.roll();
        fixture.compact();

        // When
        join(fixture.storage.inside(() -> fixture.log().truncateTo(2)));
        fixture.put("c", "1");
        fixture.put("c", null);
        fixture.roll();
        fixture.storage.time.advance(2 * BACKOFF_MS);
        fixture.storage.time.advance(DELETE_RETENTION_MS + 2 * BACKOFF_MS);

        // Then
        assertThat(fixture.content()).noneMatch(record -> record.contains(":c="));
    }

    @Test
    void shouldRecogniseTheLastBatchOfAProducerAfterItsRecordsAreGone() throws IOException {
        // Given
        ByteBuffer last = fixture.batch(RecordBatchBuilder.uncompressed().producer(7, (short) 0, 0), "a", "1");
        ByteBuffer again =
                ByteBuffer.allocate(last.remaining()).put(last.duplicate()).flip();
        fixture.append(last);
        fixture.put("a", "2");
        fixture.roll();
        fixture.compact();

        // When
        fixture.crash();
        try (Stream<Path> files = Files.list(path.resolve("orders-3"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".snapshot")).toList()) {
                Files.delete(file);
            }
        }
        fixture.crash();

        // Then
        assertThat(fixture.append(again).duplicate()).isTrue();
    }

    @Test
    void shouldTellAReaderOfAnOldViewToLookAgain() {
        // Given
        fixture.put("a", "1");
        fixture.put("a", "2");
        fixture.roll();
        LogView old = fixture.log().view();

        // When
        fixture.compact();

        // Then
        assertThat(old.read(0, old.highWatermark(), 1_000, true)).isInstanceOf(ReadResult.OutOfRange.class);
        LogView newer = fixture.log().view();
        assertThat(newer).isNotSameAs(old);
        assertThat(StorageFixture.read(newer, 0, 1_000).get(0).lastOffset()).isEqualTo(1);
    }

    @Test
    void shouldFindRecordsByTimeAroundTheGaps() {
        // Given
        fixture.put("a", "1");
        fixture.storage.time.advance(1);
        fixture.put("b", "1");
        fixture.storage.time.advance(1);
        long lastMs = fixture.storage.time.wallMs();
        fixture.put("a", "2");
        fixture.roll();

        // When
        fixture.compact();

        // Then
        LogView view = fixture.log().view();
        assertThat(view.offsetForTimestamp(lastMs - 2, view.highWatermark()))
                .hasValueSatisfying(found -> assertThat(found.offset()).isEqualTo(1));
        assertThat(view.maxTimestamp(view.highWatermark()))
                .hasValueSatisfying(found -> assertThat(found.timestamp()).isGreaterThanOrEqualTo(lastMs));
    }
}
