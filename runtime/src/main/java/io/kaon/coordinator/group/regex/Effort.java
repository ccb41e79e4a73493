// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.regex;

/**
 * How long expressions may be worked on in one go, in characters of topic names times steps of the expressions that may
 * be tried at each: the worst expressions need some 20 ns for one, common ones far less. Used by one thread.
 */
public final class Effort {
    /** At most about 10 ms. {@code orders-.*} over a few thousand topics is within it. */
    static final long SLICE = 500_000;

    private long left = SLICE;

    /** What an owner may spend on one request, or anybody in one turn. */
    public static Effort slice() {
        return new Effort();
    }

    /** Whether so much was left; it is gone then. */
    boolean spend(long amount) {
        if (amount > left) {
            return false;
        }
        left -= amount;
        return true;
    }

    /** Spends it even if less is left. */
    void overspend(long amount) {
        left -= amount;
    }

    boolean isSpent() {
        return left <= 0;
    }
}
