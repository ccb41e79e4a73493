// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.common.ErrorCode;
import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.common.TopicPartition;
import io.kaon.coordinator.transaction.TransactionPhase.Ending;
import io.kaon.coordinator.transaction.TransactionPhase.Idle;
import io.kaon.coordinator.transaction.TransactionPhase.Ongoing;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;

/**
 * AddPartitionsToTxn and AddOffsetsToTxn (apis 24 and 25): the transaction touches these partitions, too. The first
 * ones begin it.
 *
 * <pre>
 * not known            INVALID_PRODUCER_ID_MAPPING
 * Ending               later, whoever asks: the owner may know already who it will be
 * another producer id  INVALID_PRODUCER_ID_MAPPING
 * another epoch        PRODUCER_FENCED
 * all are in           done
 * too many             MESSAGE_TOO_LARGE: what the end of the transaction writes must fit, too
 * else                 Ongoing with them
 * </pre>
 *
 * @param clientVersion 2 for a producer that bumps its epoch with each transaction, 0 for an older one
 * @param maxBytes how large the list of partitions may become
 */
record AddPartitions(
        ProducerIdAndEpoch producer, SortedSet<TopicPartition> partitions, short clientVersion, int maxBytes)
        implements Question {
    @Override
    public Decision decide(Optional<Transaction> present, OptionalLong freshId, long nowMs) {
        if (present.isEmpty()) {
            return Decision.refuse(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        }
        Transaction transaction = present.get();
        if (transaction.phase() instanceof Ending) {
            return new Decision.AfterEnding();
        }
        ErrorCode stranger = strangerTo(transaction, producer);
        if (stranger != ErrorCode.NONE) {
            return Decision.refuse(stranger);
        }
        if (transaction.phase() instanceof Ongoing ongoing) {
            return ongoing.partitions().containsAll(partitions)
                    ? new Decision.Answer(Reply.DONE)
                    : step(transaction, ongoing.with(partitions), nowMs);
        }
        return step(transaction, ((Idle) transaction.phase()).begin(partitions, nowMs), nowMs);
    }

    /** Why the producer has no part in the transaction, or NONE. */
    static ErrorCode strangerTo(Transaction transaction, ProducerIdAndEpoch producer) {
        if (transaction.producer().id() != producer.producerId()) {
            return ErrorCode.INVALID_PRODUCER_ID_MAPPING;
        }
        return transaction.producer().epoch() == producer.epoch() ? ErrorCode.NONE : ErrorCode.PRODUCER_FENCED;
    }

    private Decision step(Transaction transaction, Ongoing ongoing, long nowMs) {
        if (PartitionListSize.inBytes(ongoing.partitions()) > maxBytes) {
            return Decision.refuse(ErrorCode.MESSAGE_TOO_LARGE);
        }
        Transaction next = transaction
                .to(transaction.producer().unchanged(), ongoing, nowMs)
                .withClientVersion(clientVersion);
        return new Decision.Step(next, Reply.DONE);
    }
}
