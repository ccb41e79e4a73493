// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import io.kaon.exec.Clock;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * One line for each connection that misbehaves, but no flood of them: beyond a number per second they are counted
 * only.
 */
final class QuietLog {
    static final int MAX_LINES_PER_SECOND = 20;

    private static final long WINDOW_NS = 1_000_000_000;

    private final Logger log;
    private final Clock clock;
    private final AtomicLong windowStart;
    private final AtomicInteger lines = new AtomicInteger();
    private final AtomicInteger dropped = new AtomicInteger();

    QuietLog(Logger log, Clock clock) {
        this.log = log;
        this.clock = clock;
        this.windowStart = new AtomicLong(clock.nanos());
    }

    /** Any thread. */
    void warn(String message) {
        long now = clock.nanos();
        long start = windowStart.get();
        if (now - start >= WINDOW_NS && windowStart.compareAndSet(start, now)) {
            lines.set(0);
            int missing = dropped.getAndSet(0);
            if (missing > 0) {
                log.warnf("%d more connections were closed or refused in the meantime", missing);
            }
        }
        if (lines.incrementAndGet() <= MAX_LINES_PER_SECOND) {
            log.warn(message);
        } else {
            dropped.incrementAndGet();
        }
    }
}
