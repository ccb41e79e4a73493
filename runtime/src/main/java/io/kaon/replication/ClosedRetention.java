// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import io.kaon.common.TopicPartition;
import io.kaon.exec.Cancellable;
import io.kaon.exec.Scheduler;
import io.kaon.exec.SerialExecutor;
import io.kaon.storage.LogDirectory;
import io.kaon.storage.LogOptions;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.jboss.logging.Logger;

/**
 * Retention and compaction for partitions that nobody has used in this life: they are judged by their files, and opened
 * only when something is to go. Retention of open logs is the log directory's. Owned by {@code owner}, on disk threads.
 */
public final class ClosedRetention {
    /** The first round comes soon after the start, but not in its way. */
    private static final long FIRST_ROUND_MS = 30_000;

    private static final Logger LOG = Logger.getLogger(ClosedRetention.class);

    private final PartitionRegistry partitions;
    private final LogDirectory logs;
    private final Scheduler scheduler;
    private final long intervalMs;
    private final SerialExecutor owner;
    private final Queue<TopicPartition> due = new ArrayDeque<>();
    private Cancellable timer = () -> {};
    private boolean isStopped;

    /** @param intervalMs {@code log.retention.check.interval.ms} */
    public ClosedRetention(PartitionRegistry partitions, LogDirectory logs, Scheduler scheduler, long intervalMs) {
        this.partitions = partitions;
        this.logs = logs;
        this.scheduler = scheduler;
        this.intervalMs = intervalMs;
        this.owner = new SerialExecutor("retention in " + logs.path(), logs.diskThreads());
    }

    public void start() {
        owner.execute(() -> schedule(Math.min(FIRST_ROUND_MS, intervalMs)));
    }

    /** Begins no more. Idempotent; any thread. */
    public void stop() {
        owner.execute(() -> {
            isStopped = true;
            due.clear();
            timer.cancel();
        });
    }

    private void schedule(long delayMs) {
        if (!isStopped) {
            timer = scheduler.schedule(delayMs, () -> logs.diskThreads().execute(() -> owner.execute(this::round)));
        }
    }

    private void round() {
        Map<String, LogOptions> rules = new HashMap<>();
        try {
            for (TopicPartition name : logs.closedPartitions()) {
                if (partitions.leads(name) && isDue(name, rules)) {
                    due.add(name);
                }
            }
        } catch (IOException failure) {
            LOG.warnf(failure, "Retention could not look at %s", logs.path());
        }
        advance();
    }

    /** @param rules what was asked in this round, by topic */
    private boolean isDue(TopicPartition name, Map<String, LogOptions> rules) {
        try {
            LogOptions options = rules.computeIfAbsent(name.topic(), partitions::optionsOf);
            return logs.isRetentionDue(name, options.retention()) || logs.isCompactionDue(name, options);
        } catch (IOException failure) {
            LOG.warnf("Retention could not look at %s: %s", name, failure);
            return false;
        }
    }

    /** One after the other: there is no hurry. */
    private void advance() {
        TopicPartition next = due.poll();
        if (next == null) {
            schedule(intervalMs);
            return;
        }
        partitions.open(next).whenComplete((lookup, failure) -> logs.diskThreads()
                .execute(() -> {
                    logs.retain(next);
                    owner.execute(this::advance);
                }));
    }
}
