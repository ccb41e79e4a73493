// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.exec.Cancellable;
import io.kaon.storage.segment.SegmentGoneException;
import io.kaon.telemetry.MetricCatalogue;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** What is done for the open logs of a data directory at regular intervals, on disk threads. */
final class DirectoryUpkeep {
    private static final Logger LOG = Logger.getLogger(LogDirectory.class);
    /** How often it is looked for files that nobody uses. */
    static final long IDLE_CHECK_MS = 10_000;
    /** After so many looks, between which nobody used it, a file is closed: two minutes. */
    static final int IDLE_TURNS = 12;
    /** How often it is looked for logs that are not written to any more and not synced yet. */
    static final long QUIET_CHECK_MS = 20_000;

    private final LogContext context;
    private final KnownLogs logs;
    private final OpenFileWatch files;
    private final Map<String, Cancellable> timers = new ConcurrentHashMap<>();
    private final AtomicBoolean isSyncing = new AtomicBoolean();
    private final AtomicBoolean isLooking = new AtomicBoolean();
    /** As of the last look. */
    private volatile int openFiles;

    private volatile boolean isEnded;

    DirectoryUpkeep(LogContext context, KnownLogs logs, OpenFileWatch files) {
        this.context = context;
        this.logs = logs;
        this.files = files;
    }

    /** Looks at the room on the disk, which blocks, and begins. */
    void start(LogDirectoryOptions options, DirectoryCheckpoints checkpoints) {
        context.metrics().gauge(MetricCatalogue.OPEN_FILES, () -> openFiles);
        files.onMany(() -> {
            if (!isEnded) {
                context.diskThreads().execute(this::closeMany);
            }
        });
        context.room().check();
        repeat("room", DiskRoom.CHECK_INTERVAL_MS, context.room()::check);
        repeat("idle files", IDLE_CHECK_MS, this::closeIdleFiles);
        repeat("quiet logs", QUIET_CHECK_MS, this::syncQuiet);
        repeat("retention", options.retentionCheckIntervalMs(), this::retain);
        repeat("checkpoints", options.checkpointIntervalMs(), checkpoints::write);
        repeat("high watermarks", options.highWatermarkIntervalMs(), checkpoints::writeHighWatermarks);
    }

    /** Begins no more. Idempotent; any thread. */
    void end() {
        isEnded = true;
        timers.values().forEach(Cancellable::cancel);
    }

    private void repeat(String what, long intervalMs, Runnable task) {
        timers.put(what, context.scheduler().schedule(intervalMs, () -> {
            if (!isEnded) {
                context.diskThreads().execute(task);
                repeat(what, intervalMs, task);
            }
        }));
    }

    /** Closes the files that were not used for a while. */
    private void closeIdleFiles() {
        if (isLooking.compareAndSet(false, true)) {
            try {
                closeUnused(IDLE_TURNS);
            } finally {
                isLooking.set(false);
            }
        }
    }

    /** Many were opened since the last look: those are closed that were not used since, then others, whoever uses them. */
    private void closeMany() {
        if (isLooking.compareAndSet(false, true)) {
            try {
                closeUnused(1);
                if (openFiles > files.bound() / 2) {
                    closeDownTo(files.bound() / 2);
                }
            } finally {
                isLooking.set(false);
            }
        }
    }

    private void closeUnused(int turns) {
        int stillOpen = 0;
        for (PartitionLog log : logs.all()) {
            stillOpen += log.closeIdleFiles(turns);
        }
        looked(stillOpen);
    }

    /** Who uses one of them opens it again. */
    private void closeDownTo(int wanted) {
        int stillOpen = openFiles;
        for (PartitionLog log : logs.all()) {
            if (stillOpen <= wanted) {
                break;
            }
            int closed = log.openFiles();
            stillOpen -= closed - log.closeIdleFiles(0);
        }
        looked(stillOpen);
    }

    private void looked(int stillOpen) {
        openFiles = stillOpen;
        files.onLook(stillOpen);
    }

    /**
     * Syncs logs that have gone quiet, one after the other: so a recovery, or a close, has little to do. The disk does
     * that work anyway, a little later.
     */
    private void syncQuiet() {
        if (isSyncing.compareAndSet(false, true)) {
            Queue<PartitionLog> due = new ArrayDeque<>();
            for (PartitionLog log : logs.all()) {
                if (log.isSyncDue()) {
                    due.add(log);
                }
            }
            syncNext(due);
        }
    }

    private void syncNext(Queue<PartitionLog> due) {
        PartitionLog next = due.poll();
        if (next == null || isEnded) {
            isSyncing.set(false);
        } else {
            long logEnd = next.view().logEndOffset();
            next.flush()
                    .whenComplete((ignored, failure) -> context.diskThreads().execute(() -> {
                        if (next.view().logEndOffset() == logEnd) {
                            // The sync has opened its indexes, too: thousands of quiet logs must not keep what it took.
                            next.closeIdleFiles(0);
                        }
                        syncNext(due);
                    }));
        }
    }

    private void retain() {
        logs.all().forEach(this::retain);
    }

    /** Has retention look at an open log now. */
    void retain(PartitionLog log) {
        try {
            LogView view = log.view();
            long nowMs = context.clock().wallMs();
            log.onRetention(view, Retention.deletable(view, log.options().retention(), context.disk(), nowMs));
        } catch (SegmentGoneException | NoSuchFileException deleted) {
            LOG.debugf("%s lost files while retention looked at them: %s", log.name(), deleted.getMessage());
        } catch (IOException failure) {
            context.listener().onFailure(log.name(), failure);
        }
    }
}
