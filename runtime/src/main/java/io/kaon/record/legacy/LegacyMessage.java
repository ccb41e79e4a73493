// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.legacy;

import static io.kaon.record.legacy.LegacyFormat.ATTRIBUTES_AT;
import static io.kaon.record.legacy.LegacyFormat.COMPRESSION_MASK;
import static io.kaon.record.legacy.LegacyFormat.CRC_AT;
import static io.kaon.record.legacy.LegacyFormat.ENTRY_OVERHEAD;
import static io.kaon.record.legacy.LegacyFormat.LOG_APPEND_TIME_BIT;
import static io.kaon.record.legacy.LegacyFormat.MAGIC_0;
import static io.kaon.record.legacy.LegacyFormat.MAGIC_AT;
import static io.kaon.record.legacy.LegacyFormat.SIZE_AT;
import static io.kaon.record.legacy.LegacyFormat.TIMESTAMP_AT;

import io.kaon.record.BatchFormat;
import io.kaon.record.CompressionType;
import io.kaon.record.TimestampType;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * One whole entry of a message set, read in place: what it says changes with the buffer. {@link LegacyFormat} has the
 * layout. {@link #check()} comes before {@link #key()} and {@link #value()}.
 */
final class LegacyMessage {
    private final ByteBuffer buffer;
    private final int position;
    private final int end;

    /** The buffer has the whole entry from the position on, and its size field is at least that of magic 0. */
    LegacyMessage(ByteBuffer buffer, int position) {
        this.buffer = buffer;
        this.position = position;
        this.end = position + ENTRY_OVERHEAD + buffer.getInt(position + SIZE_AT);
    }

    /** As it stands: relative inside a wrapper of magic 1. */
    long offset() {
        return buffer.getLong(position);
    }

    /** Size of the whole entry in bytes. */
    int sizeInBytes() {
        return end - position;
    }

    byte magic() {
        return buffer.get(position + MAGIC_AT);
    }

    boolean isCrcValid() {
        CRC32 crc = new CRC32();
        crc.update(buffer.slice(position + MAGIC_AT, end - position - MAGIC_AT));
        return (int) crc.getValue() == buffer.getInt(position + CRC_AT);
    }

    boolean isWrapper() {
        return compressionId() != CompressionType.NONE.id();
    }

    int compressionId() {
        return attributes() & COMPRESSION_MASK;
    }

    TimestampType timestampType() {
        boolean isStamped = magic() != MAGIC_0 && (attributes() & LOG_APPEND_TIME_BIT) != 0;
        return isStamped ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;
    }

    /** In ms; −1 for none, and always with magic 0. */
    long timestamp() {
        return magic() == MAGIC_0 ? BatchFormat.NO_TIMESTAMP : buffer.getLong(position + TIMESTAMP_AT);
    }

    /** Throws {@link LegacyFormatException} unless key and value lie within the message. */
    void check() {
        int size = end - position - ENTRY_OVERHEAD;
        if (size < LegacyFormat.minSize(magic())) {
            throw LegacyFormatException.corrupt("a message of magic " + magic() + " has " + size + " bytes, at least "
                    + LegacyFormat.minSize(magic()) + " are needed");
        }
        int keyLengthAt = position + LegacyFormat.keyLengthAt(magic());
        checkLength(keyLengthAt, end - Integer.BYTES, "key");
        checkLength(after(keyLengthAt), end, "value");
    }

    private void checkLength(int lengthAt, int fieldEnd, String field) {
        int length = buffer.getInt(lengthAt);
        if (length < LegacyFormat.NULL_LENGTH || length > fieldEnd - lengthAt - Integer.BYTES) {
            throw LegacyFormatException.invalid("the " + field + " of a message has " + length + " bytes, where "
                    + (fieldEnd - lengthAt - Integer.BYTES) + " are left");
        }
    }

    /** A view from position 0 to its limit, or null. */
    ByteBuffer key() {
        return field(keyLengthAt());
    }

    /** A view from position 0 to its limit, or null: a tombstone. */
    ByteBuffer value() {
        return field(after(keyLengthAt()));
    }

    private int keyLengthAt() {
        return position + LegacyFormat.keyLengthAt(magic());
    }

    private int after(int lengthAt) {
        return lengthAt + Integer.BYTES + Math.max(0, buffer.getInt(lengthAt));
    }

    private ByteBuffer field(int lengthAt) {
        int length = buffer.getInt(lengthAt);
        return length < 0 ? null : buffer.slice(lengthAt + Integer.BYTES, length);
    }

    private byte attributes() {
        return buffer.get(position + ATTRIBUTES_AT);
    }

    /** For messages and logs: place and sizes, never contents. */
    @Override
    public String toString() {
        return "message(offset " + offset() + ", magic " + magic() + ", " + sizeInBytes() + " bytes)";
    }
}
