// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.common.ErrorCode;
import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.coordinator.transaction.TransactionPhase.Ending;
import io.kaon.coordinator.transaction.TransactionPhase.Idle;
import io.kaon.coordinator.transaction.TransactionPhase.Ongoing;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * EndTxn (api 26). From version 5 on every end gives the producer another epoch (KIP-890), so that a request that comes
 * late or twice is known for what it is: <em>repeated</em> means that the epoch is the one before, or the last of the
 * producer id before, and that its owner is the same. Kafka does not look at that: a producer that a client of older
 * versions has fenced would hear that its transaction is committed when the other's is, and get its epoch.
 *
 * <pre>
 *                  versions 0 to 4          version 5
 *                  commit     abort         commit              abort
 *                                           repeated  current   repeated  current
 * Empty            state      state         fenced    state     fenced    an empty abort
 * Ongoing          ends       ends          fenced    ends      fenced    ends
 * Ending           later      later         later     later     later     later
 * CompleteCommit   done       state         done      state     state     an empty abort
 * CompleteAbort    state      done          state     state     done      an empty abort
 *
 * state   INVALID_TXN_STATE
 * fenced  PRODUCER_FENCED, as for any epoch that is neither; another producer id is INVALID_PRODUCER_ID_MAPPING
 * </pre>
 *
 * <p>The empty abort serves a producer that cannot know whether anything of its transaction arrived.
 *
 * @param clientVersion 2 from version 5 of the api on, else 0
 */
record EndTransaction(ProducerIdAndEpoch producer, boolean commit, short clientVersion) implements Question {
    @Override
    public Decision decide(Optional<Transaction> present, OptionalLong freshId, long nowMs) {
        if (present.isEmpty()) {
            return Decision.refuse(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        }
        return Transaction.bumpsEpoch(clientVersion)
                ? endWithEpoch(present.get(), freshId, nowMs)
                : endAsBefore(present.get(), nowMs);
    }

    private Decision endAsBefore(Transaction transaction, long nowMs) {
        ErrorCode stranger = AddPartitions.strangerTo(transaction, producer);
        if (stranger != ErrorCode.NONE) {
            return Decision.refuse(stranger);
        }
        if (transaction.phase() instanceof Ending) {
            return new Decision.AfterEnding();
        }
        if (transaction.phase() instanceof Ongoing ongoing) {
            return new Decision.Step(
                    transaction
                            .to(transaction.producer().unchanged(), ongoing.end(commit), nowMs)
                            .withClientVersion(clientVersion),
                    Reply.DONE);
        }
        return hasEndedSo(transaction) ? new Decision.Answer(Reply.DONE) : Decision.refuse(ErrorCode.INVALID_TXN_STATE);
    }

    private Decision endWithEpoch(Transaction transaction, OptionalLong freshId, long nowMs) {
        if (transaction.phase() instanceof Ending) {
            return new Decision.AfterEnding();
        }
        ProducerIdentity owner = transaction.producer();
        boolean isAfterRotation = owner.epoch() == 0
                && owner.previousId() != owner.id()
                && owner.previousId() == producer.producerId()
                && producer.epoch() == ProducerIdentity.LAST_USABLE_EPOCH;
        if (owner.id() != producer.producerId() && !isAfterRotation) {
            return Decision.refuse(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        }
        boolean isRepeated = owner.lastEpoch() == producer.epoch();
        if (transaction.phase() instanceof Idle idle && idle.state() != TransactionState.EMPTY && isRepeated) {
            return hasEndedSo(transaction)
                    ? new Decision.Answer(Reply.to(owner.current()))
                    : Decision.refuse(ErrorCode.INVALID_TXN_STATE);
        }
        if (!owner.current().equals(producer)) {
            return Decision.refuse(ErrorCode.PRODUCER_FENCED);
        }
        if (transaction.phase() instanceof Ongoing ongoing) {
            return end(transaction, ongoing.end(commit), freshId, nowMs);
        }
        return commit
                ? Decision.refuse(ErrorCode.INVALID_TXN_STATE)
                : end(transaction, ((Idle) transaction.phase()).abortNothing(nowMs), freshId, nowMs);
    }

    private Decision end(Transaction transaction, Ending ending, OptionalLong freshId, long nowMs) {
        ProducerIdentity owner = transaction.producer();
        if (owner.isExhausted() && freshId.isEmpty()) {
            return new Decision.NeedsProducerId();
        }
        ProducerIdentity next = owner.ended(owner.isExhausted() ? freshId.getAsLong() : ProducerIdentity.NO_ID);
        return new Decision.Step(
                transaction.to(next, ending, nowMs).withClientVersion(clientVersion),
                Reply.to(next.completed().current()));
    }

    private boolean hasEndedSo(Transaction transaction) {
        return transaction.state() == (commit ? TransactionState.COMPLETE_COMMIT : TransactionState.COMPLETE_ABORT);
    }
}
