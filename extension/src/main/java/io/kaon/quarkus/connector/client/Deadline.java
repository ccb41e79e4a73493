// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A point in time that somebody waits for.
 *
 * @param atNs on the clock of {@link System#nanoTime()}
 */
public record Deadline(long atNs) {
    private static final long MAX_WAIT_NS = TimeUnit.DAYS.toNanos(365);

    public static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + Math.min(nanos(time), MAX_WAIT_NS));
    }

    public static Deadline inMs(long ms) {
        return in(Duration.ofMillis(ms));
    }

    /** Milliseconds until then, 0 when it has passed. */
    public long leftMs() {
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(atNs - System.nanoTime()));
    }

    public boolean hasPassed() {
        return atNs - System.nanoTime() <= 0;
    }

    private static long nanos(Duration time) {
        return time.compareTo(Duration.ofDays(365)) > 0 ? MAX_WAIT_NS : time.toNanos();
    }
}
