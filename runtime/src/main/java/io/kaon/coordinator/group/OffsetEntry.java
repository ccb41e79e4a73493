// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.Uuid;

/**
 * A committed offset of one partition.
 *
 * @param offset the next record to be consumed
 * @param leaderEpoch of the last consumed record, −1 if the client did not say
 * @param metadata whatever the client wants to keep, possibly empty
 * @param commitTimestampMs wall time of the commit
 * @param expireTimestampMs wall time after which it may go, −1 for the broker's retention (only OffsetCommit 2–4 say)
 * @param topicId of the topic as it was then; {@link Uuid#ZERO} if not known: a topic of the same name that is made
 *     anew starts without offsets
 * @param recordOffset where the commit stands in the shard's log: of two commits the one that was written later counts,
 *     also when it was written in a transaction that ended earlier
 */
record OffsetEntry(
        long offset,
        int leaderEpoch,
        String metadata,
        long commitTimestampMs,
        long expireTimestampMs,
        Uuid topicId,
        long recordOffset) {
    static final long NO_EXPIRE_TIMESTAMP = -1;
    /** Not in the log yet. */
    static final long UNWRITTEN = -1;

    /** One that is not in the log yet. */
    OffsetEntry(long offset, int leaderEpoch, String metadata, long commitTimestampMs, long expireTimestampMs) {
        this(offset, leaderEpoch, metadata, commitTimestampMs, expireTimestampMs, Uuid.ZERO, UNWRITTEN);
    }

    OffsetEntry ofTopic(Uuid id) {
        return new OffsetEntry(offset, leaderEpoch, metadata, commitTimestampMs, expireTimestampMs, id, recordOffset);
    }

    /** The same at its place in the log. */
    OffsetEntry at(long logOffset, Uuid id) {
        return new OffsetEntry(offset, leaderEpoch, metadata, commitTimestampMs, expireTimestampMs, id, logOffset);
    }

    boolean hasExpireTimestamp() {
        return expireTimestampMs != NO_EXPIRE_TIMESTAMP;
    }

    /** Whether it is of another topic of that name than the asked one; false where one of them is not known. */
    boolean isOfAnotherTopic(Uuid asked) {
        return !topicId.equals(Uuid.ZERO) && !asked.equals(Uuid.ZERO) && !topicId.equals(asked);
    }
}
