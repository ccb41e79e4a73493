// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** A file that is written as a whole: one write serves everybody who asked before it began. Any thread. */
final class SharedWrite {
    private final Executor writers;
    private final DiskLane.Work write;
    private final Consumer<IOException> onFailure;
    private final Queue<CompletableFuture<Void>> waiting = new ConcurrentLinkedQueue<>();

    /** @param writers runs one write at a time, where it may block */
    SharedWrite(Executor writers, DiskLane.Work write, Consumer<IOException> onFailure) {
        this.writers = writers;
        this.write = write;
        this.onFailure = onFailure;
    }

    /** Completes when what is true now is written. */
    CompletionStage<Void> request() {
        CompletableFuture<Void> written = new CompletableFuture<>();
        waiting.add(written);
        writers.execute(this::serve);
        return written;
    }

    private void serve() {
        List<CompletableFuture<Void>> served = new ArrayList<>();
        for (CompletableFuture<Void> next = waiting.poll(); next != null; next = waiting.poll()) {
            served.add(next);
        }
        if (served.isEmpty()) {
            return;
        }
        try {
            write.run();
            served.forEach(written -> written.complete(null));
        } catch (IOException failure) {
            onFailure.accept(failure);
            served.forEach(written -> written.completeExceptionally(failure));
        }
    }
}
