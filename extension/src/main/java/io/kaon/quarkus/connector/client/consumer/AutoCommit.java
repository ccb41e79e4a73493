// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import io.kaon.quarkus.connector.client.Deadline;
import java.util.OptionalLong;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * {@code enable.auto.commit}: commits what earlier polls have returned, every so often, before partitions are given up
 * and before the end. Owned by the thread that polls.
 */
final class AutoCommit {
    private static final Logger LOG = Logger.getLogger(AutoCommit.class);

    /** How long giving up partitions, or closing, waits for its commit. */
    private static final long LAST_COMMIT_MS = 10_000;

    private final OptionalLong intervalMs;
    private final ConsumerCommits commits;
    private final ConsumerPositions positions;
    private Deadline next;

    /** @param intervalMs empty for never */
    AutoCommit(OptionalLong intervalMs, ConsumerCommits commits, ConsumerPositions positions) {
        this.intervalMs = intervalMs;
        this.commits = commits;
        this.positions = positions;
        this.next = Deadline.inMs(intervalMs.orElse(0));
    }

    /** Commits without waiting when it is time. What fails is committed with the next interval. */
    void progress() {
        if (intervalMs.isPresent() && next.hasPassed()) {
            next = Deadline.inMs(intervalMs.getAsLong());
            commits.commitAsync(positions.toCommit(), (offsets, failure) -> {
                if (failure != null) {
                    LOG.debugf("The offsets %s were not committed: %s", offsets, failure.getMessage());
                }
            });
        }
    }

    /** Commits and waits: the partitions are about to become another member's. */
    void commitNow() {
        if (intervalMs.isEmpty()) {
            return;
        }
        next = Deadline.inMs(intervalMs.getAsLong());
        try {
            commits.commit(positions.toCommit(), Deadline.inMs(LAST_COMMIT_MS));
        } catch (KafkaException e) {
            LOG.warnf("What was read last is not committed, and is read again: %s", e.getMessage());
        }
    }
}
