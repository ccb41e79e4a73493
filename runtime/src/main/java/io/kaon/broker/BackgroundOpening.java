// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import io.kaon.common.TopicPartition;
import io.kaon.replication.PartitionRegistry;
import io.kaon.storage.LogDescriptor;
import io.kaon.storage.LogDirectory;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Opens the partitions that have data, one after the other, while the broker serves already. Somebody has to: retention looks
 * at open logs only, and damage should be known before a client meets it. Owned by the disk thread that runs the next step.
 */
final class BackgroundOpening {
    private static final Logger LOG = Logger.getLogger(BackgroundOpening.class);

    private final LogDirectory logs;
    private final PartitionRegistry partitions;
    private final Executor disk;
    private final Queue<TopicPartition> names = new ArrayDeque<>();
    private final AtomicBoolean isStopped = new AtomicBoolean();

    BackgroundOpening(LogDirectory logs, PartitionRegistry partitions, Executor disk) {
        this.logs = logs;
        this.partitions = partitions;
        this.disk = disk;
    }

    void start() {
        disk.execute(() -> {
            try {
                logs.existing().stream().map(LogDescriptor::name).forEach(names::add);
                next();
            } catch (IOException failure) {
                LOG.warnf(failure, "The partitions in %s open when they are used", logs.path());
            }
        });
    }

    /** Opens no more. Idempotent. */
    void stop() {
        isStopped.set(true);
    }

    private void next() {
        TopicPartition name = names.poll();
        if (name != null && !isStopped.get()) {
            partitions.open(name).whenComplete((lookup, failure) -> disk.execute(this::next));
        }
    }
}
