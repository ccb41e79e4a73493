// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.exec.SerialExecutor;
import io.kaon.sim.SimulatedDisk;
import io.kaon.sim.VirtualTime;
import io.kaon.storage.compaction.CompactorOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * A broker's storage from its start to its end, in one thread. Work for the disk threads waits in a list, from which any
 * piece may come next, as with several threads; when the life ends, what waits is never done.
 */
final class SimulatedLife {
    private static final long CHECKPOINT_MS = 60_000;
    private static final long RETENTION_MS = 300_000;
    private static final long COMPACTION_MS = 15_000;
    /** More than any state of these small logs needs. */
    private static final int MAX_TASKS = 100_000;

    private final Random random;
    private final List<Runnable> waiting = new ArrayList<>();
    private final LogDirectory directory;
    private boolean isAlive = true;

    SimulatedLife(Path path, SimulatedDisk disk, VirtualTime time, Random random) {
        this.random = random;
        StoragePorts ports = new StoragePorts(
                disk,
                waiting::add,
                (delayMs, task) -> time.schedule(delayMs, () -> runIfAlive(task)),
                time,
                StorageFixture.LIMITS,
                () -> new Uuid(random.nextLong(), random.nextLong()));
        directory = LogDirectory.open(
                new LogDirectoryOptions(
                        path, Optional.of(StorageFixture.CLUSTER), 0, RETENTION_MS, CHECKPOINT_MS, CHECKPOINT_MS),
                ports);
        directory.startCompaction(waiting::add, compaction(random));
    }

    private static CompactorOptions compaction(Random random) {
        long mapBytes = random.nextInt(4) == 0 ? 1 : 1 << 20;
        int bufferBytes = random.nextBoolean() ? 1 : 256 << 10;
        double bytesPerSecond = random.nextInt(4) == 0 ? 2_000 : Double.MAX_VALUE;
        return new CompactorOptions(
                true, 1 + random.nextInt(2), mapBytes, 0.9, bufferBytes, bytesPerSecond, COMPACTION_MS);
    }

    private void runIfAlive(Runnable task) {
        if (isAlive) {
            task.run();
        }
    }

    LogDirectory directory() {
        return directory;
    }

    /** Starts to open a partition; {@link #finish} completes it. */
    CompletionStage<PartitionLog> opening(TopicPartition name, Uuid topicId, LogOptions options, SerialExecutor owner) {
        return directory.openLog(name, topicId, options, owner);
    }

    /** Does some of the work that waits, in any order. */
    void work(int count) {
        for (int done = 0; done < count && !waiting.isEmpty(); done++) {
            workOnce();
        }
    }

    private void workOnce() {
        int last = waiting.size() - 1;
        int index = random.nextInt(waiting.size());
        Runnable task = waiting.get(index);
        waiting.set(index, waiting.get(last));
        waiting.remove(last);
        task.run();
    }

    boolean isIdle() {
        return waiting.isEmpty();
    }

    /** Does all work, also what it brings about. */
    void workAll() {
        for (int done = 0; !waiting.isEmpty(); done++) {
            if (done > MAX_TASKS) {
                throw new AssertionError("the disk threads never come to an end");
            }
            workOnce();
        }
    }

    /** Works until this is complete. */
    <T> T finish(CompletionStage<T> stage) throws IOException {
        CompletableFuture<T> future = stage.toCompletableFuture();
        for (int done = 0; !future.isDone(); done++) {
            if (waiting.isEmpty() || done > MAX_TASKS) {
                throw new AssertionError("nothing is left to do, and it is not complete");
            }
            workOnce();
        }
        try {
            return future.join();
        } catch (CompletionException failure) {
            Throwable cause = failure.getCause();
            while (cause instanceof CompletionException && cause.getCause() != null) {
                cause = cause.getCause();
            }
            if (cause instanceof IOException refused) {
                throw refused;
            }
            throw failure;
        }
    }

    /** The process is dead, with all that it was about to do. */
    void end() {
        isAlive = false;
        waiting.clear();
        try {
            directory.abandon();
        } catch (IOException failure) {
            throw new AssertionError("letting go of a lock cannot fail here", failure);
        }
        waiting.clear();
    }
}
