// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import java.nio.ByteBuffer;

/**
 * The records of one batch as decompressed bytes, read once from front to back. Every read past the end throws
 * {@link MalformedBatchException}. Numbers of variable length are zigzag-coded, seven bits to a byte, lowest first.
 */
abstract class RecordInput implements AutoCloseable {
    static final int MAX_INT_SHIFT = 28;
    static final int MAX_LONG_SHIFT = 63;

    /** Bytes read so far. */
    abstract long position();

    /** How many bytes can follow at most; exact where nothing is compressed. */
    abstract long remainingAtMost();

    abstract boolean isAtEnd();

    abstract byte readByte();

    abstract void skip(int bytes);

    /** The next bytes as a buffer from position 0 to its limit: a view where nothing is compressed, else a copy. */
    abstract ByteBuffer take(int bytes);

    @Override
    public abstract void close();

    int readVarint() {
        int bits = 0;
        for (int shift = 0; shift <= MAX_INT_SHIFT; shift += 7) {
            byte next = readByte();
            bits |= (next & 0x7f) << shift;
            if (next >= 0) {
                return (bits >>> 1) ^ -(bits & 1);
            }
        }
        throw new MalformedBatchException("a 32-bit number of more than 5 bytes ends at byte " + position());
    }

    long readVarlong() {
        long bits = 0;
        for (int shift = 0; shift <= MAX_LONG_SHIFT; shift += 7) {
            byte next = readByte();
            bits |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return (bits >>> 1) ^ -(bits & 1);
            }
        }
        throw new MalformedBatchException("a 64-bit number of more than 10 bytes ends at byte " + position());
    }

    /** What to throw for a record of more bytes than can follow. */
    MalformedBatchException tooLong(int bytes) {
        return new MalformedBatchException("a record of " + bytes + " bytes at byte " + position() + " of the records");
    }

    final MalformedBatchException endedEarly() {
        return new MalformedBatchException("the records end at byte " + position() + ", inside a record");
    }
}
