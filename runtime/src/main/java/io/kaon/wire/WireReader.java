// SPDX-License-Identifier: Apache-2.0
package io.kaon.wire;

import io.kaon.common.Uuid;

/**
 * What generated code reads from. Nothing is allocated that the bytes left do not justify: each length and count is
 * held
 * against them first. Whatever does not fit is a {@link MalformedFrameException}. Used by one thread at a time.
 *
 * <p>A length comes in one of three forms, and is −1 for null in each: int16 (strings) and int32 (everything else) in
 * old
 * versions, unsigned varint of length + 1 in flexible ones (KIP-482).
 */
public abstract class WireReader {
    /** Lists start no larger than this and grow as elements really arrive. */
    private static final int MAX_INITIAL_CAPACITY = 1024;

    /** A tag takes a byte and its size another one. */
    private static final int MIN_TAGGED_FIELD_BYTES = 2;

    private static final int VARINT_PAYLOAD_BITS = 7;
    private static final int VARINT_LAST_SHIFT = 28;
    private static final int VARINT_LAST_MAX = 0x0f;

    public abstract byte readByte();

    public abstract short readShort();

    public abstract int readInt();

    public abstract long readLong();

    /** Bytes from the start of the input to the next one to be read. */
    public abstract int position();

    /** Bytes left, within the tagged field if one is being read. */
    public abstract int remaining();

    public abstract void skip(int length);

    /**
     * That many bytes as UTF-8 text; bytes that are none become replacement characters. The length is checked
     * already.
     */
    protected abstract String takeString(int length);

    /** A copy of that many bytes. The length is checked already. */
    protected abstract byte[] takeBytes(int length);

    /** That many bytes as a view of the input. The length is checked already. */
    protected abstract RecordBytes takeRecords(int length);

    /**
     * Makes the input end after that many more bytes; returns how many are hidden by that. The length is checked
     * already.
     */
    protected abstract int narrow(int length);

    /** Undoes {@link #narrow}. */
    protected abstract void widen(int hidden);

    /** As Kafka reads it: every byte but 0 is true. */
    public final boolean readBoolean() {
        return readByte() != 0;
    }

    public final int readUnsignedShort() {
        return Short.toUnsignedInt(readShort());
    }

    public final long readUnsignedInt() {
        return Integer.toUnsignedLong(readInt());
    }

    public final double readDouble() {
        return Double.longBitsToDouble(readLong());
    }

    public final Uuid readUuid() {
        long mostSignificantBits = readLong();
        return new Uuid(mostSignificantBits, readLong());
    }

    /** At most five bytes, of which the last holds four bits. The result may be negative when it is meant unsigned. */
    public final int readUnsignedVarint() {
        int value = 0;
        for (int shift = 0; shift < VARINT_LAST_SHIFT; shift += VARINT_PAYLOAD_BITS) {
            byte next = readByte();
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        byte last = readByte();
        if (last < 0 || last > VARINT_LAST_MAX) {
            throw malformed("a varint of more than 32 bits");
        }
        return value | last << VARINT_LAST_SHIFT;
    }

    /** Length of a string in versions that are not flexible. */
    public final int readShortLength() {
        return atLeastNull(readShort());
    }

    /** Length of bytes, or count of an array, in versions that are not flexible. */
    public final int readIntLength() {
        return atLeastNull(readInt());
    }

    /** Length or count in flexible versions. */
    public final int readCompactLength() {
        int encoded = readUnsignedVarint();
        if (encoded < 0) {
            throw malformed("a length of " + (Integer.toUnsignedLong(encoded) - 1));
        }
        return encoded - 1;
    }

    /** A string whose length was just read; {@code field} is for the complaint when it is null. */
    public final String readString(int length, String field) {
        requireNotNull(length, field);
        return readNullableString(length);
    }

    public final String readNullableString(int length) {
        if (length < 0) {
            return null;
        }
        requireLeft(length);
        return length == 0 ? "" : takeString(length);
    }

    /** A copy of the bytes whose length was just read. */
    public final byte[] readBytes(int length, String field) {
        requireNotNull(length, field);
        return readNullableBytes(length);
    }

    public final byte[] readNullableBytes(int length) {
        if (length < 0) {
            return null;
        }
        requireLeft(length);
        return takeBytes(length);
    }

    /** Record bytes as a view of the input, valid as long as the input is. */
    public final RecordBytes readRecords(int length, String field) {
        requireNotNull(length, field);
        return readNullableRecords(length);
    }

    public final RecordBytes readNullableRecords(int length) {
        if (length < 0) {
            return null;
        }
        requireLeft(length);
        return takeRecords(length);
    }

    /**
     * Checks the count of an array that was just read, each element of which takes at least {@code
     * minimalElementBytes}.
     */
    public final int requireCount(int count, int minimalElementBytes, String field) {
        requireNotNull(count, field);
        return requireNullableCount(count, minimalElementBytes);
    }

    /** As {@link #requireCount}, −1 allowed. */
    public final int requireNullableCount(int count, int minimalElementBytes) {
        if ((long) count * minimalElementBytes > remaining()) {
            throw malformed("an array of " + count + " elements, " + remaining() + " bytes left");
        }
        return count;
    }

    /** How large a list for so many announced elements starts. */
    public static int initialCapacity(int count) {
        return Math.min(count, MAX_INITIAL_CAPACITY);
    }

    /** The number of tagged fields at the end of a structure. */
    public final int readTaggedFieldCount() {
        int count = readUnsignedVarint();
        if (count < 0 || count > remaining() / MIN_TAGGED_FIELD_BYTES) {
            throw malformed(Integer.toUnsignedLong(count) + " tagged fields, " + remaining() + " bytes left");
        }
        return count;
    }

    /** The next tag, which must be larger than the one before; give −1 for the first. */
    public final int readTag(int previous) {
        int tag = readUnsignedVarint();
        if (tag < 0 || tag <= previous) {
            throw malformed("tag " + Integer.toUnsignedLong(tag) + " after tag " + previous);
        }
        return tag;
    }

    /** The size in bytes of the tagged field that follows. */
    public final int readTaggedFieldSize() {
        int size = readUnsignedVarint();
        requireLeft(size);
        return size;
    }

    /**
     * Begins a tagged field of a known tag: its bytes become all that is left. Returns what {@link #endTaggedField}
     * wants.
     */
    public final int beginTaggedField() {
        return narrow(readTaggedFieldSize());
    }

    /** Ends a tagged field, which must have been read to its end. */
    public final void endTaggedField(int hidden) {
        requireFullyRead();
        widen(hidden);
    }

    /** Skips all tagged fields of a structure that knows none. */
    public final void skipTaggedFields() {
        int count = readTaggedFieldCount();
        int tag = -1;
        for (int i = 0; i < count; i++) {
            tag = readTag(tag);
            skip(readTaggedFieldSize());
        }
    }

    /** A frame is consumed exactly, or it is not what it claims to be. */
    public final void requireFullyRead() {
        if (remaining() != 0) {
            throw malformed(remaining() + " bytes too many");
        }
    }

    /** Says what is wrong, and where. */
    public final MalformedFrameException malformed(String message) {
        return new MalformedFrameException(position(), message);
    }

    /** Complains unless that many bytes are left. */
    protected final void requireLeft(int length) {
        if (length < 0 || length > remaining()) {
            throw malformed(Integer.toUnsignedLong(length) + " bytes wanted, " + remaining() + " left");
        }
    }

    private void requireNotNull(int length, String field) {
        if (length < 0) {
            throw malformed(field + " must not be null");
        }
    }

    private int atLeastNull(int length) {
        if (length < -1) {
            throw malformed("a length of " + length);
        }
        return length;
    }
}
