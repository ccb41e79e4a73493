// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.compaction;

import io.kaon.exec.Clock;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Spreads bytes over time. It blocks nobody: who wants to go on asks how long to pause. Any thread.
 */
public final class Throttle {
    private static final double NS_PER_SECOND = 1e9;
    private static final long NS_PER_MS = 1_000_000;

    private final Clock clock;
    private final AtomicLong busyUntilNs;

    public Throttle(Clock clock) {
        this.clock = clock;
        this.busyUntilNs = new AtomicLong(clock.nanos());
    }

    /** Takes note of bytes that were read or written. */
    public void spend(long bytes, double bytesPerSecond) {
        long nowNs = clock.nanos();
        long costNs = (long) Math.min(Long.MAX_VALUE / 4, bytes / bytesPerSecond * NS_PER_SECOND);
        busyUntilNs.updateAndGet(busy -> Math.max(busy - nowNs, 0) + nowNs + costNs);
    }

    /** How long nothing more is to be read or written, in ms; 0 for not at all. */
    public long pauseMs() {
        return Math.max(0, busyUntilNs.get() - clock.nanos()) / NS_PER_MS;
    }

    /** Forgets what was spent. */
    public void reset() {
        busyUntilNs.set(clock.nanos());
    }
}
