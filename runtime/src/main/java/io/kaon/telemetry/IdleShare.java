// SPDX-License-Identifier: Apache-2.0
package io.kaon.telemetry;

/** Which share of the time some threads had nothing to do, between two looks. Of the thread that reads metrics. */
public final class IdleShare {
    /** A share of a shorter time says nothing. */
    private static final long MIN_WINDOW_NS = 1_000_000_000L;

    private long beforeNs;
    private long busyBefore;
    private int threadsBefore;
    private double share = 1;

    /**
     * @param nowNs the time of this look
     * @param busyNs how long all threads together were busy in their lives
     * @return from 0 to 1, of the time since the last look that was long enough ago; 1 without threads
     */
    public double next(long nowNs, long busyNs, int threads) {
        long window = nowNs - beforeNs;
        if (window >= MIN_WINDOW_NS || threads != threadsBefore) {
            boolean isComparable = threads == threadsBefore && threads > 0 && busyNs >= busyBefore;
            if (isComparable) {
                share = Math.max(0, 1 - (double) (busyNs - busyBefore) / window / threads);
            }
            beforeNs = nowNs;
            busyBefore = busyNs;
            threadsBefore = threads;
        }
        return share;
    }
}
