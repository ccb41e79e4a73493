// SPDX-License-Identifier: Apache-2.0
package io.kaon.telemetry;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long something took, in fixed buckets: microseconds one by one up to 15, then eight buckets for each power of two,
 * so that a value is known within an eighth. Recording is one addition, for any thread, without a lock or an object.
 */
public final class Histogram {
    private static final int EXACT = 16;
    private static final int EXACT_BITS = 4;
    private static final int STEPS_BITS = 3;
    private static final int STEPS = 1 << STEPS_BITS;
    /** Half a day: what takes longer counts as that. */
    private static final int MAX_BITS = 35;

    private static final int BUCKETS = EXACT + (MAX_BITS - EXACT_BITS) * STEPS;
    private static final long NS_PER_US = 1_000;
    private static final double US_PER_MS = 1_000;

    private final AtomicLongArray buckets = new AtomicLongArray(BUCKETS);

    /** @param nanos negative ones, of a clock that was read on two threads, count as 0 */
    public void record(long nanos) {
        buckets.getAndIncrement(bucketOf(Math.max(0, nanos / NS_PER_US)));
    }

    static int bucketOf(long micros) {
        if (micros < EXACT) {
            return (int) micros;
        }
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(micros);
        if (exponent >= MAX_BITS) {
            return BUCKETS - 1;
        }
        int step = (int) (micros >>> exponent - STEPS_BITS) & STEPS - 1;
        return EXACT + (exponent - EXACT_BITS) * STEPS + step;
    }

    /** The middle of a bucket, in milliseconds. */
    static double middleMs(int bucket) {
        if (bucket < EXACT) {
            return bucket / US_PER_MS;
        }
        int exponent = (bucket - EXACT) / STEPS + EXACT_BITS;
        long width = 1L << exponent - STEPS_BITS;
        long low = (1L << exponent) + (bucket - EXACT) % STEPS * width;
        return (low + (width - 1) / 2.0) / US_PER_MS;
    }

    /** A copy. */
    long[] counts() {
        long[] counts = new long[BUCKETS];
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            counts[bucket] = buckets.getPlain(bucket);
        }
        return counts;
    }
}
