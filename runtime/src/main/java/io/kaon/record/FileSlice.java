// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import static io.kaon.common.Checks.require;

import io.kaon.wire.RecordBytes;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A region of a log file on its way to a client (D2). It holds the file until {@link #release()}. Immutable but for
 * that; any thread, where reading blocks.
 *
 * <p><em>Hot</em> means: written by this process near the log end, so expected in the page cache, and sent from the
 * event loop as it is. Anything else is {@linkplain #touch() touched} on a disk thread before.
 */
public final class FileSlice implements RecordBytes {
    private static final Path NOWHERE = Path.of("/dev/null");
    private static final int SCRATCH_BYTES = 64 * 1024;
    private static final FileSlice EMPTY = new FileSlice(null, 0, 0, true);

    private final SharedFile file;
    private final long position;
    private final int sizeInBytes;
    private final boolean isHot;
    private final AtomicBoolean isReleased = new AtomicBoolean();

    private FileSlice(SharedFile file, long position, int sizeInBytes, boolean isHot) {
        this.file = file;
        this.position = position;
        this.sizeInBytes = sizeInBytes;
        this.isHot = isHot;
    }

    /** No bytes of no file: what a read answers at the log's end. It has no {@link #file()}. */
    public static FileSlice empty() {
        return EMPTY;
    }

    /** A region that is expected in the page cache; empty if the file has been closed. */
    public static Optional<FileSlice> hot(SharedFile file, long position, int sizeInBytes) {
        return of(file, position, sizeInBytes, true);
    }

    /** A region that may have to come from the disk; empty if the file has been closed. */
    public static Optional<FileSlice> cold(SharedFile file, long position, int sizeInBytes) {
        return of(file, position, sizeInBytes, false);
    }

    private static Optional<FileSlice> of(SharedFile file, long position, int sizeInBytes, boolean isHot) {
        require(position >= 0 && sizeInBytes >= 0, "a region of %s bytes at %s", sizeInBytes, position);
        return file.retain() ? Optional.of(new FileSlice(file, position, sizeInBytes, isHot)) : Optional.empty();
    }

    public SharedFile file() {
        return file;
    }

    /** Where the region begins, in bytes from the start of the file. */
    public long position() {
        return position;
    }

    @Override
    public int sizeInBytes() {
        return sizeInBytes;
    }

    public boolean isHot() {
        return isHot;
    }

    /** Reads the whole region into a new heap buffer. Blocks; throws {@link SliceReadException}. */
    @Override
    public ByteBuffer toBuffer() {
        ByteBuffer bytes = ByteBuffer.allocate(sizeInBytes);
        while (bytes.hasRemaining()) {
            read(bytes, position + bytes.position());
        }
        return bytes.flip();
    }

    /**
     * Brings the region into the page cache: now it can be sent without waiting for the disk. Blocks; throws {@link
     * SliceReadException}.
     */
    public void touch() {
        try (FileChannel nowhere = FileChannel.open(NOWHERE, StandardOpenOption.WRITE)) {
            sendTo(nowhere);
        } catch (NoSuchFileException notHere) {
            readAndForget();
        } catch (IOException failure) {
            throw new SliceReadException(file.path(), position, failure);
        }
    }

    /** The kernel passes pages on without copying them: a tenth of the processor time of reading (docs/benchmarks.md). */
    private void sendTo(FileChannel target) throws IOException {
        require(!isReleased.get(), "a region of %s was read after its release", file);
        for (long done = 0; done < sizeInBytes; ) {
            long sent = file.channel().transferTo(position + done, sizeInBytes - done, target);
            if (sent <= 0) {
                throw new EOFException("the file ends before " + (position + sizeInBytes));
            }
            done += sent;
        }
    }

    /** The same where there is no such device. */
    private void readAndForget() {
        ByteBuffer scratch = ByteBuffer.allocate(Math.min(SCRATCH_BYTES, sizeInBytes));
        for (int done = 0; done < sizeInBytes; done += scratch.position()) {
            scratch.clear().limit(Math.min(scratch.capacity(), sizeInBytes - done));
            read(scratch, position + done);
        }
    }

    /** Lets go of the file. Only the first call counts. */
    @Override
    public void release() {
        if (file != null && isReleased.compareAndSet(false, true)) {
            file.release();
        }
    }

    /** Reads at least one byte. */
    private void read(ByteBuffer target, long from) {
        require(!isReleased.get(), "a region of %s was read after its release", file);
        try {
            if (file.channel().read(target, from) < 0) {
                throw new EOFException("the file ends before " + (position + sizeInBytes));
            }
        } catch (IOException failure) {
            throw new SliceReadException(file.path(), from, failure);
        }
    }

    @Override
    public String toString() {
        return sizeInBytes + " bytes at " + position + " of " + file;
    }
}
