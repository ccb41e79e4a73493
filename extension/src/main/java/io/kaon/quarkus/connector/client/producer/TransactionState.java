// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import io.kaon.common.ProducerIdAndEpoch;
import java.util.Optional;

/**
 * Where a transactional producer stands; each case offers the steps that are legal from there.
 *
 * <pre>
 *                  initialized        begin             ending               ended
 *  Uninitialized ──────────────> Ready ──────> Active ─────────────> Ending ────────> Ready
 *                                              │    ^ │ failed: from then on
 *                                              └────┘ only an abort is left
 *  any ── fatal ──> Fatal                 an Ending whose answer did not come in time is asked for again
 * </pre>
 */
sealed interface TransactionState {
    /** No producer id yet. */
    record Uninitialized() implements TransactionState {
        Ready initialized(ProducerIdAndEpoch id) {
            return new Ready(id);
        }
    }

    /** Between two transactions. */
    record Ready(ProducerIdAndEpoch id) implements TransactionState {
        Active begin() {
            return new Active(id, false, Optional.empty());
        }
    }

    /**
     * In a transaction.
     *
     * @param isStarted whether the broker may know of it
     * @param failure why it can only be aborted
     */
    record Active(ProducerIdAndEpoch id, boolean isStarted, Optional<RuntimeException> failure)
            implements TransactionState {
        Active started() {
            return isStarted ? this : new Active(id, true, failure);
        }

        /** The first failure is the reason of all others. */
        Active failed(RuntimeException reason) {
            return failure.isPresent() ? this : new Active(id, isStarted, Optional.of(reason));
        }

        Ending ending(boolean isCommit) {
            return new Ending(id, isCommit);
        }

        /** The broker knows nothing of it, so there is nothing to end. */
        Ready endedUnstarted() {
            return new Ready(id);
        }
    }

    /** The broker was asked to end the transaction. */
    record Ending(ProducerIdAndEpoch id, boolean isCommit) implements TransactionState {
        /** @param next for the next transaction: each has an epoch of its own (KIP-890) */
        Ready ended(ProducerIdAndEpoch next) {
            return new Ready(next);
        }

        /** The broker refused the commit, and allows nothing but an abort. */
        Active refused(RuntimeException reason) {
            return new Active(id, true, Optional.of(reason));
        }
    }

    /** Of no use any more: fenced, or not allowed. */
    record Fatal(RuntimeException reason) implements TransactionState {}

    default Fatal fatal(RuntimeException reason) {
        return this instanceof Fatal already ? already : new Fatal(reason);
    }
}
