// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.codec;

import io.kaon.record.DecompressionLimitException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.xerial.snappy.Snappy;

/**
 * Snappy as Kafka's clients write it: the Java library's framing,
 *
 * <pre>
 *  magic 8 (82 'SNAPPY' 00) | version 4 | oldest compatible version 4 | per block: length 4, raw snappy block
 * </pre>
 *
 * <p>where a second header may stand between blocks, or one raw block without any framing, as other clients once
 * wrote (C30). The size that a raw block claims is believed only after the block was checked to have it, if it is
 * more than small.
 */
final class SnappyInput extends BlockInput {
    private static final long MAGIC = 0x82534e4150505900L;
    private static final int MAGIC_FIRST_HALF = (int) (MAGIC >>> 32);
    private static final int HEADER_BYTES = 16;

    /** A claim up to this factor of the compressed size, or this many bytes, is believed unchecked. */
    private static final int HARMLESS_FACTOR = 2;

    private static final int HARMLESS_BYTES = 32 * 1024;

    private final ByteBuffer source;
    private final long maxBytes;
    private final boolean isFramed;
    private byte[] compressed = NO_BYTES;
    private byte[] block = NO_BYTES;

    /**
     * @param source big-endian; moved as blocks are read
     * @param maxBytes no block may claim more
     */
    SnappyInput(ByteBuffer source, long maxBytes) throws IOException {
        this.source = source;
        this.maxBytes = maxBytes;
        this.isFramed = source.remaining() >= Long.BYTES && source.getLong(source.position()) == MAGIC;
        if (isFramed) {
            skipHeader();
        }
    }

    @Override
    boolean nextBlock() throws IOException {
        if (!source.hasRemaining()) {
            return false;
        }
        int length = isFramed ? readLength() : source.remaining();
        if (length == MAGIC_FIRST_HALF) {
            source.position(source.position() - Integer.BYTES);
            skipHeader();
            provide(NO_BYTES, 0);
            return true;
        }
        if (length < 0 || length > source.remaining()) {
            throw new EOFException("a block of " + length + " bytes where " + source.remaining() + " are left");
        }
        decompress(length);
        return true;
    }

    private void decompress(int length) throws IOException {
        if (compressed.length < length) {
            compressed = new byte[length];
        }
        source.get(compressed, 0, length);
        int size = Snappy.uncompressedLength(compressed, 0, length);
        if (size < 0) {
            throw new IOException("a block that claims " + size + " bytes");
        }
        if (size > maxBytes) {
            throw new DecompressionLimitException(maxBytes);
        }
        boolean isHarmless = size <= Math.max(HARMLESS_BYTES, (long) HARMLESS_FACTOR * length);
        if (!isHarmless && !Snappy.isValidCompressedBuffer(compressed, 0, length)) {
            throw new IOException("a damaged block");
        }
        if (block.length < size) {
            block = new byte[size];
        }
        provide(block, Snappy.uncompress(compressed, 0, length, block, 0));
    }

    private int readLength() throws IOException {
        if (source.remaining() < Integer.BYTES) {
            throw new EOFException("half a block length");
        }
        return source.getInt();
    }

    /** The versions are not looked at: only version 1 was ever written. */
    private void skipHeader() throws IOException {
        if (source.remaining() < HEADER_BYTES || source.getLong(source.position()) != MAGIC) {
            throw new EOFException("half a header");
        }
        source.position(source.position() + HEADER_BYTES);
    }
}
