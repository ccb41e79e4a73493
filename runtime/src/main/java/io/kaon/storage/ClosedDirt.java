// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.storage.checkpoint.Disk;
import io.kaon.storage.segment.SegmentFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How much of a log that is not open waits for compaction, from names and sizes of its files.
 *
 * @param cleanBytes of segments that were compacted
 * @param dirtyBytes of those that were not, but for the last one
 * @param writtenMs when the last one was written, in ms; −1 when it has nothing
 */
record ClosedDirt(long cleanBytes, long dirtyBytes, long writtenMs) {
    private static final long NOTHING = -1;

    /** Looks at a folder; blocks. @param checkpoint up to where the log was compacted, −1 when it never was */
    static ClosedDirt read(Disk disk, Path folder, long checkpoint) throws IOException {
        SegmentFiles files = new SegmentFiles(disk, folder);
        List<Long> bases = new ArrayList<>(files.find(SegmentFiles.LOG));
        long cleanBytes = 0;
        long dirtyBytes = 0;
        for (int index = 0; index < bases.size() - 1; index++) {
            long bytes = Math.max(0, disk.size(files.path(bases.get(index), SegmentFiles.LOG)));
            boolean isClean = bases.get(index + 1) <= checkpoint;
            cleanBytes += isClean ? bytes : 0;
            dirtyBytes += isClean ? 0 : bytes;
        }
        return new ClosedDirt(cleanBytes, dirtyBytes, bases.isEmpty() ? NOTHING : idleSince(disk, files, bases));
    }

    private static long idleSince(Disk disk, SegmentFiles files, List<Long> bases) throws IOException {
        Path last = files.path(bases.get(bases.size() - 1), SegmentFiles.LOG);
        return disk.size(last) > 0 ? disk.lastModifiedMs(last) : NOTHING;
    }

    /** Whether the log is worth opening. Errs on the side of opening it. */
    boolean isDue(CompactionOptions rules, long nowMs) {
        boolean isEnough = dirtyBytes > rules.minDirtyRatio() * (cleanBytes + dirtyBytes);
        boolean isOverdue = writtenMs >= 0 && nowMs - rules.maxLagMs() > writtenMs;
        return isOverdue || (dirtyBytes > 0 && (isEnough || rules.maxLagMs() < Long.MAX_VALUE));
    }
}
