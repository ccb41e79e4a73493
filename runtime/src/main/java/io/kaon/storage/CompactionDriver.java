// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.exec.Cancellable;
import io.kaon.record.MalformedBatchException;
import io.kaon.storage.compaction.CompactionWork;
import io.kaon.storage.compaction.CompactorOptions;
import io.kaon.storage.compaction.Throttle;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Carries rounds through, piece by piece, each on one thread at a time. A round that has used up its bytes per second
 * gives its thread back and is woken by the scheduler. Any thread.
 */
final class CompactionDriver {
    private static final Logger LOG = Logger.getLogger(CompactionDriver.class);
    /** The longest pause after which a round looks whether it is to end. */
    private static final long MAX_PAUSE_MS = 1_000;

    private final LogContext context;
    private final Executor threads;
    private final CompactionMetrics metrics;
    private final CleanerCheckpoint checkpoint;
    private final Supplier<CompactorOptions> options;
    private final BooleanSupplier isClosing;
    private final Set<Run> runs = ConcurrentHashMap.newKeySet();
    private final Throttle throttle;

    /** How a round ended. */
    enum Outcome {
        /** The log is compacted. */
        DONE,
        /** The log has changed meanwhile, or everything ends. */
        ABORTED,
        /** The disk failed. */
        FAILED,
        /** The log has a batch that cannot be read. */
        DAMAGED
    }

    CompactionDriver(
            LogContext context,
            Executor threads,
            CompactionMetrics metrics,
            CleanerCheckpoint checkpoint,
            Supplier<CompactorOptions> options,
            BooleanSupplier isClosing) {
        this.context = context;
        this.threads = threads;
        this.metrics = metrics;
        this.checkpoint = checkpoint;
        this.options = options;
        this.isClosing = isClosing;
        this.throttle = new Throttle(context.clock());
    }

    /** Runs a round to its end. */
    CompletionStage<Outcome> run(CompactionRound round) {
        Run run = new Run(round);
        runs.add(run);
        metrics.onBegin(round);
        round.settle()
                .thenCompose(settled -> context.listener().onCompaction(round.name()))
                .thenCompose(written -> round.begin(
                        options.get(), context.limits(), context.ids().get()))
                .whenComplete((ready, failure) -> threads.execute(() -> run.begin(Optional.ofNullable(failure))));
        return run.result;
    }

    /** What was owed at another rate is forgiven. */
    void onRateChanged() {
        throttle.reset();
        wakeAll();
    }

    /** Ends all pauses. */
    void wakeAll() {
        runs.forEach(Run::wake);
    }

    private final class Run {
        private final CompactionRound round;
        private final CompletableFuture<Outcome> result = new CompletableFuture<>();
        private final AtomicBoolean isPaused = new AtomicBoolean();

        Run(CompactionRound round) {
            this.round = round;
        }

        void begin(Optional<Throwable> failure) {
            if (failure.isPresent() && (isClosing.getAsBoolean() || !round.isCurrent())) {
                end(Outcome.ABORTED);
            } else if (failure.isPresent()) {
                LOG.errorf(failure.get(), "Compaction of %s could not begin", round.name());
                end(Outcome.FAILED);
            } else {
                go();
            }
        }

        void go() {
            try {
                work();
            } catch (MalformedBatchException damaged) {
                LOG.errorf(
                        "%s is not compacted any more, because %s. It is tried again when the records up to there"
                                + " are deleted (by DeleteRecords or retention), a setting of the topic changes, or the"
                                + " broker starts",
                        round.name(), damaged.getMessage());
                end(Outcome.DAMAGED);
            } catch (IOException failure) {
                onFailure(failure);
            } catch (RuntimeException | Error failure) {
                LOG.errorf(failure, "%s is not compacted any more", round.name());
                end(Outcome.DAMAGED);
            }
        }

        private void work() throws IOException {
            CompactionWork.State state = CompactionWork.State.WORKING;
            while (state == CompactionWork.State.WORKING) {
                if (isClosing.getAsBoolean() || !round.isCurrent()) {
                    end(Outcome.ABORTED);
                    return;
                }
                long pauseMs = throttle.pauseMs();
                if (pauseMs > 0) {
                    pause(Math.min(pauseMs, MAX_PAUSE_MS));
                    return;
                }
                state = round.next();
                throttle.spend(metrics.onPiece(round), options.get().maxBytesPerSecond());
            }
            if (state == CompactionWork.State.FINISHED) {
                round.finish(checkpoint)
                        .whenComplete((done, failure) ->
                                threads.execute(() -> end(failure == null ? Outcome.DONE : Outcome.FAILED)));
            } else {
                round.replace()
                        .whenComplete((isReplaced, failure) ->
                                threads.execute(() -> onReplaced(isReplaced, Optional.ofNullable(failure))));
            }
        }

        private void onReplaced(Boolean isReplaced, Optional<Throwable> failure) {
            if (failure.isPresent()) {
                // The log is offline then, and has said why.
                end(Outcome.FAILED);
            } else if (isReplaced) {
                go();
            } else {
                end(Outcome.ABORTED);
            }
        }

        private void onFailure(IOException failure) {
            if (round.isCurrent() && !isClosing.getAsBoolean()) {
                LOG.warnf(failure, "Compaction of %s failed and is tried again later", round.name());
                end(Outcome.FAILED);
            } else {
                end(Outcome.ABORTED);
            }
        }

        private void pause(long ms) {
            isPaused.set(true);
            Cancellable ignored = context.scheduler().schedule(ms, this::wake);
            if (isClosing.getAsBoolean()) {
                ignored.cancel();
                wake();
            }
        }

        void wake() {
            if (isPaused.compareAndSet(true, false)) {
                threads.execute(this::go);
            }
        }

        private void end(Outcome outcome) {
            try {
                round.abandon();
            } catch (IOException failure) {
                // Whatever is left is taken away when the log is opened again.
                LOG.debugf(failure, "%s: files of an unfinished compaction stay", round.name());
            }
            runs.remove(this);
            metrics.onEnd(round, outcome);
            result.complete(outcome);
        }
    }
}
