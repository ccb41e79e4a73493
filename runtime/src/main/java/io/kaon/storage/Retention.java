// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.storage.checkpoint.Disk;
import io.kaon.storage.segment.Segment;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;

/** Says how many of a log's oldest segments no rule keeps. Reads indexes, so it blocks: disk threads. */
final class Retention {
    private Retention() {}

    /** Segments to delete, counted from the oldest; all of them when even the last one is too old. */
    static int deletable(LogView view, RetentionOptions rules, Disk disk, long nowMs) throws IOException {
        if (!rules.deletes()) {
            return 0;
        }
        int committed = committed(view);
        return Math.max(byTime(view, rules, disk, nowMs, committed), bySize(view, rules, committed));
    }

    /** The segments that lie wholly below the high watermark. */
    private static int committed(LogView view) {
        List<Segment> segments = view.segments();
        int count = 0;
        while (count < segments.size() && endOffset(view, count) <= view.highWatermark()) {
            count++;
        }
        boolean isLastEmpty = count == segments.size() && count > 0 && view.endPosition(count - 1) == 0;
        return isLastEmpty ? count - 1 : count;
    }

    private static long endOffset(LogView view, int index) {
        boolean isLast = index == view.segments().size() - 1;
        return isLast ? view.logEndOffset() : view.segments().get(index + 1).baseOffset();
    }

    private static int byTime(LogView view, RetentionOptions rules, Disk disk, long nowMs, int committed)
            throws IOException {
        int count = 0;
        while (rules.retentionMs() >= 0
                && count < committed
                && nowMs - newestMs(view.segments().get(count), disk) > rules.retentionMs()) {
            count++;
        }
        return count;
    }

    /** Records without timestamps are as old as their file; one that gets its name at this very moment is new. */
    private static long newestMs(Segment segment, Disk disk) throws IOException {
        long timestamp = segment.loadMaxTimestamp();
        try {
            return timestamp >= 0 ? timestamp : disk.lastModifiedMs(segment.path());
        } catch (NoSuchFileException renamed) {
            return Long.MAX_VALUE / 2;
        }
    }

    private static int bySize(LogView view, RetentionOptions rules, int committed) {
        if (rules.retentionBytes() < 0) {
            return 0;
        }
        long tooMuch = view.sizeInBytes() - rules.retentionBytes();
        int count = 0;
        while (count < committed && view.endPosition(count) <= tooMuch) {
            tooMuch -= view.endPosition(count);
            count++;
        }
        return count;
    }
}
