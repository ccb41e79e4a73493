// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import io.kaon.common.ErrorCode;
import java.util.concurrent.CompletionStage;

/**
 * The way of one transactional batch to the coordinator of its transaction (KIP-890). The partition calls one of the
 * methods, once, inside its owner, as soon as it knows which; neither may block or call back.
 */
public interface TransactionGate {
    /**
     * The batch would begin a transaction in this partition. NONE when the coordinator knows of it now, else the error
     * for the client; the answer may come on any thread and never fails.
     */
    CompletionStage<ErrorCode> verify();

    /** There is nothing to ask: the batch goes on with an open transaction, waits behind another one, or is refused. */
    void pass();

    /** Whether each transaction of the producer has an epoch of its own (Produce 12 and up, transaction.version 2). */
    boolean hasOwnEpoch();
}
