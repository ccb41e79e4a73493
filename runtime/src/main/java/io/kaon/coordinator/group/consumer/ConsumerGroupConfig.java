// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

/**
 * What is in effect for one group: the broker's settings, or what was set for the group.
 *
 * @param sessionTimeoutMs {@code consumer.session.timeout.ms}: how long a member may be silent
 * @param heartbeatIntervalMs {@code consumer.heartbeat.interval.ms}: how often it is to be heard
 * @param assignmentIntervalMs {@code consumer.assignment.interval.ms}: least time between two computations of the
 *     target assignment (KIP-1263); members that come together are assigned together
 * @param settlingIntervalMs {@code kaon.group.consumer.settling.interval.ms}: how often members are to be heard while
 *     the group finds its assignment; 0 for as often as ever, which is Kafka's way
 */
public record ConsumerGroupConfig(
        int sessionTimeoutMs, int heartbeatIntervalMs, int assignmentIntervalMs, int settlingIntervalMs) {
    /** What Kafka has when nothing is set. */
    public static final ConsumerGroupConfig DEFAULTS = new ConsumerGroupConfig(45_000, 5_000, 1_000, 500);
}
