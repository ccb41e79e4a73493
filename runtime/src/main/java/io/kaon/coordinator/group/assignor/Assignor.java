// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.assignor;

import java.util.Map;

/** Gives the partitions of a group's topics to its members (KIP-848). A pure function: equal input, equal output. */
public interface Assignor {
    /** Kafka's name of it, as in {@code group.remote.assignor} and in the heartbeat. */
    String name();

    /**
     * The new target assignment: every partition of every topic with a subscriber, each to exactly one of the topic's
     * subscribers.
     *
     * @return by member id, in order; each member of the input is there, some with nothing
     */
    Map<String, Assignment> assign(AssignorInput input);
}
