// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import io.kaon.exec.Cancellable;
import io.kaon.exec.DiskThreads;
import io.kaon.exec.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One fetch on its way: reads, and while that is too little waits for appends, a later request, or the end of its time.
 * Owned by the executor it came with; partitions wake it from their own threads by {@link #onReadable}.
 */
final class WaitingFetch {
    private final PartitionReader reader;
    private final FetchParams params;
    private final List<PartitionRead> reads;
    private final CompletableFuture<List<PartitionReadResult>> answer;
    private final DiskThreads disk;
    private final Executor home;
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Runnable onReadable = this::onReadable;
    private final List<Partition> watched = new ArrayList<>(0);
    private Cancellable timeout = () -> {};
    private boolean finished;

    WaitingFetch(
            PartitionReader reader,
            FetchParams params,
            List<PartitionRead> reads,
            CompletableFuture<List<PartitionReadResult>> answer,
            DiskThreads disk,
            Executor home) {
        this.reader = reader;
        this.params = params;
        this.reads = reads;
        this.answer = answer;
        this.disk = disk;
        this.home = home;
    }

    void start(Scheduler scheduler, CompletionStage<?> hurry) {
        guarded(() -> begin(scheduler, hurry));
    }

    private void begin(Scheduler scheduler, CompletionStage<?> hurry) {
        if (params.maxWaitMs() <= 0) {
            finish();
        } else if (!tryFinish()) {
            watch();
            timeout = scheduler.schedule(params.maxWaitMs(), () -> home.execute(this::finish));
            hurry.whenComplete((done, failure) -> home.execute(this::finish));
            tryFinish();
        }
    }

    private void watch() {
        for (PartitionRead read : reads) {
            reader.partitionOf(read).ifPresent(partition -> {
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
        if (reader.hasEnough(params, reads)) {
            finish();
            return true;
        }
        return false;
    }

    private void finish() {
        if (finished) {
            return;
        }
        finished = true;
        timeout.cancel();
        watched.forEach(partition -> partition.removeReader(onReadable));
        guarded(() -> {
            if (reader.isAllHot(reads)) {
                readNow();
            } else {
                disk.execute(() -> guarded(this::readNow));
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

    private void readNow() {
        List<PartitionReadResult> results = reader.readAll(params, reads);
        if (!answer.complete(results)) {
            results.forEach(result -> result.records().release());
        }
    }
}
