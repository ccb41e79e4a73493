// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.common.ErrorCode;
import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.common.TopicPartition;
import io.kaon.coordinator.transaction.TransactionPhase.Ending;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * AddPartitionsToTxn (api 24, versions 4 and 5) that only asks: is the producer's transaction open, with these
 * partitions in it? Leaders ask before they take the first batch of a transaction (KIP-890).
 */
record PartitionCheck(ProducerIdAndEpoch producer) {
    Result of(Optional<Transaction> present, SortedSet<TopicPartition> partitions) {
        if (present.isEmpty()) {
            return Result.failed(ErrorCode.INVALID_PRODUCER_ID_MAPPING);
        }
        Transaction transaction = present.get();
        ErrorCode stranger = AddPartitions.strangerTo(transaction, producer);
        if (stranger != ErrorCode.NONE) {
            return Result.failed(stranger);
        }
        if (transaction.phase() instanceof Ending) {
            return Result.failed(ErrorCode.CONCURRENT_TRANSACTIONS);
        }
        SortedSet<TopicPartition> missing = new TreeSet<>(partitions);
        missing.removeAll(transaction.phase().partitions());
        return new Result(ErrorCode.NONE, missing);
    }

    /**
     * @param error of all partitions
     * @param missing without such an error: those that are not in the transaction
     */
    record Result(ErrorCode error, SortedSet<TopicPartition> missing) {
        static Result failed(ErrorCode error) {
            return new Result(error, Collections.emptySortedSet());
        }
    }
}
