// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.producer;

import io.kaon.common.ErrorCode;
import io.kaon.record.BatchFormat;
import io.kaon.record.Sequences;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What one producer wrote last to one partition: its epoch and its last batches, by which a repeated one is recognised.
 * Owned by the log's owner.
 */
final class ProducerState {
    /** How many batches an idempotent producer may have in flight, in every client. */
    static final int WINDOW = 5;

    private final long producerId;
    private final Deque<Written> window = new ArrayDeque<>(WINDOW + 1);
    private short epoch = BatchFormat.NO_PRODUCER_EPOCH;
    private long lastSeenMs;

    /** A batch in the log. */
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

    /** Decides only; {@link #add} changes. */
    ProducerVerdict check(ProducerBatch batch) {
        if (batch.epoch() < epoch) {
            return new ProducerVerdict.Refused(
                    ErrorCode.INVALID_PRODUCER_EPOCH,
                    "producer " + producerId + " has epoch " + epoch + " here, the batch " + batch.epoch());
        }
        if (batch.epoch() > epoch) {
            return batch.baseSequence() == 0 ? ProducerVerdict.NEXT : outOfOrder(batch, "a new epoch begins with 0");
        }
        for (Written written : window) {
            if (written.baseSequence() == batch.baseSequence() && written.lastSequence() == batch.lastSequence()) {
                return new ProducerVerdict.Duplicate(
                        written.lastOffset() - written.offsetDelta(), written.lastOffset(), written.timestamp());
            }
        }
        int last = lastSequence();
        boolean follows = last < 0 ? batch.baseSequence() == 0 : Sequences.follows(batch.baseSequence(), last);
        return follows ? ProducerVerdict.NEXT : outOfOrder(batch, "the last sequence here is " + last);
    }

    static ProducerVerdict outOfOrder(ProducerBatch batch, String why) {
        return new ProducerVerdict.Refused(
                ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
                "sequence " + batch.baseSequence() + " of producer " + batch.producerId() + " epoch " + batch.epoch()
                        + " is out of order: " + why);
    }

    /** Takes note of a batch that is in the log. */
    void add(ProducerBatch batch, long lastOffset, long nowMs) {
        add(
                batch.epoch(),
                new Written(batch.lastSequence(), lastOffset, batch.lastOffsetDelta(), batch.timestamp()),
                nowMs);
    }

    void add(short batchEpoch, Written written, long nowMs) {
        if (batchEpoch != epoch) {
            window.clear();
            epoch = batchEpoch;
        }
        window.addLast(written);
        if (window.size() > WINDOW) {
            window.removeFirst();
        }
        lastSeenMs = nowMs;
    }
}
