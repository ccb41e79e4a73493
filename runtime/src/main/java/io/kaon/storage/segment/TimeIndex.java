// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.segment;

import io.kaon.storage.checkpoint.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The largest timestamp so far, at points along a segment; strictly ascending.
 *
 * <pre>
 *  timestamp 8         ms
 *  relative offset 4   last offset of the first batch that has this timestamp, minus the segment's base offset
 * </pre>
 */
final class TimeIndex {
    static final int ENTRY_BYTES = 12;

    private final long baseOffset;
    private final SparseIndex entries;
    /** Timestamp of the last entry, once it is known. The writer's. */
    private long lastTimestamp;

    private boolean knowsLast;

    TimeIndex(Disk disk, Path file, long baseOffset, int entriesInFile) {
        this.baseOffset = baseOffset;
        this.entries = new SparseIndex(disk, file, ENTRY_BYTES, entriesInFile);
    }

    SparseIndex entries() {
        return entries;
    }

    /** Adds an entry unless the timestamp is not larger than the last one. Reads the file at most once. */
    void maybeAppend(long timestamp, long lastOffset) throws IOException {
        if (timestamp > lastTimestamp()) {
            entries.append(timestamp, (int) (lastOffset - baseOffset));
            lastTimestamp = timestamp;
            knowsLast = true;
        }
    }

    /** Whether entries can be added without a look at the file. The writer's. */
    boolean isKnown() {
        return knowsLast || entries.count() == 0;
    }

    /** Looks at the file if need be: adding entries does not fail afterwards. The writer's; may block once. */
    void know() throws IOException {
        lastTimestamp();
    }

    /** The newest entry's timestamp, −1 when there is none. May block once. */
    private long lastTimestamp() throws IOException {
        if (!knowsLast) {
            lastTimestamp =
                    entries.count() == 0 ? -1 : entry(entries.count() - 1).timestamp();
            knowsLast = true;
        }
        return lastTimestamp;
    }

    /**
     * Where a search for the first record that is not older begins: no batch that ends before this offset has it.
     * May block.
     */
    long offsetBefore(long timestamp) throws IOException {
        int index = entries.floor(timestamp);
        return index < 0 ? baseOffset : entry(index).lastOffset();
    }

    /** One entry. May block. */
    Entry entry(int index) throws IOException {
        ByteBuffer bytes = entries.entry(index);
        return new Entry(bytes.getLong(0), baseOffset + bytes.getInt(Long.BYTES));
    }

    /** The same as {@link OffsetIndex#soundBelow}, for entries whose batch ends below the offset. */
    int soundBelow(long offset) throws IOException {
        int count = entries.count();
        long last = Long.MIN_VALUE;
        int lastRelative = -1;
        for (int from = 0; from < count; from += SparseIndex.CHUNK_ENTRIES) {
            int size = Math.min(SparseIndex.CHUNK_ENTRIES, count - from);
            ByteBuffer chunk = entries.readFile(from, size).flip();
            for (int index = from; chunk.hasRemaining(); index++) {
                long timestamp = chunk.getLong();
                int relative = chunk.getInt();
                if (timestamp <= last || relative < lastRelative || baseOffset + relative >= offset) {
                    return index;
                }
                last = timestamp;
                lastRelative = relative;
            }
        }
        return count;
    }

    /** Forgets the entries from this one on, for the time being. Before anybody uses the log. Blocks. */
    void forgetFrom(int count) throws IOException {
        entries.forgetFrom(count);
        knowsLast = false;
    }

    /** Forgets the entries from this one on. Blocks. */
    void truncateTo(int count) throws IOException {
        entries.truncateTo(count);
        knowsLast = false;
    }

    record Entry(long timestamp, long lastOffset) {}
}
