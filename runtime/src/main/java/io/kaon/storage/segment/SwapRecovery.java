// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.segment;

import io.kaon.record.BatchHeader;
import io.kaon.record.BatchHeaderReader;
import io.kaon.record.BatchOutcome;
import io.kaon.record.EndOfBatches;
import io.kaon.storage.checkpoint.CorruptFileException;
import io.kaon.storage.checkpoint.Disk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/** What {@link SegmentSwap} left undone when the process died. Blocks; used once, before the log is in use. */
final class SwapRecovery {
    private static final Logger LOG = Logger.getLogger(SwapRecovery.class);

    private final SegmentFiles files;
    private final SegmentFiles swap;
    private final Disk disk;

    SwapRecovery(SegmentFiles files) {
        this.files = files;
        this.swap = files.at(SegmentFiles.SWAP);
        this.disk = files.disk();
    }

    void run() throws IOException {
        boolean hasChanged = deleteEnding(SegmentFiles.CLEANED);
        for (long base : files.find(SegmentFiles.LOG + SegmentFiles.SWAP)) {
            if (isComplete(base) || !SegmentSwap.exists(files, base, SegmentFiles.LOG)) {
                LOG.infof("%s: an interrupted compaction is completed", swap.path(base, SegmentFiles.LOG));
                complete(base);
            }
        }
        // What is left now was not whole yet when the process died: the old segments count.
        hasChanged |= deleteEnding(SegmentFiles.SWAP);
        if (hasChanged) {
            disk.syncDirectory(files.directory());
        }
    }

    private boolean isComplete(long base) throws IOException {
        for (String suffix : SegmentSwap.INDEXES) {
            if (!SegmentSwap.exists(swap, base, suffix)) {
                return false;
            }
        }
        return true;
    }

    private void complete(long base) throws IOException {
        long lastOffset = lastOffset(swap.path(base, SegmentFiles.LOG), base);
        List<Long> replaced = new ArrayList<>(files.find(SegmentFiles.LOG));
        replaced.removeIf(old -> old < base || old > lastOffset);
        for (long old : replaced) {
            disk.delete(files.path(old, SegmentFiles.LOG));
            for (String suffix : SegmentSwap.INDEXES) {
                disk.delete(files.path(old, suffix));
            }
        }
        disk.syncDirectory(files.directory());
        for (String suffix : SegmentSwap.INDEXES) {
            SegmentSwap.renameIfThere(swap, files, base, suffix);
        }
        disk.syncDirectory(files.directory());
        SegmentSwap.renameIfThere(swap, files, base, SegmentFiles.LOG);
        disk.syncDirectory(files.directory());
    }

    /** The last offset of a segment; its base offset when it is empty, for it replaces at least the one of its name. */
    private long lastOffset(Path log, long base) throws IOException {
        try (FileChannel channel = disk.open(log, StandardOpenOption.READ)) {
            long last = base;
            BatchHeaderReader reader = new BatchHeaderReader(channel, 0, channel.size());
            BatchOutcome outcome = reader.next();
            while (outcome instanceof BatchHeader header) {
                last = header.lastOffset();
                outcome = reader.next();
            }
            if (!(outcome instanceof EndOfBatches)) {
                throw new CorruptFileException(log, "was synced, but is damaged: " + outcome);
            }
            return last;
        }
    }

    private boolean deleteEnding(String stage) throws IOException {
        boolean hasDeleted = false;
        for (Path file : disk.list(files.directory())) {
            if (file.getFileName().toString().endsWith(stage)) {
                disk.delete(file);
                hasDeleted = true;
            }
        }
        return hasDeleted;
    }
}
