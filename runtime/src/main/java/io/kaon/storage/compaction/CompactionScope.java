// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.compaction;

import io.kaon.storage.segment.AbortedTransaction;
import io.kaon.storage.segment.Segment;
import io.kaon.storage.segment.SegmentGoneException;
import java.io.IOException;
import java.util.List;

/**
 * What one round works on.
 *
 * @param segments from the log's first to the last that may be touched: sealed, synced, below the last stable offset
 * @param dirtyFrom everything below has been compacted
 * @param endOffset where the last of them ends
 * @param transactions knows what was aborted
 */
public record CompactionScope(List<Segment> segments, long dirtyFrom, long endOffset, Transactions transactions) {
    /** What the log knows of its transactions. */
    @FunctionalInterface
    public interface Transactions {
        /** Those of which something may lie between the offsets. {@link SegmentGoneException} when the log has changed. */
        List<AbortedTransaction> aborted(long fromOffset, long upToOffset) throws IOException;
    }

    public CompactionScope {
        segments = List.copyOf(segments);
    }

    long endOf(int index) {
        return index + 1 < segments.size() ? segments.get(index + 1).baseOffset() : endOffset;
    }
}
