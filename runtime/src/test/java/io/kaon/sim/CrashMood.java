// SPDX-License-Identifier: Apache-2.0
package io.kaon.sim;

import java.util.Random;

/**
 * How much of what was not synced one loss of power spares: independent choices alone would hardly ever spare a whole
 * file.
 */
final class CrashMood {
    private static final double[] SHARES = {0, 0.1, 0.5, 0.9, 0.99, 1};

    private final Random random;
    private final double share;
    private final boolean inOrder;
    private boolean isOver;

    private CrashMood(Random random, double share, boolean inOrder) {
        this.random = random;
        this.share = share;
        this.inOrder = inOrder;
    }

    static CrashMood of(Random random) {
        return new CrashMood(random, SHARES[random.nextInt(SHARES.length)], random.nextInt(3) == 0);
    }

    /** Begins another file or folder: some disks keep order within one. */
    void begin() {
        isOver = false;
    }

    /** Whether the next change got to the platter. */
    boolean keeps() {
        boolean kept = random.nextDouble() < share && !isOver;
        isOver |= inOrder && !kept;
        return kept;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    void fill(byte[] bytes) {
        random.nextBytes(bytes);
    }
}
