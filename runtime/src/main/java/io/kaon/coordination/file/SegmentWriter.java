// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordination.file;

import io.kaon.storage.checkpoint.SyncFailedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The file to which entries are appended. Blocking: used by one disk task at a time. */
final class SegmentWriter implements AutoCloseable {
    private final FileChannel channel;
    private long sizeInBytes;

    private SegmentWriter(FileChannel channel, long sizeInBytes) {
        this.channel = channel;
        this.sizeInBytes = sizeInBytes;
    }

    /**
     * Makes a new, empty file, durable with its name; replaces one that never got an entry.
     *
     * @throws NothingAppendedException when the disk did not take it, and it is not there: it may be tried again
     * @throws IOException when it is not known whether it is there
     */
    static SegmentWriter create(JournalFolder folder, long firstOffset) throws IOException {
        Path file = folder.segment(firstOffset);
        SegmentWriter writer;
        try {
            writer = begin(folder, file, firstOffset);
        } catch (SyncFailedException unknown) {
            throw unknown;
        } catch (IOException failure) {
            folder.remove(file);
            throw new NothingAppendedException(failure);
        }
        folder.sync();
        return writer;
    }

    private static SegmentWriter begin(JournalFolder folder, Path file, long firstOffset) throws IOException {
        FileChannel channel = folder.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        SegmentWriter writer = new SegmentWriter(channel, 0);
        try {
            writer.write(FileHeader.encode(FileHeader.ENTRIES, firstOffset));
            return writer;
        } catch (IOException failure) {
            channel.close();
            throw failure;
        }
    }

    /** Goes on behind the last block of an existing file; what comes after it is an unfinished write and cut off. */
    static SegmentWriter open(JournalFolder folder, Path file, long endPosition) throws IOException {
        FileChannel channel = folder.open(file, StandardOpenOption.WRITE);
        if (channel.size() > endPosition) {
            channel.truncate(endPosition);
            channel.force(true);
        }
        return new SegmentWriter(channel, endPosition);
    }

    /**
     * Appends and syncs.
     *
     * @throws NothingAppendedException when the disk took no more and the file is as it was: it may be tried again
     * @throws IOException when what the file holds is unknown: it must not be written again
     */
    void write(ByteBuffer bytes) throws IOException {
        long position = sizeInBytes;
        try {
            while (bytes.hasRemaining()) {
                position += channel.write(bytes, position);
            }
        } catch (IOException failure) {
            throw cutBack(failure);
        }
        SyncFailedException.syncBytes(channel);
        sizeInBytes = position;
    }

    private IOException cutBack(IOException failure) {
        try {
            channel.truncate(sizeInBytes);
            SyncFailedException.syncBytes(channel);
            return new NothingAppendedException(failure);
        } catch (IOException alsoFailed) {
            failure.addSuppressed(alsoFailed);
            return failure;
        }
    }

    long sizeInBytes() {
        return sizeInBytes;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
