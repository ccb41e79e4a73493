// SPDX-License-Identifier: Apache-2.0
package io.kaon.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Writes to an array on the heap that grows as needed. Record bytes are copied into it. */
public final class BufferWriter extends WireWriter {
    private static final int INITIAL_BYTES = 128;
    private static final VarHandle SHORTS = bigEndian(short[].class);
    private static final VarHandle INTS = bigEndian(int[].class);
    private static final VarHandle LONGS = bigEndian(long[].class);

    private byte[] bytes;
    private int size;

    public BufferWriter() {
        this(INITIAL_BYTES);
    }

    /** A writer that need not grow before it holds that many bytes. */
    public BufferWriter(int initialBytes) {
        bytes = new byte[initialBytes];
    }

    /** How many bytes were written. */
    public int size() {
        return size;
    }

    /** What was written so far, as a view: position 0, limit {@link #size()}. */
    public ByteBuffer toBuffer() {
        return ByteBuffer.wrap(bytes, 0, size).slice();
    }

    /** A copy of what was written so far. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** Forgets what was written and keeps the memory for the next message; earlier views become invalid. */
    public void clear() {
        size = 0;
    }

    @Override
    public void writeByte(int value) {
        int position = reserve(Byte.BYTES);
        bytes[position] = (byte) value;
    }

    @Override
    public void writeShort(int value) {
        int position = reserve(Short.BYTES);
        SHORTS.set(bytes, position, (short) value);
    }

    @Override
    public void writeInt(int value) {
        int position = reserve(Integer.BYTES);
        INTS.set(bytes, position, value);
    }

    @Override
    public void writeLong(long value) {
        int position = reserve(Long.BYTES);
        LONGS.set(bytes, position, value);
    }

    @Override
    public void writeBytes(byte[] value) {
        int position = reserve(value.length);
        System.arraycopy(value, 0, bytes, position, value.length);
    }

    @Override
    public void writeRecords(RecordBytes records) {
        ByteBuffer source = records.toBuffer();
        int length = source.remaining();
        int position = reserve(length);
        source.get(bytes, position, length);
    }

    private int reserve(int length) {
        int position = size;
        int needed = Math.addExact(position, length);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Math.max(needed, bytes.length * 2L), maximal(needed)));
        }
        size = needed;
        return position;
    }

    /** Some virtual machines cannot allocate the very last array sizes. */
    private static int maximal(int needed) {
        return Math.max(needed, Integer.MAX_VALUE - Long.BYTES);
    }

    private static VarHandle bigEndian(Class<?> viewArray) {
        return MethodHandles.byteArrayViewVarHandle(viewArray, ByteOrder.BIG_ENDIAN);
    }
}
