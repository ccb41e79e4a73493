// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.storage.segment.Segment;
import java.io.IOException;
import java.util.List;

/**
 * What of a log has not been compacted and may be, and what speaks for doing it.
 *
 * @param segments from the log's first to the last that may be compacted
 * @param from everything below has been compacted
 * @param end exclusive end: below the last stable offset, the high watermark and the recovery point, and the base of a
 *     segment
 * @param cleanBytes bytes of the segments below {@code from}
 * @param dirtyBytes bytes of the others
 */
record DirtyRange(List<Segment> segments, long from, long end, long cleanBytes, long dirtyBytes) {
    /**
     * Reads the time index of a segment where {@code min.compaction.lag.ms} asks for it: blocks.
     *
     * @param checkpoint up to where the log was compacted, −1 when it never was
     */
    static DirtyRange of(PartitionLog log, long checkpoint, long nowMs) throws IOException {
        LogView view = log.view();
        List<Segment> all = view.segments();
        if (all.isEmpty()) {
            return new DirtyRange(List.of(), 0, 0, 0, 0);
        }
        long first = Math.max(view.logStartOffset(), all.get(0).baseOffset());
        // A checkpoint past the end is of a log that was there before.
        long from = checkpoint > view.logEndOffset() ? first : Math.max(first, checkpoint);
        long limit = Math.min(Math.min(view.lastStableOffset(), view.highWatermark()), log.recoveryPoint());
        long minLagMs = log.options().compaction().minLagMs();
        int count = 0;
        long cleanBytes = 0;
        long dirtyBytes = 0;
        while (count < all.size() - 1 && all.get(count + 1).baseOffset() <= limit) {
            Segment segment = all.get(count);
            boolean isDirty = all.get(count + 1).baseOffset() > from;
            if (isDirty && minLagMs > 0 && segment.loadMaxTimestamp() > nowMs - minLagMs) {
                break;
            }
            cleanBytes += isDirty ? 0 : segment.sizeInBytes();
            dirtyBytes += isDirty ? segment.sizeInBytes() : 0;
            count++;
        }
        long end = all.get(count).baseOffset();
        return new DirtyRange(all.subList(0, count), Math.min(from, end), end, cleanBytes, dirtyBytes);
    }

    /** Whether something of it may have been compacted. */
    boolean hasClean() {
        return !segments.isEmpty() && from > segments.get(0).baseOffset();
    }

    boolean isDirty() {
        return dirtyBytes > 0;
    }

    /** Share of what is not compacted, 0 to 1. */
    double ratio() {
        return dirtyBytes == 0 ? 0 : (double) dirtyBytes / (cleanBytes + dirtyBytes);
    }

    /** How long its oldest record has been past the lag, in ms; 0 when it is not. Reads a batch header: blocks. */
    long overdueMs(long maxLagMs, long nowMs) throws IOException {
        if (maxLagMs == Long.MAX_VALUE) {
            return 0;
        }
        for (int index = 0; index < segments.size(); index++) {
            long segmentEnd =
                    index + 1 < segments.size() ? segments.get(index + 1).baseOffset() : end;
            if (segmentEnd > from && segments.get(index).sizeInBytes() > 0) {
                long oldest = segments.get(index).loadFirstTimestamp();
                return oldest < 0 ? 0 : Math.max(0, nowMs - maxLagMs - oldest);
            }
        }
        return 0;
    }
}
