// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Records that come out of a decompressor, read where it put them, block after block. */
final class StreamInput extends RecordInput {
    private static final int FIRST_TAKEN_BYTES = 8 * 1024;
    private static final int MAX_VARINT_BYTES = 5;
    private static final int MAX_VARLONG_BYTES = 10;

    private final BlockInput source;
    private final long maxBytes;
    private byte[] block;
    private int next;
    private int end;
    /** Where the array would begin, counted in bytes of the records. */
    private long blockAt;

    StreamInput(BlockInput source, long maxBytes) {
        this.source = source;
        this.maxBytes = maxBytes;
        use(0);
    }

    @Override
    long position() {
        return blockAt + next;
    }

    @Override
    long remainingAtMost() {
        return maxBytes - position();
    }

    @Override
    MalformedBatchException tooLong(int bytes) {
        return new DecompressionLimitException(maxBytes);
    }

    @Override
    boolean isAtEnd() {
        return next == end && !fill();
    }

    @Override
    byte readByte() {
        if (isAtEnd()) {
            throw endedEarly();
        }
        return block[next++];
    }

    /** Where a block ends within reach, byte by byte; else straight out of the array. */
    @Override
    int readVarint() {
        if (end - next < MAX_VARINT_BYTES) {
            return super.readVarint();
        }
        int at = next;
        int bits = 0;
        for (int shift = 0; shift <= MAX_INT_SHIFT; shift += 7) {
            byte septet = block[at++];
            bits |= (septet & 0x7f) << shift;
            if (septet >= 0) {
                next = at;
                return (bits >>> 1) ^ -(bits & 1);
            }
        }
        return super.readVarint();
    }

    @Override
    long readVarlong() {
        if (end - next < MAX_VARLONG_BYTES) {
            return super.readVarlong();
        }
        int at = next;
        long bits = 0;
        for (int shift = 0; shift <= MAX_LONG_SHIFT; shift += 7) {
            byte septet = block[at++];
            bits |= (septet & 0x7fL) << shift;
            if (septet >= 0) {
                next = at;
                return (bits >>> 1) ^ -(bits & 1);
            }
        }
        return super.readVarlong();
    }

    @Override
    void skip(int count) {
        for (int left = count; left > 0; ) {
            int step = available(left);
            next += step;
            left -= step;
        }
    }

    /** Grows with the bytes that really come, because the length that asks for them may lie. */
    @Override
    ByteBuffer take(int count) {
        byte[] taken = new byte[Math.min(count, Math.max(FIRST_TAKEN_BYTES, end - next))];
        for (int filled = 0; filled < count; ) {
            int step = available(count - filled);
            if (filled + step > taken.length) {
                taken = Arrays.copyOf(taken, (int) Math.min(count, Math.max(filled + step, taken.length * 2L)));
            }
            System.arraycopy(block, next, taken, filled, step);
            next += step;
            filled += step;
        }
        return ByteBuffer.wrap(taken);
    }

    @Override
    public void close() {
        int done = next;
        source.close();
        use(done);
    }

    private int available(int wanted) {
        if (isAtEnd()) {
            throw endedEarly();
        }
        return Math.min(wanted, end - next);
    }

    private boolean fill() {
        int done = next;
        boolean hasMore = source.advance();
        use(done);
        return hasMore;
    }

    /** What the source has now; the place among the records stays what it is. */
    private void use(int done) {
        blockAt += done - source.blockStart();
        block = source.block();
        next = source.blockStart();
        end = source.blockEnd();
    }
}
