// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.exec.Clock;
import io.kaon.exec.Scheduler;
import io.kaon.record.BatchValidator;
import io.kaon.record.RecordLimits;
import io.kaon.storage.checkpoint.Disk;
import io.kaon.telemetry.Histogram;
import io.kaon.telemetry.Metrics;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What every log of a directory works with.
 *
 * @param disk the file system
 * @param diskThreads where blocking work runs
 * @param scheduler for what is due later
 * @param clock wall time for timestamps, nanoseconds for durations
 * @param validator checks what is appended
 * @param limits how far a batch may be decompressed
 * @param ids makes random ids
 * @param metrics where storage tells what it does
 * @param flushes how long syncs take
 * @param commits gives turns to syncs that somebody waits for
 * @param room whether clients may append
 * @param listener hears what concerns the directory
 */
record LogContext(
        Disk disk,
        Executor diskThreads,
        Scheduler scheduler,
        Clock clock,
        BatchValidator validator,
        RecordLimits limits,
        Supplier<Uuid> ids,
        Metrics metrics,
        Histogram flushes,
        GroupCommit commits,
        DiskRoom room,
        Listener listener) {
    /** What a log tells its directory. Any thread. */
    interface Listener {
        /** A write, a sync or a rename failed: this life of the directory does not end clean. */
        void onFailure(TopicPartition name, IOException failure);

        /** A recovery point goes back: complete when the checkpoint says so, before anything that was synced is cut. */
        CompletionStage<Void> onRecoveryPointLowered(TopicPartition name);

        /** The log start offset moved by request; complete when a loss of power does not bring it back. */
        CompletionStage<Void> onLogStartOffset(TopicPartition name);

        /**
         * The log is going to be compacted: complete when the checkpoints have its recovery point, because a recovery takes
         * offsets that are missing behind that for lost, and its high watermark, because the producers are read again from
         * before that, and a transaction whose marker was compacted would stay open.
         */
        CompletionStage<Void> onCompaction(TopicPartition name);

        /** The log is closed, or its folder is on its way out. */
        void onClosed(PartitionLog log, boolean isDeleted);
    }
}
