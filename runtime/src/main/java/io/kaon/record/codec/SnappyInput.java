// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.codec;

import io.kaon.record.CompressionType;
import io.kaon.record.DecompressionLimitException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xerial.snappy.Snappy;

/**
 * Snappy as Kafka's clients write it: the Java library's framing,
 *
 * <pre>
 *  magic 8 (82 'SNAPPY' 00) | version 4 | oldest compatible version 4 | per block: length 4, raw snappy block
 * </pre>
 *
 * <p>where a second header may stand between blocks, or one raw block without any framing, as other clients write it
 * (C30). The size that a raw block claims is believed only after the block was checked to have it, if it is more than
 * what is kept anyway.
 */
final class SnappyInput extends CodecInput {
    private static final long MAGIC = 0x82534e4150505900L;
    private static final int MAGIC_FIRST_HALF = (int) (MAGIC >>> 32);
    private static final int HEADER_BYTES = 16;

    /** A claim up to this factor of the compressed size is believed unchecked. */
    private static final int HARMLESS_FACTOR = 2;

    private final CompressedBytes source;
    private final boolean isFramed;

    /**
     * @param compressed from position to limit; not moved
     * @param maxBytes no block may claim more
     */
    SnappyInput(ByteBuffer compressed, long maxBytes, ScratchPool pool) {
        super(CompressionType.SNAPPY, maxBytes, pool);
        source = new CompressedBytes(compressed, ByteOrder.BIG_ENDIAN, scratch());
        isFramed = source.remaining() >= Long.BYTES && source.peekLong() == MAGIC;
        // The first header is skipped like each later one: where a block's length would stand is half its magic.
    }

    @Override
    boolean nextBlock() throws IOException {
        if (source.remaining() == 0) {
            return false;
        }
        if (!isFramed) {
            decompress(source.remaining());
        } else if (!skipHeader()) {
            decompress(source.readInt());
        }
        return true;
    }

    /** False if a block comes next. The versions are not looked at: only version 1 was ever written. */
    private boolean skipHeader() throws IOException {
        if (source.remaining() < Long.BYTES || (int) (source.peekLong() >>> 32) != MAGIC_FIRST_HALF) {
            return false;
        }
        if (source.peekLong() != MAGIC) {
            throw new EOFException("half a header");
        }
        source.skip(HEADER_BYTES);
        return true;
    }

    private void decompress(int length) throws IOException {
        int from = source.take(length);
        byte[] compressed = source.array();
        int size = Snappy.uncompressedLength(compressed, from, length);
        if (size < 0) {
            throw new IOException("a block that claims " + size + " bytes");
        }
        if (size > maxBytes()) {
            throw new DecompressionLimitException(maxBytes());
        }
        boolean isHarmless = size <= Math.max(Scratch.MAX_KEPT_BLOCK_BYTES, (long) HARMLESS_FACTOR * length);
        if (!isHarmless && !Snappy.isValidCompressedBuffer(compressed, from, length)) {
            throw new IOException("a damaged block");
        }
        byte[] target = scratch().block(size);
        provide(target, 0, Snappy.uncompress(compressed, from, length, target, 0));
    }
}
