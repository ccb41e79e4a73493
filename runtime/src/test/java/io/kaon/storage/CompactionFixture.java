// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.record.Record;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.record.RecordIterator;
import io.kaon.storage.checkpoint.Disk;
import io.kaon.storage.compaction.CompactorOptions;
import io.kaon.telemetry.MetricName;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A compacted log in a data directory on virtual time, in one thread: a round runs when its time has come. */
final class CompactionFixture implements AutoCloseable {
    static final long BACKOFF_MS = 1_000;
    static final long DELETE_RETENTION_MS = 60_000;
    static final CompactionOptions EAGER = new CompactionOptions(0, Long.MAX_VALUE, 0, DELETE_RETENTION_MS);
    static final LogOptions COMPACTED = LogOptions.DEFAULT
            .withRetention(new RetentionOptions(false, true, -1, -1, 1_000))
            .withSegments(new SegmentOptions(1 << 20, Long.MAX_VALUE, 1 << 20, 100))
            .withCompaction(EAGER);

    final StorageFixture storage;
    private LogOptions options = COMPACTED;
    private CompactorOptions compactorOptions =
            new CompactorOptions(true, 1, 1 << 20, 0.9, 64 << 10, Double.MAX_VALUE, BACKOFF_MS);
    private Compactor compactor;
    private PartitionLog log;

    CompactionFixture(Path path, Disk disk) {
        storage = new StorageFixture(path, disk);
        open();
    }

    CompactionFixture(Path path) {
        this(path, FaultyDisk.quick());
    }

    private void open() {
        log = storage.log(options);
        storage.run(() -> log.advanceHighWatermark(log.view().logEndOffset()));
        compactor = storage.directory().startCompaction(Runnable::run, compactorOptions);
    }

    PartitionLog log() {
        return log;
    }

    Compactor compactor() {
        return compactor;
    }

    void use(LogOptions newOptions) {
        options = newOptions;
        storage.run(() -> log.reconfigure(newOptions));
    }

    void use(CompactorOptions newOptions) {
        compactorOptions = newOptions;
        compactor.reconfigure(newOptions);
    }

    CompactorOptions compactorOptions() {
        return compactorOptions;
    }

    void restart() {
        storage.restart();
        open();
    }

    void crash() {
        storage.crash();
        open();
    }

    /** The process has died, and whatever the disk did meanwhile is done: the next life begins. */
    void begin(Runnable betweenLives) {
        try {
            storage.abandon();
        } catch (UncheckedIOException dead) {
            // The lock cannot be given back on a disk without power.
        }
        betweenLives.run();
        storage.open();
        open();
    }

    /** Lets the compactor look once more. */
    void compact() {
        storage.time.advance(BACKOFF_MS);
    }

    /** Ends the active segment, so that everything so far may be compacted. */
    Appended roll() {
        LogOptions before = options;
        storage.run(() -> log.reconfigure(options.withSegments(new SegmentOptions(1 << 20, Long.MAX_VALUE, 12, 100))));
        Appended appended = put("roll", "over");
        storage.run(() -> log.reconfigure(before));
        return appended;
    }

    /** Appends one record in a batch of its own; null is a tombstone. */
    Appended put(String key, String value) {
        return append(batch(RecordBatchBuilder.uncompressed(), key, value));
    }

    ByteBuffer batch(RecordBatchBuilder builder, String... keysAndValues) {
        for (int index = 0; index < keysAndValues.length; index += 2) {
            builder.append(storage.time.wallMs(), bytes(keysAndValues[index]), bytes(keysAndValues[index + 1]));
        }
        return builder.build();
    }

    Appended append(ByteBuffer batch) {
        AppendResult result = storage.append(log, batch);
        if (result instanceof Appended appended) {
            return appended;
        }
        throw new AssertionError("refused: " + result);
    }

    /** Appends the end of a transaction as a coordinator does. */
    void appendMarker(ByteBuffer marker) {
        AppendResult result = storage.inside(() -> {
            AppendResult appended = log.append(marker, AppendOrigin.COORDINATOR, 0);
            log.advanceHighWatermark(log.view().logEndOffset());
            return appended;
        });
        if (!(result instanceof Appended)) {
            throw new AssertionError("refused: " + result);
        }
    }

    /** {@code offset:key=value} of all records that can be read, {@code null} for none. */
    List<String> content() {
        List<String> content = new ArrayList<>();
        for (RecordBatch batch : batches()) {
            try (RecordIterator records = batch.records(StorageFixture.LIMITS)) {
                while (!batch.isControl() && records.hasNext()) {
                    Record record = records.next();
                    content.add(record.offset() + ":" + text(record.key()) + "=" + text(record.value()));
                }
            }
        }
        return content;
    }

    List<RecordBatch> batches() {
        List<RecordBatch> batches = new ArrayList<>();
        LogView view = log.view();
        long offset = view.logStartOffset();
        while (offset < view.highWatermark()) {
            List<RecordBatch> next = StorageFixture.read(view, offset, 1 << 20);
            if (next.isEmpty()) {
                break;
            }
            batches.addAll(next);
            offset = next.get(next.size() - 1).nextOffset();
        }
        return batches;
    }

    double metric(MetricName name) {
        return storage.metrics.samples().stream()
                .filter(sample -> sample.name().equals(name))
                .mapToDouble(sample -> sample.value())
                .sum();
    }

    static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(ByteBuffer bytes) {
        return bytes == null
                ? "null"
                : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    @Override
    public void close() {
        storage.close();
    }
}
