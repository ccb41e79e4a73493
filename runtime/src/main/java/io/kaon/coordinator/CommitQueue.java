// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import io.kaon.common.ErrorCode;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Writes that wait for the committed offset to pass them, in the order of their offsets. Owned by the shard. */
final class CommitQueue {
    private static final String TIMER = "commit-timeout";

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final ShardTimers timers;
    private final ShardClock time;
    private final int timeoutMs;

    CommitQueue(ShardTimers timers, ShardClock time, int timeoutMs) {
        this.timers = timers;
        this.time = time;
        this.timeoutMs = timeoutMs;
    }

    /** Completes once {@code endOffset} is committed, or with REQUEST_TIMED_OUT. */
    CompletionStage<WriteResult> await(long endOffset) {
        CompletableFuture<WriteResult> result = new CompletableFuture<>();
        boolean first = waiting.isEmpty();
        waiting.add(new Waiting(endOffset, nowMs() + timeoutMs, result));
        if (first) {
            // The timer is left alone when the queue becomes empty: moving it out is free, setting it again is not.
            timers.schedule(TIMER, timeoutMs, this::expire);
        }
        return result;
    }

    void onCommitted(long offset) {
        while (!waiting.isEmpty() && waiting.peek().endOffset <= offset) {
            waiting.poll().result.complete(WriteResult.Committed.INSTANCE);
        }
    }

    void failAll(ErrorCode error) {
        while (!waiting.isEmpty()) {
            waiting.poll().result.complete(new WriteResult.Failed(error));
        }
    }

    private void expire() {
        while (!waiting.isEmpty() && waiting.peek().deadlineMs <= nowMs()) {
            waiting.poll().result.complete(new WriteResult.Failed(ErrorCode.REQUEST_TIMED_OUT));
        }
        if (!waiting.isEmpty()) {
            timers.schedule(TIMER, waiting.peek().deadlineMs - nowMs(), this::expire);
        }
    }

    private long nowMs() {
        return time.clock().nanos() / 1_000_000;
    }

    private record Waiting(long endOffset, long deadlineMs, CompletableFuture<WriteResult> result) {}
}
