// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

/**
 * Whether a log's writes to the page cache wait for the disk, so that its appends belong on a disk thread (D3).
 * Written by the log's owner; any thread may ask.
 */
final class WritePace {
    /** A write to the page cache takes microseconds per 100 KiB: one that takes this long has waited for the disk. */
    static final long SLOW_WRITE_NS = 50_000_000;

    /**
     * How long no write must have been slow before appends come back. The system lets a few writes through between those
     * that it holds up: coming back with the first fast one would block an event loop again and again.
     */
    static final long HEALTHY_NS = 2_000_000_000;

    private volatile boolean isSlow;
    private long lastSlowNs;

    boolean isSlow() {
        return isSlow;
    }

    /** Takes note of a write, by readings of the clock in ns. */
    void onWritten(long startNs, long endNs) {
        if (endNs - startNs > SLOW_WRITE_NS) {
            lastSlowNs = endNs;
            isSlow = true;
        } else if (isSlow && endNs - lastSlowNs >= HEALTHY_NS) {
            isSlow = false;
        }
    }
}
