// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.assignor;

import java.util.Arrays;

/**
 * Which of its partitions a member gives up when it has too many: those of other racks first, then those of the topics
 * of which it has most, so that the rest is spread over topics as before; among equals those with the highest index.
 */
final class Surplus {
    private static final long ELSEWHERE = 1L << 62;

    private final Placement placement;

    Surplus(Placement placement) {
        this.placement = placement;
    }

    /**
     * Takes partitions away from a member.
     *
     * @param owned what it has, topics together
     * @param count how many of them it gives up
     */
    void release(int member, PlaceList owned, int count) {
        long[] order = new long[owned.size()];
        int rank = 0;
        for (int i = 0; i < order.length; i++) {
            rank = i > 0 && owned.topic(i) == owned.topic(i - 1) ? rank + 1 : 0;
            order[i] = ((long) rank << Integer.SIZE) | i;
            if (placement.hasRacks() && !placement.isLocal(owned.topic(i), owned.partition(i), member)) {
                order[i] |= ELSEWHERE;
            }
        }
        Arrays.sort(order);
        for (int last = order.length - 1; last >= order.length - count; last--) {
            int i = (int) order[last];
            placement.release(owned.topic(i), owned.partition(i));
        }
    }
}
