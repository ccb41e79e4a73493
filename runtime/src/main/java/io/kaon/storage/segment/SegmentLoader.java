// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.segment;

import io.kaon.record.BatchFormat;
import io.kaon.record.SharedFile;
import io.kaon.storage.checkpoint.Disk;
import io.kaon.storage.checkpoint.SyncFailedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * Makes and opens the segments of one partition. Blocks; runs before the log is in use, or on its disk work,
 * except for {@link #create}.
 *
 * @param files where they are
 */
public record SegmentLoader(SegmentFiles files) {
    private static final List<String> SUFFIXES = List.of(
            SegmentFiles.LOG,
            SegmentFiles.OFFSET_INDEX,
            SegmentFiles.TIME_INDEX,
            SegmentFiles.TRANSACTION_INDEX,
            SegmentFiles.SNAPSHOT);

    /**
     * A new, empty segment. It makes one file and neither syncs nor renames: the log's owner may call it where no
     * {@link SpareFile} is ready.
     *
     * @param initialBytes the file's size at once ({@code preallocate}); 0 for a file that grows
     */
    public Segment create(long baseOffset, int initialBytes) throws IOException {
        Segment segment = new Segment(files, baseOffset, 0, Segment.Indexed.NOTHING);
        segment.log().openWithIfClosed(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        SharedFile file = segment.retain();
        try {
            // What a crash or a failed append has left under this name was never part of the log.
            file.channel().truncate(0);
            preallocate(file.channel(), initialBytes);
        } finally {
            file.release();
        }
        return segment;
    }

    /** One byte at the end is all it takes; the file system keeps the rest as a hole. */
    static void preallocate(FileChannel channel, int bytes) throws IOException {
        if (bytes > 0) {
            channel.write(ByteBuffer.allocate(1), bytes - 1L);
        }
    }

    /** Makes the index files of a new segment, so that every segment has its three files. */
    public void createIndexes(Segment segment) throws IOException {
        segment.offsetIndex().entries().write(segment.offsetIndex().entries().pending());
        segment.timeIndex().entries().write(segment.timeIndex().entries().pending());
        // Entries gather in memory: a partition with a few records has one file open, not three.
        segment.offsetIndex().entries().slot().close();
        segment.timeIndex().entries().slot().close();
    }

    /** A segment that is not written to any more; nothing is read. Empty when its index files cannot be its. */
    public Optional<Segment> openSealed(long baseOffset) throws IOException {
        Disk disk = files.disk();
        long size = disk.size(files.path(baseOffset, SegmentFiles.LOG));
        long offsetBytes = disk.size(files.path(baseOffset, SegmentFiles.OFFSET_INDEX));
        long timeBytes = disk.size(files.path(baseOffset, SegmentFiles.TIME_INDEX));
        boolean isSound = offsetBytes >= 0
                && timeBytes >= 0
                && offsetBytes % OffsetIndex.ENTRY_BYTES == 0
                && timeBytes % TimeIndex.ENTRY_BYTES == 0;
        if (!isSound || size < 0 || size > Integer.MAX_VALUE) {
            return Optional.empty();
        }
        Segment.Indexed indexed = new Segment.Indexed(
                (int) (offsetBytes / OffsetIndex.ENTRY_BYTES),
                (int) (timeBytes / TimeIndex.ENTRY_BYTES),
                transactionsInFile(baseOffset));
        return Optional.of(new Segment(files, baseOffset, (int) size, indexed));
    }

    private int transactionsInFile(long baseOffset) throws IOException {
        long size = files.disk().size(files.path(baseOffset, SegmentFiles.TRANSACTION_INDEX));
        return (int) Math.max(0, size / TransactionIndex.ENTRY_BYTES);
    }

    /**
     * Whether the file of aborted transactions can be the segment's, which is not so sure as with a checksum. Blocks.
     *
     * @param endOffset where the segment ends
     */
    public boolean hasSoundTransactions(Segment segment, long endOffset) throws IOException {
        TransactionIndex transactions = segment.transactionIndex();
        long size = files.disk().size(transactions.entries().slot().path());
        return Math.max(0, size) == (long) transactions.entries().count() * TransactionIndex.ENTRY_BYTES
                && transactions.isSound(segment.baseOffset(), endOffset);
    }

    /**
     * Replaces the aborted transactions whose marker does not lie below the offset, durably. Blocks; before the log is
     * in use.
     *
     * @param offset the segment's base offset, or less, to trust none that is known
     * @param found the right ones, in the order of their markers
     */
    public static void replaceAborted(Segment segment, long offset, List<AbortedTransaction> found) throws IOException {
        TransactionIndex transactions = segment.transactionIndex();
        int kept = offset <= segment.baseOffset() ? 0 : transactions.countBelow(offset);
        transactions.replaceFrom(kept, found);
    }

    /** A segment with what was found in its log file. */
    public record Opened(Segment segment, ScanEnd end) {}

    /**
     * A segment of which everything below an offset is sound, and the rest is looked at. Its indexes are kept as
     * far as they
     * speak of the sound part and are made anew behind it; bytes behind the last good batch are left for the
     * caller to cut.
     *
     * @param soundBelow the offset; the segment's base offset to trust nothing
     */
    public Opened open(long baseOffset, long soundBelow, ScanRules rules, BatchVisitor visitor) throws IOException {
        Optional<Segment> known = soundBelow > baseOffset ? openSealed(baseOffset) : Optional.empty();
        if (known.isPresent()) {
            Segment segment = known.get();
            Optional<Opened> resumed = closingUnless(segment, () -> resume(segment, soundBelow, rules, visitor));
            if (resumed.isPresent()) {
                return resumed.get();
            }
        }
        Segment segment = new Segment(files, baseOffset, 0, new Segment.Indexed(0, 0, transactionsInFile(baseOffset)));
        return closingUnless(segment, () -> {
                    segment.offsetIndex().entries().clear();
                    segment.timeIndex().entries().clear();
                    return Optional.of(new Opened(segment, SegmentScan.note(segment, 0, baseOffset, rules, visitor)));
                })
                .orElseThrow();
    }

    private interface Opening {
        Optional<Opened> open() throws IOException;
    }

    /** A segment that does not come out of this open leaves no file open. */
    private static Optional<Opened> closingUnless(Segment segment, Opening opening) throws IOException {
        boolean isOpen = false;
        try {
            Optional<Opened> opened = opening.open();
            isOpen = opened.isPresent();
            return opened;
        } finally {
            if (!isOpen) {
                close(segment);
            }
        }
    }

    private static Optional<Opened> resume(Segment segment, long soundBelow, ScanRules rules, BatchVisitor visitor)
            throws IOException {
        Optional<OffsetIndex.Entry> start = trustIndexes(segment, soundBelow);
        return start.isPresent() ? Optional.of(resume(segment, start.get(), rules, visitor)) : Optional.empty();
    }

    private static Opened resume(Segment segment, OffsetIndex.Entry start, ScanRules rules, BatchVisitor visitor)
            throws IOException {
        TimeIndex times = segment.timeIndex();
        int entries = times.entries().count();
        TimeIndex.Entry largest = entries == 0 ? new TimeIndex.Entry(-1, -1) : times.entry(entries - 1);
        segment.resume(start.position(), 0, firstTimestamp(segment), largest);
        return new Opened(
                segment,
                SegmentScan.note(segment, start.position(), baseOffsetAt(segment, start.position()), rules, visitor));
    }

    /**
     * Cuts both indexes at the offset and answers the last entry that is left, if it speaks of a batch that is
     * there.
     */
    private static Optional<OffsetIndex.Entry> trustIndexes(Segment segment, long soundBelow) throws IOException {
        OffsetIndex offsets = segment.offsetIndex();
        TimeIndex times = segment.timeIndex();
        int kept = offsets.soundBelow(soundBelow);
        if (kept == 0) {
            return Optional.empty();
        }
        OffsetIndex.Entry last = offsets.entry(kept - 1);
        Optional<BatchPlace> batch = last.position() < 0 || last.position() >= segment.sizeInBytes()
                ? Optional.empty()
                : batchAt(segment, last.position());
        if (batch.isEmpty() || batch.get().lastOffset() != last.lastOffset()) {
            return Optional.empty();
        }
        // Nothing is synced here: what goes is above the recovery point, and is not trusted in the next life either.
        offsets.entries().forgetFrom(kept);
        times.forgetFrom(times.soundBelow(last.lastOffset() + 1));
        return Optional.of(last);
    }

    private static Optional<BatchPlace> batchAt(Segment segment, int position) throws IOException {
        SharedFile file = segment.retain();
        try {
            return new BatchFinder(file.channel(), segment.sizeInBytes()).find(position, Long.MIN_VALUE);
        } catch (IOException noBatch) {
            return Optional.empty();
        } finally {
            file.release();
        }
    }

    private static long baseOffsetAt(Segment segment, int position) throws IOException {
        return longAt(segment, position + BatchFormat.BASE_OFFSET_AT);
    }

    static long firstTimestamp(Segment segment) throws IOException {
        return longAt(segment, BatchFormat.MAX_TIMESTAMP_AT);
    }

    private static long longAt(Segment segment, int position) throws IOException {
        SharedFile file = segment.retain();
        try {
            ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES);
            while (bytes.hasRemaining()) {
                if (file.channel().read(bytes, (long) position + bytes.position()) < 0) {
                    throw new IOException(segment + " ends before position " + position);
                }
            }
            return bytes.getLong(0);
        } finally {
            file.release();
        }
    }

    /**
     * Cuts what a preallocated log file has too much, syncs it and moves the indexes whole to their files. Only while
     * nobody appends.
     */
    public void seal(Segment segment) throws IOException {
        sealRecords(segment);
        sealIndexes(segment);
    }

    /** The first half of {@link #seal}: afterwards the records are durable. */
    public static void sealRecords(Segment segment) throws IOException {
        SharedFile file = segment.retain();
        try {
            if (file.channel().size() > segment.sizeInBytes()) {
                file.channel().truncate(segment.sizeInBytes());
            }
            SyncFailedException.sync(file.channel());
        } finally {
            file.release();
        }
    }

    /** The second half of {@link #seal}; it may be tried again. */
    public static void sealIndexes(Segment segment) throws IOException {
        segment.offsetIndex().entries().seal();
        segment.timeIndex().entries().seal();
        segment.transactionIndex().seal();
    }

    /** What the indexes of the segment that is written to have in memory only. Owner; hand it to {@link #flush}. */
    public static PendingIndexes pendingOf(Segment segment) {
        return new PendingIndexes(
                segment,
                copy(segment.offsetIndex().entries().pending()),
                copy(segment.timeIndex().entries().pending()),
                copy(segment.transactionIndex().entries().pending()));
    }

    /** Index entries on their way to the files. */
    public record PendingIndexes(
            Segment segment, SparseIndexPending offsets, SparseIndexPending times, SparseIndexPending transactions) {}

    /** Entries and where in the file they belong. */
    public record SparseIndexPending(long position, ByteBuffer bytes) {}

    private static SparseIndexPending copy(SparseIndex.Pending pending) {
        ByteBuffer bytes = ByteBuffer.allocate(pending.bytes().remaining());
        bytes.put(pending.bytes().duplicate());
        return new SparseIndexPending(pending.position(), bytes.flip());
    }

    /** Syncs the records of the segment that is written to; recovery makes its indexes anew. */
    public void sync(Segment segment) throws IOException {
        SharedFile file = segment.retain();
        try {
            SyncFailedException.syncBytes(file.channel());
        } finally {
            file.release();
        }
    }

    /** Syncs the segment that is written to, up to what it was when the pending entries were taken. */
    public void flush(PendingIndexes pending) throws IOException {
        Segment segment = pending.segment();
        SharedFile file = segment.retain();
        try {
            SyncFailedException.sync(file.channel());
        } finally {
            file.release();
        }
        write(segment.offsetIndex().entries(), pending.offsets());
        write(segment.timeIndex().entries(), pending.times());
        if (segment.hasAborted()) {
            // A snapshot of the producers that compaction makes behind this relies on it.
            write(segment.transactionIndex().entries(), pending.transactions());
        }
    }

    private static void write(SparseIndex index, SparseIndexPending pending) throws IOException {
        index.write(new SparseIndex.Pending(pending.position(), pending.bytes()));
        index.force();
    }

    /** Cuts the log file to the segment's size, durably. */
    public void cut(Segment segment) throws IOException {
        cutFile(segment, segment.sizeInBytes());
    }

    /**
     * Cuts a segment's files where the batch with the offset begins, durably. The segment itself is not to be used
     * any more
     * but by those who read it now, below that offset: it is to be opened again.
     */
    public void cutAt(Segment segment, int position, long offset) throws IOException {
        // The indexes first: an entry must not speak of a batch that is gone.
        segment.timeIndex().truncateTo(entriesBelow(segment.timeIndex(), offset));
        segment.offsetIndex().entries().truncateTo(segment.offsetIndex().countBelow(offset));
        cutFile(segment, position);
        segment.transactionIndex().truncateTo(segment.transactionIndex().countBelow(offset));
    }

    private static int entriesBelow(TimeIndex times, long offset) throws IOException {
        int kept = times.entries().count();
        while (kept > 0 && times.entry(kept - 1).lastOffset() >= offset) {
            kept--;
        }
        return kept;
    }

    private static void cutFile(Segment segment, int sizeInBytes) throws IOException {
        SharedFile file = segment.retain();
        try {
            file.channel().truncate(sizeInBytes);
            file.channel().force(true);
        } finally {
            file.release();
        }
    }

    /** Lets go of the open files; the next use opens them again. Any thread. */
    public static void close(Segment segment) {
        segment.log().close();
        segment.offsetIndex().entries().slot().close();
        segment.timeIndex().entries().slot().close();
        segment.transactionIndex().entries().slot().close();
    }

    /** Whoever reads the segment may finish, nobody else gets it any more. Any thread. */
    public static void giveUp(Segment segment) {
        segment.log().giveUp();
        segment.offsetIndex().entries().slot().giveUp();
        segment.timeIndex().entries().slot().giveUp();
        segment.transactionIndex().entries().slot().giveUp();
    }

    /** Renames the segment's files to {@code .deleted}; who reads it now may finish, nobody else finds it. */
    public void markDeleted(Segment segment) throws IOException {
        markDeleted(segment, SUFFIXES);
    }

    /**
     * The same for one whose records, as far as they count, another segment has now.
     *
     * @param isSameBase whether the other one has its base offset: then the producers' snapshot there goes on counting
     */
    void markReplaced(Segment segment, boolean isSameBase) throws IOException {
        markDeleted(segment, isSameBase ? SUFFIXES.subList(0, SUFFIXES.indexOf(SegmentFiles.SNAPSHOT)) : SUFFIXES);
    }

    private void markDeleted(Segment segment, List<String> suffixes) throws IOException {
        // First nobody opens the files any more: a reader that came between would miss a file that should be there.
        giveUp(segment);
        long base = segment.baseOffset();
        for (String suffix : suffixes) {
            Path file = files.path(base, suffix);
            if (files.disk().size(file) >= 0) {
                files.disk().rename(file, files.path(base, suffix + SegmentFiles.DELETED));
            }
        }
    }

    /** Removes what {@link #markDeleted} renamed. */
    public void remove(Segment segment) throws IOException {
        for (String suffix : SUFFIXES) {
            files.disk().delete(files.path(segment.baseOffset(), suffix + SegmentFiles.DELETED));
        }
    }
}
