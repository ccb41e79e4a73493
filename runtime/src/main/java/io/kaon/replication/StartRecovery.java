// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import io.kaon.common.TopicPartition;
import io.kaon.exec.Cancellable;
import io.kaon.exec.Scheduler;
import io.kaon.exec.SerialExecutor;
import io.kaon.storage.LogDirectory;
import io.kaon.telemetry.Counter;
import io.kaon.telemetry.LongWork;
import io.kaon.telemetry.MetricCatalogue;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.IntSupplier;
import org.jboss.logging.Logger;

/**
 * Opens the partitions that an end which was not clean has left, so that they are recovered before somebody asks: several
 * at a time, those that were written to last first, while the broker serves already. Whom a client asks for opens at
 * once, whatever is queued here. Owned by {@code owner}.
 */
public final class StartRecovery {
    /** How often it tells how far it is, however long one partition takes. */
    private static final long PROGRESS_MS = 2_500;

    private static final Logger LOG = Logger.getLogger(StartRecovery.class);

    private final PartitionRegistry partitions;
    private final LogDirectory logs;
    private final Scheduler scheduler;
    private final IntSupplier threads;
    private final SerialExecutor owner;
    private final Counter recovered;
    private final LongWork longWork;
    private final Queue<TopicPartition> waiting = new ArrayDeque<>();
    private Cancellable progress = () -> {};
    private LongWork.Task task;
    private volatile int remaining;
    private int running;
    private int total;
    private boolean isStopped;

    /**
     * @param threads {@code num.recovery.threads.per.data.dir}, asked again each time one more may begin
     * @param longWork where is told how far it is
     */
    public StartRecovery(
            PartitionRegistry partitions,
            LogDirectory logs,
            Scheduler scheduler,
            IntSupplier threads,
            LongWork longWork) {
        this.partitions = partitions;
        this.logs = logs;
        this.scheduler = scheduler;
        this.threads = threads;
        this.longWork = longWork;
        this.owner = new SerialExecutor("the recovery of " + logs.path(), logs.diskThreads());
        this.recovered = logs.metrics().counter(MetricCatalogue.RECOVERY_DONE);
        logs.metrics().gauge(MetricCatalogue.RECOVERY_REMAINING, () -> remaining);
    }

    /** Begins, on disk threads; nothing happens when the last end was clean. */
    public void start() {
        logs.diskThreads().execute(() -> owner.execute(this::begin));
    }

    /** Begins no more. Idempotent; any thread. */
    public void stop() {
        owner.execute(() -> {
            isStopped = true;
            waiting.clear();
            progress.cancel();
            if (task != null && remaining > 0) {
                task.fail("the broker was closed");
            }
        });
    }

    private void begin() {
        if (isStopped) {
            return;
        }
        try {
            waiting.addAll(logs.unrecovered());
        } catch (IOException failure) {
            LOG.warnf(failure, "The partitions in %s are recovered when they are used", logs.path());
        }
        total = waiting.size();
        remaining = total;
        if (total > 0) {
            LOG.infof("The last end of %s was not clean: %d partitions are looked through", logs.path(), total);
            task = longWork.begin("recovery", "data directory " + logs.path(), LongWork.Amount.of("partitions", total));
            scheduleProgress();
            advance();
        }
    }

    private void advance() {
        while (!waiting.isEmpty() && running < Math.max(1, threads.getAsInt())) {
            running++;
            partitions.open(waiting.poll()).whenComplete((lookup, failure) -> owner.execute(this::onOpened));
        }
        if (running == 0) {
            progress.cancel();
            if (!isStopped) {
                task.end();
                LOG.infof("All %d partitions of %s are looked through", total, logs.path());
            }
        }
    }

    private void onOpened() {
        running--;
        remaining--;
        recovered.increment();
        task.progress(total - remaining);
        advance();
    }

    private void scheduleProgress() {
        progress = scheduler.schedule(
                PROGRESS_MS,
                () -> owner.execute(() -> {
                    if (remaining > 0 && !isStopped) {
                        task.progress(total - remaining);
                        scheduleProgress();
                    }
                }));
    }
}
