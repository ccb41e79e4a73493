// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

/**
 * A committed offset of one partition.
 *
 * @param offset the next record to be consumed
 * @param leaderEpoch of the last consumed record, −1 if the client did not say
 * @param metadata whatever the client wants to keep, possibly empty
 * @param commitTimestampMs wall time of the commit
 * @param expireTimestampMs wall time after which it may go, −1 for the broker's retention (only OffsetCommit 2–4 say)
 */
record OffsetEntry(long offset, int leaderEpoch, String metadata, long commitTimestampMs, long expireTimestampMs) {
    static final long NO_EXPIRE_TIMESTAMP = -1;

    boolean hasExpireTimestamp() {
        return expireTimestampMs != NO_EXPIRE_TIMESTAMP;
    }
}
