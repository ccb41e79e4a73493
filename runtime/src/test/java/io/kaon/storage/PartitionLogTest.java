// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.storage.StorageFixture.batch;
import static io.kaon.storage.StorageFixture.read;
import static io.kaon.storage.StorageFixture.readAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.record.FileSlice;
import io.kaon.record.RecordBatch;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PartitionLogTest {
    @TempDir
    private Path path;

    private StorageFixture storage;

    @BeforeEach
    void open() {
        storage = new StorageFixture(path);
    }

    @AfterEach
    void close() {
        storage.close();
    }

    @Test
    void shouldReadWhatWasAppended() {
        // Given
        PartitionLog log = storage.log();

        // When
        Appended first = storage.appendValues(log, "a", "b");
        Appended second = storage.appendValues(log, "c");

        // Then
        assertThat(first).isEqualTo(new Appended(0, 1, -1, 0, false));
        assertThat(second).isEqualTo(new Appended(2, 2, -1, 0, false));
        assertThat(readAll(log, 0)).containsExactly("0=a", "1=b", "2=c");
        assertThat(readAll(log, 2)).containsExactly("2=c");
    }

    @Test
    void shouldMakeNoFolderBeforeTheFirstRecord() {
        // Given
        PartitionLog log = storage.log();
        storage.run(() -> log.beginLeaderEpoch(4));

        // When
        boolean before = Files.exists(path.resolve("orders-3"));
        storage.appendValues(log, "a");

        // Then
        assertThat(before).isFalse();
        assertThat(path.resolve("orders-3/partition.metadata"))
                .hasContent("version: 0\ntopic_id: " + StorageFixture.TOPIC + "\n");
        assertThat(path.resolve("orders-3/leader-epoch-checkpoint")).hasContent("0\n1\n4 0\n");
    }

    @Test
    void shouldAnswerTheWholeBatchForAnOffsetInsideIt() {
        // Given
        PartitionLog log = storage.log();
        storage.appendValues(log, "a", "b", "c");
        storage.appendValues(log, "d", "e", "f");

        // When
        List<RecordBatch> batches = read(log.view(), 4, 1);

        // Then
        assertThat(batches).singleElement().satisfies(batch -> assertThat(batch.baseOffset())
                .isEqualTo(3));
    }

    @Test
    void shouldEndAtMaxBytesButReadAtLeastOneBatchIfAsked() {
        // Given
        PartitionLog log = storage.log();
        ByteBuffer batch = batch(storage.time.wallMs(), "a");
        int size = batch.remaining();
        storage.append(log, batch);
        storage.appendValues(log, "b");
        LogView view = log.view();

        // When
        FileSlice cut = slice(view.read(0, 2, size - 1, false));
        FileSlice whole = slice(view.read(0, 2, size - 1, true));
        FileSlice more = slice(view.read(0, 2, size + 3, true));

        // Then
        assertThat(cut.sizeInBytes()).isEqualTo(size - 1);
        assertThat(whole.sizeInBytes()).isEqualTo(size);
        assertThat(more.sizeInBytes()).isEqualTo(size + 3);
        cut.release();
        whole.release();
        more.release();
    }

    @Test
    void shouldNeverReadAboveTheHighWatermark() {
        // Given
        PartitionLog log = storage.log();
        storage.appendValues(log, "a", "b");
        storage.run(() -> log.append(batch(1, "c"), AppendOrigin.CLIENT, 0));

        // When
        LogView view = log.view();

        // Then
        assertThat(view.highWatermark()).isEqualTo(2);
        assertThat(view.logEndOffset()).isEqualTo(3);
        assertThat(read(view, 0, 1 << 20)).hasSize(1);
        assertThat(slice(view.read(2, view.highWatermark(), 100, true)).sizeInBytes())
                .isZero();
        assertThat(slice(view.read(0, 1, 100, true)).sizeInBytes()).isZero();
        assertThat(view.read(4, 4, 100, true)).isInstanceOf(ReadResult.OutOfRange.class);
        assertThat(view.read(-1, 4, 100, true)).isInstanceOf(ReadResult.OutOfRange.class);
    }

    @Test
    void shouldKeepWhatAViewShowsWhileTheLogGrows() {
        // Given
        PartitionLog log = storage.log();
        storage.appendValues(log, "a");
        LogView old = log.view();

        // When
        for (int count = 0; count < 1000; count++) {
            storage.appendValues(log, "v" + count);
        }

        // Then
        assertThat(read(old, 0, 1 << 20)).hasSize(1);
        assertThat(readAll(log, 0)).hasSize(1001);
    }

    @Test
    void shouldRollBySizeAndFindEveryOffset() throws Exception {
        // Given
        PartitionLog log =
                storage.log(LogOptions.DEFAULT.withSegments(new SegmentOptions(1000, 1L << 40, 1 << 20, 100)));

        // When
        for (int count = 0; count < 200; count++) {
            storage.appendValues(log, "value " + count, "second");
        }

        // Then
        assertThat(count(".log")).isGreaterThan(10).isEqualTo(count(".index")).isEqualTo(count(".timeindex"));
        for (long offset = 0; offset < 400; offset++) {
            assertThat(read(log.view(), offset, 1).get(0).baseOffset()).isEqualTo(offset / 2 * 2);
        }
        assertThat(readAll(log, 0)).hasSize(400);
    }

    @Test
    void shouldRollByTheRecordsOwnTime() throws Exception {
        // Given
        PartitionLog log =
                storage.log(LogOptions.DEFAULT.withSegments(new SegmentOptions(1 << 20, 1000, 1 << 20, 100)));
        long start = storage.time.wallMs();

        // When
        storage.append(log, batch(start - 5000, "a"));
        storage.append(log, batch(start - 4000, "b"));
        storage.append(log, batch(start - 3999, "c"));

        // Then
        assertThat(count(".log")).isEqualTo(2);
        assertThat(readAll(log, 0)).containsExactly("0=a", "1=b", "2=c");
    }

    @Test
    void shouldRollWhenAnIndexIsFull() throws Exception {
        // Given
        PartitionLog log = storage.log(LogOptions.DEFAULT.withSegments(new SegmentOptions(1 << 20, 1L << 40, 48, 0)));

        // When
        for (int count = 0; count < 20; count++) {
            storage.time.advance(1);
            storage.appendValues(log, "v");
        }

        // Then
        assertThat(count(".log")).isEqualTo(5);
    }

    @Test
    void shouldFindRecordsByTimestamp() {
        // Given
        PartitionLog log = storage.log(LogOptions.DEFAULT.withSegments(new SegmentOptions(500, 1L << 40, 1 << 20, 50)));
        for (int count = 0; count < 100; count++) {
            storage.append(log, batch(1000 + count * 10L, "v" + count));
        }
        LogView view = log.view();

        // When / Then
        assertThat(view.offsetForTimestamp(0, 100)).contains(new TimestampOffset(1000, 0, 0));
        assertThat(view.offsetForTimestamp(1001, 100)).contains(new TimestampOffset(1010, 1, 0));
        assertThat(view.offsetForTimestamp(1500, 100)).contains(new TimestampOffset(1500, 50, 0));
        assertThat(view.offsetForTimestamp(1990, 100)).contains(new TimestampOffset(1990, 99, 0));
        assertThat(view.offsetForTimestamp(1990, 99)).isEmpty();
        assertThat(view.offsetForTimestamp(1991, 100)).isEmpty();
        assertThat(view.maxTimestamp(100)).contains(new TimestampOffset(1990, 99, 0));
        assertThat(view.maxTimestamp(42)).contains(new TimestampOffset(1410, 41, 0));
    }

    @Test
    void shouldFindTheFirstRecordWithTheLargestTimestampInAnyOrder() {
        // Given
        PartitionLog log = storage.log();
        storage.append(log, batch(50, "a", "b"));
        storage.append(log, batch(90, "c", "d"));
        storage.append(log, batch(90, "e"));
        storage.append(log, batch(20, "f"));

        // When
        LogView view = log.view();

        // Then
        assertThat(view.maxTimestamp(6)).contains(new TimestampOffset(90, 2, 0));
        assertThat(view.offsetForTimestamp(60, 6)).contains(new TimestampOffset(90, 2, 0));
        assertThat(view.offsetForTimestamp(10, 6)).contains(new TimestampOffset(50, 0, 0));
    }

    @Test
    void shouldRefuseBadBatchesAndWriteNothing() {
        // Given
        PartitionLog log = storage.log(LogOptions.DEFAULT.withSegments(new SegmentOptions(200, 1000, 1 << 20, 100)));
        ByteBuffer broken = batch(1, "a");
        broken.put(65, (byte) (broken.get(65) + 1));

        // When
        AppendResult corrupt = storage.append(log, broken);
        AppendResult tooLarge = storage.append(log, batch(1, "x".repeat(300)));

        // Then
        assertThat(((Rejected) corrupt).code()).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
        assertThat(((Rejected) tooLarge).code()).isEqualTo(ErrorCode.RECORD_LIST_TOO_LARGE);
        assertThat(log.view().logEndOffset()).isZero();
    }

    @Test
    void shouldAnswerEpochEnds() {
        // Given
        PartitionLog log = storage.log();
        storage.run(() -> log.append(batch(1, "a", "b"), AppendOrigin.CLIENT, 2));
        storage.run(() -> log.append(batch(1, "c"), AppendOrigin.CLIENT, 5));

        // When
        LogView view = log.view();

        // Then
        assertThat(view.endOffsetFor(2)).isEqualTo(new EpochEnd(2, 2));
        assertThat(view.endOffsetFor(4)).isEqualTo(new EpochEnd(2, 2));
        assertThat(view.endOffsetFor(5)).isEqualTo(new EpochEnd(5, 3));
        assertThat(view.endOffsetFor(6)).isEqualTo(EpochEnd.UNDEFINED);
        assertThat(view.endOffsetFor(1)).isEqualTo(new EpochEnd(1, 0));
        assertThat(view.epochAt(1)).isEqualTo(2);
        assertThat(view.latestEpoch()).isEqualTo(5);
    }

    @Test
    void shouldDropWholeSegmentsWhenRecordsAreDeletedAndKeepAReadersFile() throws Exception {
        // Given
        PartitionLog log =
                storage.log(LogOptions.DEFAULT.withSegments(new SegmentOptions(200, 1L << 40, 1 << 20, 100)));
        for (int count = 0; count < 30; count++) {
            storage.appendValues(log, "v" + count);
        }
        int before = count(".log");
        FileSlice reading = slice(log.view().read(0, 30, 100, true));
        LogView old = log.view();

        // When
        storage.run(() -> log.advanceLogStartOffset(25));

        // Then
        assertThat(log.view().logStartOffset()).isEqualTo(25);
        assertThat(count(".log")).isLessThan(before);
        assertThat(count(".log.deleted")).isPositive();
        assertThat(reading.toBuffer().remaining()).isEqualTo(reading.sizeInBytes());
        assertThat(old.read(0, 30, 100, true)).isInstanceOf(ReadResult.OutOfRange.class);
        assertThat(readAll(log, 25)).startsWith("25=v25").hasSize(5);
        assertThat(path.resolve("log-start-offset-checkpoint")).hasContent("0\n1\norders 3 25\n");
        reading.release();
        storage.time.advance(60_000);
        assertThat(count(".deleted")).isZero();
    }

    @Test
    void shouldCallOnlyRecentWritesHot() {
        // Given
        PartitionLog log = storage.log(LogOptions.DEFAULT.withHotBytes(1600));
        for (int count = 0; count < 100; count++) {
            storage.appendValues(log, "v");
        }

        // When
        FileSlice cold = slice(log.view().read(0, 100, 10, true));
        FileSlice hot = slice(log.view().read(99, 100, 10, true));

        // Then
        assertThat(cold.isHot()).isFalse();
        assertThat(hot.isHot()).isTrue();
        assertThat(log.view().isHot(0)).isFalse();
        assertThat(log.view().isHot(100)).isTrue();
        cold.release();
        hot.release();
    }

    @Test
    void shouldCompleteTheFoldersDeletionLater() throws Exception {
        // Given
        PartitionLog log = storage.log();
        storage.appendValues(log, "a");

        // When
        StorageFixture.join(log.delete());

        // Then
        assertThat(path.resolve("orders-3")).doesNotExist();
        assertThat(log.isOnline()).isFalse();
        assertThat(Files.list(path).filter(file -> file.toString().endsWith("-delete")))
                .hasSize(1);
        storage.time.advance(60_000);
        assertThat(Files.list(path).filter(file -> file.toString().endsWith("-delete")))
                .isEmpty();
    }

    private int count(String suffix) throws Exception {
        try (var files = Files.list(path.resolve("orders-3"))) {
            return (int) files.filter(file -> file.toString().endsWith(suffix)).count();
        }
    }

    private static FileSlice slice(ReadResult result) {
        return Optional.of((ReadResult.Region) result).orElseThrow().slice();
    }
}
