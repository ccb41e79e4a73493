// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import io.kaon.common.ErrorCode;
import io.kaon.replication.PartitionState.Readable;
import io.kaon.replication.PartitionState.Unreadable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * What all partitions of a fetch looked like at one moment: the decision to answer and the answer rest on the same
 * views. Immutable; any thread.
 */
final class FetchSnapshot {
    /**
     * Bytes of one answer that may have to come from the disk, unless the client insists on more
     * ({@link FetchParams#minBytes}). Small, so that they are still in the page cache when the answer leaves, and that
     * no client keeps a thread for long; the client asks again for what is missing (KIP-74).
     */
    static final int MAX_COLD_BYTES = 4 << 20;

    private static final Logger LOG = Logger.getLogger(FetchSnapshot.class);

    private final FetchParams params;
    private final List<PartitionState> partitions;

    private FetchSnapshot(FetchParams params, List<PartitionState> partitions) {
        this.params = params;
        this.partitions = partitions;
    }

    static FetchSnapshot take(FetchParams params, List<ResolvedRead> reads) {
        List<PartitionState> states = new ArrayList<>(reads.size());
        for (ResolvedRead read : reads) {
            states.add(read.now());
        }
        return new FetchSnapshot(params, states);
    }

    /** Whether an answer may leave now: enough bytes, or a result that the client must hear of at once. */
    boolean hasEnough() {
        long bytes = 0;
        for (PartitionState partition : partitions) {
            if (!(partition instanceof Readable readable) || PartitionReader.mustBeTold(readable)) {
                return true;
            }
            bytes += PartitionReader.availableBytes(params, readable);
        }
        return bytes >= params.minBytes();
    }

    /** Whether reading needs nothing but what this process has lately written. */
    boolean isAllHot() {
        for (PartitionState partition : partitions) {
            if (partition instanceof Readable readable && !isHot(readable)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isHot(Readable partition) {
        return partition.view().isHot(partition.read().fetchOffset());
    }

    /**
     * Reads all; the first partition that has records may exceed the bounds by one batch (KIP-74). Blocks where
     * partitions are not hot: then what is returned has been brought into the page cache.
     */
    List<PartitionReadResult> read() {
        List<PartitionReadResult> results = new ArrayList<>(partitions.size());
        int bytesLeft = params.maxBytes();
        int coldBytesLeft = Math.max(MAX_COLD_BYTES, params.minBytes());
        boolean nothingYet = true;
        for (PartitionState partition : partitions) {
            boolean isCold = partition instanceof Readable readable && !isHot(readable);
            int maxBytes = isCold ? Math.min(bytesLeft, coldBytesLeft) : bytesLeft;
            PartitionReadResult result;
            try {
                result = read(partition, maxBytes, nothingYet);
            } catch (RuntimeException failure) {
                results.forEach(earlier -> earlier.records().release());
                throw failure;
            }
            int size = result.records().sizeInBytes();
            bytesLeft = Math.max(0, bytesLeft - size);
            coldBytesLeft = isCold ? Math.max(0, coldBytesLeft - size) : coldBytesLeft;
            nothingYet &= size == 0;
            results.add(result);
        }
        return results;
    }

    private PartitionReadResult read(PartitionState partition, int maxBytes, boolean atLeastOneBatch) {
        if (partition instanceof Unreadable unreadable) {
            return PartitionReadResult.failed(unreadable.read(), unreadable.error());
        }
        try {
            Readable readable = (Readable) partition;
            PartitionReadResult result = PartitionReader.read(params, readable, maxBytes, atLeastOneBatch);
            if (result.error() == ErrorCode.NONE) {
                readable.partition().meter().fetch(result.records().sizeInBytes());
            }
            return result;
        } catch (UncheckedIOException failure) {
            LOG.errorf(failure, "A fetch from %s failed", partition.read().name());
            return PartitionReadResult.failed(partition.read(), ErrorCode.KAFKA_STORAGE_ERROR);
        }
    }
}
