// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import java.util.PriorityQueue;

/** Answers that wait until the high watermark has passed an offset. Owned by the partition. */
final class CommitWaiters {
    private final PriorityQueue<Waiter> waiters = new PriorityQueue<>();
    private long arrivals;

    /** Runs the answer once the high watermark is at least {@code endOffset} (exclusive end of what must be committed). */
    void add(long endOffset, Runnable answer) {
        waiters.add(new Waiter(endOffset, arrivals++, answer));
    }

    void onHighWatermark(long highWatermark) {
        while (!waiters.isEmpty() && waiters.peek().endOffset <= highWatermark) {
            waiters.poll().answer.run();
        }
    }

    private record Waiter(long endOffset, long arrival, Runnable answer) implements Comparable<Waiter> {
        @Override
        public int compareTo(Waiter other) {
            int order = Long.compare(endOffset, other.endOffset);
            return order != 0 ? order : Long.compare(arrival, other.arrival);
        }
    }
}
