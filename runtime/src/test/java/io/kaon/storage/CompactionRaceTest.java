// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.storage.StorageFixture.join;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.Uuid;
import io.kaon.exec.Clock;
import io.kaon.exec.DiskThreads;
import io.kaon.exec.SerialExecutor;
import io.kaon.exec.TimerThread;
import io.kaon.record.Record;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.record.RecordIterator;
import io.kaon.storage.checkpoint.Disk;
import io.kaon.storage.compaction.CompactorOptions;
import io.kaon.telemetry.MetricCatalogue;
import io.kaon.telemetry.MetricName;
import io.kaon.telemetry.Metrics;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Appends, compaction and a reader at once, with real threads and files. */
final class CompactionRaceTest {
    private static final int WAVES = 15;
    private static final int WAVE_RECORDS = 1_000;
    private static final int KEYS = 97;
    private static final LogOptions OPTIONS = LogOptions.DEFAULT
            .withSegments(new SegmentOptions(20_000, 1L << 40, 1 << 20, 200))
            .withRetention(new RetentionOptions(false, true, -1, -1, 0))
            .withCompaction(new CompactionOptions(0, Long.MAX_VALUE, 0, 0));

    @TempDir
    private Path path;

    private final Metrics metrics = new Metrics();

    @Test
    void shouldAlwaysShowTheNewestOfEachKey() {
        // Given
        try (DiskThreads disk = new DiskThreads("disk", 3);
                DiskThreads compaction = new DiskThreads("compaction", 2);
                TimerThread timer = new TimerThread("timer")) {
            AtomicLong ids = new AtomicLong();
            StoragePorts ports = new StoragePorts(
                    Disk.system(),
                    disk,
                    timer,
                    Clock.system(),
                    StorageFixture.LIMITS,
                    () -> new Uuid(1, ids.incrementAndGet()),
                    metrics);
            LogDirectory directory = LogDirectory.open(LogDirectoryOptions.of(path, Optional.empty(), 0), ports);
            SerialExecutor owner = new SerialExecutor("owner", disk);
            PartitionLog log = join(directory.openLog(StorageFixture.NAME, StorageFixture.TOPIC, OPTIONS, owner));
            directory.startCompaction(compaction, new CompactorOptions(true, 1, 1 << 20, 0.9, 1 << 16, 1e12, 1));

            // When
            int next = 0;
            for (int wave = 0; wave < WAVES; wave++) {
                CompletableFuture<Void> writing = append(log, owner, next, WAVE_RECORDS);
                next += WAVE_RECORDS;
                while (!writing.isDone() || metric(MetricCatalogue.COMPACTION_ROUNDS) < wave) {
                    if (writing.isDone()) {
                        // Until its folder has its name, a log keeps its first segment; one more record ends that then.
                        writing = append(log, owner, next++, 1);
                    }
                    shouldHoldTheNewest(log);
                }
            }

            // Then
            shouldHoldTheNewest(log);
            assertThat(log.isOnline()).isTrue();
            join(directory.close());
        }
    }

    private static CompletableFuture<Void> append(PartitionLog log, SerialExecutor owner, int first, int records) {
        CompletableFuture<Void> writing = CompletableFuture.completedFuture(null);
        for (int count = first; count < first + records; count++) {
            ByteBuffer batch = batch(count);
            writing = CompletableFuture.runAsync(
                    () -> {
                        log.append(batch, AppendOrigin.CLIENT, 0);
                        log.advanceHighWatermark(log.view().logEndOffset());
                    },
                    owner);
        }
        return writing;
    }

    private static ByteBuffer batch(int count) {
        return RecordBatchBuilder.uncompressed()
                .append(
                        1,
                        ("k" + count % KEYS).getBytes(),
                        Integer.toString(count).getBytes())
                .build();
    }

    /** From the start to what was the end when the reader began: a key's newest value is there, whatever goes on. */
    private static void shouldHoldTheNewest(PartitionLog log) {
        Map<String, Long> newest = new HashMap<>();
        LogView view = log.view();
        long end = view.highWatermark();
        long offset = 0;
        while (offset < end) {
            ReadResult result = view.read(offset, view.highWatermark(), 50_000, true);
            if (!(result instanceof ReadResult.Region region)) {
                LogView newer = log.view();
                assertThat(newer).isNotSameAs(view);
                view = newer;
                continue;
            }
            List<RecordBatch> batches = StorageFixture.batches(region);
            assertThat(batches).as("from %s in %s", offset, view).isNotEmpty();
            for (RecordBatch batch : batches) {
                assertThat(batch.lastOffset()).isGreaterThanOrEqualTo(offset);
                offset = batch.nextOffset();
                note(batch, newest);
            }
        }
        for (long latest = Math.max(0, end - KEYS); latest < end; latest++) {
            assertThat(newest).containsKey("k" + latest % KEYS);
            assertThat(newest.get("k" + latest % KEYS)).isGreaterThanOrEqualTo(latest);
        }
    }

    private static void note(RecordBatch batch, Map<String, Long> newest) {
        try (RecordIterator records = batch.records(StorageFixture.LIMITS)) {
            while (records.hasNext()) {
                Record record = records.next();
                assertThat(CompactionFixture.text(record.value())).isEqualTo(Long.toString(record.offset()));
                newest.put(CompactionFixture.text(record.key()), record.offset());
            }
        }
    }

    private double metric(MetricName name) {
        return metrics.samples().stream()
                .filter(sample -> sample.name().equals(name))
                .mapToDouble(Metrics.Sample::value)
                .sum();
    }
}
