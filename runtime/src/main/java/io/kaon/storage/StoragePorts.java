// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.common.Uuid;
import io.kaon.exec.Clock;
import io.kaon.exec.Scheduler;
import io.kaon.record.RecordLimits;
import io.kaon.storage.checkpoint.Disk;
import io.kaon.telemetry.Metrics;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What storage gets from outside.
 *
 * @param disk the file system
 * @param diskThreads where blocking work runs
 * @param scheduler for what is due later
 * @param clock wall time for timestamps, nanoseconds for durations
 * @param limits the codecs, and how far a batch may be decompressed
 * @param ids makes random ids
 * @param metrics where storage tells what it does
 */
public record StoragePorts(
        Disk disk,
        Executor diskThreads,
        Scheduler scheduler,
        Clock clock,
        RecordLimits limits,
        Supplier<Uuid> ids,
        Metrics metrics) {
    /** With metrics that nobody else reads. */
    public StoragePorts(
            Disk disk,
            Executor diskThreads,
            Scheduler scheduler,
            Clock clock,
            RecordLimits limits,
            Supplier<Uuid> ids) {
        this(disk, diskThreads, scheduler, clock, limits, ids, new Metrics());
    }
}
