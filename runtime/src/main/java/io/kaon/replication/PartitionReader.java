// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import io.kaon.common.ErrorCode;
import io.kaon.record.FileSlice;
import io.kaon.storage.EpochEnd;
import io.kaon.storage.LogView;
import io.kaon.storage.ReadResult;
import io.kaon.wire.BufferRecords;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** What a fetch reads, partition by partition. Stateless; works on immutable views, so any thread may use it. */
final class PartitionReader {
    private static final Logger LOG = Logger.getLogger(PartitionReader.class);

    private final PartitionRegistry partitions;

    PartitionReader(PartitionRegistry partitions) {
        this.partitions = partitions;
    }

    /** The open partition of a read, if this broker serves it. */
    Optional<Partition> partitionOf(PartitionRead read) {
        return readable(read).map(Readable::partition);
    }

    /** A partition with what it looked like when it was found: a moment later it may be deleted. */
    private record Readable(Partition partition, LogView view) {}

    private Optional<Readable> readable(PartitionRead read) {
        if (!(partitions.find(read.name()) instanceof PartitionLookup.Found found)
                || !ofSameTopic(read, found.partition())) {
            return Optional.empty();
        }
        return found.partition().viewIfOpen().map(view -> new Readable(found.partition(), view));
    }

    /** Whether an answer may leave now: enough bytes, or a result that the client must hear of at once. */
    boolean hasEnough(FetchParams params, List<PartitionRead> reads) {
        long bytes = 0;
        for (PartitionRead read : reads) {
            Optional<Readable> readable = readable(read);
            if (readable.isEmpty()) {
                return true;
            }
            LogView view = readable.get().view();
            if (epochError(read, readable.get().partition()) != ErrorCode.NONE
                    || read.fetchOffset() < view.logStartOffset()
                    || read.fetchOffset() > view.logEndOffset()
                    || divergence(read, view).isPresent()) {
                return true;
            }
            bytes += Math.min(read.maxBytes(), view.estimateBytes(read.fetchOffset(), limit(params, view)));
        }
        return bytes >= params.minBytes();
    }

    /** Whether reading needs nothing but what this process has lately written. */
    boolean isAllHot(List<PartitionRead> reads) {
        for (PartitionRead read : reads) {
            Optional<Readable> readable = readable(read);
            if (readable.isPresent() && !readable.get().view().isHot(read.fetchOffset())) {
                return false;
            }
        }
        return true;
    }

    /** Reads all; the first partition that has records may exceed the bounds by one batch (KIP-74). */
    List<PartitionReadResult> readAll(FetchParams params, List<PartitionRead> reads) {
        List<PartitionReadResult> results = new ArrayList<>(reads.size());
        int bytesLeft = params.maxBytes();
        boolean nothingYet = true;
        for (PartitionRead read : reads) {
            PartitionReadResult result;
            try {
                result = touched(read(params, read, bytesLeft, nothingYet));
            } catch (UncheckedIOException failure) {
                LOG.errorf(failure, "A fetch from %s failed", read.name());
                result = PartitionReadResult.failed(read, ErrorCode.KAFKA_STORAGE_ERROR);
            } catch (RuntimeException failure) {
                results.forEach(earlier -> earlier.records().release());
                throw failure;
            }
            int size = result.records().sizeInBytes();
            bytesLeft = Math.max(0, bytesLeft - size);
            nothingYet &= size == 0;
            results.add(result);
        }
        return results;
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

    private PartitionReadResult read(FetchParams params, PartitionRead read, int bytesLeft, boolean atLeastOneBatch) {
        PartitionLookup lookup = partitions.find(read.name());
        if (lookup instanceof PartitionLookup.Missing missing) {
            return PartitionReadResult.failed(read, missing.error());
        }
        Partition partition = ((PartitionLookup.Found) lookup).partition();
        if (!ofSameTopic(read, partition)) {
            return PartitionReadResult.failed(read, ErrorCode.INCONSISTENT_TOPIC_ID);
        }
        Optional<LogView> view = partition.viewIfOpen();
        if (view.isEmpty()) {
            return PartitionReadResult.failed(read, partition.refusal());
        }
        ErrorCode epochError = epochError(read, partition);
        return epochError == ErrorCode.NONE
                ? read(params, read, view.get(), Math.min(bytesLeft, read.maxBytes()), atLeastOneBatch)
                : PartitionReadResult.failed(read, epochError);
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
            return result(read, ErrorCode.NONE, view, region.slice(), diverging);
        }
        return result(read, ErrorCode.OFFSET_OUT_OF_RANGE, view, null, diverging);
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
                diverging);
    }

    /** Nobody reads above the high watermark (S10). */
    private static long limit(FetchParams params, LogView view) {
        return params.readCommitted() ? Math.min(view.lastStableOffset(), view.highWatermark()) : view.highWatermark();
    }

    /** KIP-320: an older epoch is fenced, a newer one is not known here yet. */
    static ErrorCode epochError(PartitionRead read, Partition partition) {
        int epoch = read.currentLeaderEpoch();
        if (epoch == PartitionRead.NO_EPOCH || epoch == partition.leaderEpoch()) {
            return ErrorCode.NONE;
        }
        return epoch < partition.leaderEpoch() ? ErrorCode.FENCED_LEADER_EPOCH : ErrorCode.UNKNOWN_LEADER_EPOCH;
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

    private static boolean ofSameTopic(PartitionRead read, Partition partition) {
        return read.topicId().isZero() || read.topicId().equals(partition.topicId());
    }
}
