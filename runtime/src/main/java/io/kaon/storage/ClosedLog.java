// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.storage.checkpoint.Disk;
import io.kaon.storage.segment.SegmentFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SortedSet;

/**
 * What a folder tells about a log that is not open, from names, sizes, and one entry of one index: enough to say whether
 * retention would take something away. It stays true as long as nobody opens the log.
 *
 * @param segments how many there are
 * @param sizeInBytes of all segments
 * @param oldestBytes of the first segment
 * @param oldestTimestamp the largest timestamp of the first segment in ms; when its file was written, if there is none
 */
record ClosedLog(int segments, long sizeInBytes, long oldestBytes, long oldestTimestamp) {
    private static final ClosedLog EMPTY = new ClosedLog(0, 0, 0, Long.MAX_VALUE);
    /** The time index: timestamp 8, relative offset 4. Its last entry has the largest timestamp of a sealed segment. */
    private static final int TIME_ENTRY_BYTES = 12;

    /** Reads a folder; opens one file, and closes it again. Blocks. */
    static ClosedLog read(Disk disk, Path folder) throws IOException {
        SegmentFiles files = new SegmentFiles(disk, folder);
        SortedSet<Long> bases = files.find(SegmentFiles.LOG);
        if (bases.isEmpty()) {
            return EMPTY;
        }
        long sizeInBytes = 0;
        for (long base : bases) {
            sizeInBytes += Math.max(0, disk.size(files.path(base, SegmentFiles.LOG)));
        }
        Path oldest = files.path(bases.first(), SegmentFiles.LOG);
        long timestamp = lastTimestamp(disk, files.path(bases.first(), SegmentFiles.TIME_INDEX));
        return new ClosedLog(
                bases.size(),
                sizeInBytes,
                Math.max(0, disk.size(oldest)),
                timestamp >= 0 ? timestamp : disk.lastModifiedMs(oldest));
    }

    private static long lastTimestamp(Disk disk, Path timeIndex) throws IOException {
        long bytes = disk.size(timeIndex);
        if (bytes < TIME_ENTRY_BYTES) {
            return -1;
        }
        try (FileChannel channel = disk.open(timeIndex, StandardOpenOption.READ)) {
            ByteBuffer entry = ByteBuffer.allocate(Long.BYTES);
            long position = bytes - bytes % TIME_ENTRY_BYTES - TIME_ENTRY_BYTES;
            while (entry.hasRemaining()) {
                if (channel.read(entry, position + entry.position()) < 0) {
                    return -1;
                }
            }
            return entry.getLong(0);
        }
    }

    /** Whether a segment is to go: then the log is worth opening. Errs on the side of opening it. */
    boolean isDue(RetentionOptions rules, long nowMs) {
        if (!rules.deletes() || sizeInBytes == 0) {
            return false;
        }
        boolean isTooOld = rules.retentionMs() >= 0 && nowMs - oldestTimestamp > rules.retentionMs();
        boolean isTooLarge = rules.retentionBytes() >= 0 && sizeInBytes - oldestBytes >= rules.retentionBytes();
        return isTooOld || isTooLarge;
    }
}
