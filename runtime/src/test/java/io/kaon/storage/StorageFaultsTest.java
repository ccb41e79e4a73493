// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.storage.StorageFixture.batch;
import static io.kaon.storage.StorageFixture.batchOf;
import static io.kaon.storage.StorageFixture.join;
import static io.kaon.storage.StorageFixture.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.common.ErrorCode;
import io.kaon.storage.segment.SegmentFiles;
import io.kaon.storage.segment.SpareFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StorageFaultsTest {
    private static final Logger STORAGE_LOG = Logger.getLogger("io.kaon.storage");
    private static final Logger DIRECTORY_LOG = Logger.getLogger("io.kaon.storage.LogDirectory");
    private static final LogOptions SMALL =
            LogOptions.DEFAULT.withSegments(new SegmentOptions(2000, 1L << 40, 1 << 20, 100));

    @TempDir
    private Path path;

    private final FaultyDisk disk = new FaultyDisk();

    @BeforeAll
    static void silence() {
        STORAGE_LOG.setLevel(Level.OFF);
        DIRECTORY_LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void speak() {
        STORAGE_LOG.setLevel(null);
        DIRECTORY_LOG.setLevel(null);
    }

    @Test
    void shouldRefuseAppendsWhileTheDiskIsFullAndGoOnAfterwards() {
        // Given
        StorageFixture storage = new StorageFixture(path, disk);
        PartitionLog log = storage.log();
        storage.append(log, batchOf(1, 0, 0, "a"));
        disk.bytesLeft = 30;

        // When
        AppendResult full = storage.append(log, batchOf(1, 0, 1, "b"));
        AppendResult stillFull = storage.append(log, batchOf(1, 0, 1, "b"));
        boolean isReadable = readAll(log, 0).contains("0=a");
        disk.bytesLeft = Long.MAX_VALUE;
        AppendResult again = storage.append(log, batchOf(1, 0, 1, "b"));

        // Then
        assertThat(((Rejected) full).code()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(((Rejected) stillFull).code()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(isReadable).isTrue();
        assertThat(again).isEqualTo(new Appended(1, 1, -1, 0, false));
        assertThat(log.isOnline()).isTrue();
        storage.close();
        assertThat(path.resolve(".kafka_cleanshutdown")).doesNotExist();
        storage.open();
        PartitionLog recovered = storage.log();
        storage.run(() -> recovered.advanceHighWatermark(2));
        assertThat(readAll(recovered, 0)).containsExactly("0=a", "1=b");
        storage.close();
    }

    @Test
    void shouldGoOfflineWhenAFailedWriteCannotBeUndone() {
        // Given
        StorageFixture storage = new StorageFixture(path, disk);
        PartitionLog log = storage.log();
        storage.appendValues(log, "a");
        disk.bytesLeft = 30;
        disk.refusesTruncate = true;

        // When
        AppendResult failed = storage.append(log, batch(1, "b"));
        disk.bytesLeft = Long.MAX_VALUE;
        AppendResult offline = storage.append(log, batch(1, "b"));

        // Then
        assertThat(((Rejected) failed).code()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(((Rejected) offline).code()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(log.isOnline()).isFalse();
        assertThat(storage.directory().isHealthy()).isFalse();
        disk.refusesTruncate = false;
        storage.close();
        assertThat(path.resolve(".kafka_cleanshutdown")).doesNotExist();
    }

    @Test
    void shouldLeaveNoCleanMarkerAfterAFailedSync() {
        // Given
        StorageFixture storage = new StorageFixture(path, disk);
        PartitionLog log = storage.log();
        storage.appendValues(log, "a");

        // When
        disk.refusesForce = true;
        assertThatThrownBy(() -> join(log.flush())).isInstanceOf(CompletionException.class);
        disk.refusesForce = false;
        storage.close();

        // Then
        assertThat(path.resolve(".kafka_cleanshutdown")).doesNotExist();
    }

    @Test
    void shouldNeitherSyncNorRenameWhereEpochsBeginAndRecordsAreTakenAway() {
        // Given
        Deque<Runnable> diskWork = new ArrayDeque<>();
        StorageFixture storage = new StorageFixture(path, disk, diskWork::add);
        var opening = storage.directory().openLog(StorageFixture.NAME, StorageFixture.TOPIC, SMALL, storage.owner());
        drain(diskWork);
        PartitionLog log = join(opening);
        int inOwner = 0;

        // When
        for (int count = 0; count < 200; count++) {
            int before = disk.forces + disk.renames;
            storage.appendValues(log, "value " + count);
            int epoch = count;
            if (count % 10 == 3) {
                storage.run(() -> log.beginLeaderEpoch(epoch));
            } else if (count % 10 == 5) {
                storage.run(() -> log.advanceLogStartOffset(log.view().highWatermark() - 3));
            } else if (count % 50 == 7) {
                log.onRetention(log.view(), log.view().segments().size());
            }
            inOwner += disk.forces + disk.renames - before;
            if (count % 7 == 0) {
                drain(diskWork);
            }
        }
        drain(diskWork);

        // Then
        assertThat(inOwner).isZero();
        assertThat(log.view().logStartOffset()).isGreaterThan(190);
        assertThat(log.view().latestEpoch()).isEqualTo(193);
        storage.abandon();
    }

    @Test
    void shouldNeitherSyncNorRenameOnTheAppendPath() {
        // Given
        Deque<Runnable> diskWork = new ArrayDeque<>();
        StorageFixture storage = new StorageFixture(path, disk, diskWork::add);
        var opening = storage.directory().openLog(StorageFixture.NAME, StorageFixture.TOPIC, SMALL, storage.owner());
        drain(diskWork);
        PartitionLog log = join(opening);
        int onAppendPath = 0;

        // When: the disk threads come by now and then
        for (int count = 0; count < 200; count++) {
            int before = disk.forces + disk.renames;
            storage.appendValues(log, "value " + count);
            onAppendPath += disk.forces + disk.renames - before;
            if (count % 7 == 0) {
                drain(diskWork);
            }
        }

        // Then
        assertThat(log.view().segments()).hasSizeGreaterThan(5);
        assertThat(onAppendPath).isZero();
        assertThat(readAll(log, 0)).hasSize(200);
        drain(diskWork);
        assertThat(disk.forces).isPositive();
        assertThat(readAll(log, 0)).hasSize(200);
        storage.abandon();
    }

    @Test
    void shouldRollWithoutOpeningAFileWhenTheDiskThreadsKeepUp() {
        // Given
        Deque<Runnable> diskWork = new ArrayDeque<>();
        StorageFixture storage = new StorageFixture(path, disk, diskWork::add);
        var opening = storage.directory().openLog(StorageFixture.NAME, StorageFixture.TOPIC, SMALL, storage.owner());
        drain(diskWork);
        PartitionLog log = join(opening);
        storage.appendValues(log, "first");
        drain(diskWork);
        int opens = 0;

        // When
        for (int count = 0; count < 200; count++) {
            int before = disk.opens;
            storage.appendValues(log, "value " + count);
            opens += disk.opens - before;
            drain(diskWork);
        }

        // Then
        assertThat(log.view().segments()).hasSizeGreaterThan(5);
        assertThat(opens).isZero();
        storage.abandon();
    }

    @Test
    void shouldRecoverWhatWasWrittenIntoASpareFileThatNeverGotItsName() {
        // Given
        Deque<Runnable> diskWork = new ArrayDeque<>();
        StorageFixture storage = new StorageFixture(path, disk, diskWork::add);
        var opening = storage.directory().openLog(StorageFixture.NAME, StorageFixture.TOPIC, SMALL, storage.owner());
        drain(diskWork);
        PartitionLog log = join(opening);
        while (log.view().segments().size() < 2) {
            storage.appendValues(log, "value");
            if (log.view().segments().size() < 2) {
                drain(diskWork);
            }
        }
        long end = log.view().logEndOffset();

        // When
        storage.abandon();
        StorageFixture next = new StorageFixture(path, disk);
        PartitionLog again = next.log(SMALL);

        // Then
        assertThat(again.view().logEndOffset()).isEqualTo(end);
        assertThat(again.view().segments()).hasSize(2);
        next.close();
    }

    @Test
    void shouldLeaveNoFileOpenWhenALogIsDeletedThatHasASpareFile() {
        // Given
        StorageFixture storage = new StorageFixture(path, disk);
        PartitionLog log = storage.log(SMALL);
        while (log.sizeInBytes() <= 1000) {
            storage.appendValues(log, "value");
        }

        // When
        join(log.delete());

        // Then
        assertThat(disk.openChannels).isZero();
        storage.close();
    }

    @Test
    void shouldLeaveNoFileOpenWhenTheSpareFileComesAfterTheLogIsDeleted() {
        // Given
        Deque<Runnable> diskWork = new ArrayDeque<>();
        StorageFixture storage = new StorageFixture(path, disk, diskWork::add);
        var opening = storage.directory().openLog(StorageFixture.NAME, StorageFixture.TOPIC, SMALL, storage.owner());
        drain(diskWork);
        PartitionLog log = join(opening);
        while (log.sizeInBytes() <= 1000) {
            storage.appendValues(log, "value");
        }

        // When
        var deleted = log.delete();
        drain(diskWork);

        // Then
        join(deleted);
        assertThat(disk.openChannels).isZero();
        storage.abandon();
    }

    @Test
    void shouldLeaveNoOldFileOpenAfterTheLogWasCut() {
        // Given
        StorageFixture storage = new StorageFixture(path, disk);
        PartitionLog log = storage.log(SMALL);
        while (log.view().segments().size() < 4) {
            storage.append(log, batch(1, "value"));
        }
        long middle = log.view().segments().get(1).baseOffset() + 1;

        // When
        join(storage.inside(() -> log.truncateTo(middle)));
        join(log.close());

        // Then
        assertThat(log.view().logEndOffset()).isEqualTo(middle);
        assertThat(disk.openChannels).isZero();
        storage.close();
    }

    @Test
    void shouldLeaveNoFileOpenWhenALogCannotBeOpened() throws Exception {
        // Given
        StorageFixture storage = new StorageFixture(path, disk);
        PartitionLog log = storage.log(SMALL);
        while (log.view().segments().size() < 3) {
            storage.appendValues(log, "value");
        }
        storage.restart();
        Path folder = path.resolve(StorageFixture.NAME.toString());
        Path last =
                new SegmentFiles(disk, folder).path(log.view().segments().get(2).baseOffset(), SegmentFiles.LOG);
        Files.write(last, new byte[100]);

        // When // Then
        assertThatThrownBy(() -> storage.log(SMALL)).hasRootCauseInstanceOf(IOException.class);
        assertThat(disk.openChannels).isZero();
        storage.close();
    }

    @Test
    void shouldNotTakeALaterSyncForTheOneThatFailed() {
        // Given
        Deque<Runnable> diskWork = new ArrayDeque<>();
        StorageFixture storage = new StorageFixture(path, disk, diskWork::add);
        var opening = storage.directory().openLog(StorageFixture.NAME, StorageFixture.TOPIC, SMALL, storage.owner());
        drain(diskWork);
        PartitionLog log = join(opening);
        while (log.view().segments().size() < 3) {
            storage.appendValues(log, "value");
            if (log.sizeInBytes()
                    > 2L
                            * SMALL.segments().segmentBytes()
                            * log.view().segments().size()) {
                // A segment is followed once it has its name, for which it waits here.
                diskWork.poll().run();
            }
        }

        // When
        disk.refusesForce = true;
        while (log.isOnline()) {
            diskWork.poll().run();
        }
        disk.refusesForce = false;
        drain(diskWork);

        // Then
        assertThat(log.recoveryPoint()).isZero();
        storage.abandon();
    }

    @Test
    void shouldNeverWriteOverRecordsThatWaitForTheirNameInASpareFile() throws Exception {
        // Given
        Path spare = path.resolve("next-segment.spare");
        Files.writeString(spare, "records");

        // When // Then
        assertThatThrownBy(() -> SpareFile.make(new SegmentFiles(disk, path), 0))
                .isInstanceOf(IOException.class);
        assertThat(spare).hasContent("records");
    }

    private static void drain(Deque<Runnable> work) {
        while (!work.isEmpty()) {
            work.poll().run();
        }
    }
}
