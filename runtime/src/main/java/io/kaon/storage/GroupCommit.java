// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.exec.SerialExecutor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Lets a few logs of a data directory sync at a time, in the order in which they asked. A log asks once, however many
 * produces wait for it, and its sync covers everything that it holds when its turn comes: so one sync serves all that
 * wait by then, and the slower the disk, the more it serves. Any thread.
 */
final class GroupCommit {
    /** Syncs at once: enough for a file system to merge them, and half of the fewest disk threads there are. */
    static final int MAX_PARALLEL = 4;

    private final SerialExecutor owner;
    private final Deque<Supplier<CompletionStage<Void>>> waiting = new ArrayDeque<>();
    private int running;

    /** @param handOver where turns are given that the calling thread cannot give */
    GroupCommit(String name, Executor handOver) {
        this.owner = new SerialExecutor(name, handOver);
    }

    /** Starts the sync when its turn comes. Whoever submits does so again only after its sync began. */
    void submit(Supplier<CompletionStage<Void>> sync) {
        owner.execute(() -> {
            waiting.add(sync);
            giveTurns();
        });
    }

    private void giveTurns() {
        while (running < MAX_PARALLEL && !waiting.isEmpty()) {
            running++;
            waiting.poll().get().whenComplete((ignored, failure) -> owner.execute(this::onEnded));
        }
    }

    private void onEnded() {
        running--;
        giveTurns();
    }
}
