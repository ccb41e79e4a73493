// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.legacy;

import static io.kaon.record.legacy.LegacyFormat.ENTRY_OVERHEAD;
import static io.kaon.record.legacy.LegacyFormat.MAGIC_0;
import static io.kaon.record.legacy.LegacyFormat.MIN_SIZE_0;
import static io.kaon.record.legacy.LegacyFormat.SIZE_AT;

import io.kaon.common.ErrorCode;
import io.kaon.record.Codecs;
import io.kaon.record.CompressionType;
import io.kaon.record.MalformedBatchException;
import io.kaon.record.RecordLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The messages inside a wrapper, decompressed as one goes, each checked. Holds one message at a time in memory, up to a
 * bound, and no more of it than really came out of the decompressor. One thread, which closes it.
 */
final class InnerMessages implements AutoCloseable {
    private static final int FIRST_BYTES = 1024;

    private final byte wrapperMagic;
    private final InputStream stream;
    private final int maxMessageBytes;
    private byte[] bytes = new byte[FIRST_BYTES];
    private ByteBuffer buffer = ByteBuffer.wrap(bytes);
    private int filled;

    /**
     * Throws {@link MalformedBatchException} when the wrapper's value is not what its codec makes.
     *
     * @param maxMessageBytes how large a message may be, decompressed: it is in memory as a whole
     */
    InnerMessages(LegacyMessage wrapper, RecordLimits limits, int maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
        wrapperMagic = wrapper.magic();
        Codecs codecs = wrapperMagic == MAGIC_0 ? limits.codecs().ofMagicZero() : limits.codecs();
        ByteBuffer value = wrapper.value();
        if (value == null) {
            throw LegacyFormatException.invalid("a wrapper has no value");
        }
        stream = codecs.decompress(codecOf(wrapper), value, limits.maxDecompressedBytes());
    }

    /** Zstd is younger than these formats (KIP-110). */
    static CompressionType codecOf(LegacyMessage wrapper) {
        return CompressionType.of(wrapper.compressionId())
                .filter(type -> type != CompressionType.ZSTD)
                .orElseThrow(() -> LegacyFormatException.invalid("messages of magic " + wrapper.magic()
                        + " have no compression type " + wrapper.compressionId()));
    }

    /**
     * Goes to the next message; false at the end. What ends inside a message is passed over, as Kafka does. Throws
     * {@link MalformedBatchException}, with the error in it if it is a {@link LegacyFormatException}.
     */
    boolean advance() {
        filled = 0;
        if (!fill(ENTRY_OVERHEAD)) {
            return false;
        }
        int size = buffer.getInt(SIZE_AT);
        if (size < MIN_SIZE_0) {
            throw LegacyFormatException.corrupt("the size field of an inner message is " + size);
        }
        if (size > maxMessageBytes - ENTRY_OVERHEAD) {
            return refuseUnlessUnfinished(size);
        }
        if (!fill(ENTRY_OVERHEAD + size)) {
            return false;
        }
        check(current());
        return true;
    }

    /** The message, good until the next {@link #advance()}. */
    LegacyMessage current() {
        return new LegacyMessage(buffer, 0);
    }

    /** A size that lies is that of an unfinished message; false then. */
    private boolean refuseUnlessUnfinished(int size) {
        for (int left = size; left > 0; ) {
            filled = 0;
            if (!fill(Math.min(left, bytes.length))) {
                return false;
            }
            left -= filled;
        }
        throw new LegacyFormatException(
                ErrorCode.MESSAGE_TOO_LARGE,
                "a message of " + size + " bytes in a wrapper, where " + maxMessageBytes + " are the limit");
    }

    private void check(LegacyMessage message) {
        if (message.magic() != wrapperMagic) {
            throw LegacyFormatException.invalid(
                    "a message of magic " + message.magic() + " inside a wrapper of magic " + wrapperMagic);
        }
        if (message.isWrapper()) {
            throw LegacyFormatException.invalid("a wrapper inside a wrapper");
        }
        if (!message.isCrcValid()) {
            throw LegacyFormatException.corrupt("the CRC of an inner message is not that of its bytes");
        }
        message.check();
    }

    /** Has that many bytes of the current entry; false when the stream ends before. */
    private boolean fill(int wanted) {
        try {
            while (filled < wanted) {
                if (filled == bytes.length) {
                    bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, bytes.length * 2L));
                    buffer = ByteBuffer.wrap(bytes);
                }
                int read = stream.read(bytes, filled, Math.min(wanted, bytes.length) - filled);
                if (read < 0) {
                    return false;
                }
                filled += read;
            }
            return true;
        } catch (IOException failure) {
            throw new LegacyFormatException(ErrorCode.INVALID_RECORD, "a wrapper does not decompress: " + failure);
        }
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException failure) {
            throw new MalformedBatchException("the decompressor did not close", failure);
        }
    }
}
