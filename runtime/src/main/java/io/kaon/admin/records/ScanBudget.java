// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.records;

import java.util.function.LongSupplier;

/**
 * What one page may cost in time and in bytes read; when it is used up the page ends as it is, and says so. One thread.
 */
final class ScanBudget {
    /** A page is answered after so long, in ns, give or take the reading of one piece. */
    private static final long MAX_NS = 10_000_000_000L;
    /** So much is read from the log for one page. */
    private static final long MAX_BYTES = 1L << 30;

    private final LongSupplier nanos;
    private final long startNs;
    private long bytes;

    ScanBudget(LongSupplier nanos) {
        this.nanos = nanos;
        this.startNs = nanos.getAsLong();
    }

    void spend(long read) {
        bytes += read;
    }

    boolean isSpent() {
        return bytes >= MAX_BYTES || nanos.getAsLong() - startNs >= MAX_NS;
    }
}
