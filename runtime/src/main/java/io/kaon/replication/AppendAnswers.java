// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import io.kaon.common.ErrorCode;
import io.kaon.exec.Cancellable;
import io.kaon.exec.Scheduler;
import io.kaon.storage.AppendResult;
import io.kaon.storage.Appended;
import io.kaon.storage.Rejected;
import io.kaon.telemetry.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Answers to appends that wait until their records are as safe as was asked. Owned by the partition. */
final class AppendAnswers {
    private final Scheduler scheduler;
    private final Level waiting;
    /** Of {@code acks=all}, which wait for the high watermark. */
    private final CommitWaiters all = new CommitWaiters();
    /** Of {@code acks=1}, which wait for a sync ({@code flush.messages}). */
    private final CommitWaiters leader = new CommitWaiters();

    private Optional<Rejected> refusal = Optional.empty();

    /** @param waiting how many of them there are, of all partitions */
    AppendAnswers(Scheduler scheduler, Level waiting) {
        this.scheduler = scheduler;
        this.waiting = waiting;
    }

    /** Answers when the records are safe, with REQUEST_TIMED_OUT when that takes too long. */
    void add(Appended appended, Acks acks, int timeoutMs, CompletableFuture<AppendResult> answer) {
        Cancellable timeout = scheduler.schedule(
                timeoutMs,
                () -> answer.complete(new Rejected(
                        ErrorCode.REQUEST_TIMED_OUT,
                        "the records are written but not on all in-sync replicas",
                        List.of())));
        waiting.up();
        answer.whenComplete((result, failure) -> waiting.down());
        CommitWaiters waiters = acks == Acks.ALL ? all : leader;
        waiters.add(appended.lastOffset() + 1, () -> {
            timeout.cancel();
            answer.complete(refusal.isPresent() ? refusal.get() : appended);
        });
    }

    void onHighWatermark(long highWatermark) {
        all.onHighWatermark(highWatermark);
    }

    /** What may be acknowledged to {@code acks=1} ends here now. */
    void onAcknowledgeable(long endOffset) {
        leader.onHighWatermark(endOffset);
    }

    /** Those that wait still do so in vain. */
    void refuseAll(Rejected answer) {
        refusal = Optional.of(answer);
        all.onHighWatermark(Long.MAX_VALUE);
        leader.onHighWatermark(Long.MAX_VALUE);
        refusal = Optional.empty();
    }
}
