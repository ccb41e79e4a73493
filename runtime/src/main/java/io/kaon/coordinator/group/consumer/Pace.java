// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

/**
 * How soon a member is to be heard again. It learns of its partitions, and says that it has given others up, in
 * heartbeats alone: while something moves in the group they come sooner, so that a group of which several members are
 * new does not take one full interval per step. Bounded per group, and over a few seconds after the last change.
 */
final class Pace {
    /** How long after its last change a group counts as settling. */
    static final long SETTLING_MS = 3_000;
    /** Heartbeats per millisecond and group that this may cause: one in two. */
    private static final long MS_PER_MEMBER = 2;

    private Pace() {}

    /** The interval for the response to a member, in milliseconds. */
    static int intervalMs(ConsumerGroupConfig config, GroupDraft draft, long nowMs) {
        boolean settles = !draft.records().isEmpty() || nowMs - draft.before().changedAtMs() < SETTLING_MS;
        if (!settles || config.settlingIntervalMs() == 0) {
            return config.heartbeatIntervalMs();
        }
        long bounded = Math.max(config.settlingIntervalMs(), MS_PER_MEMBER * draft.memberCount());
        return (int) Math.min(bounded, config.heartbeatIntervalMs());
    }
}
