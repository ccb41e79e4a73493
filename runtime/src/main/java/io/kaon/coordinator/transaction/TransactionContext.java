// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.coordinator.ShardTimers;
import io.kaon.coordinator.ShardWriter;
import io.kaon.exec.Clock;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.Feature;

/**
 * What the parts of a transaction shard work with.
 *
 * @param options settings
 * @param ports the broker around
 * @param clock what time it is
 * @param timers the shard's timers
 * @param writer the shard's log
 */
record TransactionContext(
        TransactionOptions options,
        TransactionPorts ports,
        Clock clock,
        ShardTimers timers,
        ShardWriter<TransactionRecord> writer) {
    ClusterImage image() {
        return ports.metadata().get();
    }

    /** The finalized level of transaction.version. */
    short level() {
        return Feature.TRANSACTION_VERSION.levelIn(image());
    }
}
