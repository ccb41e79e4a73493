// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.checkpoint;

import java.util.Arrays;

/**
 * Which leader epoch began at which offset, in ascending order of both. Immutable.
 *
 * <p>An epoch without a record is kept (it began where the next one begins), because a follower asks for it by name.
 */
public final class LeaderEpochs {
    /** No epoch at all. */
    public static final LeaderEpochs NONE = new LeaderEpochs(new int[0], new long[0]);
    /** The epoch and the offset that stand for "not known" on the wire. */
    public static final int UNDEFINED = -1;

    private final int[] epochs;
    private final long[] startOffsets;

    private LeaderEpochs(int[] epochs, long[] startOffsets) {
        this.epochs = epochs;
        this.startOffsets = startOffsets;
    }

    public int size() {
        return epochs.length;
    }

    public int epoch(int index) {
        return epochs[index];
    }

    public long startOffset(int index) {
        return startOffsets[index];
    }

    /** The newest epoch, −1 when there is none. */
    public int latest() {
        return epochs.length == 0 ? UNDEFINED : epochs[epochs.length - 1];
    }

    /** The epoch in which the record at this offset was written, −1 when that is not known. */
    public int epochAt(long offset) {
        for (int index = epochs.length - 1; index >= 0; index--) {
            if (startOffsets[index] <= offset) {
                return epochs[index];
            }
        }
        return UNDEFINED;
    }

    /** With one more epoch; this when it is not newer than the newest. Entries that it contradicts are gone. */
    public LeaderEpochs begin(int epoch, long startOffset) {
        if (epoch <= latest()) {
            return this;
        }
        int keep = epochs.length;
        while (keep > 0 && startOffsets[keep - 1] > startOffset) {
            keep--;
        }
        int[] newEpochs = Arrays.copyOf(epochs, keep + 1);
        long[] newOffsets = Arrays.copyOf(startOffsets, keep + 1);
        newEpochs[keep] = epoch;
        newOffsets[keep] = startOffset;
        return new LeaderEpochs(newEpochs, newOffsets);
    }

    /** Without the epochs that began at or past this offset: the log ends there now. */
    public LeaderEpochs truncateEnd(long endOffset) {
        int keep = epochs.length;
        while (keep > 0 && startOffsets[keep - 1] >= endOffset) {
            keep--;
        }
        return keep == epochs.length
                ? this
                : new LeaderEpochs(Arrays.copyOf(epochs, keep), Arrays.copyOf(startOffsets, keep));
    }

    /** With the epochs before this offset gone; the one that covers it begins there now. */
    public LeaderEpochs truncateStart(long startOffset) {
        int first = 0;
        while (first + 1 < epochs.length && startOffsets[first + 1] <= startOffset) {
            first++;
        }
        if (epochs.length == 0 || (first == 0 && startOffsets[0] >= startOffset)) {
            return this;
        }
        int[] newEpochs = Arrays.copyOfRange(epochs, first, epochs.length);
        long[] newOffsets = Arrays.copyOfRange(startOffsets, first, epochs.length);
        newOffsets[0] = Math.max(newOffsets[0], startOffset);
        return new LeaderEpochs(newEpochs, newOffsets);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LeaderEpochs that
                && Arrays.equals(epochs, that.epochs)
                && Arrays.equals(startOffsets, that.startOffsets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(epochs) * 31 + Arrays.hashCode(startOffsets);
    }

    @Override
    public String toString() {
        return "epochs " + Arrays.toString(epochs) + " from " + Arrays.toString(startOffsets);
    }
}
