// SPDX-License-Identifier: Apache-2.0
package io.kaon.bench;

import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.exec.BrokerThread;
import io.kaon.exec.Clock;
import io.kaon.exec.DiskThreads;
import io.kaon.exec.SerialExecutor;
import io.kaon.exec.TimerThread;
import io.kaon.exec.Workers;
import io.kaon.record.RecordLimits;
import io.kaon.record.codec.StandardCodecs;
import io.kaon.storage.AppendOrigin;
import io.kaon.storage.AppendResult;
import io.kaon.storage.LogDirectory;
import io.kaon.storage.LogDirectoryOptions;
import io.kaon.storage.LogOptions;
import io.kaon.storage.PartitionLog;
import io.kaon.storage.Rejected;
import io.kaon.storage.StoragePorts;
import io.kaon.storage.checkpoint.Disk;
import io.kaon.storage.compaction.CompactorOptions;
import io.kaon.telemetry.Metrics;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One partition's log in a data directory of its own, with the threads that a broker would give it. Whoever makes it
 * becomes a broker's thread, on which the log's owner runs tasks at once: as an event loop does. One thread.
 */
final class BenchLog implements AutoCloseable {
    private static final TopicPartition NAME = new TopicPartition("bench", 0);
    private static final Uuid TOPIC = new Uuid(1, 2);
    private static final int DISK_THREADS = 8;

    private final Scratch scratch;
    private final DiskThreads disk = new DiskThreads("bench-disk", DISK_THREADS);
    private final DiskThreads compaction = new DiskThreads("bench-compaction", 2);
    private final Workers workers = new Workers("bench-worker", 2);
    private final TimerThread timer = new TimerThread("bench-timer");
    private final SerialExecutor owner = SerialExecutor.withAway("bench", workers, disk);
    private final Metrics metrics = new Metrics();
    private final LogDirectory directory;
    private final PartitionLog log;
    private ByteBuffer batch;
    private AppendResult result;
    private final Runnable append = this::appendInside;

    /** Opens what is in a directory, or something new. */
    BenchLog(Scratch scratch, LogOptions options) {
        this.scratch = scratch;
        BrokerThread.adopt();
        AtomicLong ids = new AtomicLong();
        directory = LogDirectory.open(
                LogDirectoryOptions.of(scratch.path(), Optional.empty(), 0),
                new StoragePorts(
                        Disk.system(),
                        disk,
                        timer,
                        Clock.system(),
                        RecordLimits.of(new StandardCodecs()),
                        () -> new Uuid(3, ids.incrementAndGet()),
                        metrics));
        log = join(directory.openLog(NAME, TOPIC, options, owner));
        owner.execute(log::commitAlone);
    }

    PartitionLog log() {
        return log;
    }

    /** What storage tells of itself. */
    Metrics metrics() {
        return metrics;
    }

    /** Begins to compact whatever is due. */
    void compact(CompactorOptions options) {
        directory.startCompaction(compaction, options);
    }

    /** Appends a producer's batch and commits it, on this thread. Throws when it was refused. */
    AppendResult append(ByteBuffer next) {
        batch = next;
        owner.execute(append);
        if (result instanceof Rejected refused) {
            throw new IllegalStateException(refused.toString());
        }
        return result;
    }

    private void appendInside() {
        Batches.renew(batch);
        result = log.append(batch, AppendOrigin.CLIENT, 0);
    }

    /** Ends clean. The files stay. */
    @Override
    public void close() {
        join(directory.close());
        timer.close();
        workers.close();
        compaction.close();
        disk.close();
    }

    /** Ends clean and takes the files away. */
    void discard() {
        close();
        scratch.close();
    }

    static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
