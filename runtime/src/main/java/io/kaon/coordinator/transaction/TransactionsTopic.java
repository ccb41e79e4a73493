// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.coordinator.ShardLog;
import java.util.concurrent.CompletionStage;

/** The internal topic that transaction coordinators live on. Any thread. */
public interface TransactionsTopic {
    String NAME = "__transaction_state";

    /** Whether the topic exists, as far as this broker knows. */
    boolean exists();

    /** How many partitions it has, or will have ({@code transaction.state.log.num.partitions}). */
    int partitionCount();

    /**
     * Creates the topic through the controller; completes when this broker knows it, also when somebody else was
     * faster. Fails when it cannot be created now.
     */
    CompletionStage<Void> create();

    /** The log of a partition that this broker leads. Fails when it cannot be opened. */
    CompletionStage<ShardLog> open(int partition);
}
