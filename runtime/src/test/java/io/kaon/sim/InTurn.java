// SPDX-License-Identifier: Apache-2.0
package io.kaon.sim;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/**
 * Runs everything on the calling thread before the outermost call returns, one task after the other: a task that comes up
 * inside another one waits for its end, so that a thousand that follow from each other do not lie upon each other on the
 * stack. One thread.
 */
public final class InTurn implements Executor {
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean isRunning;

    @Override
    public void execute(Runnable task) {
        waiting.add(task);
        if (isRunning) {
            return;
        }
        isRunning = true;
        try {
            while (!waiting.isEmpty()) {
                waiting.poll().run();
            }
        } finally {
            isRunning = false;
        }
    }
}
