// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.compaction;

import io.kaon.record.BatchRewriter;
import io.kaon.record.RecordBatch;
import io.kaon.record.UnpackedRecords;
import io.kaon.storage.segment.AbortedTransaction;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Says what is left of each batch of a log (S9): the newest value of each key; a tombstone until its delete horizon; a
 * transaction's marker until nothing is left of the transaction and its horizon has passed (KIP-534); the last batch of
 * an active producer, and of the round, even without a record. Sees the batches in their order. One thread.
 */
final class BatchCleaner {
    private final RoundRules rules;
    private final OffsetMap newest;
    private final long endOffset;
    private final TransactionTracker transactions;
    private final UnpackedRecords records;
    private final BatchRewriter rewriter;
    private final BitSet kept = new BitSet();
    private boolean keepsNewTombstone;
    private Optional<AbortedTransaction> aborted = Optional.empty();
    private long latestHorizonMs = -1;
    private long droppedWithoutKey;

    /**
     * @param newest the newest offset of each key below {@code endOffset} that may have an older record
     * @param endOffset exclusive end of what is cleaned
     */
    BatchCleaner(RoundRules rules, OffsetMap newest, long endOffset, TransactionTracker transactions) {
        this.rules = rules;
        this.newest = newest;
        this.endOffset = endOffset;
        this.transactions = transactions;
        this.records = new UnpackedRecords(rules.limits());
        this.rewriter = new BatchRewriter(rules.limits(), rules.compression());
    }

    /** The transaction that the batch of the last {@link #clean} has ended, if its index has to go on saying so. */
    Optional<AbortedTransaction> aborted() {
        return aborted;
    }

    /** The latest delete horizon of what was left so far, in ms; −1 when none lies in the future. */
    long latestHorizonMs() {
        return latestHorizonMs;
    }

    /** Records without a key that were dropped: they were written before the log was to be compacted. */
    long droppedWithoutKey() {
        return droppedWithoutKey;
    }

    /** What is left of a batch: itself, a smaller one, or nothing. */
    Optional<RecordBatch> clean(RecordBatch batch) {
        aborted = Optional.empty();
        Optional<RecordBatch> left = batch.isControl() ? cleanControl(batch) : cleanRecords(batch);
        if (left.isPresent() && left.get().hasDeleteHorizon() && !hasPassed(left.get())) {
            latestHorizonMs = Math.max(latestHorizonMs, left.get().baseTimestamp());
        }
        return left;
    }

    private Optional<RecordBatch> cleanControl(RecordBatch batch) {
        TransactionTracker.Ended ended = transactions.onControl(batch);
        aborted = ended.aborted();
        if (!ended.isEmpty() || batch.lastOffset() >= endOffset) {
            return Optional.of(batch);
        }
        if (batch.count() == 0) {
            return isNeededEmpty(batch) ? Optional.of(batch) : Optional.empty();
        }
        if (!batch.hasDeleteHorizon()) {
            records.open(batch);
            kept.clear();
            kept.set(0, batch.count());
            return Optional.of(rewritten(batch, OptionalLong.of(rules.horizonMs())));
        }
        return hasPassed(batch) ? emptied(batch) : Optional.of(batch);
    }

    private Optional<RecordBatch> cleanRecords(RecordBatch batch) {
        if (transactions.isAborted(batch)) {
            return emptied(batch);
        }
        if (batch.baseOffset() >= endOffset) {
            return Optional.of(batch);
        }
        if (batch.count() == 0) {
            return isNeededEmpty(batch) ? Optional.of(batch) : Optional.empty();
        }
        int count = choose(batch);
        if (count == 0) {
            return emptied(batch);
        }
        boolean setsHorizon = keepsNewTombstone && !batch.hasDeleteHorizon();
        if (count == batch.count() && !setsHorizon) {
            return Optional.of(batch);
        }
        return Optional.of(rewritten(batch, setsHorizon ? OptionalLong.of(rules.horizonMs()) : OptionalLong.empty()));
    }

    /** Marks what is kept of a batch; answers how many records. */
    private int choose(RecordBatch batch) {
        kept.clear();
        keepsNewTombstone = false;
        boolean tombstonesGo = batch.hasDeleteHorizon() && hasPassed(batch);
        int index = 0;
        int count = 0;
        records.open(batch);
        while (records.next()) {
            boolean isBehind = records.offset() >= endOffset;
            if (isBehind || isKept(tombstonesGo)) {
                kept.set(index);
                count++;
                keepsNewTombstone |= !isBehind && !records.hasValue();
            }
            index++;
        }
        return count;
    }

    private boolean isKept(boolean tombstonesGo) {
        if (!records.hasKey()) {
            droppedWithoutKey++;
            return false;
        }
        return records.offset() >= rules.logStartOffset()
                && (records.hasValue() || !tombstonesGo)
                && records.offset() >= newest.get(records.array(), records.keyStart(), records.keyLength());
    }

    private boolean hasPassed(RecordBatch batch) {
        return batch.baseTimestamp() <= rules.nowMs();
    }

    private RecordBatch rewritten(RecordBatch batch, OptionalLong horizonMs) {
        ByteBuffer bytes = rewriter.rewrite(batch, records, kept, horizonMs);
        return RecordBatch.at(bytes, 0);
    }

    private Optional<RecordBatch> emptied(RecordBatch batch) {
        return isNeededEmpty(batch) ? Optional.of(RecordBatch.at(BatchRewriter.emptied(batch), 0)) : Optional.empty();
    }

    private boolean isNeededEmpty(RecordBatch batch) {
        return batch.nextOffset() == endOffset || rules.isLastOfProducer(batch);
    }
}
