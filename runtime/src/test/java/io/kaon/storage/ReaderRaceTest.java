// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.storage.StorageFixture.batch;
import static io.kaon.storage.StorageFixture.join;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.Uuid;
import io.kaon.exec.Clock;
import io.kaon.exec.DiskThreads;
import io.kaon.exec.SerialExecutor;
import io.kaon.exec.TimerThread;
import io.kaon.record.RecordBatch;
import io.kaon.storage.checkpoint.Disk;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real threads: a reader at the end of a log that grows, rolls and is cleared away behind it. */
final class ReaderRaceTest {
    private static final int BATCHES = 20_000;
    private static final LogOptions OPTIONS = LogOptions.DEFAULT
            .withSegments(new SegmentOptions(50_000, 1L << 40, 1 << 20, 200))
            .withRetention(new RetentionOptions(true, false, -1, 400_000, 0));

    @TempDir
    private Path path;

    @Test
    void shouldNeverSeeHalfABatchAtTheEndOfTheLog() {
        // Given
        try (DiskThreads disk = new DiskThreads("disk", 3);
                TimerThread timer = new TimerThread("timer")) {
            AtomicLong ids = new AtomicLong();
            StoragePorts ports = new StoragePorts(
                    Disk.system(),
                    disk,
                    timer,
                    Clock.system(),
                    StorageFixture.LIMITS,
                    () -> new Uuid(1, ids.incrementAndGet()));
            LogDirectory directory = LogDirectory.open(
                    LogDirectoryOptions.of(path, Optional.empty(), 0).withRetentionCheckIntervalMs(5), ports);
            SerialExecutor owner = new SerialExecutor("owner", disk);
            PartitionLog log = join(directory.openLog(StorageFixture.NAME, StorageFixture.TOPIC, OPTIONS, owner));

            // When
            CompletableFuture<Void> writing = CompletableFuture.completedFuture(null);
            for (int count = 0; count < BATCHES; count++) {
                String value = "x".repeat(count % 100);
                writing = CompletableFuture.runAsync(
                        () -> {
                            log.append(batch(1, value, value), AppendOrigin.CLIENT, 0);
                            log.advanceHighWatermark(log.view().logEndOffset());
                        },
                        owner);
            }
            long seen = 0;
            long offset = 0;
            while (offset < 2L * BATCHES) {
                LogView view = log.view();
                offset = Math.max(offset, view.logStartOffset());
                for (RecordBatch batch : readOrNothing(view, offset)) {
                    assertThat(batch.baseOffset()).isEqualTo(offset);
                    offset = batch.nextOffset();
                    seen++;
                }
            }

            // Then
            writing.join();
            assertThat(seen).isPositive();
            join(directory.close());
        }
    }

    /** What retention takes away between the look at the view and the read is out of range, which is no failure. */
    private static List<RecordBatch> readOrNothing(LogView view, long offset) {
        if (offset >= view.highWatermark()) {
            return List.of();
        }
        ReadResult result = view.read(offset, view.highWatermark(), 5_000, true);
        return result instanceof ReadResult.Region region ? StorageFixture.batches(region) : List.of();
    }
}
