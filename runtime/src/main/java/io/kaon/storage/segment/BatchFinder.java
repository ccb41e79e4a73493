// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.segment;

import io.kaon.record.BatchFormat;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/**
 * Walks from batch to batch by their headers until it is where a read begins. Small reads into the heap: this is on the
 * way of every fetch that is not at the very end of the log. One thread; reads may block.
 */
final class BatchFinder {
    /** Enough headers of small batches for one read, and little more than needed of large ones. */
    private static final int READ_BYTES = 1024;

    private static final int HEADER_BYTES = BatchFormat.BASE_TIMESTAMP_AT;

    private final FileChannel channel;
    private final int end;
    private final ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
    private int bufferStart;

    /** @param end where the readable part of the file ends, in bytes */
    BatchFinder(FileChannel channel, int end) {
        this.channel = channel;
        this.end = end;
        this.buffer.limit(0);
    }

    /**
     * The first batch at or after the position whose last offset is not below; empty when there is none before the
     * end.
     */
    Optional<BatchPlace> find(int from, long offset) throws IOException {
        int position = from;
        while (position < end) {
            int at = load(position);
            int size = buffer.getInt(at + BatchFormat.LENGTH_AT) + BatchFormat.LOG_OVERHEAD;
            long lastOffset =
                    buffer.getLong(at) + Integer.toUnsignedLong(buffer.getInt(at + BatchFormat.LAST_OFFSET_DELTA_AT));
            if (size < BatchFormat.RECORDS_AT || size > end - position) {
                throw new IOException("no batch begins at position " + position + ": its size would be " + size);
            }
            if (lastOffset >= offset) {
                return Optional.of(new BatchPlace(position, size, lastOffset));
            }
            position += size;
        }
        return Optional.empty();
    }

    private int load(int position) throws IOException {
        if (position < bufferStart || position + HEADER_BYTES > bufferStart + buffer.limit()) {
            buffer.clear().limit(Math.min(READ_BYTES, end - position));
            bufferStart = position;
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, (long) position + buffer.position()) < 0) {
                    throw new EOFException("the file ends before position " + end);
                }
            }
            buffer.flip();
            if (buffer.limit() < HEADER_BYTES) {
                throw new IOException(
                        "no batch begins at position " + position + ": " + buffer.limit() + " bytes are left");
            }
        }
        return position - bufferStart;
    }
}
