// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.segment;

import io.kaon.record.BatchFormat;
import io.kaon.record.SharedFile;
import io.kaon.storage.checkpoint.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A piece of the log: a file of batches and its two indexes. The last one of a log is written by the log's owner; the
 * others are sealed, and only their deletion is left. Reading is for any thread, bounded by what the reader's
 * {@code LogView} says; it may block where the page cache does not have the file.
 */
public final class Segment {
    private final SegmentFiles files;
    private final long baseOffset;
    private final SharedFileSlot log;
    private final OffsetIndex offsetIndex;
    private final TimeIndex timeIndex;
    private final TransactionIndex transactionIndex;
    private volatile int sizeInBytes;
    private volatile long maxTimestamp = BatchFormat.NO_TIMESTAMP;
    private long maxTimestampOffset = -1;
    private long firstTimestamp = BatchFormat.NO_TIMESTAMP;
    private long bytesSinceIndexEntry;

    /** How many entries are known to be in the files of the indexes. */
    record Indexed(int offsets, int times, int transactions) {
        static final Indexed NOTHING = new Indexed(0, 0, 0);
    }

    /** A segment with what its files are known to hold. */
    Segment(SegmentFiles files, long baseOffset, int sizeInBytes, Indexed indexed) {
        this(files, baseOffset, new SharedFileSlot(files.disk(), files.path(baseOffset, SegmentFiles.LOG)), indexed);
        this.sizeInBytes = sizeInBytes;
    }

    /** A new segment. */
    Segment(SegmentFiles files, long baseOffset, SharedFileSlot log) {
        this(files, baseOffset, log, Indexed.NOTHING);
    }

    private Segment(SegmentFiles files, long baseOffset, SharedFileSlot log, Indexed indexed) {
        Disk disk = files.disk();
        this.files = files;
        this.baseOffset = baseOffset;
        this.log = log;
        this.offsetIndex =
                new OffsetIndex(disk, files.path(baseOffset, SegmentFiles.OFFSET_INDEX), baseOffset, indexed.offsets());
        this.timeIndex =
                new TimeIndex(disk, files.path(baseOffset, SegmentFiles.TIME_INDEX), baseOffset, indexed.times());
        this.transactionIndex = new TransactionIndex(
                disk, files.path(baseOffset, SegmentFiles.TRANSACTION_INDEX), indexed.transactions());
    }

    public long baseOffset() {
        return baseOffset;
    }

    /** Bytes of batches. Of the segment that is written to, as of now. */
    public int sizeInBytes() {
        return sizeInBytes;
    }

    /** The largest timestamp of its records in ms, −1 when there is none, or when the segment was never scanned. */
    public long maxTimestamp() {
        return maxTimestamp;
    }

    /** Last offset of the first batch that has the largest timestamp. Owner. */
    public long maxTimestampOffset() {
        return maxTimestampOffset;
    }

    /** The largest timestamp of the first batch, by which segments roll in time; −1 when there is none. Owner. */
    public long firstTimestamp() {
        return firstTimestamp;
    }

    /** Bytes of its larger index, those of entries in memory included. */
    public int indexBytes() {
        return Math.max(
                offsetIndex.entries().count() * OffsetIndex.ENTRY_BYTES,
                timeIndex.entries().count() * TimeIndex.ENTRY_BYTES);
    }

    /** Where the log file is now. */
    public Path path() {
        return log.path();
    }

    /** When the log file was last written, in ms. Blocks. */
    public long lastModifiedMs() throws IOException {
        return files.disk().lastModifiedMs(path());
    }

    /** Whether the log file is open: a write needs no look at the disk. Any thread; it may be closed at any time. */
    public boolean isOpen() {
        return log.isOpen();
    }

    /** Whether finding a batch needs no file to be opened. Any thread. */
    public boolean isOpenToRead() {
        return log.isOpen() && offsetIndex.entries().isReadable();
    }

    /** Whether the next batches can be noted without opening a file. Owner. */
    public boolean isOpenToNote() {
        return offsetIndex.entries().hasRoomAtHand()
                && timeIndex.isKnown()
                && timeIndex.entries().hasRoomAtHand();
    }

    /**
     * Closes the files that nobody has used during so many calls. Any thread, one at a time.
     *
     * @return how many files are open still
     */
    public int closeIdle(int turns) {
        int stillOpen = log.closeIfIdle(turns) ? 1 : 0;
        stillOpen += offsetIndex.entries().slot().closeIfIdle(turns) ? 1 : 0;
        stillOpen += timeIndex.entries().slot().closeIfIdle(turns) ? 1 : 0;
        stillOpen += transactionIndex.entries().slot().closeIfIdle(turns) ? 1 : 0;
        return stillOpen;
    }

    SegmentFiles files() {
        return files;
    }

    SharedFileSlot log() {
        return log;
    }

    OffsetIndex offsetIndex() {
        return offsetIndex;
    }

    TimeIndex timeIndex() {
        return timeIndex;
    }

    TransactionIndex transactionIndex() {
        return transactionIndex;
    }

    /** Takes note of a transaction whose abort marker is the last batch, or behind all that were noted. Owner. */
    public void noteAborted(AbortedTransaction aborted) throws IOException {
        transactionIndex.append(aborted);
    }

    /** Whether a transaction's abort marker lies here. */
    public boolean hasAborted() {
        return !transactionIndex.isEmpty();
    }

    /** The transactions whose abort marker lies here, in the order of the markers. May block. */
    public List<AbortedTransaction> abortedTransactions() throws IOException {
        List<AbortedTransaction> all = new ArrayList<>();
        transactionIndex.collect(Long.MIN_VALUE + 1, Long.MAX_VALUE, all);
        return all;
    }

    /**
     * Adds those of the segment's aborted transactions that concern a reader between two offsets, of which the second
     * is exclusive and at most the last stable offset. May block.
     *
     * @return whether no later segment has anything to add
     */
    public boolean collectAborted(long fromOffset, long upToOffset, List<AbortedTransaction> into) throws IOException {
        return transactionIndex.collect(fromOffset, upToOffset, into);
    }

    /** Whether another offset can be written relative to the base, and another entry into each index. Owner. */
    public boolean hasRoomFor(long lastOffset, int maxIndexBytes) {
        return lastOffset - baseOffset <= Integer.MAX_VALUE
                && offsetIndex.entries().count() < maxIndexBytes / OffsetIndex.ENTRY_BYTES
                && timeIndex.entries().count() < maxIndexBytes / TimeIndex.ENTRY_BYTES - 1;
    }

    /**
     * Writes batches behind the last one, to the page cache. Owner.
     *
     * @param batches whole batches with their offsets, from position to limit; the position moves
     * @throws NothingWrittenException when that failed, and what was written of them is cut off again
     * @throws IOException when not even that was possible
     */
    public void write(ByteBuffer batches) throws IOException {
        SharedFile file = retainToWrite();
        try {
            FileChannel channel = file.channel();
            long position = sizeInBytes;
            try {
                while (batches.hasRemaining()) {
                    position += channel.write(batches, position);
                }
            } catch (IOException failure) {
                throw cutAfter(failure, channel);
            }
        } finally {
            file.release();
        }
    }

    /** A file that cannot be opened now, because too many are open say, may be opened later. */
    private SharedFile retainToWrite() throws IOException {
        try {
            timeIndex.know();
            return retain();
        } catch (SegmentGoneException gone) {
            throw gone;
        } catch (IOException failure) {
            throw new NothingWrittenException(failure);
        }
    }

    private IOException cutAfter(IOException failure, FileChannel channel) {
        try {
            channel.truncate(sizeInBytes);
            return new NothingWrittenException(failure);
        } catch (IOException alsoFailed) {
            failure.addSuppressed(alsoFailed);
            return failure;
        }
    }

    /**
     * Takes note of the batch that begins where the last one ended, after it was written or found. Owner.
     *
     * @param batch where it is and how it ends
     * @param timestamp the largest of its records, in ms, −1 for none
     * @param indexIntervalBytes bytes of log per index entry
     */
    public void note(BatchPlace batch, long timestamp, int indexIntervalBytes) throws IOException {
        if (sizeInBytes == 0) {
            firstTimestamp = timestamp;
        }
        if (timestamp > maxTimestamp) {
            maxTimestampOffset = batch.lastOffset();
            maxTimestamp = timestamp;
        }
        if (bytesSinceIndexEntry > indexIntervalBytes) {
            offsetIndex.append(batch.lastOffset(), batch.position());
            timeIndex.maybeAppend(maxTimestamp, maxTimestampOffset);
            bytesSinceIndexEntry = 0;
        }
        bytesSinceIndexEntry += batch.sizeInBytes();
        sizeInBytes = batch.position() + batch.sizeInBytes();
    }

    /** What is known of a segment whose batches are not all read again. Owner, before anything else. */
    void resume(int size, long bytesSinceEntry, long firstBatchTimestamp, TimeIndex.Entry largest) {
        sizeInBytes = size;
        bytesSinceIndexEntry = bytesSinceEntry;
        firstTimestamp = firstBatchTimestamp;
        maxTimestamp = largest.timestamp();
        maxTimestampOffset = largest.lastOffset();
    }

    /** The last entry of the time index, so that it tells the largest timestamp of the whole segment. Owner. */
    public void completeTimeIndex() throws IOException {
        if (maxTimestamp >= 0) {
            timeIndex.maybeAppend(maxTimestamp, maxTimestampOffset);
        }
    }

    /** The first batch whose last offset is not below the offset, searched before {@code endPosition}. May block. */
    public Optional<BatchPlace> locate(long offset, int endPosition) throws IOException {
        int from = offsetIndex.positionBefore(offset);
        if (from >= endPosition) {
            return Optional.empty();
        }
        SharedFile file = retain();
        try {
            return find(file.channel(), from, offset, endPosition);
        } finally {
            file.release();
        }
    }

    /** A damaged index leads into the midst of a batch; the batches themselves are still there. */
    private static Optional<BatchPlace> find(FileChannel channel, int from, long offset, int endPosition)
            throws IOException {
        try {
            return new BatchFinder(channel, endPosition).find(from, offset);
        } catch (IOException misled) {
            if (from == 0) {
                throw misled;
            }
            return new BatchFinder(channel, endPosition).find(0, offset);
        }
    }

    /** Where an indexed batch begins, at or before a position; 0 when there is none. May block. */
    public int indexedPosition(int position) throws IOException {
        int low = -1;
        int high = offsetIndex.entries().count();
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (offsetIndex.entry(middle).position() <= position) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low < 0 ? 0 : Math.max(0, offsetIndex.entry(low).position());
    }

    /**
     * An offset that no batch before the position reaches; {@link Long#MAX_VALUE} when the index knows none. May block.
     */
    public long offsetBehind(int position) throws IOException {
        int low = -1;
        int high = offsetIndex.entries().count();
        int count = high;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (offsetIndex.entry(middle).position() >= position) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return high < count ? offsetIndex.entry(high).lastOffset() : Long.MAX_VALUE;
    }

    /** Where the search for a timestamp begins: no batch before has a record that is not older. May block. */
    public int positionBefore(long timestamp, long startOffset) throws IOException {
        return offsetIndex.positionBefore(Math.max(timeIndex.offsetBefore(timestamp), startOffset));
    }

    /** The largest timestamp of a sealed segment, from its time index; −1 when there is none. May block. */
    public long loadMaxTimestamp() throws IOException {
        int entries = timeIndex.entries().count();
        if (maxTimestamp < 0 && entries > 0) {
            maxTimestamp = timeIndex.entry(entries - 1).timestamp();
        }
        return maxTimestamp;
    }

    /** The largest timestamp of its first batch, −1 when there is none. Reads it from the file: blocks. */
    public long loadFirstTimestamp() throws IOException {
        return sizeInBytes == 0 ? -1 : SegmentLoader.firstTimestamp(this);
    }

    /** The open log file, retained for the caller. May block; throws {@link SegmentGoneException}. */
    public SharedFile retain() throws IOException {
        Optional<SharedFile> file = log.retain();
        if (file.isEmpty()) {
            throw new SegmentGoneException(log.path());
        }
        return file.get();
    }

    @Override
    public String toString() {
        return log.path() + " (" + sizeInBytes + " bytes)";
    }
}
