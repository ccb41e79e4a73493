// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * Blocking work of one log, one after the other on disk threads, in the order of the calls. The caller is one
 * owner.
 */
final class DiskLane {
    private final Executor diskThreads;
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

    DiskLane(Executor diskThreads) {
        this.diskThreads = diskThreads;
    }

    /** Work on files. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    /** Queues work; it runs whatever became of the work before. The result fails with what the work has thrown. */
    CompletableFuture<Void> submit(Work work) {
        CompletableFuture<Void> result = last.handleAsync(
                (ignored, alsoIgnored) -> {
                    try {
                        work.run();
                        return null;
                    } catch (IOException failure) {
                        throw new CompletionException(failure);
                    }
                },
                diskThreads);
        last = result;
        return result;
    }
}
