// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import io.kaon.common.ErrorCode;
import io.kaon.storage.EpochEnd;
import io.kaon.storage.segment.AbortedTransaction;
import io.kaon.wire.BufferRecords;
import io.kaon.wire.RecordBytes;
import java.util.List;
import java.util.Optional;

/**
 * What a fetch found in one partition. Who takes the result releases its records.
 *
 * @param error NONE, or why there are no records; the offsets are −1 then, unless the log is known
 * @param highWatermark exclusive end of what is committed
 * @param lastStableOffset exclusive end of what a read_committed reader may see
 * @param abortedTransactions by first offset: those of which {@code records} may hold a part; only for read_committed
 * @param diverging where the client's log parts from ours, when the epochs of the request say that it does (KIP-595)
 */
public record PartitionReadResult(
        PartitionRead read,
        ErrorCode error,
        long highWatermark,
        long lastStableOffset,
        long logStartOffset,
        RecordBytes records,
        List<AbortedTransaction> abortedTransactions,
        Optional<EpochEnd> diverging) {

    private static final long UNKNOWN = -1;

    /** Without records, and nothing known of the log. */
    public static PartitionReadResult failed(PartitionRead read, ErrorCode error) {
        return new PartitionReadResult(
                read, error, UNKNOWN, UNKNOWN, UNKNOWN, BufferRecords.EMPTY, List.of(), Optional.empty());
    }

    /** The same with other records; those of this result are the caller's to release. */
    public PartitionReadResult withRecords(RecordBytes others) {
        return new PartitionReadResult(
                read, error, highWatermark, lastStableOffset, logStartOffset, others, abortedTransactions, diverging);
    }

    PartitionReadResult withAborted(List<AbortedTransaction> aborted) {
        return new PartitionReadResult(
                read, error, highWatermark, lastStableOffset, logStartOffset, records, aborted, diverging);
    }
}
