// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import static io.kaon.record.BatchFormat.ATTRIBUTES_AT;
import static io.kaon.record.BatchFormat.LENGTH_AT;
import static io.kaon.record.BatchFormat.LOG_OVERHEAD;
import static io.kaon.record.BatchFormat.RECORDS_AT;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/**
 * Finds the batches of a log file by their headers: for recovery, index and producer state, which need no records. One
 * buffer of {@value #BUFFER_BYTES} bytes serves headers of many small batches with one read, and the CRC of large ones.
 *
 * <p>The file must not shrink meanwhile. Reads block: a disk thread's work, and one thread's.
 */
public final class BatchHeaderReader {
    private static final int BUFFER_BYTES = 16 * 1024;

    private final FileChannel channel;
    private final long end;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private long bufferStart;
    private long current;
    private long next;

    /**
     * @param channel an open log file; its own position is not used
     * @param position where the first batch begins, in bytes
     * @param end where the readable part of the file ends, in bytes, at most its size
     */
    public BatchHeaderReader(FileChannel channel, long position, long end) {
        this.channel = channel;
        this.end = end;
        this.current = position;
        this.next = position;
        this.buffer.limit(0);
    }

    /**
     * The next batch's header, which is good until the next call of any method here, or why there is none: after that
     * it stays the same answer. Never a {@link RecordBatch}.
     */
    public BatchOutcome next() throws IOException {
        current = next;
        long left = end - current;
        int at = left > 0 ? load(current, (int) Math.min(left, RECORDS_AT)) : 0;
        BatchOutcome outcome = BatchReader.look(buffer, at, current, left);
        if (outcome == BatchReader.FITS) {
            next = current + LOG_OVERHEAD + buffer.getInt(at + LENGTH_AT);
            return new BatchHeader(buffer, at);
        }
        return outcome;
    }

    /** Where in the file the batch begins that {@link #next()} answered, in bytes. */
    public long position() {
        return current;
    }

    /** Where the batch after it begins: the size that the file's valid part has with it. */
    public long nextPosition() {
        return next;
    }

    /**
     * Whether the CRC of the batch that {@link #next()} answered is that of its bytes. Reads all of it, piece by
     * piece.
     */
    public boolean isCrcValid() throws IOException {
        if (next == current) {
            throw new IllegalStateException("there is no batch at " + current);
        }
        int stored = buffer.getInt(load(current, RECORDS_AT) + BatchFormat.CRC_AT);
        CRC32C crc = new CRC32C();
        for (long at = current + ATTRIBUTES_AT; at < next; ) {
            int from = load(at, 1);
            int bytes = (int) Math.min(next - at, buffer.limit() - from);
            crc.update(buffer.slice(from, bytes));
            at += bytes;
        }
        return (int) crc.getValue() == stored;
    }

    /** The whole batch that {@link #next()} answered, in a buffer of its own; its size is bounded by the file's. */
    public RecordBatch read() throws IOException {
        if (next == current) {
            throw new IllegalStateException("there is no batch at " + current);
        }
        ByteBuffer whole = ByteBuffer.allocate((int) (next - current));
        readFully(channel, whole, current);
        return RecordBatch.at(whole.flip(), 0);
    }

    /** Has the bytes from a file position in the buffer, as many as asked for; answers where. */
    private int load(long position, int bytes) throws IOException {
        if (position < bufferStart || position + bytes > bufferStart + buffer.limit()) {
            buffer.clear().limit((int) Math.min(BUFFER_BYTES, end - position));
            bufferStart = position;
            try {
                readFully(channel, buffer, position);
            } finally {
                buffer.flip();
            }
        }
        return (int) (position - bufferStart);
    }

    private static void readFully(FileChannel channel, ByteBuffer target, long position) throws IOException {
        long at = position;
        while (target.hasRemaining()) {
            int read = channel.read(target, at);
            if (read < 0) {
                throw new EOFException("the file ends at " + at + ", " + target.remaining() + " bytes early");
            }
            at += read;
        }
    }
}
