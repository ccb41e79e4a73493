// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What the members of a simulated group have done and been told, and what must hold of it. */
final class MixedHistory {
    private final Map<Integer, Set<Long>> sent = new HashMap<>();
    private final Map<Integer, Long> acknowledged = new HashMap<>();
    private final Map<Integer, Long> seen = new HashMap<>();
    private final Set<MixedClient> excused = new HashSet<>();
    private long offsets;
    private int failovers;
    private int acknowledgedCount;

    void onFailover() {
        failovers++;
    }

    int failovers() {
        return failovers;
    }

    /** The process stopped for a while, and may have been given up on. */
    void excuse(MixedClient client) {
        excused.add(client);
    }

    boolean isExcused(MixedClient client) {
        return excused.contains(client);
    }

    /** Offsets are sent in ascending order, whatever the partition. */
    long nextOffset() {
        return ++offsets;
    }

    void onCommitSent(int partition, long offset) {
        sent.computeIfAbsent(partition, ignored -> new HashSet<>()).add(offset);
    }

    void onCommitAcknowledged(int partition, long offset) {
        acknowledged.merge(partition, offset, Math::max);
        acknowledgedCount++;
    }

    /** S8: a committed offset is one that was sent, never goes back, and is never below an acknowledged one. */
    void onFetched(int partition, long offset) {
        assertThat(offset)
                .as("the committed offset of partition %s", partition)
                .isGreaterThanOrEqualTo(acknowledged.getOrDefault(partition, -1L))
                .isGreaterThanOrEqualTo(seen.getOrDefault(partition, -1L));
        if (offset >= 0) {
            assertThat(sent.get(partition)).contains(offset);
        }
        seen.put(partition, offset);
    }

    int acknowledgedCount() {
        return acknowledgedCount;
    }
}
