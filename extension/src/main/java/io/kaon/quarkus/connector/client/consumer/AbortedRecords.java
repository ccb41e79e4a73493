// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import io.kaon.record.ControlRecord;
import io.kaon.record.ControlRecordType;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordIterator;
import io.kaon.record.RecordLimits;
import io.kaon.wire.message.FetchResponse.AbortedTransaction;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells which batches of one fetched piece of a log belong to aborted transactions. The broker names the transactions
 * with where they begin; each ends with a marker in the log.
 *
 * <pre>
 *  offset   10        11        12       13          14
 *           [A, tx]   [B, tx]   [A, tx]  [A abort]   [A, tx]      aborted: A from 10
 *           skipped   read      skipped  control     read
 * </pre>
 *
 * One fetch, one thread; batches are asked for in the order of their offsets.
 */
final class AbortedRecords {
    private final Deque<AbortedTransaction> ahead;
    private final RecordLimits limits;
    private final Set<Long> open = new HashSet<>();

    /** @param aborted those that touch the piece */
    AbortedRecords(List<AbortedTransaction> aborted, RecordLimits limits) {
        this.ahead = new ArrayDeque<>(aborted.stream()
                .sorted(Comparator.comparingLong(AbortedTransaction::firstOffset))
                .toList());
        this.limits = limits;
    }

    /** Whether an application that reads what is committed must not see the records of the batch. */
    boolean contain(RecordBatch batch) {
        while (!ahead.isEmpty() && ahead.peek().firstOffset() <= batch.lastOffset()) {
            open.add(ahead.remove().producerId());
        }
        if (batch.isControl()) {
            if (open.contains(batch.producerId()) && isAbort(batch)) {
                open.remove(batch.producerId());
            }
            return false;
        }
        return batch.isTransactional() && open.contains(batch.producerId());
    }

    private boolean isAbort(RecordBatch marker) {
        try (RecordIterator records = marker.records(limits)) {
            return records.hasNext() && ControlRecord.of(records.next()).type() == ControlRecordType.ABORT;
        }
    }
}
