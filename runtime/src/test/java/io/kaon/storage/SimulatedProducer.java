// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.record.RecordBatch;
import io.kaon.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** A client that numbers its batches, and remembers the last of them as Kafka's brokers do. */
final class SimulatedProducer {
    /** A broker recognises so many batches of one producer when they come again. */
    private static final int REMEMBERED = 5;

    /** A batch that was stored, at the time of its append. */
    record Sent(ByteBuffer bytes, long atMs) {
        RecordBatch batch() {
            return RecordBatch.at(bytes, 0);
        }
    }

    private final Deque<Sent> sent = new ArrayDeque<>();
    private long id;
    private short epoch;
    private int nextSequence;
    private boolean isWindowKnown = true;

    SimulatedProducer(long id) {
        this.id = id;
    }

    void stamp(RecordBatchBuilder builder) {
        builder.producer(id, epoch, nextSequence);
    }

    void stored(ByteBuffer bytes, int count, long nowMs) {
        ByteBuffer copy =
                ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
        sent.addLast(new Sent(copy, nowMs));
        if (sent.size() > REMEMBERED) {
            sent.removeFirst();
        }
        nextSequence += count;
    }

    void newEpoch() {
        epoch++;
        nextSequence = 0;
        sent.clear();
        isWindowKnown = true;
    }

    /** Of what was sent before, the log is sure to know the last batch only, as in Kafka. */
    void onReopened() {
        isWindowKnown = sent.size() <= 1;
    }

    /** Whether all batches that are remembered here were sent to the log as it is open now. */
    boolean isWindowKnown() {
        return isWindowKnown;
    }

    Deque<Sent> sent() {
        return sent;
    }

    /** The log ends here now. A producer that lost batches begins anew, as its client does after the error it gets. */
    void onEnd(long logEndOffset, long freshId) {
        if (!sent.isEmpty() && sent.getLast().batch().lastOffset() >= logEndOffset) {
            while (!sent.isEmpty() && sent.getLast().batch().lastOffset() >= logEndOffset) {
                sent.removeLast();
            }
            if (sent.isEmpty()) {
                id = freshId;
                epoch = 0;
                nextSequence = 0;
            } else {
                RecordBatch last = sent.getLast().batch();
                nextSequence = last.baseSequence() + last.lastOffsetDelta() + 1;
            }
        }
    }
}
