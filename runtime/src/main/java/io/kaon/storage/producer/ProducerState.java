// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.producer;

import io.kaon.common.ErrorCode;
import io.kaon.record.BatchFormat;
import io.kaon.record.Sequences;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What one producer wrote last to one partition: its epoch, its last batches, by which a repeated one is recognised,
 * and where its open transaction begins. Owned by the log's owner.
 */
final class ProducerState {
    /** How many batches an idempotent producer may have in flight, in every client. */
    static final int WINDOW = 5;

    private final long producerId;
    private final Deque<Written> window = new ArrayDeque<>(WINDOW + 1);
    private short epoch = BatchFormat.NO_PRODUCER_EPOCH;
    private int coordinatorEpoch = ProducerEntry.NO_COORDINATOR_EPOCH;
    private long openTransaction = ProducerEntry.NO_OFFSET;
    private long lastSeenMs;

    /** A batch of data in the log. */
    record Written(int lastSequence, long lastOffset, int offsetDelta, long timestamp) {
        int baseSequence() {
            return lastSequence < 0 ? BatchFormat.NO_SEQUENCE : Sequences.subtract(lastSequence, offsetDelta);
        }
    }

    ProducerState(long producerId) {
        this.producerId = producerId;
    }

    long producerId() {
        return producerId;
    }

    short epoch() {
        return epoch;
    }

    /** When the producer's last batch was appended, by this broker's wall clock in ms. */
    long lastSeenMs() {
        return lastSeenMs;
    }

    Deque<Written> window() {
        return window;
    }

    int lastSequence() {
        return window.isEmpty() ? BatchFormat.NO_SEQUENCE : window.getLast().lastSequence();
    }

    boolean hasOpenTransaction() {
        return openTransaction != ProducerEntry.NO_OFFSET;
    }

    /** Where the open transaction begins; −1 when there is none. */
    long openTransaction() {
        return openTransaction;
    }

    /** Decides only; {@link #add} changes. */
    ProducerVerdict check(ProducerBatch batch) {
        if (batch.epoch() < epoch) {
            return staleEpoch(batch.epoch());
        }
        if (batch.epoch() == epoch) {
            for (Written written : window) {
                if (written.baseSequence() == batch.baseSequence() && written.lastSequence() == batch.lastSequence()) {
                    return new ProducerVerdict.Duplicate(
                            written.lastOffset() - written.offsetDelta(), written.lastOffset(), written.timestamp());
                }
            }
        }
        ProducerVerdict ofSequence = checkSequence(batch);
        return ofSequence == ProducerVerdict.NEXT ? checkTransaction(batch) : ofSequence;
    }

    private ProducerVerdict checkSequence(ProducerBatch batch) {
        if (batch.epoch() > epoch) {
            return batch.baseSequence() == 0 ? ProducerVerdict.NEXT : outOfOrder(batch, "a new epoch begins with 0");
        }
        int last = lastSequence();
        boolean follows = last < 0 ? batch.baseSequence() == 0 : Sequences.follows(batch.baseSequence(), last);
        return follows ? ProducerVerdict.NEXT : outOfOrder(batch, "the last sequence here is " + last);
    }

    private ProducerVerdict checkTransaction(ProducerBatch batch) {
        if (hasOpenTransaction() && !batch.isTransactional()) {
            return new ProducerVerdict.Refused(
                    ErrorCode.INVALID_TXN_STATE,
                    "producer " + producerId + " has a transaction open here, and the batch is not of it");
        }
        return ProducerVerdict.NEXT;
    }

    /** What a coordinator writes for a producer has no sequence. Decides only. */
    ProducerVerdict checkWithoutSequence(ProducerBatch batch) {
        return batch.epoch() < epoch ? staleEpoch(batch.epoch()) : checkTransaction(batch);
    }

    /** Decides only; {@link #end} changes. */
    ProducerVerdict check(TransactionMarker marker, MarkerEpochs epochs) {
        boolean isRepeated = !hasOpenTransaction() || marker.producerEpoch() == Short.MAX_VALUE;
        boolean isStale = marker.producerEpoch() < epoch
                || (epochs == MarkerEpochs.BUMPED && marker.producerEpoch() == epoch && !isRepeated);
        if (isStale) {
            return staleEpoch(marker.producerEpoch());
        }
        if (marker.coordinatorEpoch() < coordinatorEpoch) {
            return new ProducerVerdict.Refused(
                    ErrorCode.TRANSACTION_COORDINATOR_FENCED,
                    "a coordinator of epoch " + coordinatorEpoch + " has ended a transaction of producer " + producerId
                            + " here, the marker is of epoch " + marker.coordinatorEpoch());
        }
        return ProducerVerdict.NEXT;
    }

    private ProducerVerdict staleEpoch(short other) {
        return new ProducerVerdict.Refused(
                ErrorCode.INVALID_PRODUCER_EPOCH,
                "producer " + producerId + " has epoch " + epoch + " here, the batch " + other);
    }

    static ProducerVerdict outOfOrder(ProducerBatch batch, String why) {
        return new ProducerVerdict.Refused(
                ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
                "sequence " + batch.baseSequence() + " of producer " + batch.producerId() + " epoch " + batch.epoch()
                        + " is out of order: " + why);
    }

    /** Takes note of a batch that is in the log; answers whether a transaction begins with it. */
    boolean add(ProducerBatch batch, long lastOffset, long nowMs) {
        add(
                batch.epoch(),
                new Written(batch.lastSequence(), lastOffset, batch.lastOffsetDelta(), batch.timestamp()),
                nowMs);
        boolean begins = batch.isTransactional() && !hasOpenTransaction();
        if (begins) {
            openTransaction = lastOffset - batch.lastOffsetDelta();
        }
        return begins;
    }

    void add(short batchEpoch, Written written, long nowMs) {
        moveTo(batchEpoch);
        window.addLast(written);
        if (window.size() > WINDOW) {
            window.removeFirst();
        }
        lastSeenMs = nowMs;
    }

    /** Takes note of a marker that is in the log. The transaction has ended, if there was one. */
    void end(TransactionMarker marker, long nowMs) {
        moveTo(marker.producerEpoch());
        coordinatorEpoch = marker.coordinatorEpoch();
        openTransaction = ProducerEntry.NO_OFFSET;
        lastSeenMs = nowMs;
    }

    private void moveTo(short newEpoch) {
        if (newEpoch != epoch) {
            window.clear();
            epoch = newEpoch;
        }
    }

    ProducerEntry toEntry() {
        boolean isEmpty = window.isEmpty();
        return new ProducerEntry(
                producerId,
                epoch,
                lastSequence(),
                isEmpty ? ProducerEntry.NO_OFFSET : window.getLast().lastOffset(),
                isEmpty ? 0 : window.getLast().offsetDelta(),
                lastSeenMs,
                coordinatorEpoch,
                openTransaction);
    }

    /** What a snapshot says, with the batches that it does not have, if they are known. */
    static ProducerState of(ProducerEntry entry, Iterable<Written> batches) {
        ProducerState state = new ProducerState(entry.producerId());
        state.epoch = entry.epoch();
        state.coordinatorEpoch = entry.coordinatorEpoch();
        state.openTransaction = entry.openTransactionFirstOffset();
        for (Written batch : batches) {
            state.add(entry.epoch(), batch, entry.timestamp());
        }
        state.lastSeenMs = entry.timestamp();
        return state;
    }
}
