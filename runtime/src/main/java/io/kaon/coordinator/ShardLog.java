// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.exec.Cancellable;
import io.kaon.exec.SerialExecutor;
import io.kaon.storage.producer.TransactionMarker;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;

/** The log under a shard: one partition of an internal topic, led by this broker. */
public interface ShardLog {
    /** The partition's owner, which owns the shard too. */
    SerialExecutor owner();

    /**
     * Writes the records as one batch. Owner only. May move the committed offset, and run {@link #onCommitted}
     * listeners, before it returns (one replica).
     *
     * @param records at least one
     * @param timestampMs wall time of the batch
     */
    ShardAppend append(List<KeyValue> records, long timestampMs);

    /**
     * Writes the records as one batch of the producer's transaction, without sequence numbers; otherwise like
     * {@link #append}.
     */
    ShardAppend appendTransactional(ProducerIdAndEpoch producer, List<KeyValue> records, long timestampMs);

    /**
     * Writes the end of a transaction; otherwise like {@link #append}.
     *
     * @param bumpsEpoch whether the marker must carry a newer epoch than the records
     */
    ShardAppend appendMarker(TransactionMarker marker, boolean bumpsEpoch, long timestampMs);

    /**
     * Whether an append of up to so many bytes may have to wait for the disk: what leads to one belongs on a thread
     * that may block then. Owner.
     */
    default boolean needsDisk(int bytes) {
        return false;
    }

    /** The first offset that is still there. */
    long startOffset();

    /** The offset after the last record. */
    long endOffset();

    /** The high watermark: records below it survive a change of leader. */
    long committedOffset();

    /**
     * Reads whole batches from the one that holds {@code offset}, about {@code maxBytes}, at least one batch, up to the
     * end of the log, committed or not. Any thread; reading and parsing happen where blocking is allowed. Fails with
     * what reading threw.
     */
    CompletionStage<LogChunk> read(long offset, int maxBytes);

    /** Calls the listener, inside the owner, with each new committed offset. */
    Cancellable onCommitted(LongConsumer listener);
}
