// SPDX-License-Identifier: Apache-2.0
package io.kaon.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads a heap or direct buffer from its position to its limit. Works on a view: the given buffer stays as it is. */
public final class BufferReader extends WireReader {
    private final ByteBuffer buffer;

    public BufferReader(ByteBuffer buffer) {
        this.buffer = buffer.slice().order(ByteOrder.BIG_ENDIAN);
    }

    @Override
    public byte readByte() {
        requireLeft(Byte.BYTES);
        return buffer.get();
    }

    @Override
    public short readShort() {
        requireLeft(Short.BYTES);
        return buffer.getShort();
    }

    @Override
    public int readInt() {
        requireLeft(Integer.BYTES);
        return buffer.getInt();
    }

    @Override
    public long readLong() {
        requireLeft(Long.BYTES);
        return buffer.getLong();
    }

    @Override
    public int position() {
        return buffer.position();
    }

    @Override
    public int remaining() {
        return buffer.remaining();
    }

    @Override
    public void skip(int length) {
        requireLeft(length);
        buffer.position(buffer.position() + length);
    }

    @Override
    protected String takeString(int length) {
        if (buffer.hasArray()) {
            int start = buffer.arrayOffset() + buffer.position();
            buffer.position(buffer.position() + length);
            return new String(buffer.array(), start, length, StandardCharsets.UTF_8);
        }
        return new String(takeBytes(length), StandardCharsets.UTF_8);
    }

    @Override
    protected byte[] takeBytes(int length) {
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        return bytes;
    }

    @Override
    protected RecordBytes takeRecords(int length) {
        BufferRecords records = new BufferRecords(buffer.slice(buffer.position(), length));
        buffer.position(buffer.position() + length);
        return records;
    }

    @Override
    protected int narrow(int length) {
        int hidden = buffer.remaining() - length;
        buffer.limit(buffer.position() + length);
        return hidden;
    }

    @Override
    protected void widen(int hidden) {
        buffer.limit(buffer.limit() + hidden);
    }
}
