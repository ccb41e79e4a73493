// SPDX-License-Identifier: Apache-2.0
package io.kaon.exec;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The threads on which anything may block: cold reads, fsync, roll, recovery, deletion. They are never interrupted. */
public final class DiskThreads extends Workers {
    /**
     * @param name prefix of the threads' names
     * @param threads how many may block at once, at least 1
     */
    public DiskThreads(String name, int threads) {
        super(name, threads);
    }

    /** Runs blocking work; what it throws fails the result. */
    public <T> CompletionStage<T> submit(Callable<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        execute(() -> {
            try {
                result.complete(work.call());
            } catch (Exception | Error failure) {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }
}
