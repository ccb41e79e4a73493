// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static io.kaon.common.Checks.require;

/**
 * The broker settings of the group coordinator, under Kafka's names and with Kafka's defaults.
 *
 * @param minSessionTimeoutMs {@code group.min.session.timeout.ms}
 * @param maxSessionTimeoutMs {@code group.max.session.timeout.ms}
 * @param maxSize {@code group.max.size}: members of one group
 * @param initialRebalanceDelayMs {@code group.initial.rebalance.delay.ms}: how long an empty group waits for more
 *     members
 * @param offsetMetadataMaxBytes {@code offset.metadata.max.bytes}: longest text that goes with a commit
 * @param offsetsRetentionMs {@code offsets.retention.minutes} in milliseconds
 * @param offsetsRetentionCheckIntervalMs {@code offsets.retention.check.interval.ms}
 */
public record GroupOptions(
        int minSessionTimeoutMs,
        int maxSessionTimeoutMs,
        int maxSize,
        int initialRebalanceDelayMs,
        int offsetMetadataMaxBytes,
        long offsetsRetentionMs,
        long offsetsRetentionCheckIntervalMs) {
    /** What Kafka has when nothing is set. */
    public static final GroupOptions DEFAULTS =
            new GroupOptions(6_000, 1_800_000, Integer.MAX_VALUE, 3_000, 4_096, 604_800_000L, 600_000L);

    public GroupOptions {
        require(
                minSessionTimeoutMs >= 1,
                "group.min.session.timeout.ms must be at least 1, was %s",
                minSessionTimeoutMs);
        require(
                maxSessionTimeoutMs >= minSessionTimeoutMs,
                "group.max.session.timeout.ms must be at least group.min.session.timeout.ms (%s), was %s",
                minSessionTimeoutMs,
                maxSessionTimeoutMs);
        require(maxSize >= 1, "group.max.size must be at least 1, was %s", maxSize);
        require(
                initialRebalanceDelayMs >= 0,
                "group.initial.rebalance.delay.ms is not negative, was %s",
                initialRebalanceDelayMs);
        require(
                offsetMetadataMaxBytes >= 0,
                "offset.metadata.max.bytes is not negative, was %s",
                offsetMetadataMaxBytes);
        require(offsetsRetentionMs >= 1, "offsets.retention.minutes must be at least 1, was %s ms", offsetsRetentionMs);
        require(
                offsetsRetentionCheckIntervalMs >= 1,
                "offsets.retention.check.interval.ms must be at least 1, was %s",
                offsetsRetentionCheckIntervalMs);
    }

    /** Whether a classic member may be silent for so long. */
    boolean allowsSessionTimeout(int sessionTimeoutMs) {
        return sessionTimeoutMs >= minSessionTimeoutMs && sessionTimeoutMs <= maxSessionTimeoutMs;
    }

    /** The same with another delay: 0 in dev and test mode, where nobody wants to wait. */
    public GroupOptions withInitialRebalanceDelayMs(int delayMs) {
        return new GroupOptions(
                minSessionTimeoutMs,
                maxSessionTimeoutMs,
                maxSize,
                delayMs,
                offsetMetadataMaxBytes,
                offsetsRetentionMs,
                offsetsRetentionCheckIntervalMs);
    }

    /** The same with another limit of members per group. */
    public GroupOptions withMaxSize(int size) {
        return new GroupOptions(
                minSessionTimeoutMs,
                maxSessionTimeoutMs,
                size,
                initialRebalanceDelayMs,
                offsetMetadataMaxBytes,
                offsetsRetentionMs,
                offsetsRetentionCheckIntervalMs);
    }
}
