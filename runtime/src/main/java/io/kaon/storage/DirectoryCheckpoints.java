// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.common.TopicPartition;
import io.kaon.exec.SerialExecutor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Writes a data directory's checkpoint files, one after the other, on disk threads. Any thread. */
final class DirectoryCheckpoints {
    private final DirectoryState state;
    private final KnownLogs logs;
    private final DirectoryHealth health;
    private final Executor diskThreads;
    /** Fed from disk threads only. */
    private final SerialExecutor owner;
    /** Writes of recovery points and log start offsets for which somebody waits. */
    private final SharedWrite awaited;

    private final SharedWrite awaitedHighWatermarks;
    /** Whether the directory may be somebody else's by now. Of the owner. */
    private boolean hasEnded;

    DirectoryCheckpoints(
            Path path, DirectoryState state, KnownLogs logs, DirectoryHealth health, Executor diskThreads) {
        this.state = state;
        this.logs = logs;
        this.health = health;
        this.diskThreads = diskThreads;
        this.owner = new SerialExecutor("the checkpoints of " + path, diskThreads);
        this.awaited = new SharedWrite(this::inTurn, this::writeAwaited, this::onFailure);
        this.awaitedHighWatermarks = new SharedWrite(this::inTurn, this::writeAwaitedHighWatermarks, this::onFailure);
    }

    private void writeAwaited() throws IOException {
        if (hasEnded) {
            throw new IOException("the data directory is closed");
        }
        state.writeCheckpoints(logs.open());
    }

    private void writeAwaitedHighWatermarks() throws IOException {
        if (hasEnded) {
            throw new IOException("the data directory is closed");
        }
        state.writeHighWatermarks(logs.open());
    }

    private void onFailure(IOException failure) {
        if (!hasEnded) {
            health.onFailure(failure);
        }
    }

    /** Writes recovery points and log start offsets; completes when what is true now is written. */
    CompletionStage<Void> request() {
        return awaited.request();
    }

    /** The same, and the high watermarks. */
    CompletionStage<Void> requestAll() {
        return awaited.request().thenCompose(written -> awaitedHighWatermarks.request());
    }

    void write() {
        attempt(() -> state.writeCheckpoints(logs.open()));
    }

    void writeHighWatermarks() {
        attempt(() -> state.writeHighWatermarks(logs.open()));
    }

    /** Up to where logs are compacted. */
    void writeCompacted() {
        attempt(() -> state.compacted().write());
    }

    /** Completes when the files do not speak of a partition any more of which nothing is known; fails when they do. */
    CompletionStage<Void> forget(TopicPartition name) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        inTurn(() -> {
            try {
                if (state.isWritten(name)) {
                    writeAwaited();
                    state.writeHighWatermarks(logs.open());
                }
                result.complete(null);
            } catch (IOException failure) {
                onFailure(failure);
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    /** Runs something when the writes before are done. What is asked for later is not written any more. */
    void end(Runnable last) {
        inTurn(() -> {
            hasEnded = true;
            last.run();
        });
    }

    /** Runs something when the writes before are done. */
    void inTurn(Runnable task) {
        diskThreads.execute(() -> owner.execute(task));
    }

    private void attempt(DiskLane.Work write) {
        inTurn(() -> {
            try {
                if (!hasEnded) {
                    write.run();
                }
            } catch (IOException failure) {
                health.onFailure(failure);
            }
        });
    }
}
