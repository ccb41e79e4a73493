// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.segment;

import java.util.Optional;

/**
 * Where the newest batches of the segment that is written to begin, so that whoever reads at the log's end, and
 * the high
 * watermark, find their place without a look at the disk. Batches are added by the log's owner; a reader uses what
 * was there when its
 * {@code LogView} was published, by the {@code count} that the view carries: entries below it never change.
 */
public final class RecentBatches {
    private static final int FIRST_ENTRIES = 8;
    private static final int MAX_ENTRIES = 256;
    private static final int KEPT_ENTRIES = MAX_ENTRIES / 2;

    private final long firstOffset;
    private final long[] lastOffsets;
    private final int[] positions;
    private int count;

    private RecentBatches(long firstOffset, int capacity) {
        this.firstOffset = firstOffset;
        this.lastOffsets = new long[capacity];
        this.positions = new int[capacity];
    }

    /** Nothing yet; the next batch begins at this offset or later. */
    public static RecentBatches from(long nextOffset) {
        return new RecentBatches(nextOffset, FIRST_ENTRIES);
    }

    /** How many there are: what a view is to carry. Owner. */
    public int count() {
        return count;
    }

    /** With one more batch: mostly this very object, a larger or younger one when it is full. Owner. */
    public RecentBatches with(BatchPlace batch) {
        RecentBatches target = count < lastOffsets.length ? this : next();
        target.lastOffsets[target.count] = batch.lastOffset();
        target.positions[target.count] = batch.position();
        target.count++;
        return target;
    }

    private RecentBatches next() {
        boolean isFull = count == MAX_ENTRIES;
        int dropped = isFull ? MAX_ENTRIES - KEPT_ENTRIES : 0;
        long first = isFull ? lastOffsets[dropped - 1] + 1 : firstOffset;
        RecentBatches larger = new RecentBatches(first, isFull ? MAX_ENTRIES : count * 2);
        larger.count = count - dropped;
        System.arraycopy(lastOffsets, dropped, larger.lastOffsets, 0, larger.count);
        System.arraycopy(positions, dropped, larger.positions, 0, larger.count);
        return larger;
    }

    /**
     * The first batch whose last offset is not below the offset, among the first {@code known}. Empty when that
     * cannot be said
     * from here.
     *
     * @param endPosition where the last of them ends
     */
    public Optional<BatchPlace> locate(long offset, int known, int endPosition) {
        if (offset < firstOffset || known == 0 || offset > lastOffsets[known - 1]) {
            return Optional.empty();
        }
        int low = -1;
        int high = known - 1;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (lastOffsets[middle] >= offset) {
                high = middle;
            } else {
                low = middle;
            }
        }
        int end = high + 1 < known ? positions[high + 1] : endPosition;
        return Optional.of(new BatchPlace(positions[high], end - positions[high], lastOffsets[high]));
    }
}
