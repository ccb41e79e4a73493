// SPDX-License-Identifier: Apache-2.0
package io.kaon.wire;

import static io.kaon.common.Checks.require;

import io.kaon.common.Uuid;
import java.nio.charset.StandardCharsets;

/**
 * What generated code writes to. The network implements it over pooled buffers and sends {@link #writeRecords} its own
 * way; {@link BufferWriter} is the one on the heap. Used by one thread at a time.
 */
public abstract class WireWriter {
    private static final int VARINT_PAYLOAD_BITS = 7;
    private static final int VARINT_MORE = 0x80;
    private static final int VARINT_PAYLOAD = 0x7f;

    /** Writes the lowest eight bits. */
    public abstract void writeByte(int value);

    /** Writes the lowest sixteen bits, big-endian as everything here. */
    public abstract void writeShort(int value);

    public abstract void writeInt(int value);

    public abstract void writeLong(long value);

    /** Writes the bytes alone, without a length. */
    public abstract void writeBytes(byte[] bytes);

    /**
     * Writes, or takes along for the moment when everything is sent, the record bytes alone: their length was written
     * just
     * before. Does not release them.
     */
    public abstract void writeRecords(RecordBytes records);

    public final void writeBoolean(boolean value) {
        writeByte(value ? 1 : 0);
    }

    public final void writeDouble(double value) {
        writeLong(Double.doubleToRawLongBits(value));
    }

    public final void writeUuid(Uuid value) {
        writeLong(value.mostSignificantBits());
        writeLong(value.leastSignificantBits());
    }

    public final void writeUnsignedVarint(int value) {
        int left = value;
        while ((left & ~VARINT_PAYLOAD) != 0) {
            writeByte(left & VARINT_PAYLOAD | VARINT_MORE);
            left >>>= VARINT_PAYLOAD_BITS;
        }
        writeByte(left);
    }

    /** A string with an int16 length; null is −1. */
    public final void writeString(String value) {
        if (value == null) {
            writeShort(-1);
            return;
        }
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        require(bytes.length <= Short.MAX_VALUE, "a string of %s bytes, at most %s fit", bytes.length, Short.MAX_VALUE);
        writeShort(bytes.length);
        writeBytes(bytes);
    }

    /** A string in flexible versions; null is 0. */
    public final void writeCompactString(String value) {
        writeCompactLengthAndBytes(value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }

    /** Bytes with an int32 length; null is −1. */
    public final void writeLengthAndBytes(byte[] value) {
        writeInt(value == null ? -1 : value.length);
        if (value != null) {
            writeBytes(value);
        }
    }

    /** Bytes in flexible versions; null is 0. */
    public final void writeCompactLengthAndBytes(byte[] value) {
        writeCompactLength(value == null ? -1 : value.length);
        if (value != null) {
            writeBytes(value);
        }
    }

    /** Record bytes with an int32 length; null is −1. */
    public final void writeLengthAndRecords(RecordBytes value) {
        writeInt(value == null ? -1 : value.sizeInBytes());
        if (value != null) {
            writeRecords(value);
        }
    }

    /** Record bytes in flexible versions; null is 0. */
    public final void writeCompactLengthAndRecords(RecordBytes value) {
        writeCompactLength(value == null ? -1 : value.sizeInBytes());
        if (value != null) {
            writeRecords(value);
        }
    }

    /** The length or count of what follows, in flexible versions; −1 for null. */
    public final void writeCompactLength(int length) {
        writeUnsignedVarint(length + 1);
    }

    /** A tagged field whose content was written elsewhere, because its size comes first. */
    public final void writeTaggedField(int tag, BufferWriter content) {
        writeUnsignedVarint(tag);
        writeUnsignedVarint(content.size());
        writeBytes(content.toByteArray());
    }
}
