// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.storage.producer.TransactionMarker;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * How a state machine writes. Owner only.
 *
 * @param <R> the records
 */
public interface ShardWriter<R> {
    /**
     * Appends the records as one batch and replays them; the result comes, inside the owner, when they are committed.
     * With no records it comes when all that was written before is committed: a decision that only read may rest on it.
     * On one replica the result is there at once.
     */
    CompletionStage<WriteResult> write(List<R> records);

    /** The epoch of this leadership: what the shard tells others carries it, so that an older one is fenced. */
    int leaderEpoch();

    /**
     * Appends the records as one batch of the producer's transaction and replays them as such; otherwise like
     * {@link #write}. An epoch older than one that the log has seen is refused with the log's code.
     *
     * @param records at least one
     */
    CompletionStage<WriteResult> writeTransactional(ProducerIdAndEpoch producer, List<R> records);

    /**
     * Appends the end of a transaction and replays it; otherwise like {@link #write}. Refused with the log's code:
     * INVALID_PRODUCER_EPOCH, or TRANSACTION_COORDINATOR_FENCED for an older coordinator.
     *
     * @param bumpsEpoch whether the marker must carry a newer epoch than the records (WriteTxnMarkers 2, KIP-890)
     */
    CompletionStage<WriteResult> writeMarker(TransactionMarker marker, boolean bumpsEpoch);
}
