// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

/**
 * What the directory's checkpoint files say of one partition.
 *
 * @param recoveryPoint everything below is synced; 0 when nothing is, −1 when the checkpoint was lost
 * @param logStartOffset the first offset that may be read
 * @param highWatermark exclusive end of what was committed
 */
record Checkpointed(long recoveryPoint, long logStartOffset, long highWatermark) {
    static final Checkpointed NONE = new Checkpointed(0, 0, 0);
    /** The checkpoint of recovery points was damaged. */
    static final Checkpointed LOST = new Checkpointed(-1, 0, 0);
}
