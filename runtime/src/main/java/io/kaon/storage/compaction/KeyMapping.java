// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.compaction;

import io.kaon.record.RecordBatch;
import io.kaon.record.UnpackedRecords;

/**
 * Fills the map of newest offsets from the batches of the dirty part, in their order, until it is full. One thread.
 */
final class KeyMapping {
    private final RoundRules rules;
    private final OffsetMap newest;
    private final TransactionTracker transactions;
    private final UnpackedRecords records;
    private final long fromOffset;
    private long endOffset;

    /** @param fromOffset records below are clean */
    KeyMapping(RoundRules rules, OffsetMap newest, TransactionTracker transactions, long fromOffset) {
        this.rules = rules;
        this.newest = newest;
        this.transactions = transactions;
        this.records = new UnpackedRecords(rules.limits());
        this.fromOffset = Math.max(fromOffset, rules.logStartOffset());
        this.endOffset = fromOffset;
    }

    /** Exclusive end of what is in the map. */
    long endOffset() {
        return endOffset;
    }

    /** Adds a batch; false when the map is full, and then the batch is in it as far as {@link #endOffset()} says. */
    boolean add(RecordBatch batch) {
        if (batch.isControl()) {
            transactions.onControl(batch);
        } else if (!transactions.isAborted(batch) && batch.lastOffset() >= fromOffset && !addRecords(batch)) {
            return false;
        }
        endOffset = Math.max(endOffset, batch.nextOffset());
        return true;
    }

    private boolean addRecords(RecordBatch batch) {
        records.open(batch);
        while (records.next()) {
            boolean isNew = records.hasKey() && records.offset() >= fromOffset;
            if (isNew && !newest.put(records.array(), records.keyStart(), records.keyLength(), records.offset())) {
                return false;
            }
            endOffset = Math.max(endOffset, records.offset() + 1);
        }
        return true;
    }
}
