// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.segment;

import io.kaon.storage.checkpoint.AtomicFile;
import io.kaon.storage.checkpoint.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * The transactions whose abort marker lies in a segment, in the order of the markers ({@code .txnindex}). There is a
 * file only where there is such a transaction.
 *
 * <pre>
 *  version 2              0
 *  producer id 8
 *  first offset 8         of the transaction; it may lie in an earlier segment
 *  last offset 8          of the marker: strictly ascending
 *  last stable offset 8   when the marker was appended: every transaction noted later begins there or behind
 * </pre>
 *
 * Written by the log's owner, read by any thread: what is added later does not concern a reader, because it begins
 * behind the last stable offset that the reader knows.
 */
final class TransactionIndex {
    static final int ENTRY_BYTES = 34;

    private static final short VERSION = 0;
    /** Entries that a check reads at once. */
    private static final int BLOCK_ENTRIES = 1024;

    private static final int PRODUCER_ID_AT = 2;
    private static final int FIRST_OFFSET_AT = 10;
    private static final int LAST_OFFSET_AT = 18;
    private static final int LAST_STABLE_OFFSET_AT = 26;

    private final Disk disk;
    private final SparseIndex entries;

    TransactionIndex(Disk disk, Path file, int entriesInFile) {
        this.disk = disk;
        this.entries = new SparseIndex(disk, file, ENTRY_BYTES, LAST_OFFSET_AT, entriesInFile);
    }

    SparseIndex entries() {
        return entries;
    }

    boolean isEmpty() {
        return entries.count() == 0;
    }

    /** Adds a transaction whose marker is behind that of the last one. */
    void append(AbortedTransaction aborted) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(ENTRY_BYTES);
        write(aborted, bytes, 0);
        entries.append(bytes);
    }

    private static void write(AbortedTransaction aborted, ByteBuffer bytes, int at) {
        bytes.putShort(at, VERSION)
                .putLong(at + PRODUCER_ID_AT, aborted.producerId())
                .putLong(at + FIRST_OFFSET_AT, aborted.firstOffset())
                .putLong(at + LAST_OFFSET_AT, aborted.lastOffset())
                .putLong(at + LAST_STABLE_OFFSET_AT, aborted.lastStableOffset());
    }

    /** One entry. May block. */
    AbortedTransaction entry(int index) throws IOException {
        return read(entries.entry(index));
    }

    private static AbortedTransaction read(ByteBuffer bytes) {
        return new AbortedTransaction(
                bytes.getLong(PRODUCER_ID_AT),
                bytes.getLong(FIRST_OFFSET_AT),
                bytes.getLong(LAST_OFFSET_AT),
                bytes.getLong(LAST_STABLE_OFFSET_AT));
    }

    /** How many entries have their marker below the offset. May block. */
    int countBelow(long offset) throws IOException {
        return entries.floor(offset - 1) + 1;
    }

    /**
     * Collects what a reader of a piece of the log must know. May block.
     *
     * @param fromOffset the first offset that is read
     * @param upToOffset exclusive end of what is read, at most the last stable offset
     * @return whether no later segment has anything to add
     */
    boolean collect(long fromOffset, long upToOffset, List<AbortedTransaction> into) throws IOException {
        int count = entries.count();
        for (int index = countBelow(fromOffset); index < count; index++) {
            AbortedTransaction aborted = entry(index);
            if (aborted.firstOffset() < upToOffset) {
                into.add(aborted);
            }
            if (aborted.lastStableOffset() >= upToOffset) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether every entry can be one of a segment between the two offsets: a look at a file that was just found. Reads
     * them all. Blocks.
     */
    boolean isSound(long baseOffset, long endOffset) throws IOException {
        long last = baseOffset - 1;
        for (int index = 0; index < entries.count(); index += BLOCK_ENTRIES) {
            ByteBuffer block = entries.readFile(index, Math.min(BLOCK_ENTRIES, entries.count() - index));
            for (int at = 0; at < block.capacity(); at += ENTRY_BYTES) {
                AbortedTransaction aborted = read(block.slice(at, ENTRY_BYTES));
                if (block.getShort(at) != VERSION || aborted.lastOffset() <= last || !isPossible(aborted, endOffset)) {
                    return false;
                }
                last = aborted.lastOffset();
            }
        }
        return true;
    }

    private static boolean isPossible(AbortedTransaction aborted, long endOffset) {
        return aborted.producerId() >= 0
                && aborted.firstOffset() >= 0
                && aborted.firstOffset() < aborted.lastOffset()
                && aborted.lastOffset() < endOffset
                && aborted.lastStableOffset() >= 0
                && aborted.lastStableOffset() <= aborted.lastOffset() + 1;
    }

    /**
     * Replaces the entries from an index on, durably and in one step: a crash leaves the file before or the file after.
     * Without entries there is no file afterwards. Only while nobody else uses the index. Blocks.
     */
    void replaceFrom(int kept, List<AbortedTransaction> following) throws IOException {
        Path file = entries.slot().path();
        int count = kept + following.size();
        boolean isSame = kept == entries.count() && Math.max(0, disk.size(file)) == (long) count * ENTRY_BYTES;
        if (isSame && following.isEmpty()) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.allocate(count * ENTRY_BYTES);
        if (kept > 0) {
            bytes.put(0, entries.readFile(0, kept), 0, kept * ENTRY_BYTES);
        }
        for (int index = kept; index < count; index++) {
            write(following.get(index - kept), bytes, index * ENTRY_BYTES);
        }
        if (count > 0) {
            AtomicFile.write(disk, file, bytes);
        } else {
            disk.delete(file);
            disk.syncDirectory(file.toAbsolutePath().getParent());
        }
        entries.replaced(count);
    }

    /** Forgets the entries from this one on, durably. Blocks. */
    void truncateTo(int count) throws IOException {
        if (count < entries.count()) {
            entries.truncateTo(count);
        }
    }

    /**
     * Moves everything to the file and syncs it; without entries there is no file afterwards. Only while nobody
     * appends. Blocks.
     */
    void seal() throws IOException {
        if (!isEmpty()) {
            entries.seal();
        } else if (disk.size(entries.slot().path()) >= 0) {
            entries.slot().close();
            disk.delete(entries.slot().path());
        }
    }
}
