// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A growing array of bytes with the numbers of {@link RecordInput}. Its owner bounds it by asking {@link #size()}. */
final class RecordOutput extends OutputStream {
    private byte[] bytes;
    private int size;

    RecordOutput(int expectedBytes) {
        bytes = new byte[expectedBytes];
    }

    int size() {
        return size;
    }

    /** A view of what has been written. */
    ByteBuffer toBuffer() {
        return ByteBuffer.wrap(bytes, 0, size).slice();
    }

    void writeTo(OutputStream sink, int from) throws IOException {
        sink.write(bytes, from, size - from);
    }

    @Override
    public void write(int value) {
        room(1);
        bytes[size++] = (byte) value;
    }

    @Override
    public void write(byte[] source, int from, int length) {
        room(length);
        System.arraycopy(source, from, bytes, size, length);
        size += length;
    }

    /** The bytes between position and limit of a buffer, which is not moved. */
    void write(ByteBuffer source) {
        int length = source.remaining();
        room(length);
        source.get(source.position(), bytes, size, length);
        size += length;
    }

    /** Takes what was written after the first bytes back. */
    void cutTo(int newSize) {
        size = Math.min(size, newSize);
    }

    void writeZeros(int count) {
        room(count);
        size += count;
    }

    void writeVarint(int value) {
        writeUnsigned(Integer.toUnsignedLong((value << 1) ^ (value >> 31)));
    }

    void writeVarlong(long value) {
        writeUnsigned((value << 1) ^ (value >> 63));
    }

    private void writeUnsigned(long value) {
        long left = value;
        while ((left & ~0x7fL) != 0) {
            write((int) (left & 0x7f) | 0x80);
            left >>>= 7;
        }
        write((int) left);
    }

    static int sizeOfVarint(int value) {
        return sizeOfVarlong(value);
    }

    static int sizeOfVarlong(long value) {
        int bits = Long.SIZE - Long.numberOfLeadingZeros((value << 1) ^ (value >> 63) | 1);
        return (bits + 6) / 7;
    }

    private void room(int more) {
        int needed = Math.addExact(size, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, bytes.length * 2L)));
        }
    }
}
