// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.assignor;

import java.util.Map;

/**
 * Kafka's "uniform" assignor: all members get the same number of partitions or one more, as far as their subscriptions
 * allow, and keep what they have where they can. Balance comes before stickiness. Beyond Kafka 4.4, which does not look
 * at racks here: a partition that has to be given away goes to a member in one of its racks, if one has room, and a
 * member that has too many gives up those of other racks first.
 */
public final class UniformAssignor implements Assignor {
    /** Kafka's name. */
    public static final String NAME = "uniform";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Map<String, Assignment> assign(AssignorInput input) {
        Placement placement = new Placement(input);
        if (input.isHomogeneous()) {
            new EqualShares(placement).spread();
        } else {
            new UnequalShares(placement).spread();
        }
        return placement.toAssignments();
    }
}
