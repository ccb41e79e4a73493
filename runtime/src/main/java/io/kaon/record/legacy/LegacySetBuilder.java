// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.legacy;

import static io.kaon.common.Checks.require;

import io.kaon.record.BatchFormat;
import io.kaon.record.Codecs;
import io.kaon.record.Compression;
import io.kaon.record.CompressionType;
import io.kaon.record.TimestampType;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * Writes message sets of magic 0 or 1 ({@link LegacyFormat}) to the end of an output: each message by itself, or all
 * that come between {@link #beginWrapper} and {@link #endWrapper} inside one wrapper, compressed as they come. One
 * thread.
 */
final class LegacySetBuilder {
    private static final int MAX_HEADER_BYTES =
            LegacyFormat.ENTRY_OVERHEAD + LegacyFormat.MIN_SIZE_1 + LegacyFormat.ENTRY_OVERHEAD;

    private final byte magic;
    private final Codecs codecs;
    private final SetOutput output;
    private final ByteBuffer header = ByteBuffer.allocate(MAX_HEADER_BYTES);
    private final CRC32 crc = new CRC32();
    private OutputStream sink;
    private TimestampType timestampType = TimestampType.CREATE_TIME;
    private int wrapperStart;
    private CompressionType wrapperType = CompressionType.NONE;
    private long firstOffset = -1;
    private long lastOffset = -1;
    private long maxTimestamp = BatchFormat.NO_TIMESTAMP;

    LegacySetBuilder(byte magic, Codecs codecs, SetOutput output) {
        require(magic == LegacyFormat.MAGIC_0 || magic == LegacyFormat.MAGIC_1, "magic %s", magic);
        this.magic = magic;
        this.codecs = magic == LegacyFormat.MAGIC_0 ? codecs.ofMagicZero() : codecs;
        this.output = output;
        this.sink = output;
    }

    /** Whose clock the timestamps of the messages come from, from now on; magic 0 has none. */
    LegacySetBuilder timestampType(TimestampType type) {
        timestampType = type;
        return this;
    }

    /** The messages that follow go into one wrapper. */
    LegacySetBuilder beginWrapper(CompressionType type) {
        require(sink == output, "a wrapper inside a wrapper");
        require(type != CompressionType.NONE && type != CompressionType.ZSTD, "no wrapper has %s", type);
        wrapperStart = output.size();
        wrapperType = type;
        firstOffset = -1;
        maxTimestamp = BatchFormat.NO_TIMESTAMP;
        int headerBytes = LegacyFormat.entryBytes(magic, 0, 0);
        output.write(new byte[headerBytes], 0, headerBytes);
        sink = codecs.compress(Compression.of(type), new Uncloseable(output));
        return this;
    }

    /**
     * A message. Offsets rise.
     *
     * @param timestampMs −1 for none
     * @param key from position to limit, or null; not moved
     * @param value from position to limit, or null; not moved
     */
    LegacySetBuilder append(long offset, long timestampMs, ByteBuffer key, ByteBuffer value) {
        boolean isWrapped = sink != output;
        firstOffset = firstOffset < 0 ? offset : firstOffset;
        lastOffset = offset;
        maxTimestamp = Math.max(maxTimestamp, timestampMs);
        long written = isWrapped && magic == LegacyFormat.MAGIC_1 ? offset - firstOffset : offset;
        try {
            writeMessage(written, timestampMs, key, value);
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory failed", impossible);
        }
        return this;
    }

    /** The wrapper gets no more messages; gives back what its compressor holds. */
    void closeCompressor() {
        if (sink != output) {
            OutputStream compressor = sink;
            sink = output;
            try {
                compressor.close();
            } catch (IOException impossible) {
                throw new UncheckedIOException("writing to memory failed", impossible);
            }
        }
    }

    /** Finishes the wrapper, which has at least one message. */
    LegacySetBuilder endWrapper() {
        require(firstOffset >= 0, "a wrapper without messages");
        closeCompressor();
        int valueLengthAt = wrapperStart + LegacyFormat.keyLengthAt(magic) + Integer.BYTES;
        ByteBuffer written = output.view();
        putHead(written.position(wrapperStart), lastOffset, written.limit() - wrapperStart, maxTimestamp, wrapperType);
        written.putInt(LegacyFormat.NULL_LENGTH).putInt(written.limit() - valueLengthAt - Integer.BYTES);
        crc.reset();
        crc.update(written.position(wrapperStart + LegacyFormat.MAGIC_AT));
        written.putInt(wrapperStart + LegacyFormat.CRC_AT, (int) crc.getValue());
        return this;
    }

    private void writeMessage(long offset, long timestampMs, ByteBuffer key, ByteBuffer value) throws IOException {
        int keyLength = key == null ? LegacyFormat.NULL_LENGTH : key.remaining();
        int valueLength = value == null ? LegacyFormat.NULL_LENGTH : value.remaining();
        int size = LegacyFormat.entryBytes(magic, keyLength, valueLength);
        putHead(header.clear(), offset, size, timestampMs, CompressionType.NONE);
        header.putInt(keyLength).flip();
        crc.reset();
        crc.update(header.duplicate().position(LegacyFormat.MAGIC_AT));
        update(key);
        updateLength(valueLength);
        update(value);
        header.putInt(LegacyFormat.CRC_AT, (int) crc.getValue());
        sink.write(header.array(), 0, header.limit());
        write(key);
        header.clear().putInt(valueLength).flip();
        sink.write(header.array(), 0, header.limit());
        write(value);
    }

    /** Everything before the key's length; the CRC comes later. */
    private void putHead(ByteBuffer target, long offset, int entryBytes, long timestampMs, CompressionType type) {
        boolean isStamped = magic == LegacyFormat.MAGIC_1 && timestampType == TimestampType.LOG_APPEND_TIME;
        target.putLong(offset)
                .putInt(entryBytes - LegacyFormat.ENTRY_OVERHEAD)
                .putInt(0)
                .put(magic)
                .put((byte) (type.id() | (isStamped ? LegacyFormat.LOG_APPEND_TIME_BIT : 0)));
        if (magic == LegacyFormat.MAGIC_1) {
            target.putLong(timestampMs);
        }
    }

    private void update(ByteBuffer bytes) {
        if (bytes != null) {
            crc.update(bytes.duplicate());
        }
    }

    private void updateLength(int length) {
        for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            crc.update(length >>> shift);
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        if (bytes == null) {
            return;
        }
        if (bytes.hasArray()) {
            sink.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        } else {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(bytes.position(), copy);
            sink.write(copy);
        }
    }

    /** A compressor closes its sink; this one is written to again. */
    private static final class Uncloseable extends OutputStream {
        private final OutputStream target;

        Uncloseable(OutputStream target) {
            this.target = target;
        }

        @Override
        public void write(int value) throws IOException {
            target.write(value);
        }

        @Override
        public void write(byte[] source, int from, int length) throws IOException {
            target.write(source, from, length);
        }
    }
}
