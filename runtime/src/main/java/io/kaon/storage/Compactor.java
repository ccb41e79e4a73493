// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.common.TopicPartition;
import io.kaon.exec.Cancellable;
import io.kaon.exec.SerialExecutor;
import io.kaon.storage.compaction.CompactorOptions;
import io.kaon.storage.segment.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Compacts the logs of a directory: again and again the one that is due and has the largest dirty share, as many at once
 * as the options allow. What it holds belongs to {@code owner}; its methods are for any thread.
 */
public final class Compactor {
    private static final Logger LOG = Logger.getLogger(Compactor.class);
    /** How long a log is left alone whose round failed for another reason than its records. */
    private static final long RETRY_MS = 300_000;

    private final LogContext context;
    private final Supplier<Collection<PartitionLog>> logs;
    private final CleanerCheckpoint checkpoint;
    private final Runnable writeCheckpoint;
    private final Executor threads;
    private final SerialExecutor owner;
    private final CompactionDriver driver;
    private final CompactionMetrics metrics;
    private final Map<TopicPartition, CompactionRound> running = new HashMap<>();
    private final Map<TopicPartition, Refusal> refused = new HashMap<>();
    /** Of the logs that were there at the last look. */
    private final Map<TopicPartition, Known> known = new HashMap<>();

    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private Optional<Cancellable> timer = Optional.empty();
    private volatile CompactorOptions options;
    private volatile boolean isClosing;

    /**
     * A log that is not compacted: as long as it is this very object with these settings and segments, and until then.
     */
    private record Refusal(PartitionLog log, LogOptions options, Optional<Segment> first, long untilMs) {
        static Refusal of(CompactionRound round, long untilMs) {
            return new Refusal(round.log(), round.log().options(), firstOf(round.log()), untilMs);
        }

        boolean holds(long nowMs) {
            return nowMs < untilMs
                    && log.isOnline()
                    && log.options().equals(options)
                    && firstOf(log).equals(first);
        }

        private static Optional<Segment> firstOf(PartitionLog log) {
            return log.view().segments().stream().findFirst();
        }
    }

    /**
     * What is remembered of a log from look to look.
     *
     * @param horizonMs when the last of its tombstones may go, {@link Long#MAX_VALUE} when there is none
     * @param endOffset where it ended
     */
    private record Known(long horizonMs, long endOffset) {}

    /** A log and what there is to do. */
    private record Candidate(PartitionLog log, DirtyRange range) {}

    /**
     * @param logs those that are open
     * @param writeCheckpoint has the checkpoint written soon
     * @param threads where rounds run; they block
     */
    Compactor(
            LogContext context,
            CleanerCheckpoint checkpoint,
            Runnable writeCheckpoint,
            Supplier<Collection<PartitionLog>> logs,
            Executor threads,
            CompactorOptions options) {
        this.context = context;
        this.checkpoint = checkpoint;
        this.writeCheckpoint = writeCheckpoint;
        this.logs = logs;
        this.threads = threads;
        this.options = options;
        this.owner = new SerialExecutor("the compactor", threads);
        this.metrics = new CompactionMetrics(context.metrics(), context.clock());
        this.driver = new CompactionDriver(context, threads, metrics, checkpoint, () -> this.options, () -> isClosing);
    }

    void start() {
        threads.execute(() -> owner.execute(this::schedule));
    }

    /** New options count from the next round on; the rate counts at once. */
    public void reconfigure(CompactorOptions newOptions) {
        options = newOptions;
        driver.onRateChanged();
        threads.execute(() -> owner.execute(this::look));
    }

    private void schedule() {
        timer.ifPresent(Cancellable::cancel);
        timer = Optional.of(context.scheduler()
                .schedule(options.backoffMs(), () -> threads.execute(() -> owner.execute(this::look))));
    }

    /** Begins what is due. */
    private void look() {
        owner.assertInside();
        if (isClosing) {
            maybeEnd();
            return;
        }
        try {
            List<Candidate> due = running.size() < options.rounds() ? due() : List.of();
            for (Candidate candidate : due.subList(0, Math.min(due.size(), options.rounds() - running.size()))) {
                begin(candidate);
            }
        } finally {
            // Whatever is wrong with one log: there is another look.
            schedule();
        }
    }

    private List<Candidate> due() {
        long nowMs = context.clock().wallMs();
        List<Candidate> due = new ArrayList<>();
        double largestRatio = 0;
        refused.values().removeIf(refusal -> !refusal.holds(nowMs));
        Set<TopicPartition> seen = new HashSet<>(running.keySet());
        for (PartitionLog log : logs.get()) {
            if (!log.options().retention().compacts() || !log.isOnline() || running.containsKey(log.name())) {
                continue;
            }
            seen.add(log.name());
            notice(log, nowMs);
            try {
                DirtyRange range = DirtyRange.of(log, checkpoint.offsetOf(log.name()), nowMs);
                largestRatio = Math.max(largestRatio, range.ratio());
                if (!isRefused(log) && isDue(log, range, nowMs)) {
                    due.add(new Candidate(log, range));
                }
            } catch (IOException changing) {
                LOG.debugf("%s is left for later: %s", log.name(), changing.getMessage());
            }
        }
        known.keySet().retainAll(seen);
        metrics.onLook(largestRatio, refused.size());
        due.sort(Comparator.comparingDouble(
                        (Candidate candidate) -> candidate.range().ratio())
                .reversed());
        return due;
    }

    /**
     * Ends the active segment of a log to which nothing was added since the last look, if its oldest record has been
     * there for longer than it may stay uncompacted; a log that is written to does so by itself.
     */
    private void notice(PartitionLog log, long nowMs) {
        LogView view = log.view();
        Known before = known.get(log.name());
        long maxLagMs = log.options().compaction().maxLagMs();
        if (before != null && before.endOffset() == view.logEndOffset() && maxLagMs < Long.MAX_VALUE) {
            log.compaction().endActiveSegment(nowMs - maxLagMs);
        }
        long horizonMs = before == null ? horizonOfOtherLife(log, view, nowMs) : before.horizonMs();
        known.put(log.name(), new Known(horizonMs, view.logEndOffset()));
    }

    /** Tombstones that were there when the process began may all go when their time has passed since. */
    private long horizonOfOtherLife(PartitionLog log, LogView view, long nowMs) {
        long retentionMs = log.options().compaction().deleteRetentionMs();
        boolean wasCompacted = checkpoint.offsetOf(log.name()) > view.logStartOffset();
        return wasCompacted && retentionMs < Long.MAX_VALUE - nowMs ? nowMs + retentionMs : Long.MAX_VALUE;
    }

    private boolean isRefused(PartitionLog log) {
        Refusal refusal = refused.get(log.name());
        return refusal != null && refusal.log() == log;
    }

    private boolean isDue(PartitionLog log, DirtyRange range, long nowMs) throws IOException {
        CompactionOptions rules = log.options().compaction();
        boolean isDirtyEnough = range.ratio() > rules.minDirtyRatio();
        boolean hasExpired = known.get(log.name()).horizonMs() <= nowMs && range.hasClean();
        return isDirtyEnough || hasExpired || (range.isDirty() && range.overdueMs(rules.maxLagMs(), nowMs) > 0);
    }

    private void begin(Candidate candidate) {
        CompactionRound round = new CompactionRound(candidate.log(), candidate.range(), context.clock());
        running.put(round.name(), round);
        driver.run(round)
                .whenComplete((outcome, failure) ->
                        threads.execute(() -> owner.execute(() -> onEnded(round, outcome, failure))));
    }

    private void onEnded(CompactionRound round, CompactionDriver.Outcome outcome, Throwable failure) {
        running.remove(round.name());
        if (failure != null) {
            LOG.errorf(failure, "Compaction of %s failed", round.name());
        }
        boolean isDone = failure == null && outcome == CompactionDriver.Outcome.DONE;
        if (isDone) {
            onDone(round);
        } else if (failure != null || outcome == CompactionDriver.Outcome.DAMAGED) {
            refused.put(round.name(), Refusal.of(round, Long.MAX_VALUE));
        } else if (outcome == CompactionDriver.Outcome.FAILED) {
            refused.put(round.name(), Refusal.of(round, context.clock().wallMs() + RETRY_MS));
        } else {
            // The log has changed: what it is now shows at the next look.
            if (isClosing) {
                maybeEnd();
            } else {
                schedule();
            }
            return;
        }
        look();
    }

    private void onDone(CompactionRound round) {
        long horizonMs = round.work().orElseThrow().latestHorizonMs();
        long nextMs = horizonMs < 0
                ? Long.MAX_VALUE
                : Math.max(horizonMs, context.clock().wallMs() + 1);
        known.put(round.name(), new Known(nextMs, round.log().view().logEndOffset()));
        writeCheckpoint.run();
    }

    /** Ends the rounds that run, soon and at any point; begins none any more. Idempotent. */
    CompletionStage<Void> close() {
        isClosing = true;
        driver.wakeAll();
        threads.execute(() -> owner.execute(this::maybeEnd));
        return closed;
    }

    private void maybeEnd() {
        timer.ifPresent(Cancellable::cancel);
        if (running.isEmpty()) {
            closed.complete(null);
        }
    }
}
