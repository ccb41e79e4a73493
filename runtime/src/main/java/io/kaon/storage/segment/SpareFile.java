// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.segment;

import io.kaon.record.BatchHeader;
import io.kaon.record.BatchHeaderReader;
import io.kaon.record.SharedFile;
import io.kaon.storage.checkpoint.SyncFailedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * An empty log file that was made ahead of time, so that a roll costs the log's owner nothing. A segment's name is
 * its first
 * offset, which nobody knows ahead; so the file is written under a name of its own and gets its true one on a disk
 * thread soon
 * after. A crash in between leaves a file that tells its name by its first batch: {@link #adopt}.
 */
public final class SpareFile {
    static final String FILE_NAME = "next-segment.spare";

    private final SegmentFiles files;
    private final SharedFile file;

    private SpareFile(SegmentFiles files, SharedFile file) {
        this.files = files;
        this.file = file;
    }

    /**
     * Makes the file, durably. Blocks: disk threads.
     *
     * @param initialBytes its size, zeros all of it; 0 for a file that grows
     */
    public static SpareFile make(SegmentFiles files, int initialBytes) throws IOException {
        Path path = files.directory().resolve(FILE_NAME);
        if (files.disk().size(path) > 0) {
            throw new IOException(path + " has records and waits for its name");
        }
        FileChannel channel = files.disk()
                .open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING);
        try {
            SegmentLoader.preallocate(channel, initialBytes);
            SyncFailedException.syncFolder(files.disk(), files.directory());
        } catch (IOException failure) {
            takeAway(channel, files, failure);
            throw failure;
        }
        return new SpareFile(files, SharedFile.of(path, channel));
    }

    private static void takeAway(FileChannel channel, SegmentFiles files, IOException failure) {
        try {
            channel.close();
            files.disk().delete(files.directory().resolve(FILE_NAME));
        } catch (IOException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }

    /** Begins a segment with it; does not block. {@link #giveName} follows, on a disk thread. */
    public Segment begin(long baseOffset) {
        return new Segment(files, baseOffset, new SharedFileSlot(files.disk(), file.path(), file));
    }

    /** Gives the file of a segment that was begun so its true name. Blocks: disk threads. */
    public static void giveName(Segment segment) throws IOException {
        SegmentFiles files = segment.files();
        Path name = files.path(segment.baseOffset(), SegmentFiles.LOG);
        segment.log().rename(name);
    }

    /** Closes the unused file and leaves it where it is. */
    public void letGo() {
        file.release();
    }

    /** Takes the unused file away. Blocks: disk threads. */
    public void remove() throws IOException {
        file.release();
        files.disk().delete(file.path());
    }

    /**
     * Gives a file that a crash has left its name if it holds records, and deletes it otherwise. Blocks: before the
     * log is open.
     */
    public static void adopt(SegmentFiles files) throws IOException {
        Path path = files.directory().resolve(FILE_NAME);
        if (files.disk().size(path) < 0) {
            return;
        }
        long baseOffset = firstOffset(files, path);
        Path name = files.path(Math.max(0, baseOffset), SegmentFiles.LOG);
        if (baseOffset >= 0 && files.disk().size(name) <= 0) {
            files.disk().rename(path, name);
        } else {
            files.disk().delete(path);
        }
        files.disk().syncDirectory(files.directory());
    }

    private static long firstOffset(SegmentFiles files, Path path) throws IOException {
        try (FileChannel channel = files.disk().open(path, StandardOpenOption.READ)) {
            BatchHeaderReader reader = new BatchHeaderReader(channel, 0, channel.size());
            boolean isSound = reader.next() instanceof BatchHeader && reader.isCrcValid();
            return isSound ? reader.read().baseOffset() : -1;
        }
    }
}
