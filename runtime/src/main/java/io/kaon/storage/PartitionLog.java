// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.common.Checks.invariant;

import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.exec.SerialExecutor;
import io.kaon.record.legacy.LegacySets;
import io.kaon.storage.producer.ProducerBatch;
import io.kaon.storage.producer.ProducerEntry;
import io.kaon.storage.producer.VerificationGuard;
import io.kaon.storage.segment.Segment;
import io.kaon.storage.segment.SegmentFiles;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One partition's log. Owned by {@code owner}: every method runs there that does not say otherwise; others read
 * {@link #view()}.
 *
 * <p>An append ends in the page cache: it survives the death of the process. What makes it survive the loss of power
 * runs on disk threads, when a segment is full, on {@link #flush()} and {@link #close()}. When the disk fails the log
 * goes offline: it refuses appends with KAFKA_STORAGE_ERROR until it is opened again.
 *
 * <p>This is the face of its parts: {@link LogState} is what it holds, {@link LogAppender} writes, {@link LogRoller}
 * begins segments, {@link LogSyncer} makes durable, {@link LogStart} and {@link LogShortening} take away at either end,
 * {@link LogEnding} ends it.
 */
public final class PartitionLog {
    /** A recovery reads about as much in a fraction of a second. */
    private static final long MUCH_UNSYNCED_BYTES = 256L << 20;

    private final LogCore core;
    private final SerialExecutor owner;
    private final LogState state;
    private final LogSyncer syncer;
    private final LogRoller roller;
    private final LogAppender appender;
    private final LogStart start;
    private final LogShortening shortening;
    private final LogEnding ending;
    /** As of the last call of {@link #closeIdleFiles}, of whose thread it is. */
    private volatile int openFiles;
    /** As of the last call of {@link #isSyncDue}, of whose thread it is. */
    private volatile long lastLogEnd = -1;

    PartitionLog(
            LogContext context, PartitionFolder folder, LoadedLog loaded, LogOptions options, SerialExecutor owner) {
        this.core = LogCore.of(context, folder, loaded, options, owner);
        this.owner = owner;
        this.state = core.state();
        this.syncer = new LogSyncer(core, loaded.recoveryPoint());
        this.roller = new LogRoller(core, syncer);
        this.appender = new LogAppender(core, roller, syncer);
        this.start = new LogStart(core, roller);
        this.shortening = new LogShortening(core, syncer, start);
        this.ending = new LogEnding(core, syncer);
    }

    /** Any thread. */
    public TopicPartition name() {
        return core.name();
    }

    /** Any thread. */
    public Uuid topicId() {
        return core.folder().topicId();
    }

    /** What the log looks like now. Any thread. */
    public LogView view() {
        return state.view();
    }

    /** Whether the log takes appends: false once the disk failed, or the log is closed or deleted. Any thread. */
    public boolean isOnline() {
        return core.health().isOnline();
    }

    /**
     * Whether writes to the page cache blocked lately: the disk is behind, and appends belong on a disk thread (D3).
     * Any thread.
     */
    public boolean isSlow() {
        return appender.isSlow();
    }

    /** Bytes of all segments. Any thread. */
    public long sizeInBytes() {
        return view().sizeInBytes();
    }

    /** Everything below is synced. Any thread. */
    long recoveryPoint() {
        return syncer.recoveryPoint();
    }

    /** What compaction asks of this log. Any thread. */
    CompactedLog compaction() {
        return new CompactedLog(core, roller);
    }

    /** Where its files are. Any thread. */
    SegmentFiles segmentFiles() {
        return core.folder().files();
    }

    /** The settings that are in effect. Any thread. */
    LogOptions options() {
        return state.options();
    }

    /**
     * Closes the files that nobody has used during so many calls; who uses them next opens them again. One thread at a
     * time.
     *
     * @return how many files are open still
     */
    int closeIdleFiles(int turns) {
        int stillOpen = 0;
        for (Segment segment : view().segments()) {
            stillOpen += segment.closeIdle(turns);
        }
        if (stillOpen == 0 && openFiles > 0) {
            owner.execute(core.files()::dropSpare);
        }
        openFiles = stillOpen;
        return stillOpen;
    }

    /** How many files were open after the last call of {@link #closeIdleFiles}. Any thread. */
    int openFiles() {
        return openFiles;
    }

    /**
     * Whether a sync is worth while that nobody waits for, so that a recovery has little to read: nothing was written
     * since the last call, or very much since the last sync. To be called at regular intervals, by one thread at a time.
     */
    boolean isSyncDue() {
        long logEnd = view().logEndOffset();
        boolean isQuiet = logEnd == lastLogEnd;
        lastLogEnd = logEnd;
        return !isSynced() && isOnline() && (isQuiet || syncer.bytesSinceFullSync() >= MUCH_UNSYNCED_BYTES);
    }

    /** Whether everything that the log holds is synced. Any thread. */
    boolean isSynced() {
        return recoveryPoint() == view().logEndOffset();
    }

    /**
     * Checks record batches, gives them their offsets in place and writes them to the page cache.
     *
     * @param records whole batches from position to limit; they are changed in place and may be reused after the call
     * @param leaderEpoch the epoch of the leadership in which this happens
     * @throws AppendTakesLongException where the owner may not block and a client's batch takes too long to check
     */
    public AppendResult append(ByteBuffer records, AppendOrigin origin, int leaderEpoch) {
        return append(records, origin, leaderEpoch, VerificationGuard.NONE);
    }

    /**
     * The same for a batch that was held back by {@link #beginVerification}.
     *
     * @param guard what that gave
     */
    public AppendResult append(ByteBuffer records, AppendOrigin origin, int leaderEpoch, VerificationGuard guard) {
        owner.assertInside();
        return appender.append(records, origin, leaderEpoch, guard);
    }

    /** Whether the batch would begin a transaction here, of which the coordinator must know before (KIP-890). */
    public boolean needsVerification(ProducerBatch batch) {
        owner.assertInside();
        return state.producers().needsVerification(batch);
    }

    /**
     * The coordinator is being asked about the batch; to be ended in any case.
     *
     * @param hasOwnEpoch whether each transaction of the producer has an epoch of its own (transaction.version 2)
     */
    public VerificationGuard beginVerification(ProducerBatch batch, boolean hasOwnEpoch) {
        owner.assertInside();
        return state.producers().beginVerification(batch, hasOwnEpoch);
    }

    /** The batches that waited for the answer are appended or refused. */
    public void endVerification(VerificationGuard guard) {
        owner.assertInside();
        state.producers().endVerification(guard);
    }

    /**
     * There is no other replica in sync: from now on an append moves the high watermark to {@link #committableEnd} itself,
     * so that there is one new view for both.
     */
    public void commitAlone() {
        owner.assertInside();
        appender.commitAlone();
    }

    /** Makes the high watermark known. It never goes back. */
    public void advanceHighWatermark(long offset) {
        owner.assertInside();
        if (offset > state.logEnd()) {
            invariant(false, "high watermark %s of %s is past the end %s", offset, name(), state.logEnd());
        }
        if (state.advanceHighWatermark(offset)) {
            state.publish();
        }
    }

    /**
     * Takes the records below the offset away (DeleteRecords), at once. Not past the high watermark; never back.
     *
     * @return completes when a loss of power does not bring them back
     */
    public CompletionStage<Void> advanceLogStartOffset(long offset) {
        owner.assertInside();
        LogView.Offsets offsets = state.offsets();
        invariant(
                offset <= offsets.highWatermark(),
                "log start offset %s of %s is past the high watermark %s",
                offset,
                name(),
                offsets.highWatermark());
        if (offset <= offsets.logStart()) {
            return CompletableFuture.completedStage(null);
        }
        start.moveTo(offset);
        return core.context().listener().onLogStartOffset(name());
    }

    /** Whether the disk failed: nothing of this log becomes durable any more in this life. Any thread. */
    public boolean isFailed() {
        return core.health().hasFailed();
    }

    /** Whether nothing of this log becomes durable any more: it failed, or was closed or deleted. Any thread. */
    public boolean isOver() {
        return syncer.isOver();
    }

    /**
     * Whether an append of these records has to do more than to write to an open file, would wait for the disk, or takes
     * long to compute: it belongs on a thread that may block then.
     *
     * @param records whole batches from position to limit, not checked yet
     */
    public boolean needsDisk(ByteBuffer records) {
        owner.assertInside();
        return appender.isSlow()
                || LegacySets.isLegacy(records)
                || AppendCost.isHigh(records, state.options())
                || roller.needsDisk(records);
    }

    /** The same for records of which only the size is known, at most. */
    public boolean needsDisk(int bytes) {
        owner.assertInside();
        return appender.isSlow() || roller.needsDisk(bytes);
    }

    /** Calls the listener, inside the owner, when {@link #committableEnd} may have moved, or the log has failed. */
    public void onProgress(Runnable listener) {
        owner.assertInside();
        syncer.onProgress(listener);
    }

    /**
     * How far the high watermark may go as far as this replica is concerned: the log's end, or with {@code
     * kaon.durability=fsync} the end of what is synced.
     */
    public long committableEnd() {
        owner.assertInside();
        return syncer.committableEnd();
    }

    /** What may be acknowledged to {@code acks=1}: less than the log's end while a sync of {@code flush.messages} is due. */
    public long acknowledgeableEnd() {
        owner.assertInside();
        return syncer.acknowledgeableEnd();
    }

    /** The producers that are known now, and their open transactions, ordered by producer id. Any thread. */
    public CompletionStage<List<ProducerEntry>> producers() {
        return CompletableFuture.supplyAsync(() -> state.producers().entries(), owner);
    }

    /** Gives the log new settings; they count from the next append and the next round of retention on. */
    public void reconfigure(LogOptions newOptions) {
        owner.assertInside();
        state.reconfigure(newOptions);
        syncer.onReconfigured();
    }

    /**
     * Notes where a leader epoch begins, before its first record; on disk soon after. An epoch that is not newer
     * changes nothing.
     */
    public void beginLeaderEpoch(int epoch) {
        owner.assertInside();
        if (state.beginEpoch(epoch, state.logEnd())) {
            core.files().writeEpochs(state.epochs());
            state.publish();
        }
    }

    /**
     * Deletes segments that no rule keeps any longer, and forgets producers that were silent for too long. Any thread.
     *
     * @param deletable how many of the oldest segments of {@code seen}, worked out by {@link Retention} on a disk
     *     thread
     */
    void onRetention(LogView seen, int deletable) {
        // The last segment goes only after another one was begun, which may take a look at the disk.
        if (deletable > 0 && deletable == seen.segments().size()) {
            owner.executeAway(() -> start.onRetention(seen, deletable));
        } else {
            owner.execute(() -> start.onRetention(seen, deletable));
        }
    }

    /**
     * Cuts off everything from the offset on: for followers. Until the result completes the log takes no appends.
     * A batch that contains the offset goes as a whole.
     */
    public CompletionStage<Void> truncateTo(long offset) {
        owner.assertInside();
        return shortening.truncateTo(offset);
    }

    /** Makes durable what the log holds at the time of the call. Any thread. */
    public CompletionStage<Void> flush() {
        CompletableFuture<Void> result = new CompletableFuture<>();
        owner.execute(() -> forward(syncer.flush(), result));
        return result;
    }

    /** Syncs everything, writes the producers down and lets go of the files. Any thread; idempotent. */
    public CompletionStage<Void> close() {
        CompletableFuture<Void> result = new CompletableFuture<>();
        owner.execute(() -> forward(ending.close().thenRun(() -> onClosed(false)), result));
        return result;
    }

    /**
     * Takes the partition away: it is not found any more when this completes, and its files go a little later. Any
     * thread.
     */
    public CompletionStage<Void> delete() {
        CompletableFuture<Void> result = new CompletableFuture<>();
        owner.execute(() -> forward(ending.delete(), result));
        return result.whenComplete((ignored, failure) -> onClosed(failure == null));
    }

    private void onClosed(boolean isDeleted) {
        core.context().listener().onClosed(this, isDeleted);
    }

    private static void forward(CompletableFuture<Void> from, CompletableFuture<Void> to) {
        from.whenComplete((ignored, failure) -> {
            if (failure == null) {
                to.complete(null);
            } else {
                to.completeExceptionally(failure);
            }
        });
    }

    @Override
    public String toString() {
        return view().toString();
    }
}
