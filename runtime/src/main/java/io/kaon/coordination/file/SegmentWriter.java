// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordination.file;

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

    /** Makes a new, empty file, durable with its name; replaces one that never got an entry. */
    static SegmentWriter create(JournalFolder folder, long firstOffset) throws IOException {
        FileChannel channel = FileChannel.open(
                folder.segment(firstOffset),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
        SegmentWriter writer = new SegmentWriter(channel, 0);
        writer.write(FileHeader.encode(FileHeader.ENTRIES, firstOffset));
        folder.sync();
        return writer;
    }

    /** Goes on behind the last block of an existing file; what comes after it is an unfinished write and cut off. */
    static SegmentWriter open(Path file, long endPosition) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        if (channel.size() > endPosition) {
            channel.truncate(endPosition);
            channel.force(true);
        }
        return new SegmentWriter(channel, endPosition);
    }

    /** Appends and syncs. After a failure the file must not be written again: what it holds is unknown. */
    void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            sizeInBytes += channel.write(bytes, sizeInBytes);
        }
        channel.force(false);
    }

    long sizeInBytes() {
        return sizeInBytes;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
