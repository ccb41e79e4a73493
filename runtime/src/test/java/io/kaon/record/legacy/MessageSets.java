// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.legacy;

import io.kaon.record.Compression;
import io.kaon.record.CompressionType;
import io.kaon.record.RecordLimits;
import io.kaon.record.TimestampType;
import io.kaon.record.codec.StandardCodecs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Message sets for tests. */
final class MessageSets {
    static final RecordLimits LIMITS = RecordLimits.of(new StandardCodecs());
    static final long T = 1_700_000_000_000L;

    private MessageSets() {}

    /** Messages of such values with such offsets; the n-th has timestamp T + n. */
    static ByteBuffer plain(int magic, long firstOffset, String... values) {
        SetOutput output = new SetOutput(64);
        fill(new LegacySetBuilder((byte) magic, new StandardCodecs(), output), firstOffset, values);
        return copy(output);
    }

    static ByteBuffer wrapped(int magic, CompressionType type, long firstOffset, String... values) {
        SetOutput output = new SetOutput(64);
        LegacySetBuilder builder = new LegacySetBuilder((byte) magic, new StandardCodecs(), output).beginWrapper(type);
        fill(builder, firstOffset, values);
        builder.endWrapper();
        return copy(output);
    }

    private static void fill(LegacySetBuilder builder, long firstOffset, String... values) {
        for (int index = 0; index < values.length; index++) {
            builder.append(firstOffset + index, T + index, utf8("key"), utf8(values[index]));
        }
    }

    /** A message whose every field is the caller's; the CRC is right. */
    static ByteBuffer message(int magic, int attributes, long timestamp, ByteBuffer key, ByteBuffer value) {
        ByteBuffer rest = ByteBuffer.allocate(8 + size(key) + size(value));
        put(rest, key);
        put(rest, value);
        return raw(magic, attributes, timestamp, rest.flip());
    }

    /** A message with anything behind its header. */
    static ByteBuffer raw(int magic, int attributes, long timestamp, ByteBuffer rest) {
        ByteBuffer entry = ByteBuffer.allocate(26 + rest.remaining());
        entry.putLong(0).putInt(0).putInt(0).put((byte) magic).put((byte) attributes);
        if (magic == 1) {
            entry.putLong(timestamp);
        }
        entry.put(rest.duplicate()).flip();
        entry.putInt(LegacyFormat.SIZE_AT, entry.limit() - LegacyFormat.ENTRY_OVERHEAD);
        return withRightCrc(entry);
    }

    static ByteBuffer withRightCrc(ByteBuffer entry) {
        CRC32 crc = new CRC32();
        crc.update(entry.slice(LegacyFormat.MAGIC_AT, entry.limit() - LegacyFormat.MAGIC_AT));
        return entry.putInt(LegacyFormat.CRC_AT, (int) crc.getValue());
    }

    static ByteBuffer joined(ByteBuffer... parts) {
        int size = 0;
        for (ByteBuffer part : parts) {
            size += part.remaining();
        }
        ByteBuffer all = ByteBuffer.allocate(size);
        for (ByteBuffer part : parts) {
            all.put(part.duplicate());
        }
        return all.flip();
    }

    /** A wrapper around any bytes. */
    static ByteBuffer wrapper(int magic, CompressionType type, TimestampType timestamps, ByteBuffer inner) {
        SetOutput value = new SetOutput(64);
        try (OutputStream sink = (magic == 0 ? new StandardCodecs().ofMagicZero() : new StandardCodecs())
                .compress(Compression.of(type), value)) {
            byte[] bytes = new byte[inner.remaining()];
            inner.duplicate().get(bytes);
            sink.write(bytes);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        int attributes = type.id() | (timestamps == TimestampType.LOG_APPEND_TIME ? 8 : 0);
        return message(magic, attributes, T + 500, null, value.view());
    }

    static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static ByteBuffer copy(SetOutput output) {
        return ByteBuffer.wrap(output.toByteArray());
    }

    private static int size(ByteBuffer bytes) {
        return bytes == null ? 0 : bytes.remaining();
    }

    private static void put(ByteBuffer target, ByteBuffer bytes) {
        target.putInt(bytes == null ? -1 : bytes.remaining());
        if (bytes != null) {
            target.put(bytes.duplicate());
        }
    }
}
