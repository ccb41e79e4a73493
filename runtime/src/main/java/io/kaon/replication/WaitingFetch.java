// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import io.kaon.exec.Cancellable;
import io.kaon.exec.Scheduler;
import io.kaon.telemetry.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One fetch on its way. Owned by the executor it came with; partitions wake it from their own threads by
 * {@link #onReadable}.
 *
 * <pre>
 *  begin ──all logs open──→ is there enough? ──yes──→ read ──→ answer
 *    │                            │ no                ↑
 *    └─logs open first──→ ········│··· wait: appends, a later request, the end of its time
 * </pre>
 */
final class WaitingFetch {
    /**
     * A fetch that opens logs waits at least so long for them, in milliseconds, even if its client would not wait at
     * all: a clean log opens within. One that has to be recovered may take longer than any client waits.
     */
    static final int MIN_OPENING_WAIT_MS = 250;

    private final FetchParams params;
    private final List<ResolvedRead> reads;
    private final CompletableFuture<List<PartitionReadResult>> answer;
    private final Executor coldReads;
    private final Executor home;
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Runnable onReadable = this::onReadable;
    private final List<Partition> watched = new ArrayList<>(0);
    private final Level waiting;
    private boolean hasWaited;
    private Cancellable timeout = () -> {};
    private boolean finished;

    /**
     * @param coldReads where reading may block
     * @param waiting how many of them there are
     */
    WaitingFetch(
            FetchParams params,
            List<ResolvedRead> reads,
            CompletableFuture<List<PartitionReadResult>> answer,
            Executor coldReads,
            Executor home,
            Level waiting) {
        this.params = params;
        this.reads = reads;
        this.answer = answer;
        this.coldReads = coldReads;
        this.home = home;
        this.waiting = waiting;
    }

    /** @param opened completes when the logs are open that were not; what cannot be opened is answered with its error */
    void start(Scheduler scheduler, CompletionStage<?> hurry, CompletableFuture<Void> opened) {
        guarded(() -> {
            if (opened.isDone()) {
                onOpened();
            }
            if (!finished) {
                wait(scheduler, hurry, opened);
            }
        });
    }

    private void wait(Scheduler scheduler, CompletionStage<?> hurry, CompletableFuture<Void> opened) {
        hasWaited = true;
        waiting.up();
        boolean isOpening = !opened.isDone();
        int maxWaitMs = isOpening ? Math.max(params.maxWaitMs(), MIN_OPENING_WAIT_MS) : params.maxWaitMs();
        timeout = scheduler.schedule(maxWaitMs, () -> home.execute(this::finish));
        hurry.whenComplete((done, failure) -> home.execute(this::finish));
        if (isOpening) {
            opened.whenComplete((done, failure) -> home.execute(() -> guarded(this::onOpened)));
        }
    }

    private void onOpened() {
        if (params.maxWaitMs() <= 0) {
            finish();
        } else if (!tryFinish()) {
            watch();
            tryFinish();
        }
    }

    private void watch() {
        for (ResolvedRead read : reads) {
            read.partition().ifPresent(partition -> {
                watched.add(partition);
                partition.addReader(onReadable);
            });
        }
    }

    /** Any thread: there is more to read somewhere. Wake-ups that come before the look are one. */
    private void onReadable() {
        if (woken.compareAndSet(false, true)) {
            home.execute(() -> {
                woken.set(false);
                guarded(this::tryFinish);
            });
        }
    }

    private boolean tryFinish() {
        if (finished) {
            return true;
        }
        FetchSnapshot snapshot = FetchSnapshot.take(params, reads);
        if (snapshot.hasEnough()) {
            finish(snapshot);
            return true;
        }
        return false;
    }

    private void finish() {
        if (!finished) {
            finish(FetchSnapshot.take(params, reads));
        }
    }

    private void finish(FetchSnapshot snapshot) {
        finished = true;
        if (hasWaited) {
            waiting.down();
        }
        timeout.cancel();
        watched.forEach(partition -> partition.removeReader(onReadable));
        guarded(() -> {
            if (snapshot.isAllHot()) {
                read(snapshot);
            } else {
                coldReads.execute(() -> guarded(() -> read(snapshot)));
            }
        });
    }

    /** Whatever breaks, the client gets an answer: without one, all that its connection sends later would wait. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException failure) {
            answer.completeExceptionally(failure);
        }
    }

    private void read(FetchSnapshot snapshot) {
        List<PartitionReadResult> results = snapshot.read();
        if (!answer.complete(results)) {
            results.forEach(result -> result.records().release());
        }
    }
}
