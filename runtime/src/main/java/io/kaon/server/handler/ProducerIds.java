// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.controller.Controller;
import io.kaon.controller.ProducerIdBlock;
import io.kaon.exec.SerialExecutor;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Gives out producer ids, one by one, from blocks that the controller allocates for ever: no id is given twice, also
 * not after a crash. Owned by its executor; {@link #next} is for any thread.
 */
public final class ProducerIds {
    private final SerialExecutor owner;
    private final Controller controller;
    private final int nodeId;
    private final Queue<CompletableFuture<Long>> waiting = new ArrayDeque<>();
    private long nextId;
    private long endId;
    private boolean allocating;

    /** @param nodeId this broker's id */
    public ProducerIds(SerialExecutor owner, Controller controller, int nodeId) {
        this.owner = owner;
        this.controller = controller;
        this.nodeId = nodeId;
    }

    /** A new id; fails when the controller has no block for us. */
    public CompletionStage<Long> next() {
        CompletableFuture<Long> id = new CompletableFuture<>();
        owner.execute(() -> {
            waiting.add(id);
            serve();
        });
        return id;
    }

    private void serve() {
        while (!waiting.isEmpty() && nextId < endId) {
            waiting.poll().complete(nextId++);
        }
        if (!waiting.isEmpty() && !allocating) {
            allocating = true;
            controller
                    .allocateProducerIds(nodeId)
                    .whenComplete((block, failure) -> owner.execute(() -> onBlock(block, failure)));
        }
    }

    private void onBlock(ProducerIdBlock block, Throwable failure) {
        allocating = false;
        if (failure != null) {
            while (!waiting.isEmpty()) {
                waiting.poll().completeExceptionally(failure);
            }
            return;
        }
        nextId = block.firstId();
        endId = block.firstId() + block.size();
        serve();
    }
}
