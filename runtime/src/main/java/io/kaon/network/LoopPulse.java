// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import io.kaon.exec.Clock;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Whether event loops still run. Each look gives every loop a task, unless one that it was given before is still
 * waiting: how long that one waits is the answer. So the first look finds nothing, and one that comes later than the trouble
 * by as much as it tolerates finds it. Any thread; never blocks.
 */
final class LoopPulse {
    /** A loop that takes no tasks any more. */
    static final long ENDED = Long.MAX_VALUE;

    private final List<Beat> beats;
    private final Clock clock;

    LoopPulse(List<Executor> loops, Clock clock) {
        this.beats = loops.stream().map(Beat::new).toList();
        this.clock = clock;
    }

    /** For how many milliseconds the slowest loop has not run its task; {@link #ENDED} when a loop has ended. */
    long silenceMs() {
        long now = clock.nanos();
        return beats.stream().mapToLong(beat -> beat.silenceMs(now)).max().orElse(0);
    }

    /** One loop and when it got the task that it has not run yet. */
    private static final class Beat {
        private final Executor loop;
        private final AtomicReference<Long> waitingSinceNs = new AtomicReference<>();

        Beat(Executor loop) {
            this.loop = loop;
        }

        long silenceMs(long nowNs) {
            Long since = waitingSinceNs.get();
            if (since != null) {
                return TimeUnit.NANOSECONDS.toMillis(nowNs - since);
            }
            waitingSinceNs.set(nowNs);
            try {
                loop.execute(() -> waitingSinceNs.set(null));
            } catch (RejectedExecutionException ended) {
                waitingSinceNs.set(null);
                return ENDED;
            }
            return 0;
        }
    }
}
