// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import java.util.HashMap;
import java.util.Map;

/**
 * Producers about whom the transaction coordinator is being asked. Whoever ends a transaction meanwhile makes the
 * answer worthless: it was about the transaction before (KIP-890). Soft state, owned by the shard.
 */
final class Verifications {
    private final Map<Long, Guard> guards = new HashMap<>();

    /** A question is on its way; {@link #finish} follows in any case. Requests of one producer share one. */
    Guard begin(long producerId) {
        Guard guard = guards.computeIfAbsent(producerId, Guard::new);
        guard.users++;
        return guard;
    }

    /** Whether no transaction of the producer has ended since the question was asked here. */
    boolean finish(Guard guard) {
        boolean holds = guards.get(guard.producerId) == guard;
        if (holds && --guard.users == 0) {
            guards.remove(guard.producerId);
        }
        return holds;
    }

    /** A transaction of the producer ended. */
    void onMarker(long producerId) {
        guards.remove(producerId);
    }

    /** How many producers are asked about. */
    int count() {
        return guards.size();
    }

    /** Proof that the answer, when it comes, is about the present transaction. */
    static final class Guard {
        private final long producerId;
        private int users;

        private Guard(long producerId) {
            this.producerId = producerId;
        }
    }
}
