// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.records;

import java.util.concurrent.TimeUnit;

/** So many a second, and a second's worth at once. One thread at a time. */
final class RatePermits {
    private final int rate;
    private final double most;
    private double permits;
    private long lastNs;

    RatePermits(int rate, long nowNs) {
        this.rate = rate;
        this.most = rate;
        this.permits = most;
        this.lastNs = nowNs;
    }

    void refill(long nowNs) {
        permits = Math.min(most, permits + (double) (nowNs - lastNs) * rate / TimeUnit.SECONDS.toNanos(1));
        lastNs = nowNs;
    }

    boolean take() {
        if (permits < 1) {
            return false;
        }
        permits--;
        return true;
    }
}
