// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.coordinator.group.Verifications.Guard;
import io.kaon.wire.message.TxnOffsetCommitResponse;

/** How far the shard came with a TxnOffsetCommit. */
sealed interface TransactionalAttempt {
    /**
     * To the end.
     *
     * @param response for the producer
     */
    record Answered(TxnOffsetCommitResponse response) implements TransactionalAttempt {}

    /**
     * The transaction coordinator is to be asked first.
     *
     * @param guard to be brought back with the answer
     */
    record Unverified(Guard guard) implements TransactionalAttempt {}
}
