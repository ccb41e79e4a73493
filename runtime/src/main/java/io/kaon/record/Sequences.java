// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

/**
 * The numbers by which a broker recognises a producer's batches: one per record, from 0 to {@link Integer#MAX_VALUE},
 * then 0 again.
 */
public final class Sequences {
    private Sequences() {}

    /** The sequence that comes {@code increment} records after {@code sequence}; both not negative. */
    public static int add(int sequence, int increment) {
        return (sequence + increment) & Integer.MAX_VALUE;
    }

    /** The sequence that came {@code decrement} records before {@code sequence}; both not negative. */
    public static int subtract(int sequence, int decrement) {
        return (sequence - decrement) & Integer.MAX_VALUE;
    }

    /** Whether {@code next} is the sequence right after {@code last}. */
    public static boolean follows(int next, int last) {
        return next == add(last, 1);
    }
}
