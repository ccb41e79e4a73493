// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.exec.SerialExecutor;
import io.kaon.record.BatchOutcome;
import io.kaon.record.BatchReader;
import io.kaon.record.Record;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.record.RecordIterator;
import io.kaon.record.RecordLimits;
import io.kaon.record.codec.StandardCodecs;
import io.kaon.sim.VirtualTime;
import io.kaon.storage.checkpoint.Disk;
import io.kaon.telemetry.Metrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** A data directory on virtual time, in one thread: disk work runs at once, timers when time moves on. */
final class StorageFixture implements AutoCloseable {
    static final String CLUSTER = "test-cluster";
    static final TopicPartition NAME = new TopicPartition("orders", 3);
    static final Uuid TOPIC = new Uuid(7, 8);
    static final RecordLimits LIMITS = RecordLimits.of(new StandardCodecs());
    static final long START_MS = 1_700_000_000_000L;

    final Path path;
    final VirtualTime time = new VirtualTime(START_MS);
    final Metrics metrics = new Metrics();
    private final Disk disk;
    private final Executor diskThreads;
    private final SerialExecutor owner = new SerialExecutor("test", Runnable::run);
    private long nextId = 1;
    private LogDirectory directory;

    StorageFixture(Path path) {
        this(path, Disk.system());
    }

    StorageFixture(Path path, Disk disk) {
        this(path, disk, Runnable::run);
    }

    StorageFixture(Path path, Disk disk, Executor diskThreads) {
        this.path = path;
        this.disk = disk;
        this.diskThreads = diskThreads;
        open();
    }

    LogDirectory open() {
        directory = LogDirectory.open(LogDirectoryOptions.of(path, Optional.of(CLUSTER), 0), ports());
        return directory;
    }

    StoragePorts ports() {
        return new StoragePorts(disk, diskThreads, time, time, LIMITS, () -> new Uuid(99, nextId++), metrics);
    }

    LogDirectory directory() {
        return directory;
    }

    SerialExecutor owner() {
        return owner;
    }

    PartitionLog log() {
        return log(LogOptions.DEFAULT);
    }

    PartitionLog log(LogOptions options) {
        return join(directory.openLog(NAME, TOPIC, options, owner));
    }

    /** Ends the life of the directory as kill -9 does, and begins the next. */
    void crash() {
        abandon();
        open();
    }

    void abandon() {
        try {
            directory.abandon();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    void restart() {
        join(directory.close());
        open();
    }

    @Override
    public void close() {
        join(directory.close());
    }

    /** Runs something inside the owner. */
    <T> T inside(Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, owner).join();
    }

    void run(Runnable task) {
        CompletableFuture.runAsync(task, owner).join();
    }

    AppendResult append(PartitionLog log, ByteBuffer batch) {
        return inside(() -> {
            AppendResult result = log.append(batch, AppendOrigin.CLIENT, 0);
            log.advanceHighWatermark(log.view().logEndOffset());
            return result;
        });
    }

    Appended appendValues(PartitionLog log, String... values) {
        return (Appended) append(log, batch(time.wallMs(), values));
    }

    static ByteBuffer batch(long timestamp, String... values) {
        return fill(RecordBatchBuilder.uncompressed(), timestamp, values).build();
    }

    static ByteBuffer batchOf(long producer, int epoch, int sequence, String... values) {
        return fill(RecordBatchBuilder.uncompressed().producer(producer, (short) epoch, sequence), START_MS, values)
                .build();
    }

    private static RecordBatchBuilder fill(RecordBatchBuilder builder, long timestamp, String... values) {
        for (String value : values) {
            builder.append(timestamp, null, value.getBytes(StandardCharsets.UTF_8));
        }
        return builder;
    }

    /** Everything that can be read from the offset to the high watermark. */
    static List<String> readAll(PartitionLog log, long from) {
        List<String> values = new ArrayList<>();
        LogView view = log.view();
        long offset = from;
        while (offset < view.highWatermark()) {
            List<RecordBatch> batches = read(view, offset, 1 << 20);
            if (batches.isEmpty()) {
                throw new AssertionError("nothing to read at " + offset + " of " + view);
            }
            for (RecordBatch batch : batches) {
                for (Record record : records(batch)) {
                    if (record.offset() >= from) {
                        values.add(record.offset() + "="
                                + StandardCharsets.UTF_8.decode(record.value().duplicate()));
                    }
                }
                offset = batch.nextOffset();
            }
        }
        return values;
    }

    private static RecordIterator records(RecordBatch batch) {
        return batch.records(LIMITS);
    }

    /** The whole batches of one read; each with a right CRC. */
    static List<RecordBatch> read(LogView view, long offset, int maxBytes) {
        return batches((ReadResult.Region) view.read(offset, view.highWatermark(), maxBytes, true));
    }

    /** The whole batches of a region, which is released; each with a right CRC. */
    static List<RecordBatch> batches(ReadResult.Region region) {
        ByteBuffer bytes = region.slice().toBuffer();
        region.slice().release();
        BatchReader reader = new BatchReader(bytes);
        List<RecordBatch> batches = new ArrayList<>();
        for (BatchOutcome outcome = reader.next(); outcome instanceof RecordBatch batch; outcome = reader.next()) {
            if (!batch.isCrcValid()) {
                throw new AssertionError("a batch with a wrong CRC: " + batch);
            }
            batches.add(batch);
        }
        return batches;
    }

    static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
