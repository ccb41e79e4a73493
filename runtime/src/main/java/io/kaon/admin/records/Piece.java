// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.records;

import io.kaon.admin.AdminException;
import io.kaon.common.ErrorCode;
import io.kaon.record.BatchOutcome;
import io.kaon.record.BatchReader;
import io.kaon.record.MalformedBatch;
import io.kaon.record.RecordBatch;
import io.kaon.wire.message.FetchResponse.AbortedTransaction;
import io.kaon.wire.message.FetchResponse.PartitionData;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one Fetch brought of a partition: whole batches, in memory, and which of them belong to aborted transactions. Read
 * once, front to back, by one thread.
 */
final class Piece {
    private final List<RecordBatch> batches;
    private final int sizeInBytes;
    private final long endOffset;
    /** By first offset. */
    private final Queue<AbortedTransaction> aborted;

    private final Set<Long> abortedProducers = new HashSet<>();

    private Piece(BatchReader.Split split, PartitionData data, long endOffset) {
        this.batches = split.batches();
        this.sizeInBytes = split.validBytes();
        this.endOffset = endOffset;
        this.aborted = data.abortedTransactions() == null
                ? new ArrayDeque<>()
                : data.abortedTransactions().stream()
                        .sorted(Comparator.comparingLong(AbortedTransaction::firstOffset))
                        .collect(Collectors.toCollection(ArrayDeque::new));
    }

    /** Reads the batches and gives the bytes back. Blocks. */
    static Piece of(PartitionData data, Isolation isolation) {
        try {
            BatchReader.Split split = BatchReader.split(data.records().toBuffer());
            BatchOutcome end = split.end();
            if (split.batches().isEmpty() && end instanceof MalformedBatch malformed) {
                throw new AdminException(
                        ErrorCode.CORRUPT_MESSAGE,
                        "Partition " + data.partitionIndex() + " cannot be read: " + malformed.message());
            }
            long endOffset = isolation == Isolation.READ_COMMITTED ? data.lastStableOffset() : data.highWatermark();
            return new Piece(split, data, endOffset);
        } finally {
            data.records().release();
        }
    }

    List<RecordBatch> batches() {
        return batches;
    }

    int sizeInBytes() {
        return sizeInBytes;
    }

    /** Where the partition ended for this reader when the piece was read, exclusive. */
    long endOffset() {
        return endOffset;
    }

    /** Whether the records of the batch are to be seen. To be asked of each batch, in their order. */
    boolean isVisible(RecordBatch batch) {
        if (batch.isControl()) {
            abortedProducers.remove(batch.producerId());
            return false;
        }
        while (!aborted.isEmpty() && aborted.peek().firstOffset() <= batch.lastOffset()) {
            abortedProducers.add(aborted.poll().producerId());
        }
        return !batch.isTransactional() || !abortedProducers.contains(batch.producerId());
    }
}
