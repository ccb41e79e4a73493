// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntPredicate;

/**
 * Where the records of one topic go that have no key: to one partition for a while, so that batches become larger, and
 * to another one once it is not busy or has had its share. Any thread.
 */
final class StickyPartition {
    /** Of one partition in a row, however busy it is. */
    private static final int SHARE_BYTES = 64 << 10;

    private final int partitions;
    /** The partition in the upper half, the bytes that it had in the lower one. */
    private final AtomicLong state;

    StickyPartition(int partitions) {
        this.partitions = partitions;
        this.state = new AtomicLong(other());
    }

    /**
     * The partition for the next record.
     *
     * @param sizeInBytes of the record
     * @param isBatching whether a record would wait for others in a partition
     */
    int next(int sizeInBytes, IntPredicate isBatching) {
        if (partitions == 1) {
            return 0;
        }
        while (true) {
            long current = state.get();
            boolean stays = (int) current < SHARE_BYTES && ((int) current == 0 || isBatching.test(partition(current)));
            long next = (stays ? current : other()) + Math.min(sizeInBytes, SHARE_BYTES);
            if (state.compareAndSet(current, next)) {
                return partition(next);
            }
        }
    }

    private static int partition(long state) {
        return (int) (state >>> Integer.SIZE);
    }

    private long other() {
        return (long) ThreadLocalRandom.current().nextInt(partitions) << Integer.SIZE;
    }
}
