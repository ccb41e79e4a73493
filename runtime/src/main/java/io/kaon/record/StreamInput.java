// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Records that come out of a decompressor, through a small buffer of its own. */
final class StreamInput extends RecordInput {
    private static final int CHUNK_BYTES = 8 * 1024;

    private final InputStream stream;
    private final long maxBytes;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private int chunkNext;
    private int chunkEnd;
    private long beforeChunk;

    StreamInput(InputStream stream, long maxBytes) {
        this.stream = stream;
        this.maxBytes = maxBytes;
    }

    @Override
    long position() {
        return beforeChunk + chunkNext;
    }

    @Override
    long remainingAtMost() {
        return maxBytes - position();
    }

    @Override
    boolean isAtEnd() {
        return chunkNext == chunkEnd && !fill();
    }

    @Override
    byte readByte() {
        if (isAtEnd()) {
            throw endedEarly();
        }
        return chunk[chunkNext++];
    }

    @Override
    void skip(int count) {
        for (int left = count; left > 0; ) {
            int step = available(left);
            chunkNext += step;
            left -= step;
        }
    }

    /** Grows with the bytes that really come, because the length that asks for them may lie. */
    @Override
    ByteBuffer take(int count) {
        byte[] taken = new byte[Math.min(count, CHUNK_BYTES)];
        for (int filled = 0; filled < count; ) {
            int step = available(count - filled);
            if (filled + step > taken.length) {
                taken = Arrays.copyOf(taken, (int) Math.min(count, Math.max(filled + step, taken.length * 2L)));
            }
            System.arraycopy(chunk, chunkNext, taken, filled, step);
            chunkNext += step;
            filled += step;
        }
        return ByteBuffer.wrap(taken);
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException failure) {
            throw new MalformedBatchException("the decompressor did not close", failure);
        }
    }

    private int available(int wanted) {
        if (isAtEnd()) {
            throw endedEarly();
        }
        return Math.min(wanted, chunkEnd - chunkNext);
    }

    private boolean fill() {
        try {
            beforeChunk += chunkEnd;
            chunkNext = 0;
            chunkEnd = 0;
            chunkEnd = Math.max(0, stream.read(chunk, 0, CHUNK_BYTES));
            return chunkEnd > 0;
        } catch (IOException failure) {
            throw new MalformedBatchException("the records do not decompress", failure);
        }
    }
}
