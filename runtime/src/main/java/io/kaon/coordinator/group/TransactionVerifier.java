// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.common.ProducerIdAndEpoch;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Asks the transaction coordinator, wherever it is, whether a producer's transaction includes a partition of
 * {@code __consumer_offsets} (KIP-890): offsets that come too late must not open a transaction that nobody will end.
 */
@FunctionalInterface
public interface TransactionVerifier {
    /** Believes every producer ({@code transaction.partition.verification.enable=false}). */
    TransactionVerifier TRUSTING = question -> CompletableFuture.completedStage(ErrorCode.NONE);

    /**
     * NONE when the partition is part of the producer's open transaction. Otherwise what the transaction coordinator
     * said (INVALID_TXN_STATE, INVALID_PRODUCER_EPOCH, INVALID_PRODUCER_ID_MAPPING, CONCURRENT_TRANSACTIONS, …) or,
     * when it could not be asked, a code that makes the client try again (COORDINATOR_NOT_AVAILABLE,
     * NETWORK_EXCEPTION). Any thread; completes on any thread.
     */
    CompletionStage<ErrorCode> verify(Question question);

    /**
     * One question.
     *
     * @param transactionalId whose transaction
     * @param producer as the request says
     * @param partition of {@code __consumer_offsets}
     * @param add whether the partition is to be added to the transaction (TxnOffsetCommit 5 and up, transaction.version
     *     2), instead of only looked for
     */
    record Question(String transactionalId, ProducerIdAndEpoch producer, int partition, boolean add) {}
}
