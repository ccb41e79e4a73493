// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.exec.SerialExecutor;
import io.kaon.record.BatchValidator;
import io.kaon.storage.checkpoint.MetaProperties;
import io.kaon.storage.compaction.CompactorOptions;
import io.kaon.telemetry.MetricCatalogue;
import io.kaon.telemetry.Metrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiPredicate;

/**
 * A data directory: one folder per partition that has data, Kafka's checkpoint files, and the marks of a clean
 * end. Logs open one by one, when somebody asks. Any thread; what blocks runs on the disk threads, except for {@link
 * #open}.
 *
 * <p>This is the face of its parts: {@link LogOpenings} opens logs, {@link DirectoryUpkeep} looks after those that are
 * open, {@link ClosedPartitions} after the others, {@link DirectoryCheckpoints} writes what is known of all, {@link
 * LogClosing} ends them.
 */
public final class LogDirectory {
    private final LogDirectoryOptions options;
    private final LogContext context;
    private final DirectoryState state;
    private final MetaProperties properties;
    private final KnownLogs logs = new KnownLogs();
    private final DirectoryHealth health;
    private final DirectoryCheckpoints checkpoints;
    private final PartitionFolders folders;
    private final ClosedPartitions closedPartitions;
    private final LogOpenings openings;
    private final DirectoryUpkeep upkeep;
    private final AtomicBoolean isClosing = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile Optional<Compactor> compactor = Optional.empty();

    private LogDirectory(
            LogDirectoryOptions options, StoragePorts ports, MetaProperties properties, DirectoryState state) {
        this.options = options;
        this.properties = properties;
        this.state = state;
        FlushMeter flushes = new FlushMeter();
        ports.metrics().source(flushes);
        OpenFileWatch disk = new OpenFileWatch(ports.disk());
        this.health = new DirectoryHealth(options.path());
        this.checkpoints = new DirectoryCheckpoints(options.path(), state, logs, health, ports.diskThreads());
        this.context = new LogContext(
                disk,
                ports.diskThreads(),
                ports.scheduler(),
                ports.clock(),
                new BatchValidator(ports.limits()),
                ports.limits(),
                ports.ids(),
                ports.metrics(),
                flushes.histogram(),
                new GroupCommit("the syncs of " + options.path(), ports.diskThreads()),
                new DiskRoom(ports.disk(), options.path(), options.minFreeBytes(), ports.diskThreads()),
                new DirectoryListener(state, logs, health, checkpoints));
        this.folders = new PartitionFolders(context, options.path(), state);
        this.closedPartitions = new ClosedPartitions(context, state, folders, logs);
        this.openings = new LogOpenings(options.path(), context, state, folders, logs, checkpoints);
        this.upkeep = new DirectoryUpkeep(context, logs, disk);
    }

    /**
     * Takes the directory into use. Blocks. From now on, and until {@link #close()} is through, an end counts as
     * not clean.
     *
     * @throws LogDirectoryException when it is in use, cannot be read or written, belongs to another cluster or
     *     broker, or was
     *     written by a newer version
     */
    public static LogDirectory open(LogDirectoryOptions options, StoragePorts ports) {
        DirectoryOpening opening = new DirectoryOpening(options, ports);
        DirectoryState state = opening.take();
        try {
            LogDirectory directory = new LogDirectory(options, ports, opening.properties(), state);
            directory.start();
            return directory;
        } catch (IOException failure) {
            letGo(state, failure);
            throw opening.unusable(failure);
        }
    }

    private static void letGo(DirectoryState state, IOException failure) {
        try {
            state.unlock();
        } catch (IOException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }

    private void start() throws IOException {
        folders.removeLeftovers();
        context.metrics().counter(MetricCatalogue.RECOVERY_BYTES); // There from the start, whether it grows or not.
        context.metrics().gauge(MetricCatalogue.OPEN_PARTITIONS, logs.open()::size);
        context.metrics().gauge(MetricCatalogue.OFFLINE_PARTITIONS, logs::countOffline);
        upkeep.start(options, checkpoints);
    }

    /** Where the blocking work of this directory runs. */
    public Executor diskThreads() {
        return context.diskThreads();
    }

    /** What the directory and its logs tell about themselves. */
    public Metrics metrics() {
        return context.metrics();
    }

    public Path path() {
        return options.path();
    }

    /** The id of the cluster to which the directory belongs. */
    public String clusterId() {
        return properties.clusterId();
    }

    /** The directory's own id, which it keeps. */
    public Uuid directoryId() {
        return properties.directoryId();
    }

    /** The broker epoch of the life before, if that ended clean (−1 when it had none); empty when it did not. */
    public OptionalLong cleanShutdownEpoch() {
        return state.cleanShutdownEpoch();
    }

    /** Whether nothing has failed here since it was opened. */
    public boolean isHealthy() {
        return health.isHealthy();
    }

    /** Bytes that the file system has. Blocks shortly. */
    public long totalBytes() throws IOException {
        return context.disk().space(options.path()).totalBytes();
    }

    /** Bytes that are left on the file system. Blocks shortly. */
    public long usableBytes() throws IOException {
        return context.disk().space(options.path()).usableBytes();
    }

    /** The partitions that have a folder, opened or not. Reads a small file of each: blocks. */
    public Collection<LogDescriptor> existing() throws IOException {
        return folders.existing();
    }

    /** The partitions that have a folder and are not open. Blocks shortly. */
    public List<TopicPartition> closedPartitions() throws IOException {
        return closedPartitions.names();
    }

    /**
     * What is known of a partition that is not open; empty when it is open, or when only a recovery can say. Any thread;
     * does not block.
     */
    public Optional<ClosedReading> closedReading(TopicPartition name) {
        return closedPartitions.reading(name);
    }

    /** Finds out how large the partitions are that are not open, where that is not known. Blocks shortly. */
    public void measureClosedPartitions() throws IOException {
        closedPartitions.measure();
    }

    /** Partitions whose log cannot be opened or has failed. */
    public int offlinePartitions() {
        return logs.countOffline();
    }

    /**
     * Whether retention would take something away from a partition that is not open: then it is worth opening. Opens
     * one small file at the first call, none later. Blocks shortly.
     */
    public boolean isRetentionDue(TopicPartition name, RetentionOptions rules) throws IOException {
        return closedPartitions.isRetentionDue(name, rules);
    }

    /**
     * Whether a partition that is not open waits for compaction: then it is worth opening, and the compactor finds it.
     * Blocks shortly.
     */
    public boolean isCompactionDue(TopicPartition name, LogOptions rules) throws IOException {
        return closedPartitions.isCompactionDue(name, rules);
    }

    /** Has retention look at an open partition now. Disk threads. */
    public void retain(TopicPartition name) {
        logs.find(name).ifPresent(upkeep::retain);
    }

    /**
     * The partitions that the life before may not have finished, those that were written to last first. Reads times of
     * files: blocks.
     */
    public List<TopicPartition> unrecovered() throws IOException {
        return closedPartitions.unrecovered();
    }

    /**
     * Opens a partition's log, recovering it first where the last end was not clean. A partition without a folder
     * gets one with its
     * first record. A folder of another topic id is a deleted topic's: it is put away (C18).
     *
     * @param owner owns the log from then on
     * @return fails with {@link IOException} when the files cannot be used: that partition is offline, others are
     *     not concerned
     */
    public CompletionStage<PartitionLog> openLog(
            TopicPartition name, Uuid topicId, LogOptions logOptions, SerialExecutor owner) {
        return openings.open(name, topicId, logOptions, owner);
    }

    /**
     * Takes away a partition that is not open, if it has a folder of this topic id. An open one: {@link
     * PartitionLog#delete()}.
     */
    public CompletionStage<Void> deleteLog(TopicPartition name, Uuid topicId) {
        return submit(() -> {
            folders.delete(name, topicId);
            logs.forget(name);
            return null;
        });
    }

    /**
     * Puts away the folders of partitions that this broker does not have (any more), except for open ones. Topics may
     * come and go meanwhile.
     *
     * @param belongs whether a partition with this topic id is the broker's, asked for each when it counts
     * @return how many were put away
     */
    public CompletionStage<Integer> removeStray(BiPredicate<TopicPartition, Uuid> belongs) {
        return submit(() -> folders.removeStray(logs::isOpen, belongs));
    }

    /**
     * Closes every log, writes the checkpoints and, if nothing ever failed, the marker of a clean end, last.
     * Idempotent.
     */
    public CompletionStage<Void> close() {
        return close(-1);
    }

    /** The same, with the broker epoch of the life that ends. */
    public CompletionStage<Void> close(long brokerEpoch) {
        if (!isClosing.compareAndSet(false, true)) {
            return closed;
        }
        upkeep.end();
        // Who recovers files now must be done before the directory may be somebody else's.
        endCompaction()
                .thenCompose(ignored -> openings.end())
                .handle((ignored, failure) -> new LogClosing(logs.copy(), context.diskThreads()).start())
                .thenCompose(closing -> closing)
                .whenComplete((ignored, failure) -> checkpoints.end(() -> end(brokerEpoch, failure)));
        return closed;
    }

    private void end(long brokerEpoch, Throwable failure) {
        try {
            state.end(brokerEpoch, failure == null && health.isHealthy());
            closed.complete(null);
        } catch (IOException marking) {
            closed.completeExceptionally(marking);
        }
    }

    /** Lets go of the directory without a word, as the death of the process does: for tests of what happens then. */
    void abandon() throws IOException {
        isClosing.set(true);
        upkeep.end();
        openings.end();
        endCompaction();
        state.unlock();
    }

    /**
     * Begins to compact the logs that are open and whose {@code cleanup.policy} says so, until {@link #close()}. Once.
     *
     * @param threads where it runs, of its own: it reads and writes for minutes
     */
    public Compactor startCompaction(Executor threads, CompactorOptions compactorOptions) {
        Compactor started = new Compactor(
                context, state.compacted(), checkpoints::writeCompacted, logs::copy, threads, compactorOptions);
        compactor = Optional.of(started);
        started.start();
        return started;
    }

    private CompletionStage<Void> endCompaction() {
        return compactor.map(Compactor::close).orElseGet(() -> CompletableFuture.completedStage(null));
    }

    private <T> CompletionStage<T> submit(Callable<T> work) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return work.call();
                    } catch (RuntimeException failure) {
                        throw failure;
                    } catch (Exception failure) {
                        throw new CompletionException(failure);
                    }
                },
                context.diskThreads());
    }
}
