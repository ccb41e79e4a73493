// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.exec.SerialExecutor;
import io.kaon.storage.checkpoint.CorruptFileException;
import io.kaon.storage.segment.SegmentLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;

/** Opens the logs of a data directory, each when somebody asks, on disk threads. Any thread. */
final class LogOpenings {
    private final Path path;
    private final LogContext context;
    private final DirectoryState state;
    private final PartitionFolders folders;
    private final KnownLogs logs;
    private final DirectoryCheckpoints checkpoints;
    private final Set<CompletableFuture<PartitionLog>> running = ConcurrentHashMap.newKeySet();
    private volatile boolean isEnded;

    LogOpenings(
            Path path,
            LogContext context,
            DirectoryState state,
            PartitionFolders folders,
            KnownLogs logs,
            DirectoryCheckpoints checkpoints) {
        this.path = path;
        this.context = context;
        this.state = state;
        this.folders = folders;
        this.logs = logs;
        this.checkpoints = checkpoints;
    }

    CompletionStage<PartitionLog> open(TopicPartition name, Uuid topicId, LogOptions logOptions, SerialExecutor owner) {
        CompletableFuture<PartitionLog> opening = new CompletableFuture<>();
        // Before the load looks whether the directory closes: one of the two sees the other.
        running.add(opening);
        loading(name, topicId, logOptions, owner)
                .thenCompose(opened -> opened.isMisstated() ? afterForgetting(opened.log()) : completed(opened.log()))
                .whenComplete((log, failure) -> {
                    running.remove(opening);
                    if (failure == null) {
                        opening.complete(log);
                    } else {
                        opening.completeExceptionally(failure);
                    }
                });
        return opening;
    }

    /** Lets no other log open; completes when those are done, one way or the other, that open now. */
    CompletionStage<Void> end() {
        isEnded = true;
        return CompletableFuture.allOf(running.toArray(CompletableFuture[]::new))
                .handle((ignored, failure) -> null);
    }

    private CompletionStage<Opened> loading(
            TopicPartition name, Uuid topicId, LogOptions logOptions, SerialExecutor owner) {
        try {
            return CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return opened(folders.of(name, topicId), logOptions, owner);
                        } catch (IOException failure) {
                            throw new CompletionException(failure);
                        }
                    },
                    context.diskThreads());
        } catch (RejectedExecutionException ended) {
            return CompletableFuture.failedStage(new IOException(path + " is closed", ended));
        }
    }

    private Opened opened(PartitionFolder folder, LogOptions logOptions, SerialExecutor owner) throws IOException {
        LoadedLog loaded = load(folder, logOptions);
        TopicPartition name = folder.name();
        long logEnd = loaded.offsets().logEnd();
        boolean isOverstated = state.compacted().truncate(name, logEnd)
                | logEnd < state.checkpointOf(name).recoveryPoint();
        PartitionLog log = new PartitionLog(context, folder, loaded, logOptions, owner);
        logs.opened(log);
        state.recovered(name);
        return new Opened(log, !loaded.exists() || isOverstated);
    }

    /** @param isMisstated whether the checkpoint files say of it what is not so */
    private record Opened(PartitionLog log, boolean isMisstated) {}

    private static CompletionStage<PartitionLog> completed(PartitionLog log) {
        return CompletableFuture.completedStage(log);
    }

    /**
     * The checkpoint files know partitions by name. What they say of an earlier topic of that name must be gone before
     * the new one takes records: after a crash it would pass for the new one's, and records below the earlier log start
     * offset would be lost.
     */
    private CompletionStage<PartitionLog> afterForgetting(PartitionLog log) {
        CompletableFuture<PartitionLog> result = new CompletableFuture<>();
        checkpoints.forget(log.name()).whenComplete((done, failure) -> {
            if (failure == null) {
                result.complete(log);
            } else {
                log.close().whenComplete((ignored, alsoFailed) -> result.completeExceptionally(failure));
            }
        });
        return result;
    }

    private LoadedLog load(PartitionFolder folder, LogOptions logOptions) throws IOException {
        if (isEnded) {
            throw new IOException(path + " is closing");
        }
        try {
            if (!folders.claim(folder)) {
                state.forget(folder.name());
                return LoadedLog.empty();
            }
            boolean isClean = !state.needsRecovery(folder.name());
            LoadedLog loaded =
                    new LogLoader(context, folder, logOptions, state.checkpointOf(folder.name()), isClean).load();
            // Nobody may ever use it again: its first reader or writer opens what it needs.
            loaded.segments().forEach(SegmentLoader::close);
            return loaded;
        } catch (CorruptFileException damaged) {
            // The disk did its work. This partition is for a person to look at; the others may end clean.
            logs.failed(folder.name());
            state.damaged();
            throw damaged;
        } catch (IOException failure) {
            logs.failed(folder.name());
            context.listener().onFailure(folder.name(), failure);
            throw failure;
        }
    }
}
