// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.common.TopicPartition;
import io.kaon.record.FileSlice;
import io.kaon.record.RecordLimits;
import io.kaon.record.SharedFile;
import io.kaon.storage.checkpoint.LeaderEpochs;
import io.kaon.storage.producer.ProducerStates;
import io.kaon.storage.segment.AbortedTransaction;
import io.kaon.storage.segment.BatchPlace;
import io.kaon.storage.segment.RecentBatches;
import io.kaon.storage.segment.Segment;
import io.kaon.storage.segment.SegmentGoneException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a partition's log looked like at one moment. Immutable; any thread. A reader sees whole batches only,
 * however the
 * log grows meanwhile, because the view knows where the written part ends.
 *
 * <p>Reads throw {@link LogReadException} when the disk fails. A segment that retention deleted under a reader is
 * out of range.
 */
public final class LogView {
    private final Offsets offsets;
    private final List<Segment> segments;
    private final int endPosition;
    private final RecentBatches recent;
    private final int recentCount;
    private final Epochs epochs;

    /** The offsets of a view, in ascending order. */
    record Offsets(long logStart, long highWatermark, long logEnd) {}

    /**
     * What changes rarely: the epochs, from which offset on reads are hot, who reads, and where the first transaction
     * begins whose end is not committed ({@link ProducerStates#NO_UNSTABLE_OFFSET} for none).
     */
    record Epochs(
            TopicPartition name, RecordLimits limits, LeaderEpochs epochs, long hotFrom, long firstUnstableOffset) {}

    /** @param endPosition where the last segment's written part ends, in bytes */
    LogView(Offsets offsets, List<Segment> segments, int endPosition, RecentBatches recent, Epochs epochs) {
        this.offsets = offsets;
        this.segments = segments;
        this.endPosition = endPosition;
        this.recent = recent;
        this.recentCount = recent.count();
        this.epochs = epochs;
    }

    /** The first offset that can be read. */
    public long logStartOffset() {
        return offsets.logStart();
    }

    /** Exclusive end of what is committed. */
    public long highWatermark() {
        return offsets.highWatermark();
    }

    /**
     * Exclusive end of what {@code read_committed} may see: the high watermark, or where the first transaction begins
     * that has no end below the high watermark. Never below the log start offset.
     */
    public long lastStableOffset() {
        return Math.max(offsets.logStart(), Math.min(epochs.firstUnstableOffset(), offsets.highWatermark()));
    }

    /** The offset of the next record. */
    public long logEndOffset() {
        return offsets.logEnd();
    }

    /** How many segments there are; a log without records may have none. */
    public int segmentCount() {
        return segments.size();
    }

    /** Bytes of all segments. */
    public long sizeInBytes() {
        long size = endPosition;
        for (int index = 0; index < segments.size() - 1; index++) {
            size += segments.get(index).sizeInBytes();
        }
        return size;
    }

    /**
     * Whether a read that begins at this offset is expected to need no disk: written by this process near the
     * log's end,
     * or nothing to read at all. Otherwise {@link #read} itself may block, looking for the place. So it does where the
     * file was closed because nobody used it.
     */
    public boolean isHot(long offset) {
        return offset >= offsets.logEnd()
                || offset < offsets.logStart()
                || (offset >= epochs.hotFrom()
                        && segments.get(segmentIndex(offset)).isOpenToRead());
    }

    /**
     * About how many bytes a read between two offsets finds, without a look at the disk: exact near the log's end,
     * an upper
     * bound elsewhere, 0 only when there is nothing.
     */
    public long estimateBytes(long fromOffset, long upToOffset) {
        if (fromOffset >= upToOffset) {
            return 0;
        }
        int end = upToOffset >= offsets.logEnd()
                ? endPosition
                : recent.locate(upToOffset, recentCount, endPosition)
                        .map(BatchPlace::position)
                        .orElse(endPosition);
        return recent.locate(fromOffset, recentCount, endPosition)
                .map(batch -> (long) end - batch.position())
                .orElseGet(this::sizeInBytes);
    }

    /** The newest leader epoch, −1 when there is none. */
    public int latestEpoch() {
        return epochs.epochs().latest();
    }

    /** The leader epoch of the record at this offset, −1 when that is not known. */
    public int epochAt(long offset) {
        return epochs.epochs().epochAt(offset);
    }

    /**
     * Where the largest epoch that is not above this one ended; {@link EpochEnd#UNDEFINED} when this log cannot
     * say.
     */
    public EpochEnd endOffsetFor(int leaderEpoch) {
        LeaderEpochs known = epochs.epochs();
        if (leaderEpoch < 0 || known.size() == 0 || leaderEpoch > known.latest()) {
            return EpochEnd.UNDEFINED;
        }
        if (leaderEpoch == known.latest()) {
            return new EpochEnd(leaderEpoch, offsets.logEnd());
        }
        int next = 0;
        while (known.epoch(next) <= leaderEpoch) {
            next++;
        }
        // Asked for an epoch before all that are left, the log begins where the first one does.
        return next == 0
                ? new EpochEnd(leaderEpoch, known.startOffset(0))
                : new EpochEnd(known.epoch(next - 1), known.startOffset(next));
    }

    /**
     * The bytes from the batch that contains the offset on, within one segment. See {@link #isHot} about blocking.
     *
     * @param upToOffset exclusive: no batch that reaches to it or past it is in the result
     * @param maxBytes how many at most; the result may end inside a batch
     * @param atLeastOneBatch whether the first batch comes whole even if it is larger
     */
    public ReadResult read(long offset, long upToOffset, int maxBytes, boolean atLeastOneBatch) {
        if (offset < offsets.logStart() || offset > offsets.logEnd()) {
            return new ReadResult.OutOfRange();
        }
        try {
            return readable(offset, Math.min(upToOffset, offsets.logEnd()), Math.max(0, maxBytes), atLeastOneBatch);
        } catch (SegmentGoneException deleted) {
            return new ReadResult.OutOfRange();
        } catch (IOException failure) {
            throw new LogReadException(epochs.name(), offset, failure);
        }
    }

    private ReadResult readable(long offset, long upToOffset, int maxBytes, boolean atLeastOneBatch)
            throws IOException {
        if (offset >= upToOffset || (maxBytes == 0 && !atLeastOneBatch)) {
            return NOTHING;
        }
        for (int index = segmentIndex(offset); index < segments.size(); index++) {
            Segment segment = segments.get(index);
            Optional<BatchPlace> first = locate(index, offset);
            if (first.isPresent()) {
                int end = endOf(index, upToOffset);
                int available = end - first.get().position();
                if (available <= 0) {
                    return NOTHING;
                }
                int wanted = atLeastOneBatch ? Math.max(maxBytes, first.get().sizeInBytes()) : maxBytes;
                return slice(segment, first.get().position(), Math.min(available, wanted), offset >= epochs.hotFrom());
            }
        }
        return NOTHING;
    }

    private static final ReadResult NOTHING = new ReadResult.Region(FileSlice.empty());

    private static ReadResult slice(Segment segment, int position, int bytes, boolean isHot) throws IOException {
        SharedFile file = segment.retain();
        try {
            Optional<FileSlice> slice =
                    isHot ? FileSlice.hot(file, position, bytes) : FileSlice.cold(file, position, bytes);
            return slice.<ReadResult>map(ReadResult.Region::new).orElseGet(ReadResult.OutOfRange::new);
        } finally {
            file.release();
        }
    }

    /** The first batch of a segment whose last offset is not below. */
    private Optional<BatchPlace> locate(int index, long offset) throws IOException {
        if (index == segments.size() - 1) {
            Optional<BatchPlace> place = recent.locate(offset, recentCount, endPosition);
            return place.isPresent() ? place : segments.get(index).locate(offset, endPosition);
        }
        return segments.get(index).locate(offset, segments.get(index).sizeInBytes());
    }

    /** Where in a segment the batches end that lie wholly below the offset. */
    private int endOf(int index, long upToOffset) throws IOException {
        boolean isLast = index == segments.size() - 1;
        int whole = isLast ? endPosition : segments.get(index).sizeInBytes();
        if (upToOffset >= offsets.logEnd()
                || (!isLast && upToOffset >= segments.get(index + 1).baseOffset())) {
            return whole;
        }
        return locate(index, upToOffset).map(BatchPlace::position).orElse(whole);
    }

    /** The last segment that does not begin after the offset; 0 when all do. */
    int segmentIndex(long offset) {
        int low = 0;
        int high = segments.size();
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (segments.get(middle).baseOffset() <= offset) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * The first record that is not older than the timestamp and lies below the offset (ListOffsets, C3). Blocks:
     * disk threads. Throws {@link OutdatedViewException}: then the log's present view has the answer.
     */
    public Optional<TimestampOffset> offsetForTimestamp(long timestamp, long upToOffset) {
        return new TimestampSearch(this, epochs.limits()).firstAt(timestamp, upToOffset);
    }

    /**
     * Where each segment begins, oldest first, and when its file was last written, for ListOffsets 0; the first one
     * begins at the log start offset. Blocks: disk threads.
     */
    public List<TimestampOffset> segmentStarts() {
        List<TimestampOffset> starts = new ArrayList<>(segments.size());
        for (Segment segment : segments) {
            try {
                long offset = Math.max(segment.baseOffset(), offsets.logStart());
                starts.add(new TimestampOffset(segment.lastModifiedMs(), offset, epochAt(offset)));
            } catch (NoSuchFileException deleted) {
                continue;
            } catch (IOException failure) {
                throw new LogReadException(epochs.name(), segment.baseOffset(), failure);
            }
        }
        return starts;
    }

    /**
     * The first of the records with the largest timestamp that lie below the offset (KIP-734). Blocks: disk
     * threads. Throws {@link OutdatedViewException} likewise.
     */
    public Optional<TimestampOffset> maxTimestamp(long upToOffset) {
        return new TimestampSearch(this, epochs.limits()).largest(upToOffset);
    }

    /**
     * The aborted transactions that a {@code read_committed} reader must know of, by their first offset (C4): those
     * with a marker at or behind the first offset that is read, and a beginning before the end. Empty when retention or
     * compaction has meanwhile taken the segments away; a newer view knows more. May block like {@link #read}.
     *
     * @param upToOffset exclusive end of what is read, at most the last stable offset
     */
    public Optional<List<AbortedTransaction>> abortedTransactions(long fromOffset, long upToOffset) {
        return guarded(fromOffset, () -> collectAborted(fromOffset, upToOffset));
    }

    /**
     * The same for what {@link #read} answers with so many bytes: hardly more transactions than these bytes have.
     *
     * @param sizeInBytes how many bytes from the batch with the first offset on
     */
    public Optional<List<AbortedTransaction>> abortedTransactions(long fromOffset, int sizeInBytes, long upToOffset) {
        return guarded(fromOffset, () -> {
            boolean hasAborted = false;
            for (int index = segmentIndex(fromOffset); index < segments.size(); index++) {
                hasAborted |= segments.get(index).hasAborted();
            }
            return hasAborted
                    ? collectAborted(fromOffset, Math.min(upToOffset, offsetBehind(fromOffset, sizeInBytes)))
                    : List.of();
        });
    }

    private interface Look {
        List<AbortedTransaction> at() throws IOException;
    }

    private Optional<List<AbortedTransaction>> guarded(long fromOffset, Look look) {
        try {
            return Optional.of(look.at());
        } catch (SegmentGoneException deleted) {
            return Optional.empty();
        } catch (IOException failure) {
            throw new LogReadException(epochs.name(), fromOffset, failure);
        }
    }

    private List<AbortedTransaction> collectAborted(long fromOffset, long upToOffset) throws IOException {
        List<AbortedTransaction> found = new ArrayList<>(0);
        boolean isComplete = fromOffset >= upToOffset;
        for (int index = segmentIndex(fromOffset); index < segments.size() && !isComplete; index++) {
            isComplete = segments.get(index).collectAborted(fromOffset, upToOffset, found);
        }
        found.sort(Comparator.comparingLong(AbortedTransaction::firstOffset));
        return found;
    }

    /** An exclusive end of the offsets that so many bytes hold, a little behind the true one. */
    private long offsetBehind(long fromOffset, int sizeInBytes) throws IOException {
        for (int index = segmentIndex(fromOffset); index < segments.size(); index++) {
            Optional<BatchPlace> first = locate(index, fromOffset);
            if (first.isPresent()) {
                long behind = segments.get(index).offsetBehind(first.get().position() + sizeInBytes);
                boolean isLast = index == segments.size() - 1;
                return Math.min(
                        behind,
                        isLast ? offsets.logEnd() : segments.get(index + 1).baseOffset());
            }
        }
        return offsets.logEnd();
    }

    List<Segment> segments() {
        return segments;
    }

    /** Where a segment's written part ends, as of this view. */
    int endPosition(int index) {
        return index == segments.size() - 1 ? endPosition : segments.get(index).sizeInBytes();
    }

    TopicPartition name() {
        return epochs.name();
    }

    @Override
    public String toString() {
        return epochs.name() + " from " + offsets.logStart() + " to " + offsets.logEnd() + ", high watermark "
                + offsets.highWatermark();
    }
}
