// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import io.kaon.exec.Clock;
import io.kaon.exec.DiskThreads;
import io.kaon.exec.TimerThread;
import io.kaon.exec.Workers;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.config.BrokerSettings;
import io.kaon.metadata.config.EffectiveConfigs;
import io.kaon.storage.compaction.CompactorOptions;

/**
 * The threads of one broker, beside the event loops.
 *
 * @param workers where owners drain that no calling thread can run
 * @param disk where anything may block
 * @param coldReads where fetches read what may not be in the page cache: threads of their own, so that neither they nor
 *     rolls, syncs and openings wait for each other
 * @param conversion where records get their old formats, which takes processor time: not where others wait for the disk
 * @param compaction where logs are compacted, for minutes at a time
 * @param computation where what groups are to have is worked out, which may take seconds: nothing waits there but
 *     groups
 * @param admin where those who look after the broker read records and search: nothing of a client waits there
 * @param timer passes on what is due
 * @param clock the operating system's
 */
record Threads(
        Workers workers,
        DiskThreads disk,
        DiskThreads coldReads,
        DiskThreads conversion,
        DiskThreads compaction,
        Workers computation,
        DiskThreads admin,
        TimerThread timer,
        Clock clock) {
    /** Few: an owner's task never blocks. */
    private static final int WORKERS = 2;
    /** Enough for the work of many logs to overlap; more would only queue inside the disk. */
    private static final int DISK_THREADS = 8;
    /** More would only read against each other. */
    private static final int MAX_RECOVERY_THREADS = 8;
    /** Few, so that reading old records leaves most of the disk, and of the processors, to those who write. */
    private static final int COLD_READ_THREADS = 2;

    /** As few, so that old clients leave processors to the others. */
    private static final int CONVERSION_THREADS = 2;

    private static final int COMPUTATION_THREADS = 1;
    /** So many pages of records are read at a time, and so much memory is bounded by it. */
    private static final int ADMIN_THREADS = 4;

    static Threads start() {
        return new Threads(
                new Workers("kaon-worker", WORKERS),
                new DiskThreads("kaon-disk", DISK_THREADS + MAX_RECOVERY_THREADS),
                new DiskThreads("kaon-cold-read", COLD_READ_THREADS),
                new DiskThreads("kaon-conversion", CONVERSION_THREADS),
                new DiskThreads("kaon-compaction", CompactorOptions.MAX_THREADS),
                new Workers("kaon-computation", COMPUTATION_THREADS),
                new DiskThreads("kaon-admin", ADMIN_THREADS),
                new TimerThread("kaon-timer"),
                Clock.system());
    }

    /** How many logs may be recovered at a time: the others' work never waits for all of them. */
    static int recoveryThreads(ClusterImage image, BrokerSettings settings) {
        int wanted = new EffectiveConfigs(image, settings)
                .brokerValue("num.recovery.threads.per.data.dir")
                .map(Integer::parseInt)
                .orElseGet(settings::recoveryThreadsPerDataDirectory);
        return Math.min(MAX_RECOVERY_THREADS, wanted);
    }

    void close() {
        timer.close();
        workers.close();
        coldReads.close();
        conversion.close();
        compaction.close();
        computation.close();
        admin.close();
        disk.close();
    }
}
