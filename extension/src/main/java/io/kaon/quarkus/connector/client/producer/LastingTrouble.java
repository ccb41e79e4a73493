// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import io.kaon.quarkus.connector.client.producer.Lane.Batch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.Errors;
import org.jboss.logging.Logger;

/**
 * Errors that pass are silent, unless they take so long; and then one line is enough for a while. Owned by the producer's
 * thread.
 */
final class LastingTrouble {
    private static final Logger LOG = Logger.getLogger(LastingTrouble.class);
    private static final long TROUBLE_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long QUIET_NS = TimeUnit.MINUTES.toNanos(1);

    private final long timeoutMs;
    private long nextWarningNs = System.nanoTime();

    /** @param timeoutMs after which records are given up */
    LastingTrouble(long timeoutMs) {
        this.timeoutMs = timeoutMs;
    }

    /** The broker has not taken the batch, which will be sent again. */
    void onRetry(Batch batch, Errors error) {
        long nowNs = System.nanoTime();
        if (nowNs - batch.acceptedNs() >= TROUBLE_NS && nowNs - nextWarningNs >= 0) {
            nextWarningNs = nowNs + QUIET_NS;
            LOG.warnf(
                    "%d record(s) for %s wait since %d s, because the broker does not take them (%s); they are sent"
                            + " again until delivery.timeout.ms, %d ms, is over",
                    batch.records().size(),
                    batch.lane().target(),
                    TimeUnit.NANOSECONDS.toSeconds(nowNs - batch.acceptedNs()),
                    error,
                    timeoutMs);
        }
    }
}
