// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.transaction.TransactionPhase.Ongoing;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A transaction that its owner did not end in time is aborted by the coordinator, and the owner is fenced: its epoch
 * goes up, so that neither its data nor its EndTxn count any more.
 *
 * @param startMs of the transaction that timed out: a later one is left alone
 * @param level the finalized level of transaction.version
 */
record Fence(long startMs, short level) implements Question {
    @Override
    public Decision decide(Optional<Transaction> present, OptionalLong freshId, long nowMs) {
        if (present.isPresent() && present.get().phase() instanceof Ongoing ongoing && ongoing.startMs() == startMs) {
            return abort(present.get(), ongoing, level, freshId, nowMs);
        }
        return Decision.refuse(ErrorCode.INVALID_TXN_STATE);
    }

    /**
     * With transaction.version 2 the owner may learn its new epoch from a repeated InitProducerId, as after an EndTxn;
     * and a used-up producer id is replaced at once (KIP-890). Before, nobody is ever given the new epoch.
     */
    static Decision abort(Transaction transaction, Ongoing ongoing, short level, OptionalLong freshId, long nowMs) {
        ProducerIdentity producer = transaction.producer();
        if (!Transaction.bumpsEpoch(level)) {
            return new Decision.AbortFirst(
                    transaction.to(producer.fenced(), ongoing.end(false), nowMs).withClientVersion((short) 0));
        }
        if (producer.isExhausted() && freshId.isEmpty()) {
            return new Decision.NeedsProducerId();
        }
        long nextId = producer.isExhausted() ? freshId.getAsLong() : ProducerIdentity.NO_ID;
        return new Decision.AbortFirst(transaction
                .to(producer.ended(nextId), ongoing.end(false), nowMs)
                .withClientVersion(level));
    }
}
