// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import io.kaon.replication.ClosedRetention;
import io.kaon.replication.StartRecovery;

/**
 * What goes on behind the partitions that clients use.
 *
 * @param recovery of what an end that was not clean has left
 * @param retention of partitions that nobody uses
 */
record Upkeep(StartRecovery recovery, ClosedRetention retention) {
    void start() {
        recovery.start();
        retention.start();
    }

    /** Idempotent. */
    void stop() {
        recovery.stop();
        retention.stop();
    }
}
