// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.segment;

import io.kaon.storage.checkpoint.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Puts a compacted segment into the place of those that it was made from, so that a crash at any moment leaves the one or
 * the other. The new one has the base offset of the first old one.
 *
 * <pre>
 *  1  x.log.cleaned and its indexes are written and synced                   after a crash: deleted
 *  2  all four are renamed to .swap, and the folder is synced                deleted, unless all four are there
 *  3  the old segments are renamed to .deleted, and the folder is synced     done again, from the offsets in x.log.swap
 *  4  the indexes get their names, and the folder is synced                  done again
 *  5  the log gets its name, and the folder is synced                        done
 * </pre>
 *
 * <p>Blocks; on the log's disk lane, or before the log is in use.
 *
 * @param files of the log itself
 */
public record SegmentSwap(SegmentFiles files) {
    static final List<String> INDEXES =
            List.of(SegmentFiles.OFFSET_INDEX, SegmentFiles.TIME_INDEX, SegmentFiles.TRANSACTION_INDEX);

    /** Begins the segment that is to replace others: step 1. {@link #seal} ends it. */
    public Segment begin(long baseOffset) throws IOException {
        return new SegmentLoader(files.at(SegmentFiles.CLEANED)).create(baseOffset, 0);
    }

    /** Makes the whole new segment durable. Nothing is added to it any more. */
    public void seal(Segment cleaned) throws IOException {
        cleaned.completeTimeIndex();
        new SegmentLoader(files.at(SegmentFiles.CLEANED)).seal(cleaned);
        // Also an empty one, because it has to take the place of an old one.
        cleaned.transactionIndex().entries().seal();
    }

    /** Gives up a segment that will not replace any. */
    public void abandon(Segment cleaned) throws IOException {
        SegmentLoader.giveUp(cleaned);
        SegmentFiles stage = files.at(SegmentFiles.CLEANED);
        files.disk().delete(stage.path(cleaned.baseOffset(), SegmentFiles.LOG));
        for (String suffix : INDEXES) {
            files.disk().delete(stage.path(cleaned.baseOffset(), suffix));
        }
    }

    /** Steps 2 to 5. {@link SegmentLoader#remove} takes the old files away later. */
    public void replace(List<Segment> old, Segment cleaned) throws IOException {
        Disk disk = files.disk();
        long base = cleaned.baseOffset();
        SegmentFiles swap = files.at(SegmentFiles.SWAP);
        for (String suffix : INDEXES) {
            slotOf(cleaned, suffix).rename(swap.path(base, suffix));
        }
        cleaned.log().rename(swap.path(base, SegmentFiles.LOG));
        disk.syncDirectory(files.directory());
        SegmentLoader loader = new SegmentLoader(files);
        for (Segment segment : old) {
            loader.markReplaced(segment, segment.baseOffset() == base);
        }
        disk.syncDirectory(files.directory());
        for (String suffix : INDEXES) {
            slotOf(cleaned, suffix).rename(files.path(base, suffix));
        }
        disk.syncDirectory(files.directory());
        cleaned.log().rename(files.path(base, SegmentFiles.LOG));
        disk.syncDirectory(files.directory());
        if (!cleaned.hasAborted()) {
            cleaned.transactionIndex().entries().slot().close();
            disk.delete(files.path(base, SegmentFiles.TRANSACTION_INDEX));
        }
    }

    private static SharedFileSlot slotOf(Segment segment, String suffix) {
        return switch (suffix) {
            case SegmentFiles.OFFSET_INDEX -> segment.offsetIndex().entries().slot();
            case SegmentFiles.TIME_INDEX -> segment.timeIndex().entries().slot();
            default -> segment.transactionIndex().entries().slot();
        };
    }

    /** Ends or takes back what a crash has interrupted. Before the log is in use. */
    public void recover() throws IOException {
        new SwapRecovery(files).run();
    }

    static boolean exists(SegmentFiles files, long base, String suffix) throws IOException {
        return files.disk().size(files.path(base, suffix)) >= 0;
    }

    static void renameIfThere(SegmentFiles from, SegmentFiles to, long base, String suffix) throws IOException {
        Path source = from.path(base, suffix);
        if (from.disk().size(source) >= 0) {
            from.disk().rename(source, to.path(base, suffix));
        }
    }
}
