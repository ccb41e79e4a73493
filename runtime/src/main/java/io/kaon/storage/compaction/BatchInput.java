// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.compaction;

import io.kaon.record.BatchFormat;
import io.kaon.record.MalformedBatchException;
import io.kaon.record.RecordBatch;
import io.kaon.record.SharedFile;
import io.kaon.storage.segment.Segment;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads sealed segments from batch to batch, each checked by its CRC. One buffer serves them all; it grows to the largest
 * batch, whose size is bounded by the segment's. Blocks; one thread at a time.
 */
final class BatchInput {
    private final int bufferBytes;
    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private SharedFile file;
    private int end;
    /** Where in the file the buffer's limit is. */
    private int filePosition;

    private int next;
    /** No batch begins before. */
    private long nextOffset;

    private long endOffset;
    private long bytesRead;

    /** @param bufferBytes how much is read at once */
    BatchInput(int bufferBytes) {
        this.bufferBytes = bufferBytes;
    }

    /** Bytes read from files so far. */
    long bytesRead() {
        return bytesRead;
    }

    /**
     * Begins with a segment at a position where a batch begins. {@link #close()} follows.
     *
     * @param endOffset where the segment ends
     */
    void open(Segment segment, int from, long endOffset) throws IOException {
        this.nextOffset = segment.baseOffset();
        this.endOffset = endOffset;
        end = segment.sizeInBytes();
        file = segment.retain();
        if (buffer.capacity() == 0) {
            buffer = ByteBuffer.allocate(bufferBytes);
        }
        buffer.limit(0);
        filePosition = from;
        next = 0;
    }

    boolean isOpen() {
        return file != null;
    }

    /** Lets go of the file. Idempotent. */
    void close() {
        if (file != null) {
            file.release();
            file = null;
        }
    }

    /** Whether another batch follows. */
    boolean hasNext() {
        return position() < end;
    }

    /** Where the next batch begins in the file. */
    int position() {
        return filePosition - (buffer.limit() - next);
    }

    /**
     * The next batch, good until the next call. Throws {@link MalformedBatchException} where it is damaged, {@link
     * EOFException} where the file was cut meanwhile.
     */
    RecordBatch next() throws IOException {
        if (end - position() < BatchFormat.RECORDS_AT) {
            throw damaged("is too short");
        }
        require(BatchFormat.RECORDS_AT);
        long size = (long) buffer.getInt(next + BatchFormat.LENGTH_AT) + BatchFormat.LOG_OVERHEAD;
        if (buffer.get(next + BatchFormat.MAGIC_AT) != BatchFormat.MAGIC
                || size < BatchFormat.RECORDS_AT
                || size > end - position()) {
            throw damaged("is no batch");
        }
        require((int) size);
        RecordBatch batch = RecordBatch.at(buffer, next);
        if (!batch.isCrcValid()) {
            throw damaged("has a wrong CRC");
        }
        // Not what the CRC covers.
        if (batch.baseOffset() < nextOffset || batch.lastOffsetDelta() < 0 || batch.nextOffset() > endOffset) {
            throw damaged("has an offset of another place");
        }
        nextOffset = batch.nextOffset();
        next += (int) size;
        return batch;
    }

    private MalformedBatchException damaged(String what) {
        return new MalformedBatchException("what is at position " + position() + " of " + file.path() + " " + what);
    }

    /** Has so many bytes of the next batch in the buffer. */
    private void require(int bytes) throws IOException {
        if (buffer.limit() - next >= bytes) {
            return;
        }
        ByteBuffer target = bytes > buffer.capacity() ? ByteBuffer.allocate(bytes) : buffer;
        int held = buffer.limit() - next;
        System.arraycopy(buffer.array(), next, target.array(), 0, held);
        target.clear().position(held).limit((int) Math.min(target.capacity(), (long) held + end - filePosition));
        next = 0;
        buffer = target;
        while (target.hasRemaining()) {
            int read = file.channel().read(target, filePosition);
            if (read < 0) {
                throw new EOFException(file.path() + " ends before position " + end);
            }
            filePosition += read;
            bytesRead += read;
        }
        target.flip();
    }
}
