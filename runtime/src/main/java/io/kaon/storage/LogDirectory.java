// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.exec.Cancellable;
import io.kaon.exec.SerialExecutor;
import io.kaon.record.BatchValidator;
import io.kaon.storage.checkpoint.CorruptFileException;
import io.kaon.storage.checkpoint.MetaProperties;
import io.kaon.storage.checkpoint.PartitionMetadataFile;
import io.kaon.storage.segment.SegmentGoneException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiPredicate;
import org.jboss.logging.Logger;

/**
 * A data directory: one folder per partition that has data, Kafka's checkpoint files, and the marks of a clean
 * end. Logs
 * open one by one, when somebody asks. Any thread; what blocks runs on the disk threads, except for {@link #open}.
 */
public final class LogDirectory {
    private static final Logger LOG = Logger.getLogger(LogDirectory.class);

    private final LogDirectoryOptions options;
    private final LogContext context;
    private final DirectoryState state;
    private final MetaProperties properties;
    private final Map<TopicPartition, PartitionLog> open = new ConcurrentHashMap<>();
    private final Set<CompletableFuture<PartitionLog>> openings = ConcurrentHashMap.newKeySet();
    private final Map<String, Cancellable> timers = new ConcurrentHashMap<>();
    private final AtomicBoolean hasFailed = new AtomicBoolean();
    private final AtomicBoolean isClosing = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    /** Writes of the checkpoint files, one after the other; fed from disk threads only. */
    private final SerialExecutor checkpoints;

    private LogDirectory(
            LogDirectoryOptions options, StoragePorts ports, MetaProperties properties, DirectoryState state) {
        this.options = options;
        this.properties = properties;
        this.state = state;
        this.context = new LogContext(
                ports.disk(),
                ports.diskThreads(),
                ports.scheduler(),
                ports.clock(),
                new BatchValidator(ports.limits()),
                ports.limits(),
                ports.ids(),
                ports.metrics(),
                new Listener());
        this.checkpoints = new SerialExecutor("the checkpoints of " + options.path(), ports.diskThreads());
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
        for (Path folder : context.disk().list(options.path())) {
            if (PartitionName.isDeleted(folder.getFileName().toString())) {
                context.diskThreads().execute(() -> remove(folder));
            }
        }
        repeat("retention", options.retentionCheckIntervalMs(), this::retain);
        repeat("checkpoints", options.checkpointIntervalMs(), this::writeCheckpoints);
        repeat("high watermarks", options.highWatermarkIntervalMs(), this::writeHighWatermarks);
    }

    private void repeat(String what, long intervalMs, Runnable task) {
        timers.put(what, context.scheduler().schedule(intervalMs, () -> {
            if (!isClosing.get()) {
                context.diskThreads().execute(task);
                repeat(what, intervalMs, task);
            }
        }));
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
        return !hasFailed.get();
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
        List<LogDescriptor> found = new ArrayList<>();
        for (Path folder : context.disk().list(options.path())) {
            Optional<TopicPartition> name =
                    PartitionName.parse(folder.getFileName().toString());
            if (name.isPresent()) {
                found.add(new LogDescriptor(name.get(), topicIdOf(folder)));
            }
        }
        return found;
    }

    private Optional<Uuid> topicIdOf(Path folder) throws IOException {
        try {
            return PartitionMetadataFile.in(context.disk(), folder).read();
        } catch (CorruptFileException damaged) {
            LOG.warn(damaged.getMessage());
            return Optional.empty();
        }
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
        CompletableFuture<PartitionLog> opening = new CompletableFuture<>();
        // Before the load looks whether the directory closes: one of the two sees the other.
        openings.add(opening);
        loading(name, topicId, logOptions, owner)
                .thenCompose(opened -> opened.isNew() ? afterForgetting(opened.log()) : completed(opened.log()))
                .whenComplete((log, failure) -> {
                    openings.remove(opening);
                    complete(opening, log, failure);
                });
        return opening;
    }

    private CompletionStage<Opened> loading(
            TopicPartition name, Uuid topicId, LogOptions logOptions, SerialExecutor owner) {
        try {
            return submit(() -> {
                PartitionFolder folder = folderOf(name, topicId);
                LoadedLog loaded = load(folder, logOptions);
                PartitionLog log = new PartitionLog(context, folder, loaded, logOptions, owner);
                open.put(name, log);
                state.recovered(name);
                return new Opened(log, !loaded.exists());
            });
        } catch (RejectedExecutionException ended) {
            return CompletableFuture.failedStage(new IOException(options.path() + " is closed", ended));
        }
    }

    private record Opened(PartitionLog log, boolean isNew) {}

    private static CompletionStage<PartitionLog> completed(PartitionLog log) {
        return CompletableFuture.completedStage(log);
    }

    private static <T> void complete(CompletableFuture<T> result, T value, Throwable failure) {
        if (failure == null) {
            result.complete(value);
        } else {
            result.completeExceptionally(failure);
        }
    }

    /**
     * The checkpoint files know partitions by name. What they say of an earlier topic of that name must be gone before
     * the new one takes records: after a crash it would pass for the new one's, and records below the earlier log start
     * offset would be lost.
     */
    private CompletionStage<PartitionLog> afterForgetting(PartitionLog log) {
        CompletableFuture<PartitionLog> result = new CompletableFuture<>();
        checkpoints.execute(() -> {
            try {
                if (state.isWritten(log.name())) {
                    state.writeCheckpoints(open);
                }
                result.complete(log);
            } catch (IOException failure) {
                onDirectoryFailure(failure);
                log.close().whenComplete((ignored, alsoFailed) -> result.completeExceptionally(failure));
            }
        });
        return result;
    }

    private LoadedLog load(PartitionFolder folder, LogOptions logOptions) throws IOException {
        if (isClosing.get()) {
            throw new IOException(options.path() + " is closing");
        }
        if (!claim(folder)) {
            state.forget(folder.name());
            return LoadedLog.empty();
        }
        boolean isClean = !state.needsRecovery(folder.name());
        try {
            return new LogLoader(context, folder, logOptions, state.checkpointOf(folder.name()), isClean).load();
        } catch (IOException failure) {
            context.listener().onFailure(folder.name(), failure);
            throw failure;
        }
    }

    /** Whether the folder is there and this topic's; one of another topic is put away. */
    private boolean claim(PartitionFolder folder) throws IOException {
        List<Path> files = context.disk().list(folder.path());
        if (files.isEmpty()) {
            return false;
        }
        Optional<Uuid> found = topicIdOf(folder.path());
        if (found.isPresent() && found.get().equals(folder.topicId())) {
            return true;
        }
        if (found.isEmpty() && state.checkpointOf(folder.name()).recoveryPoint() != 0) {
            throw new IOException(
                    folder.path() + " has records, but no topic id in " + PartitionMetadataFile.FILE_NAME);
        }
        LOG.warnf("%s belongs to topic id %s, not to %s: it is put away", folder.path(), found, folder.topicId());
        putAway(folder);
        return false;
    }

    private void putAway(PartitionFolder folder) throws IOException {
        Path target = folder.markDeleted(context.ids().get());
        state.forget(folder.name());
        context.diskThreads().execute(() -> remove(target));
    }

    /**
     * Takes away a partition that is not open, if it has a folder of this topic id. An open one: {@link
     * PartitionLog#delete()}.
     */
    public CompletionStage<Void> deleteLog(TopicPartition name, Uuid topicId) {
        return submit(() -> {
            PartitionFolder folder = folderOf(name, topicId);
            if (topicIdOf(folder.path()).filter(topicId::equals).isPresent()) {
                putAway(folder);
            }
            return null;
        });
    }

    /**
     * Puts away the folders of partitions that this broker does not have (any more), except for open ones.
     *
     * @param belongs whether a partition with this topic id is the broker's
     * @return how many were put away
     */
    public CompletionStage<Integer> removeStray(BiPredicate<TopicPartition, Uuid> belongs) {
        return submit(() -> {
            int count = 0;
            for (LogDescriptor found : existing()) {
                Optional<Uuid> topicId = found.topicId();
                if (topicId.isPresent()
                        && !open.containsKey(found.name())
                        && !belongs.test(found.name(), topicId.get())) {
                    LOG.infof("%s with topic id %s is not this broker's: it is put away", found.name(), topicId.get());
                    putAway(folderOf(found.name(), topicId.get()));
                    count++;
                }
            }
            return count;
        });
    }

    private PartitionFolder folderOf(TopicPartition name, Uuid topicId) {
        return new PartitionFolder(context.disk(), options.path().resolve(name.toString()), name, topicId);
    }

    private void remove(Path folder) {
        try {
            PartitionFolder.remove(context.disk(), folder);
        } catch (IOException failure) {
            LOG.warnf(failure, "%s could not be removed", folder);
        }
    }

    /** Disk threads. */
    private void retain() {
        for (PartitionLog log : open.values()) {
            try {
                LogView view = log.view();
                long nowMs = context.clock().wallMs();
                log.onRetention(view, Retention.deletable(view, log.options().retention(), context.disk(), nowMs));
            } catch (SegmentGoneException | NoSuchFileException deleted) {
                LOG.debugf("%s lost files while retention looked at them: %s", log.name(), deleted.getMessage());
            } catch (IOException failure) {
                context.listener().onFailure(log.name(), failure);
            }
        }
    }

    /** Writes recovery points and log start offsets. Disk threads. */
    private void writeCheckpoints() {
        checkpoints.execute(() -> {
            try {
                state.writeCheckpoints(open);
            } catch (IOException failure) {
                onDirectoryFailure(failure);
            }
        });
    }

    private void writeHighWatermarks() {
        checkpoints.execute(() -> {
            try {
                state.writeHighWatermarks(open);
            } catch (IOException failure) {
                onDirectoryFailure(failure);
            }
        });
    }

    private void onDirectoryFailure(IOException failure) {
        if (hasFailed.compareAndSet(false, true)) {
            LOG.errorf(failure, "The data directory %s fails; its end will not count as clean", options.path());
        }
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
        timers.values().forEach(Cancellable::cancel);
        // Who recovers files now must be done before the directory may be somebody else's.
        CompletableFuture.allOf(openings.toArray(CompletableFuture[]::new))
                .handle((ignored, failure) -> closeLogs())
                .thenCompose(closing -> closing)
                .whenComplete((ignored, failure) ->
                        context.diskThreads().execute(() -> checkpoints.execute(() -> end(brokerEpoch, failure))));
        return closed;
    }

    private CompletableFuture<Void> closeLogs() {
        List<CompletableFuture<Void>> closing = new ArrayList<>();
        for (PartitionLog log : List.copyOf(open.values())) {
            closing.add(log.close().toCompletableFuture());
        }
        return CompletableFuture.allOf(closing.toArray(CompletableFuture[]::new));
    }

    private void end(long brokerEpoch, Throwable failure) {
        try {
            state.end(brokerEpoch, failure == null && !hasFailed.get());
            closed.complete(null);
        } catch (IOException marking) {
            closed.completeExceptionally(marking);
        }
    }

    /** Lets go of the directory without a word, as the death of the process does: for tests of what happens then. */
    void abandon() throws IOException {
        isClosing.set(true);
        timers.values().forEach(Cancellable::cancel);
        state.unlock();
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

    private final class Listener implements LogContext.Listener {
        @Override
        public void onFailure(TopicPartition name, IOException failure) {
            if (hasFailed.compareAndSet(false, true)) {
                LOG.errorf(
                        failure, "%s in %s failed; the directory's end will not count as clean", name, options.path());
            }
        }

        @Override
        public void onLogStartOffset(TopicPartition name) {
            context.diskThreads().execute(LogDirectory.this::writeCheckpoints);
        }

        @Override
        public void onClosed(PartitionLog log, boolean isDeleted) {
            if (isDeleted) {
                // In this order, or a checkpoint that is written meanwhile would speak of it once more.
                open.remove(log.name(), log);
                state.forget(log.name());
            } else {
                state.remember(log);
                open.remove(log.name(), log);
            }
        }
    }
}
