// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import io.kaon.common.ErrorCode;
import io.kaon.record.FileSlice;
import io.kaon.replication.PartitionState.Readable;
import io.kaon.storage.EpochEnd;
import io.kaon.storage.LogView;
import io.kaon.storage.ReadResult;
import io.kaon.storage.segment.AbortedTransaction;
import io.kaon.wire.BufferRecords;
import java.util.List;
import java.util.Optional;

/** How a fetch reads one partition. Works on immutable views, so any thread may use it. */
final class PartitionReader {
    /** How often a read is tried again whose segment was replaced meanwhile: each time there is a newer view. */
    private static final int MAX_ATTEMPTS = 5;

    private PartitionReader() {}

    /** Whether there is something that the client must hear of at once, however few bytes there are. */
    static boolean mustBeTold(Readable partition) {
        PartitionRead read = partition.read();
        LogView view = partition.view();
        return !isInRange(read, view) || divergence(read, view).isPresent();
    }

    /** About how many bytes a read returns, without a look at the disk. */
    static long availableBytes(FetchParams params, Readable partition) {
        LogView view = partition.view();
        PartitionRead read = partition.read();
        return Math.min(read.maxBytes(), view.estimateBytes(read.fetchOffset(), limit(params, view)));
    }

    /**
     * Reads; what is not hot comes back touched. A partition that was deleted meanwhile, or whose disk fails, throws
     * {@link java.io.UncheckedIOException}.
     *
     * @param maxBytes for the rest of the answer; the partition has its own bound, too
     * @param atLeastOneBatch whether the first batch comes whole, however large it is
     */
    static PartitionReadResult read(FetchParams params, Readable partition, int maxBytes, boolean atLeastOneBatch) {
        PartitionRead read = partition.read();
        int bound = Math.min(maxBytes, read.maxBytes());
        LogView view = partition.view();
        PartitionReadResult result = touched(read(params, read, view, bound, atLeastOneBatch));
        for (int attempt = 1; attempt < MAX_ATTEMPTS && isOfOldFiles(result, read, view); attempt++) {
            LogView newer = partition.newest();
            if (newer == view) {
                return result;
            }
            view = newer;
            result = touched(read(params, read, view, bound, atLeastOneBatch));
        }
        return result;
    }

    /** The offset was there when the view was taken: its segment has been compacted or deleted since. */
    private static boolean isOfOldFiles(PartitionReadResult result, PartitionRead read, LogView view) {
        return result.error() == ErrorCode.OFFSET_OUT_OF_RANGE
                && isInRange(read, view)
                && divergence(read, view).isEmpty();
    }

    private static boolean isInRange(PartitionRead read, LogView view) {
        return read.fetchOffset() >= view.logStartOffset() && read.fetchOffset() <= view.logEndOffset();
    }

    /** With records that are in the page cache now. */
    private static PartitionReadResult touched(PartitionReadResult result) {
        if (result.records() instanceof FileSlice slice && !slice.isHot()) {
            try {
                slice.touch();
            } catch (RuntimeException failure) {
                slice.release();
                throw failure;
            }
        }
        return result;
    }

    private static PartitionReadResult read(
            FetchParams params, PartitionRead read, LogView view, int maxBytes, boolean atLeastOneBatch) {
        Optional<EpochEnd> diverging = divergence(read, view);
        if (diverging.isPresent()) {
            // Of an epoch that this log has never seen there is no end to name: the client has to start over.
            return diverging.get().equals(EpochEnd.UNDEFINED)
                    ? result(read, ErrorCode.OFFSET_OUT_OF_RANGE, view, null, Optional.empty())
                    : result(read, ErrorCode.NONE, view, null, diverging);
        }
        if (maxBytes <= 0 && !atLeastOneBatch && read.fetchOffset() <= view.logEndOffset()) {
            return result(read, ErrorCode.NONE, view, null, diverging);
        }
        ReadResult outcome = view.read(read.fetchOffset(), limit(params, view), Math.max(0, maxBytes), atLeastOneBatch);
        if (outcome instanceof ReadResult.Region region) {
            PartitionReadResult result = result(read, ErrorCode.NONE, view, region.slice(), diverging);
            return params.readCommitted() ? withAborted(result, view) : result;
        }
        return result(read, ErrorCode.OFFSET_OUT_OF_RANGE, view, null, diverging);
    }

    /** With the transactions whose records in the result the reader must leave out (C4). */
    private static PartitionReadResult withAborted(PartitionReadResult result, LogView view) {
        int bytes = result.records().sizeInBytes();
        if (bytes == 0) {
            return result;
        }
        PartitionRead read = result.read();
        Optional<List<AbortedTransaction>> aborted;
        try {
            aborted = view.abortedTransactions(read.fetchOffset(), bytes, view.lastStableOffset());
        } catch (RuntimeException failure) {
            result.records().release();
            throw failure;
        }
        if (aborted.isEmpty()) {
            // The records are still there, but not who knows which of them count.
            result.records().release();
            return result(read, ErrorCode.OFFSET_OUT_OF_RANGE, view, null, Optional.empty());
        }
        return result.withAborted(aborted.get());
    }

    private static PartitionReadResult result(
            PartitionRead read, ErrorCode error, LogView view, FileSlice slice, Optional<EpochEnd> diverging) {
        return new PartitionReadResult(
                read,
                error,
                view.highWatermark(),
                view.lastStableOffset(),
                view.logStartOffset(),
                slice == null ? BufferRecords.EMPTY : slice,
                List.of(),
                diverging);
    }

    /** Nobody reads above the high watermark (S10). */
    private static long limit(FetchParams params, LogView view) {
        return params.readCommitted() ? Math.min(view.lastStableOffset(), view.highWatermark()) : view.highWatermark();
    }

    /** KIP-595: the client's last epoch ends earlier in our log than where it wants to go on. */
    private static Optional<EpochEnd> divergence(PartitionRead read, LogView view) {
        if (read.lastFetchedEpoch() < 0) {
            return Optional.empty();
        }
        EpochEnd end = view.endOffsetFor(read.lastFetchedEpoch());
        boolean diverges = end.epoch() < read.lastFetchedEpoch() || end.endOffset() < read.fetchOffset();
        return diverges ? Optional.of(end) : Optional.empty();
    }
}
