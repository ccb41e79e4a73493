// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import io.kaon.common.TopicPartition;
import io.kaon.replication.PartitionRegistry;
import io.kaon.storage.ClosedReading;
import io.kaon.storage.LogDirectory;
import io.kaon.storage.LogView;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Where the logs of this broker begin and end and how large they are, open or not. Nothing is opened for it: what nobody
 * has used since the start is known from checkpoints, and its size from a look at the files that others make. Any thread.
 */
final class PartitionReadings {
    private static final Logger LOG = Logger.getLogger(PartitionReadings.class);

    private final PartitionRegistry partitions;
    private final LogDirectory logs;
    private final AtomicBoolean isMeasuring = new AtomicBoolean();
    private volatile boolean isUnmeasured;

    PartitionReadings(PartitionRegistry partitions, LogDirectory logs) {
        this.partitions = partitions;
        this.logs = logs;
    }

    /** One log at one moment; sizes are {@link ClosedReading#UNKNOWN} until somebody has looked. */
    record Reading(
            long logStartOffset,
            long lastStableOffset,
            long highWatermark,
            long logEndOffset,
            long sizeInBytes,
            int segments) {
        boolean isSizeKnown() {
            return sizeInBytes != ClosedReading.UNKNOWN;
        }
    }

    /** Empty while the log is being opened or recovered, or cannot be. */
    Optional<Reading> of(TopicPartition name) {
        Optional<LogView> open = partitions.viewIfOpen(name);
        if (open.isPresent()) {
            LogView view = open.get();
            return Optional.of(new Reading(
                    view.logStartOffset(),
                    view.lastStableOffset(),
                    view.highWatermark(),
                    view.logEndOffset(),
                    view.sizeInBytes(),
                    view.segmentCount()));
        }
        return logs.closedReading(name).map(this::closed);
    }

    /** A log that ended clean is committed up to its end: nobody else has a replica. */
    private Reading closed(ClosedReading log) {
        isUnmeasured |= !log.isSizeKnown();
        return new Reading(
                log.logStartOffset(),
                log.logEndOffset(),
                log.logEndOffset(),
                log.logEndOffset(),
                log.sizeInBytes(),
                log.segments());
    }

    int offline() {
        return logs.offlinePartitions();
    }

    boolean isHealthy() {
        return logs.isHealthy();
    }

    /** Has the files looked at whose size was missing, so that it is there at the next look. */
    void afterLook() {
        if (isUnmeasured && isMeasuring.compareAndSet(false, true)) {
            isUnmeasured = false;
            try {
                logs.diskThreads().execute(this::measure);
            } catch (RejectedExecutionException closing) {
                LOG.debug("The broker closes: sizes stay unknown", closing);
            }
        }
    }

    private void measure() {
        try {
            logs.measureClosedPartitions();
        } catch (IOException failure) {
            LOG.debug("The sizes of partitions that are not open cannot be read", failure);
        } finally {
            isMeasuring.set(false);
        }
    }
}
