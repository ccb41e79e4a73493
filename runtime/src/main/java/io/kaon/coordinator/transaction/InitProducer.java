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
 * InitProducerId (api 22) with a transactional id: who asks becomes its owner, whoever was it before is fenced.
 *
 * <pre>
 * the claim (v3+)                          not known   Idle                      Ongoing      Ending
 * none                                     new id, 0   epoch + 1                 abort first  later
 * the id and epoch of now                  new id, 0   epoch + 1, remembered     abort first  later
 * the id of now, the epoch before          new id, 0   as it is: a repetition    fenced       later
 * the id before, its epochs used up        new id, 0   as it is: a repetition    fenced       later
 * anything else                            new id, 0   fenced                    fenced       later
 * </pre>
 *
 * <p>Where an epoch would be used up a new producer id with epoch 0 takes over. Kafka lets any claim of the right id
 * abort an ongoing transaction and fences it afterwards; here a claim that is fenced anyway does no harm.
 *
 * @param timeoutMs of the transactions to come
 * @param claimed who the producer says it is
 * @param level the finalized level of transaction.version, for an abort
 */
record InitProducer(int timeoutMs, Optional<ProducerIdAndEpoch> claimed, short level) implements Question {
    @Override
    public Decision decide(Optional<Transaction> present, OptionalLong freshId, long nowMs) {
        if (present.isEmpty()) {
            return freshId.isEmpty()
                    ? new Decision.NeedsProducerId()
                    : own(ProducerIdentity.first(freshId.getAsLong()), (short) 0, nowMs);
        }
        Transaction transaction = present.get();
        ProducerIdentity producer = transaction.producer();
        if (transaction.phase() instanceof Ending) {
            return new Decision.AfterEnding();
        }
        if (transaction.phase() instanceof Ongoing ongoing) {
            return claimed.isEmpty() || claimed.get().equals(producer.current())
                    ? Fence.abort(transaction, ongoing, level, freshId, nowMs)
                    : Decision.refuse(ErrorCode.PRODUCER_FENCED);
        }
        return claimed.isEmpty()
                ? takeOver(transaction, freshId, nowMs)
                : goOn(transaction, claimed.get(), freshId, nowMs);
    }

    private Decision takeOver(Transaction transaction, OptionalLong freshId, long nowMs) {
        ProducerIdentity producer = transaction.producer();
        return producer.isExhausted()
                ? rotate(transaction, ProducerIdentity.NO_EPOCH, freshId, nowMs)
                : own(producer.bumped(), transaction.clientVersion(), nowMs);
    }

    private Decision goOn(Transaction transaction, ProducerIdAndEpoch claim, OptionalLong freshId, long nowMs) {
        ProducerIdentity producer = transaction.producer();
        if (claim.equals(producer.current())) {
            return producer.isExhausted()
                    ? rotate(transaction, claim.epoch(), freshId, nowMs)
                    : own(producer.continued(), transaction.clientVersion(), nowMs);
        }
        if (!isRepeated(producer, claim)) {
            return Decision.refuse(ErrorCode.PRODUCER_FENCED);
        }
        return producer.epoch() > ProducerIdentity.LAST_USABLE_EPOCH
                ? rotate(transaction, claim.epoch(), freshId, nowMs)
                : own(producer, transaction.clientVersion(), nowMs);
    }

    /** Whether the producer has been given what it asks for, and did not hear of it. */
    private static boolean isRepeated(ProducerIdentity producer, ProducerIdAndEpoch claim) {
        if (claim.epoch() != producer.lastEpoch()) {
            return false;
        }
        return claim.producerId() == producer.id()
                || claim.producerId() == producer.previousId() && claim.epoch() >= ProducerIdentity.LAST_USABLE_EPOCH;
    }

    private Decision rotate(Transaction transaction, short knownEpoch, OptionalLong freshId, long nowMs) {
        return freshId.isEmpty()
                ? new Decision.NeedsProducerId()
                : own(
                        transaction.producer().rotated(freshId.getAsLong(), knownEpoch),
                        transaction.clientVersion(),
                        nowMs);
    }

    private Decision own(ProducerIdentity producer, short clientVersion, long nowMs) {
        return new Decision.Step(
                new Transaction(producer, Idle.EMPTY, timeoutMs, nowMs, clientVersion), Reply.to(producer.current()));
    }
}
