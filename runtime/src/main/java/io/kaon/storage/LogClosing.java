// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.exec.SerialExecutor;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Closes logs, a few at a time: enough to keep the disk busy, while thousands of logs must not have all their files open
 * at once. Used once.
 */
final class LogClosing {
    static final int MAX_PARALLEL = 16;

    private final SerialExecutor owner;
    private final Queue<PartitionLog> waiting;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private int running;
    private Throwable failure;

    LogClosing(Collection<PartitionLog> logs, Executor diskThreads) {
        this.owner = new SerialExecutor("the closing of logs", diskThreads);
        this.waiting = new ArrayDeque<>(logs);
    }

    /** Completes when all are closed; fails when one could not be. */
    CompletionStage<Void> start() {
        owner.execute(this::advance);
        return done;
    }

    private void advance() {
        while (running < MAX_PARALLEL && !waiting.isEmpty()) {
            running++;
            waiting.poll().close().whenComplete((ignored, failed) -> owner.execute(() -> onClosed(failed)));
        }
        if (running == 0) {
            if (failure == null) {
                done.complete(null);
            } else {
                done.completeExceptionally(failure);
            }
        }
    }

    private void onClosed(Throwable failed) {
        running--;
        failure = failure == null ? failed : failure;
        advance();
    }
}
