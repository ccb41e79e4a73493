// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import io.kaon.exec.Clock;
import io.kaon.exec.DiskThreads;
import io.kaon.exec.TimerThread;
import io.kaon.exec.Workers;

/**
 * The threads of one broker, beside the event loops.
 *
 * @param workers where owners drain that no calling thread can run
 * @param disk where anything may block
 * @param timer passes on what is due
 * @param clock the operating system's
 */
record Threads(Workers workers, DiskThreads disk, TimerThread timer, Clock clock) {
    /** Few: an owner's task never blocks. */
    private static final int WORKERS = 2;
    /** Enough for cold reads to overlap; more would only queue inside the disk. */
    private static final int MIN_DISK_THREADS = 8;

    static Threads start(int recoveryThreads) {
        return new Threads(
                new Workers("kaon-worker", WORKERS),
                new DiskThreads("kaon-disk", Math.max(MIN_DISK_THREADS, recoveryThreads)),
                new TimerThread("kaon-timer"),
                Clock.system());
    }

    void close() {
        timer.close();
        workers.close();
        disk.close();
    }
}
