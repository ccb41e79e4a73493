// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.compaction;

import io.kaon.record.ControlRecordType;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordLimits;
import io.kaon.storage.producer.TransactionMarker;
import io.kaon.storage.segment.AbortedTransaction;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Follows the transactions of a log from its start, batch by batch, and says which data was aborted and which markers
 * have nothing left to end. One thread.
 */
final class TransactionTracker {
    private final RecordLimits limits;
    /** Not reached yet. */
    private final PriorityQueue<AbortedTransaction> coming =
            new PriorityQueue<>(Comparator.comparingLong(AbortedTransaction::firstOffset));
    /** By producer id; the value says whether a batch of it was met. */
    private final Map<Long, Aborted> aborted = new HashMap<>();
    /** Producers of which a batch was met that is not aborted, and not its marker. */
    private final Set<Long> committed = new HashSet<>();

    private static final class Aborted {
        private final AbortedTransaction transaction;
        private boolean hasData;

        Aborted(AbortedTransaction transaction) {
            this.transaction = transaction;
        }
    }

    /**
     * What a marker ends.
     *
     * @param isEmpty whether no batch of the transaction was met, so that the marker may go
     * @param aborted what a transaction index has to go on saying
     */
    record Ended(boolean isEmpty, Optional<AbortedTransaction> aborted) {}

    private static final Ended EMPTY = new Ended(true, Optional.empty());
    private static final Ended NOT_EMPTY = new Ended(false, Optional.empty());

    TransactionTracker(RecordLimits limits) {
        this.limits = limits;
    }

    /** Adds what the log's indexes say of the part that comes next. */
    void expect(Collection<AbortedTransaction> transactions) {
        coming.addAll(transactions);
    }

    /** Whether a batch of data belongs to an aborted transaction. */
    boolean isAborted(RecordBatch batch) {
        reach(batch.lastOffset());
        if (!batch.isTransactional()) {
            return false;
        }
        Aborted transaction = aborted.get(batch.producerId());
        if (transaction == null) {
            committed.add(batch.producerId());
            return false;
        }
        transaction.hasData = true;
        return true;
    }

    /** Takes note of a control batch. */
    Ended onControl(RecordBatch batch) {
        reach(batch.lastOffset());
        if (batch.count() == 0) {
            return EMPTY;
        }
        Optional<TransactionMarker> marker = TransactionMarker.of(batch, limits);
        if (marker.isEmpty()) {
            return NOT_EMPTY;
        }
        if (marker.get().type() == ControlRecordType.COMMIT) {
            return committed.remove(batch.producerId()) ? NOT_EMPTY : EMPTY;
        }
        Aborted ended = aborted.remove(batch.producerId());
        return ended != null && ended.hasData ? new Ended(false, Optional.of(ended.transaction)) : EMPTY;
    }

    private void reach(long offset) {
        while (!coming.isEmpty() && coming.peek().firstOffset() <= offset) {
            AbortedTransaction next = coming.poll();
            aborted.putIfAbsent(next.producerId(), new Aborted(next));
        }
    }
}
