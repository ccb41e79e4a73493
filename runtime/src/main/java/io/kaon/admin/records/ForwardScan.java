// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.records;

import io.kaon.record.Record;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordIterator;

/** From an offset on, up to where the partition ended when the page began. */
final class ForwardScan extends PartitionScan {
    private final long end;
    private long loadedBytes;

    /**
     * @param from the first offset
     * @param end exclusive
     */
    ForwardScan(TopicReads reads, RecordLens lens, Room room, long from, long end) {
        super(reads, lens, room, from);
        this.end = end;
        this.isAtEnd = from >= end;
    }

    @Override
    long frontier() {
        return loaded.isEmpty() ? position : loaded.peekFirst().offset();
    }

    @Override
    void load(ScanBudget budget) {
        while (loaded.isEmpty() && !isAtEnd && !budget.isSpent()) {
            Piece piece = reads.fetch(partition(), position, room.fetchBytes());
            budget.spend(piece.sizeInBytes());
            loadedBytes = 0;
            long before = position;
            for (RecordBatch batch : piece.batches()) {
                if (isFull() || position >= end) {
                    break;
                }
                read(piece, batch);
            }
            // Nothing where records should be: the end was cut off meanwhile.
            isAtEnd = position >= end || position == before;
        }
    }

    private void read(Piece piece, RecordBatch batch) {
        boolean isVisible = piece.isVisible(batch);
        if (batch.nextOffset() <= position) {
            return;
        }
        if (isVisible) {
            try (RecordIterator records = lens.records(batch, position)) {
                while (records.hasNext() && !isFull()) {
                    look(batch, records.next());
                }
                if (records.hasNext()) {
                    return;
                }
            }
        }
        position = batch.nextOffset();
    }

    private void look(RecordBatch batch, Record record) {
        if (record.offset() < position || record.offset() >= end) {
            return;
        }
        Seen seen = lens.look(record, batch.timestampType());
        loaded.addLast(seen);
        loadedBytes += seen.isMatch() ? seen.match().heldBytes() : 0;
        position = record.offset() + 1;
    }

    private boolean isFull() {
        return loaded.size() >= room.records() || loadedBytes >= room.bytes();
    }
}
