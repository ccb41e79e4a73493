// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.segment;

import io.kaon.record.BatchFormat;
import io.kaon.record.SharedFile;
import io.kaon.storage.checkpoint.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
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
    private volatile int sizeInBytes;
    private volatile long maxTimestamp = BatchFormat.NO_TIMESTAMP;
    private long maxTimestampOffset = -1;
    private long firstTimestamp = BatchFormat.NO_TIMESTAMP;
    private long bytesSinceIndexEntry;

    /** A segment with what its files are known to hold. */
    Segment(SegmentFiles files, long baseOffset, int sizeInBytes, int offsetEntries, int timeEntries) {
        this(
                files,
                baseOffset,
                new SharedFileSlot(files.disk(), files.path(baseOffset, SegmentFiles.LOG)),
                offsetEntries,
                timeEntries);
        this.sizeInBytes = sizeInBytes;
    }

    /** A new segment. */
    Segment(SegmentFiles files, long baseOffset, SharedFileSlot log) {
        this(files, baseOffset, log, 0, 0);
    }

    private Segment(SegmentFiles files, long baseOffset, SharedFileSlot log, int offsetEntries, int timeEntries) {
        Disk disk = files.disk();
        this.files = files;
        this.baseOffset = baseOffset;
        this.log = log;
        this.offsetIndex =
                new OffsetIndex(disk, files.path(baseOffset, SegmentFiles.OFFSET_INDEX), baseOffset, offsetEntries);
        this.timeIndex = new TimeIndex(disk, files.path(baseOffset, SegmentFiles.TIME_INDEX), baseOffset, timeEntries);
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

    /** Where the log file is now. */
    public Path path() {
        return log.path();
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

    /** Whether another offset can be written relative to the base, and another entry into each index. Owner. */
    public boolean hasRoomFor(long lastOffset, int maxIndexBytes) {
        return lastOffset - baseOffset <= Integer.MAX_VALUE
                && offsetIndex.entries().count() < maxIndexBytes / OffsetIndex.ENTRY_BYTES
                && timeIndex.entries().count() < maxIndexBytes / TimeIndex.ENTRY_BYTES - 1;
    }

    /**
     * Writes batches behind the last one, to the page cache. Owner.
     *
     * @param batches whole batches with their offsets, from position to limit; not moved
     * @throws NothingWrittenException when that failed, and what was written of them is cut off again
     * @throws IOException when not even that was possible
     */
    public void write(ByteBuffer batches) throws IOException {
        SharedFile file = retain();
        try {
            FileChannel channel = file.channel();
            ByteBuffer bytes = batches.duplicate();
            long position = sizeInBytes;
            try {
                while (bytes.hasRemaining()) {
                    position += channel.write(bytes, position);
                }
            } catch (IOException failure) {
                throw cutAfter(failure, channel);
            }
        } finally {
            file.release();
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
            return new BatchFinder(file.channel(), endPosition).find(from, offset);
        } finally {
            file.release();
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
        return low < 0 ? 0 : offsetIndex.entry(low).position();
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
