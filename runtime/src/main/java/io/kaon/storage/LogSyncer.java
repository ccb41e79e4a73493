// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.exec.Cancellable;
import io.kaon.storage.segment.Segment;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Makes durable what one log holds, and knows up to where it is. Owned by the log's owner.
 *
 * <table>
 * <caption>Ends, each at most the next</caption>
 * <tr><td>recovery point</td><td>synced with its indexes: the next life trusts what lies below</td></tr>
 * <tr><td>synced end</td><td>the records are on disk, and the names under which they are found</td></tr>
 * <tr><td>log end</td><td>the records are in the page cache</td></tr>
 * </table>
 *
 * <p>Once a sync has failed, one that succeeds later does not say that everything before is on disk: both ends stand
 * still for the rest of this life, and the log is offline.
 */
final class LogSyncer {
    /** After how much a sync takes the indexes along: where syncs are frequent, a recovery reads no more again. */
    static final long BYTES_PER_FULL_SYNC = 64L << 20;

    private final LogCore core;
    private final HeldBack held;
    private Runnable listener = () -> {};
    private Optional<Cancellable> timer = Optional.empty();
    private boolean isAsked;
    private boolean isFullDue;
    private boolean isRetryDue;
    /** Written by the owner; others get a recent value. */
    private volatile long bytesSinceFullSync;

    private long wantedEnd;
    private int cuts;
    private volatile boolean hasEnded;
    private volatile long syncedEnd;
    private volatile long recoveryPoint;

    LogSyncer(LogCore core, long recoveryPoint) {
        this.core = core;
        this.recoveryPoint = recoveryPoint;
        this.syncedEnd = recoveryPoint;
        this.held = new HeldBack(recoveryPoint);
        core.health().whenFailed(() -> core.owner().execute(this::tell));
    }

    /** Everything below is synced, with its indexes. Any thread. */
    long recoveryPoint() {
        return recoveryPoint;
    }

    /** About how much was written that a recovery would have to read. Any thread. */
    long bytesSinceFullSync() {
        return bytesSinceFullSync;
    }

    /** Calls the listener, inside the owner, when the committable end may have moved, or never will again. */
    void onProgress(Runnable newListener) {
        listener = newListener;
    }

    private void tell() {
        listener.run();
    }

    /** Whether nothing becomes durable any more: the disk failed, or the log is closed or deleted. Any thread. */
    boolean isOver() {
        return hasEnded || core.health().hasFailed();
    }

    /** How far the high watermark may go as far as this replica is concerned. */
    long committableEnd() {
        return isDurable() ? Math.min(syncedEnd, core.state().logEnd()) : acknowledgeableEnd();
    }

    /** What may be acknowledged without a look at other replicas ({@code acks=1}). */
    long acknowledgeableEnd() {
        return held.acknowledgeableEnd(core.state().logEnd());
    }

    private boolean isDurable() {
        return options().durability() == Durability.FSYNC;
    }

    private FlushOptions options() {
        return core.state().options().flush();
    }

    /** Records were written, up to the log's end. */
    void onAppended(long baseOffset, int bytes) {
        bytesSinceFullSync += bytes;
        if (held.onAppended(baseOffset, core.state().logEnd(), options().messages()) || isDurable()) {
            ask();
        }
        startTimer();
    }

    /** Of {@code flush.ms}, unless it runs. */
    private void startTimer() {
        if (options().ms() != Long.MAX_VALUE && timer.isEmpty()) {
            timer = Optional.of(
                    core.context().scheduler().schedule(Math.max(1, options().ms()), () -> core.owner()
                            .execute(this::onTimer)));
        }
    }

    private void stopTimer() {
        timer.ifPresent(Cancellable::cancel);
        timer = Optional.empty();
    }

    private void onTimer() {
        timer = Optional.empty();
        if (recoveryPoint < core.state().logEnd() && core.health().isOnline()) {
            isFullDue = true;
            ask();
        }
    }

    /** The settings have changed: what the new ones ask counts for what is written already, too. */
    void onReconfigured() {
        stopTimer();
        if (options().messages() == Long.MAX_VALUE) {
            held.letGo();
        }
        if (core.health().isOnline() && recoveryPoint < core.state().logEnd()) {
            startTimer();
        }
        askIfDue();
        tell();
    }

    /** A sync for whoever waits, unless none is needed. */
    private void askIfDue() {
        if ((isDurable() || held.isAny()) && syncedEnd < core.state().logEnd()) {
            ask();
        }
    }

    private void ask() {
        wantedEnd = core.state().logEnd();
        if (!isAsked) {
            isAsked = true;
            core.context().commits().submit(this::inTurn);
        }
    }

    /** Any thread. */
    private CompletionStage<Void> inTurn() {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        core.owner().execute(() -> {
            try {
                begin(ended);
            } catch (RuntimeException broken) {
                // The turn must not stay taken: other logs wait for theirs.
                ended.completeExceptionally(broken);
                throw broken;
            }
        });
        return ended;
    }

    private void begin(CompletableFuture<Void> ended) {
        SegmentChain chain = core.state().chain();
        if (chain.isEmpty() || !core.health().isOnline()) {
            // A cut asks again when it is done, and whoever waits hears of an end.
            isAsked = false;
            ended.complete(null);
            return;
        }
        boolean isFull = isFullDue || bytesSinceFullSync >= BYTES_PER_FULL_SYNC;
        CompletableFuture<Void> sync = isFull ? flush() : sync(chain.active());
        sync.whenComplete((ignored, failure) -> {
            core.owner().execute(() -> onTurnEnded(failure == null || isFull));
            ended.complete(null);
        });
    }

    /** Where the indexes could not be written, the records still can be synced: somebody waits for that. */
    private void onTurnEnded(boolean mayGoOn) {
        isAsked = false;
        if (mayGoOn && wantedEnd > syncedEnd && core.health().isOnline()) {
            ask();
        }
    }

    private CompletableFuture<Void> sync(Segment active) {
        Progress progress = new Progress(core.state().logEnd(), false, cuts);
        return core.files().sync(active).whenComplete((ignored, failure) -> report(progress, failure));
    }

    /**
     * Makes durable what the log holds now, with its indexes. Fails while the log takes no appends: its files may be on
     * their way out, cut or deleted.
     */
    CompletableFuture<Void> flush() {
        SegmentChain chain = core.state().chain();
        if (chain.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        if (!core.health().isOnline()) {
            return CompletableFuture.failedFuture(new IOException(core.name() + " is offline"));
        }
        isFullDue = false;
        bytesSinceFullSync = 0;
        Progress progress = new Progress(core.state().logEnd(), true, cuts);
        return core.files().flush(chain.active()).whenComplete((ignored, failure) -> report(progress, failure));
    }

    /** Makes a segment durable to which nothing is added any more; the log ends with it now. */
    void seal(Segment segment) {
        Progress progress = new Progress(core.state().logEnd(), true, cuts);
        sealed(segment, progress.endOffset()).whenComplete((ignored, failure) -> report(progress, failure));
    }

    /** The same at the end of the log's life; {@link #end()} follows. */
    CompletableFuture<Void> sealLast(Segment segment) {
        Progress progress = new Progress(core.state().logEnd(), true, cuts);
        return sealed(segment, progress.endOffset()).thenRunAsync(() -> onSynced(progress), core.owner());
    }

    /** The log's life is over: who waits still hears what came of it. */
    void end() {
        hasEnded = true;
        stopTimer();
        tell();
    }

    private CompletableFuture<Void> sealed(Segment segment, long endOffset) {
        return core.files().seal(segment, endOffset, core.state().producers().entries());
    }

    /** What a sync makes durable once it is done: up to where, whether with the indexes, and of which life of the files. */
    private record Progress(long endOffset, boolean withIndexes, int cuts) {}

    private void report(Progress progress, Throwable failure) {
        core.owner().execute(() -> {
            if (failure == null) {
                onSynced(progress);
            } else if (!isRetryDue && core.health().isOnline()) {
                isRetryDue = true;
                core.context().scheduler().schedule(LogFiles.RETRY_MS, () -> core.owner()
                        .execute(this::retry));
            }
            tell();
        });
    }

    private void retry() {
        isRetryDue = false;
        if (core.health().isOnline()) {
            isFullDue = true;
            ask();
        }
    }

    private void onSynced(Progress progress) {
        if (core.health().hasFailed() || progress.cuts != cuts) {
            return;
        }
        syncedEnd = Math.max(syncedEnd, progress.endOffset);
        if (progress.withIndexes) {
            recoveryPoint = Math.max(recoveryPoint, progress.endOffset);
        }
        held.onSynced(syncedEnd);
    }

    /** The log is going to be cut at or behind this offset: from now on the next life must not trust what is there. */
    void beforeCut(long offset) {
        cuts++;
        recoveryPoint = Math.min(recoveryPoint, offset);
    }

    /**
     * The log was cut, and takes appends again: nothing is known of what comes after. A sync whose turn came meanwhile
     * is asked for again.
     *
     * @param knownEnd up to here what was synced before counts
     */
    void onTruncated(long knownEnd) {
        cuts++;
        syncedEnd = Math.min(syncedEnd, knownEnd);
        recoveryPoint = Math.min(recoveryPoint, knownEnd);
        held.onTruncated(core.state().logEnd());
        askIfDue();
        tell();
    }
}
