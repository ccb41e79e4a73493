// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.assignor;

import java.util.Arrays;

/**
 * How partitions of one topic are best shared by members that have other partitions already: like water that fills a
 * basin with an uneven floor, to one level.
 *
 * <pre>
 *   level  ~~~~~~~~~#~~~~~     3 members with 2, 0 and 4 other partitions share 3:
 *            ~~~~~  #          the first gets 1 (or 0), the second 2 (or 3), the third 0
 *          # ~~~~~  #
 *          # ~~~~~  #
 * </pre>
 */
final class WaterLevel {
    private final int[] floor;

    /** @param floor how many other partitions each member has; not changed */
    WaterLevel(int[] floor) {
        this.floor = floor;
    }

    /**
     * What each member gets. Where one partition more can go to this member or that, it goes to those that have more
     * than their share now, so that nothing moves without need; then to the first ones.
     *
     * @param count partitions to share
     * @param owned how many of them each member has now
     */
    int[] shares(int count, int[] owned) {
        int level = level(count);
        int[] shares = new int[floor.length];
        int rest = count;
        for (int i = 0; i < floor.length; i++) {
            shares[i] = Math.max(0, level - floor[i]);
            rest -= shares[i];
        }
        for (int i = 0; i < floor.length && rest > 0; i++) {
            if (floor[i] <= level && owned[i] > shares[i]) {
                shares[i]++;
                rest--;
            }
        }
        for (int i = 0; i < floor.length && rest > 0; i++) {
            if (floor[i] + shares[i] == level) { // neither above the water nor served by the loop before
                shares[i]++;
                rest--;
            }
        }
        return shares;
    }

    /** The highest level to which all members can be filled. */
    private int level(int count) {
        int[] sorted = floor.clone();
        Arrays.sort(sorted);
        long below = 0;
        for (int i = 0; i < sorted.length; i++) {
            below += sorted[i];
            long width = i + 1L;
            boolean isLast = i + 1 == sorted.length;
            if (isLast || (sorted[i + 1] * width - below) > count) {
                return (int) ((count + below) / width);
            }
        }
        return 0;
    }
}
