// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;

/** What the members of a simulated group have been told, and what must hold of it. */
final class GroupHistory {
    /** Which leader's assignment was handed out in a generation. */
    private final TreeMap<Integer, Integer> nonceByGeneration = new TreeMap<>();

    private final Set<Long> sent = new HashSet<>();
    private long acknowledged = -1;
    private long lastSeen = -1;
    private int nonces;

    int nextNonce() {
        return ++nonces;
    }

    /** Whoever gets an assignment in a generation gets it from the one leader of that generation, and its own. */
    void onAssigned(int generation, String memberId, String instanceId, String assignment) {
        if (assignment.isEmpty()) {
            return; // The leader of that generation did not know the member: only static ones that restarted meanwhile.
        }
        String[] parts = assignment.split("#");
        int nonce = Integer.parseInt(parts[1]);
        assertThat(Integer.parseInt(parts[0])).isEqualTo(generation);
        if (instanceId.isEmpty()) {
            assertThat(parts[2]).isEqualTo(memberId);
        } else {
            assertThat(parts[2]).startsWith(instanceId);
        }
        Integer known = nonceByGeneration.get(generation);
        if (known == null) {
            assertThat(nonceByGeneration.isEmpty() || nonceByGeneration.lastKey() < generation)
                    .as("generation %s after %s", generation, nonceByGeneration)
                    .isTrue();
            nonceByGeneration.put(generation, nonce);
        } else {
            assertThat(nonce).isEqualTo(known);
        }
    }

    /** Offsets are sent in ascending order. */
    void onCommitSent(long offset) {
        sent.add(offset);
    }

    void onCommitAcknowledged(long offset) {
        acknowledged = Math.max(acknowledged, offset);
    }

    /** A committed offset is one that was sent, never goes back, and is never below an acknowledged one. */
    void onFetched(long offset) {
        assertThat(offset).isGreaterThanOrEqualTo(acknowledged).isGreaterThanOrEqualTo(lastSeen);
        if (offset >= 0) {
            assertThat(sent).contains(offset);
        }
        lastSeen = offset;
    }

    int generations() {
        return nonceByGeneration.size();
    }

    long acknowledged() {
        return acknowledged;
    }
}
