// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.records;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Looks at the records of one partition in one direction, as many at a time as fit into its room. One thread, that may
 * wait.
 */
abstract class PartitionScan {
    final TopicReads reads;
    final RecordLens lens;
    final Room room;
    /** What was read and not taken yet, in the direction of the scan. */
    final Deque<Seen> loaded = new ArrayDeque<>();
    /** Where reading goes on. */
    long position;

    boolean isAtEnd;

    PartitionScan(TopicReads reads, RecordLens lens, Room room, long position) {
        this.reads = reads;
        this.lens = lens;
        this.room = room;
        this.position = position;
    }

    /**
     * What a scan may have in memory.
     *
     * @param records that are looked at ahead
     * @param bytes of what is shown of them
     * @param fetchBytes of the log at a time
     */
    record Room(int records, long bytes, int fetchBytes) {
        private static final int MAX_RECORDS = 16 * 1024;
        private static final int MIN_RECORDS = 8;
        private static final long MAX_BYTES = 16L << 20;
        private static final int MAX_FETCH_BYTES = 1 << 20;
        private static final int MIN_FETCH_BYTES = 16 * 1024;

        /**
         * A share for each of several scans.
         *
         * @param wanted how many records the page may show, or many when it searches
         */
        static Room of(int scans, int wanted) {
            return new Room(
                    Math.max(MIN_RECORDS, Math.min(MAX_RECORDS, wanted * 2) / scans),
                    MAX_BYTES / scans,
                    Math.max(MIN_FETCH_BYTES, MAX_FETCH_BYTES / scans));
        }
    }

    int partition() {
        return lens.partition();
    }

    /** Has a record to look at, unless there is none or the budget is spent. */
    abstract void load(ScanBudget budget);

    /** Where a scan would have to go on from here, in the same direction. */
    abstract long frontier();

    final boolean hasLoaded() {
        return !loaded.isEmpty();
    }

    /** Whether everything in this direction was looked at. */
    final boolean isDone() {
        return isAtEnd && loaded.isEmpty();
    }

    final Seen peek() {
        return loaded.peekFirst();
    }

    final Seen take() {
        return loaded.pollFirst();
    }
}
