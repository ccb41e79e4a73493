// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.producer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.TreeMap;

/**
 * The transactions that hold the last stable offset back: those that have not ended, and those whose marker is not
 * below the high watermark yet, because a reader must not see an end that another leader may not know. Owned by the
 * log's owner. Bounded by the producers, and by the markers above the high watermark.
 */
final class UnstableTransactions {
    private static final long NONE = ProducerStates.NO_UNSTABLE_OFFSET;

    /** First offset to producer id. */
    private final TreeMap<Long, Long> open = new TreeMap<>();
    /** First offset to the marker's offset. */
    private final TreeMap<Long, Long> ended = new TreeMap<>();
    /** First offsets in the order of the markers. */
    private final Deque<Long> endedInOrder = new ArrayDeque<>();

    private long firstOffset = NONE;

    /** The first offset of all of them; {@link ProducerStates#NO_UNSTABLE_OFFSET} when there is none. */
    long firstOffset() {
        return firstOffset;
    }

    void begin(long producerId, long transactionFirstOffset) {
        open.put(transactionFirstOffset, producerId);
        firstOffset = Math.min(firstOffset, transactionFirstOffset);
    }

    /** The transaction that begins there has its marker. */
    void end(long transactionFirstOffset, long markerOffset) {
        open.remove(transactionFirstOffset);
        ended.put(transactionFirstOffset, markerOffset);
        endedInOrder.addLast(transactionFirstOffset);
    }

    /** Where the first transaction begins that has no marker; {@code otherwise} when all have. */
    long firstOpen(long otherwise) {
        return open.isEmpty() ? otherwise : open.firstKey();
    }

    /** Forgets the transactions whose marker is committed. */
    void onHighWatermark(long highWatermark) {
        while (!endedInOrder.isEmpty() && ended.get(endedInOrder.getFirst()) < highWatermark) {
            ended.remove(endedInOrder.removeFirst());
        }
        firstOffset = Math.min(firstOpen(NONE), ended.isEmpty() ? NONE : ended.firstKey());
    }
}
