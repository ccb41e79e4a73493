// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

/**
 * Where a leader epoch ended, as OffsetForLeaderEpoch answers it.
 *
 * @param epoch the largest epoch that this log knows and that is not above the one asked for
 * @param endOffset the offset after that epoch's last record
 */
public record EpochEnd(int epoch, long endOffset) {
    /** This log cannot say. */
    public static final EpochEnd UNDEFINED = new EpochEnd(-1, -1);
}
