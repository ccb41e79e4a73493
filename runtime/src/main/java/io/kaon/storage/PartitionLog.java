// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.common.Checks.invariant;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.exec.SerialExecutor;
import io.kaon.record.InvalidBatches;
import io.kaon.record.RecordBatch;
import io.kaon.record.TimestampType;
import io.kaon.record.ValidBatches;
import io.kaon.record.ValidationOutcome;
import io.kaon.storage.checkpoint.LeaderEpochs;
import io.kaon.storage.producer.ProducerBatch;
import io.kaon.storage.producer.ProducerStates;
import io.kaon.storage.producer.ProducerVerdict;
import io.kaon.storage.segment.NothingWrittenException;
import io.kaon.storage.segment.Segment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;

/**
 * One partition's log. Owned by {@code owner}: every method runs there that does not say otherwise; others read
 * {@link #view()}.
 *
 * <p>An append ends in the page cache: it survives the death of the process. What makes it survive the loss of
 * power runs
 * on disk threads, when a segment is full, on {@link #flush()} and {@link #close()}. When the disk fails the log
 * goes offline: it refuses
 * appends with KAFKA_STORAGE_ERROR until it is opened again.
 */
public final class PartitionLog {
    private static final Logger LOG = Logger.getLogger(PartitionLog.class);
    /** The caller has looked at what depends on the version of the Produce request. */
    private static final int NEWEST_PRODUCE_VERSION = Short.MAX_VALUE;

    /** A write to the page cache takes microseconds per 100 KiB; one that takes this long has waited for the disk. */
    private static final long SLOW_WRITE_NS = 50_000_000;

    private final SerialExecutor owner;
    private final LogContext context;
    private final PartitionFolder folder;
    private final LogFiles files;

    private ProducerStates producers;
    private HotRange hotRange;
    private volatile LogOptions options;
    private SegmentChain chain;
    private LeaderEpochs epochs;
    private LogView.Offsets offsets;
    private LogView.Epochs shared;
    private boolean writesFail;
    private volatile boolean isSlow;
    private volatile long recoveryPoint;
    private volatile boolean online = true;
    private volatile boolean hasFailed;
    private volatile LogView view;

    PartitionLog(
            LogContext context, PartitionFolder folder, LoadedLog loaded, LogOptions options, SerialExecutor owner) {
        this.owner = owner;
        this.context = context;
        this.folder = folder;
        this.files = new LogFiles(context, folder, loaded.exists(), owner, this::onFailure);
        this.options = options;
        this.recoveryPoint = loaded.recoveryPoint();
        adopt(loaded);
    }

    /** Any thread. */
    public TopicPartition name() {
        return folder.name();
    }

    /** Any thread. */
    public Uuid topicId() {
        return folder.topicId();
    }

    /** What the log looks like now. Any thread. */
    public LogView view() {
        return view;
    }

    /** Whether the log takes appends: false once the disk failed, or the log is closed or deleted. Any thread. */
    public boolean isOnline() {
        return online;
    }

    /**
     * Whether the last write to the page cache blocked: the disk is behind, and appends belong on a disk thread
     * (D3). Any thread.
     */
    public boolean isSlow() {
        return isSlow;
    }

    /** Bytes of all segments. Any thread. */
    public long sizeInBytes() {
        return view.sizeInBytes();
    }

    /** Everything below is synced. Any thread. */
    long recoveryPoint() {
        return recoveryPoint;
    }

    /**
     * Checks record batches, gives them their offsets in place and writes them to the page cache.
     *
     * @param records whole batches from position to limit; they are changed in place and may be reused after the call
     * @param leaderEpoch the epoch of the leadership in which this happens
     */
    public AppendResult append(ByteBuffer records, AppendOrigin origin, int leaderEpoch) {
        owner.assertInside();
        if (!online) {
            return Rejected.of(ErrorCode.KAFKA_STORAGE_ERROR, "the log of " + name() + " is offline");
        }
        long nowMs = context.clock().wallMs();
        ValidationOutcome outcome = context.validator()
                .validate(records, NEWEST_PRODUCE_VERSION, options.rules().withOrigin(origin.batches()), nowMs);
        if (outcome instanceof InvalidBatches invalid) {
            return new Rejected(invalid.code(), invalid.message(), invalid.recordErrors());
        }
        List<RecordBatch> batches = ((ValidBatches) outcome).batches();
        ProducerVerdict verdict = verdictOn(batches.get(0));
        if (verdict instanceof ProducerVerdict.Refused refused) {
            return Rejected.of(refused.code(), refused.message());
        }
        if (verdict instanceof ProducerVerdict.Duplicate duplicate) {
            return appended(duplicate.baseOffset(), duplicate.lastOffset(), duplicate.timestamp(), true);
        }
        return write(records, batches, leaderEpoch, nowMs);
    }

    private ProducerVerdict verdictOn(RecordBatch batch) {
        boolean hasSequence = batch.hasProducerId() && !batch.isControl();
        return hasSequence ? producers.check(ProducerBatch.of(batch)) : ProducerVerdict.NEXT;
    }

    private AppendResult write(ByteBuffer records, List<RecordBatch> batches, int leaderEpoch, long nowMs) {
        long baseOffset = offsets.logEnd();
        long nextOffset = baseOffset;
        long maxTimestamp = -1;
        int bytes = 0;
        for (RecordBatch batch : batches) {
            batch.assign(nextOffset, leaderEpoch);
            nextOffset = batch.nextOffset();
            maxTimestamp = Math.max(maxTimestamp, batch.maxTimestamp());
            bytes += batch.sizeInBytes();
        }
        if (bytes > options.segments().segmentBytes()) {
            return Rejected.of(
                    ErrorCode.RECORD_LIST_TOO_LARGE,
                    bytes + " bytes do not fit into a segment of "
                            + options.segments().segmentBytes());
        }
        try {
            prepareSegment(bytes, nextOffset - 1, maxTimestamp);
            long startNs = context.clock().nanos();
            chain.active().write(records.slice(records.position(), bytes));
            isSlow = context.clock().nanos() - startNs > SLOW_WRITE_NS;
            for (RecordBatch batch : batches) {
                note(batch, nowMs);
            }
            maybeOrderSpare();
        } catch (NothingWrittenException refused) {
            return onRefusedAppend(refused);
        } catch (IOException failure) {
            onFailure(failure);
            return notWritten(failure);
        }
        writesFail = false;
        beginEpochInside(leaderEpoch, baseOffset);
        offsets = new LogView.Offsets(offsets.logStart(), offsets.highWatermark(), nextOffset);
        if (hotRange.onAppend(baseOffset, bytes, options.hotBytes()) != shared.hotFrom()) {
            share();
        }
        publish();
        return appended(baseOffset, nextOffset - 1, maxTimestamp, false);
    }

    private Appended appended(long baseOffset, long lastOffset, long maxTimestamp, boolean duplicate) {
        boolean isStamped = options.rules().timestampType() == TimestampType.LOG_APPEND_TIME;
        return new Appended(baseOffset, lastOffset, isStamped ? maxTimestamp : -1, offsets.logStart(), duplicate);
    }

    private void note(RecordBatch batch, long nowMs) throws IOException {
        chain.note(batch, options.segments().indexIntervalBytes());
        if (batch.hasProducerId()) {
            producers.add(ProducerBatch.of(batch), batch.lastOffset(), nowMs);
        }
    }

    private void prepareSegment(int bytes, long lastOffset, long timestamp) throws IOException {
        if (chain.isEmpty()) {
            chain.add(files.create(offsets.logEnd(), epochs));
        } else if (chain.mustRoll(bytes, lastOffset, timestamp, options.segments())) {
            roll();
        }
    }

    private void roll() throws IOException {
        Segment sealed = chain.active();
        sealed.completeTimeIndex();
        chain.add(files.create(offsets.logEnd(), epochs));
        long endOffset = offsets.logEnd();
        files.seal(sealed, endOffset, producers.entries()).thenRun(() -> owner.execute(() -> onSynced(endOffset)));
    }

    /** Once a sync has failed, one that succeeds later does not say that everything before is on disk. */
    private void onSynced(long endOffset) {
        if (!hasFailed) {
            recoveryPoint = Math.max(recoveryPoint, endOffset);
        }
    }

    /**
     * A full disk may have room again: the log stays online and tries each time, but the end of this life is not
     * clean (R5).
     */
    private AppendResult onRefusedAppend(NothingWrittenException refused) {
        if (!writesFail) {
            writesFail = true;
            LOG.errorf("Appends to %s are refused, because writing fails: %s", name(), refused.getMessage());
        }
        context.listener().onFailure(name(), refused);
        return notWritten(refused);
    }

    private Rejected notWritten(IOException failure) {
        return Rejected.of(ErrorCode.KAFKA_STORAGE_ERROR, "writing to " + name() + " failed: " + failure.getMessage());
    }

    private void maybeOrderSpare() {
        if (chain.endPosition() > options.segments().segmentBytes() / 2) {
            files.orderSpare();
        }
    }

    /** Makes the high watermark known. It never goes back. */
    public void advanceHighWatermark(long offset) {
        owner.assertInside();
        invariant(
                offset <= offsets.logEnd(),
                "high watermark %s of %s is past the end %s",
                offset,
                name(),
                offsets.logEnd());
        if (offset > offsets.highWatermark()) {
            offsets = new LogView.Offsets(offsets.logStart(), offset, offsets.logEnd());
            publish();
        }
    }

    /** Takes the records below the offset away (DeleteRecords). Not past the high watermark; never back. */
    public void advanceLogStartOffset(long offset) {
        owner.assertInside();
        invariant(
                offset <= offsets.highWatermark(),
                "log start offset %s of %s is past the high watermark %s",
                offset,
                name(),
                offsets.highWatermark());
        if (offset > offsets.logStart()) {
            moveLogStart(offset);
            context.listener().onLogStartOffset(name());
        }
    }

    private void moveLogStart(long offset) {
        producers.forgetAny();
        offsets = new LogView.Offsets(offset, offsets.highWatermark(), offsets.logEnd());
        epochs = epochs.truncateStart(offset);
        files.writeEpochs(epochs);
        List<Segment> deleted = chain.dropBelow(offset);
        share();
        publish();
        if (!deleted.isEmpty()) {
            files.delete(deleted, options.retention().fileDeleteDelayMs());
        }
    }

    /** Gives the log new settings; they count from the next append and the next round of retention on. */
    public void reconfigure(LogOptions newOptions) {
        owner.assertInside();
        options = newOptions;
    }

    /** The settings that are in effect. Any thread. */
    LogOptions options() {
        return options;
    }

    /** Whether everything that the log holds is synced. Any thread. */
    boolean isSynced() {
        return recoveryPoint == view.logEndOffset();
    }

    /**
     * Notes where a leader epoch begins, before its first record; on disk soon after. An epoch that is not newer
     * changes nothing.
     */
    public void beginLeaderEpoch(int epoch) {
        owner.assertInside();
        if (beginEpochInside(epoch, offsets.logEnd())) {
            publish();
        }
    }

    private boolean beginEpochInside(int epoch, long startOffset) {
        LeaderEpochs longer = epochs.begin(epoch, startOffset);
        if (longer == epochs) {
            return false;
        }
        epochs = longer;
        files.writeEpochs(longer);
        share();
        return true;
    }

    /**
     * Deletes segments that no rule keeps any longer, and forgets producers that were silent for too long. Any thread.
     *
     * @param deletable how many of the oldest segments of {@code seen}, worked out by {@link Retention} on a disk
     *     thread
     */
    void onRetention(LogView seen, int deletable) {
        owner.execute(() -> {
            producers.expire(context.clock().wallMs(), options.producerIdExpirationMs());
            boolean isStale = deletable == 0
                    || chain.segments().get(0) != seen.segments().get(0)
                    || (deletable == chain.segments().size() && seen.logEndOffset() != offsets.logEnd());
            if (!isStale && online) {
                deleteOldSegments(deletable);
            }
        });
    }

    private void deleteOldSegments(int deletable) {
        try {
            if (deletable == chain.segments().size()) {
                roll();
            }
            long newStart = chain.segments().get(deletable).baseOffset();
            if (newStart <= offsets.highWatermark()) {
                LOG.infof("Retention: %s begins at %s now, %s segments go", name(), newStart, deletable);
                moveLogStart(newStart);
            }
        } catch (NothingWrittenException full) {
            onRefusedAppend(full);
        } catch (IOException failure) {
            onFailure(failure);
        }
    }

    /**
     * Cuts off everything from the offset on: for followers. Until the result completes the log takes no appends.
     * A batch
     * that contains the offset goes as a whole.
     */
    public CompletionStage<Void> truncateTo(long offset) {
        owner.assertInside();
        invariant(
                offset >= offsets.logStart(),
                "%s begins at %s and cannot end at %s",
                name(),
                offsets.logStart(),
                offset);
        if (offset >= offsets.logEnd() || chain.isEmpty()) {
            return CompletableFuture.completedStage(null);
        }
        online = false;
        LogTruncation truncation = new LogTruncation(context, folder, options);
        CompletableFuture<Void> result = new CompletableFuture<>();
        LogView before = view;
        files.submit(() -> truncation.cut(before, offset))
                .whenComplete((ignored, failure) -> owner.execute(() -> {
                    if (failure == null) {
                        adopt(truncation.result());
                        online = true;
                        result.complete(null);
                    } else {
                        result.completeExceptionally(failure);
                    }
                }));
        return result;
    }

    private void adopt(LoadedLog loaded) {
        chain = new SegmentChain(loaded.segments(), loaded.offsets().logEnd());
        producers = loaded.producers();
        epochs = loaded.epochs();
        offsets = loaded.offsets();
        recoveryPoint = Math.min(recoveryPoint, loaded.recoveryPoint());
        hotRange = new HotRange(offsets.logEnd());
        share();
        publish();
    }

    /** Makes durable what the log holds at the time of the call. Any thread. */
    public CompletionStage<Void> flush() {
        CompletableFuture<Void> result = new CompletableFuture<>();
        owner.execute(() -> forward(flushInside(), result));
        return result;
    }

    private CompletableFuture<Void> flushInside() {
        if (chain.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        long endOffset = offsets.logEnd();
        return files.flush(chain.active()).thenRun(() -> owner.execute(() -> onSynced(endOffset)));
    }

    /** Syncs everything, writes the producers down and lets go of the files. Any thread; idempotent. */
    public CompletionStage<Void> close() {
        CompletableFuture<Void> result = new CompletableFuture<>();
        owner.execute(() -> forward(closeInside(), result));
        return result;
    }

    private CompletableFuture<Void> closeInside() {
        boolean wasOnline = online;
        online = false;
        CompletableFuture<Void> synced = CompletableFuture.completedFuture(null);
        if (wasOnline && !chain.isEmpty()) {
            try {
                chain.active().completeTimeIndex();
                long endOffset = offsets.logEnd();
                synced = files.seal(chain.active(), endOffset, producers.entries())
                        .thenRun(() -> onSynced(endOffset));
            } catch (IOException failure) {
                onFailure(failure);
            }
        }
        return synced.handle((ignored, failure) -> null)
                .thenCombine(files.close(chain.segments()), (first, second) -> (Void) null)
                .whenComplete((ignored, failure) -> context.listener().onClosed(this, false));
    }

    /**
     * Takes the partition away: it is not found any more when this completes, and its files go a little later. Any
     * thread.
     */
    public CompletionStage<Void> delete() {
        CompletableFuture<Void> result = new CompletableFuture<>();
        owner.execute(() -> {
            online = false;
            forward(files.deleteFolder(chain.segments(), options.retention().fileDeleteDelayMs()), result);
        });
        return result.whenComplete((ignored, failure) -> context.listener().onClosed(this, failure == null));
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

    /** Any thread. */
    private void onFailure(IOException failure) {
        hasFailed = true;
        if (online) {
            online = false;
            LOG.errorf(failure, "The log of %s is offline: %s", name(), failure.getMessage());
        }
        context.listener().onFailure(name(), failure);
    }

    private void share() {
        shared = new LogView.Epochs(name(), context.limits(), epochs, hotRange.from());
    }

    private void publish() {
        view = new LogView(offsets, chain.segments(), chain.endPosition(), chain.recent(), shared);
    }

    @Override
    public String toString() {
        return view.toString();
    }
}
