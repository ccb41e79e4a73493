// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.common.Checks.require;

/**
 * When a log is compacted, and what that leaves. Counts where {@code cleanup.policy} has {@code compact}.
 *
 * @param minLagMs {@code min.compaction.lag.ms}: a record stays uncompacted at least for so long
 * @param maxLagMs {@code max.compaction.lag.ms}: a record that is older makes the log due
 * @param minDirtyRatio {@code min.cleanable.dirty.ratio}, 0 to 1: share of the log that makes it due
 * @param deleteRetentionMs {@code delete.retention.ms}: how long a tombstone stays readable
 */
public record CompactionOptions(long minLagMs, long maxLagMs, double minDirtyRatio, long deleteRetentionMs) {
    /** Kafka's defaults: no lag, half of the log, a day. */
    public static final CompactionOptions DEFAULT = new CompactionOptions(0, Long.MAX_VALUE, 0.5, 86_400_000L);

    public CompactionOptions {
        require(minLagMs >= 0, "min.compaction.lag.ms must be at least 0, was %s", minLagMs);
        require(maxLagMs >= 1, "max.compaction.lag.ms must be at least 1, was %s", maxLagMs);
        require(
                minDirtyRatio >= 0 && minDirtyRatio <= 1,
                "min.cleanable.dirty.ratio must be from 0 to 1, was %s",
                minDirtyRatio);
        require(deleteRetentionMs >= 0, "delete.retention.ms must be at least 0, was %s", deleteRetentionMs);
    }
}
