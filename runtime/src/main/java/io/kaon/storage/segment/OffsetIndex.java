// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.segment;

import io.kaon.storage.checkpoint.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Where in a segment the batches lie: one entry for each {@code index.interval.bytes} or more, ascending.
 *
 * <pre>
 *  relative offset 4   last offset of a batch, minus the segment's base offset
 *  position 4          where in the log file this batch begins
 * </pre>
 */
final class OffsetIndex {
    static final int ENTRY_BYTES = 8;

    private final long baseOffset;
    private final SparseIndex entries;

    OffsetIndex(Disk disk, Path file, long baseOffset, int entriesInFile) {
        this.baseOffset = baseOffset;
        this.entries = new SparseIndex(disk, file, ENTRY_BYTES, entriesInFile);
    }

    SparseIndex entries() {
        return entries;
    }

    void append(long lastOffset, int position) throws IOException {
        entries.append(lastOffset - baseOffset, position);
    }

    /** Where a search for the offset begins: no batch before this position has it. May block. */
    int positionBefore(long offset) throws IOException {
        int index = entries.floor(offset - baseOffset);
        // A damaged entry may say anything; a search that begins too early finds the same.
        return index < 0 ? 0 : Math.max(0, entries.entry(index).getInt(Integer.BYTES));
    }

    /** One entry. May block. */
    Entry entry(int index) throws IOException {
        ByteBuffer bytes = entries.entry(index);
        return new Entry(baseOffset + bytes.getInt(0), bytes.getInt(Integer.BYTES));
    }

    /** How many entries name an offset below this one. May block. */
    int countBelow(long offset) throws IOException {
        return entries.floor(offset - 1 - baseOffset) + 1;
    }

    /**
     * How many entries, from the first on, ascend and name offsets below this one: as far as the index was synced. What
     * lies behind may be anything after a loss of power, zeros say, and would mislead a binary search. Reads them all;
     * before anybody uses the log.
     */
    int soundBelow(long offset) throws IOException {
        int count = entries.count();
        long lastRelative = -1;
        int lastPosition = -1;
        for (int from = 0; from < count; from += SparseIndex.CHUNK_ENTRIES) {
            int size = Math.min(SparseIndex.CHUNK_ENTRIES, count - from);
            ByteBuffer chunk = entries.readFile(from, size).flip();
            for (int index = from; chunk.hasRemaining(); index++) {
                int relative = chunk.getInt();
                int position = chunk.getInt();
                if (relative <= lastRelative || position <= lastPosition || baseOffset + relative >= offset) {
                    return index;
                }
                lastRelative = relative;
                lastPosition = position;
            }
        }
        return count;
    }

    record Entry(long lastOffset, int position) {}
}
