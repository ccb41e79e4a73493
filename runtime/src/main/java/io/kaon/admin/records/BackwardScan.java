// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.records;

import io.kaon.record.Record;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordIterator;
import io.kaon.record.TimestampType;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * From an offset back. A log can only be read forward, so this reads windows of offsets, the next one before the last:
 *
 * <pre>
 *  start ……………… [ window 3 …………… ][ window 2 … ][ window 1 ] position
 * </pre>
 *
 * <p>Windows grow while they bring little, because compaction and markers leave gaps of any size, and shrink when one
 * brings more bytes than fit into memory. A batch that begins before its window widens it, so that no batch is unpacked
 * twice, unless it holds more than there is room for.
 */
final class BackwardScan extends PartitionScan {
    private static final int FIRST_WINDOW = 16;
    private static final int MAX_WINDOW = 1 << 20;
    /** A window that brought less than this was small: the next one is larger. */
    private static final long SMALL_BYTES = 256 * 1024;
    /** A window of more than one offset is given up when it has brought this, and tried again with fewer. */
    private static final long LARGE_BYTES = 16L << 20;

    private static final int GROWTH = 4;

    private final long start;
    private int window = FIRST_WINDOW;

    /** What the window has brought: the newest records, as many as there is room for. */
    private final Deque<Kept> kept = new ArrayDeque<>();

    private long keptBytes;
    private long lowest;

    /**
     * A record of a window: most of a batch may be dropped again, so it is shown later.
     *
     * @param match null if it is not what was searched for
     */
    private record Kept(long offset, long timestampMs, TimestampType type, Record match) {
        long heldBytes() {
            return match == null ? 0 : ShownRecord.sizeOf(match);
        }
    }

    /**
     * @param before where the scan begins, exclusive
     * @param start the first offset that is there
     */
    BackwardScan(TopicReads reads, RecordLens lens, Room room, long before, long start) {
        super(reads, lens, room, before);
        this.start = start;
        this.isAtEnd = before <= start;
    }

    @Override
    long frontier() {
        return loaded.isEmpty() ? position : loaded.peekFirst().offset() + 1;
    }

    @Override
    void load(ScanBudget budget) {
        while (loaded.isEmpty() && !isAtEnd && !budget.isSpent()) {
            long from = Math.max(start, position - window);
            kept.clear();
            keptBytes = 0;
            lowest = from;
            long read = readWindow(from, budget);
            if (read < 0) {
                window = Math.max(1, window / (GROWTH * 2));
                continue;
            }
            while (!kept.isEmpty()) {
                loaded.addLast(shown(kept.pollLast()));
            }
            position = lowest;
            isAtEnd = position <= start;
            if (read < SMALL_BYTES && loaded.size() < room.records()) {
                window = Math.min(MAX_WINDOW, window * GROWTH);
            }
        }
    }

    /** Reads from an offset up to the position; −1 when it is too much. */
    private long readWindow(long from, ScanBudget budget) {
        long read = 0;
        long at = from;
        while (at < position) {
            Piece piece = reads.fetch(partition(), at, room.fetchBytes());
            read += piece.sizeInBytes();
            budget.spend(piece.sizeInBytes());
            long before = at;
            for (RecordBatch batch : piece.batches()) {
                if (batch.baseOffset() >= position) {
                    return read;
                }
                look(piece, batch, at, from);
                at = Math.max(at, batch.nextOffset());
            }
            if (at == before) {
                return read; // The end was cut off meanwhile.
            }
            if (read > LARGE_BYTES && window > 1 && at < position) {
                return -1;
            }
        }
        return read;
    }

    private void look(Piece piece, RecordBatch batch, long at, long from) {
        boolean isVisible = piece.isVisible(batch);
        if (batch.nextOffset() <= at) {
            return;
        }
        if (batch.baseOffset() < from) {
            lowest = Math.min(lowest, Math.max(start, batch.baseOffset()));
        }
        if (!isVisible) {
            return;
        }
        try (RecordIterator records = lens.records(batch, lowest)) {
            while (records.hasNext()) {
                Record record = records.next();
                if (record.offset() >= position) {
                    return;
                }
                if (record.offset() >= lowest) {
                    keep(new Kept(
                            record.offset(),
                            record.timestamp(),
                            batch.timestampType(),
                            lens.isMatch(record) ? record : null));
                }
            }
        }
    }

    private void keep(Kept record) {
        kept.addLast(record);
        keptBytes += record.heldBytes();
        while (kept.size() > 1 && (kept.size() > room.records() || keptBytes > room.bytes())) {
            keptBytes -= kept.pollFirst().heldBytes();
            lowest = kept.peekFirst().offset();
        }
    }

    private Seen shown(Kept record) {
        return new Seen(
                record.offset(),
                record.timestampMs(),
                record.match() == null ? null : lens.show(record.match(), record.type()));
    }
}
