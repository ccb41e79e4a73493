// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * The port to the compression libraries, which only {@code record.codec} sees. Any thread; the streams belong to the
 * thread that opened them and are closed by it, for they may hold native memory.
 */
public interface Codecs {
    /**
     * The decompressed form of a batch's records. Reading allocates no more than the compressed bytes or the bytes that
     * were really decompressed justify, beside fixed block buffers, whatever sizes the input claims.
     *
     * <p>Opening and reading throw {@link MalformedBatchException} where the input is not of this codec or damaged, and
     * {@link DecompressionLimitException} instead of a byte past the limit.
     *
     * @param type any but {@link CompressionType#NONE}
     * @param compressed from position to limit; not moved, not to be changed until the stream is closed
     * @param maxBytes how many bytes may come out
     */
    BlockInput decompress(CompressionType type, ByteBuffer compressed, long maxBytes);

    /** Compresses what is written and passes it on; closing finishes the compressed form and closes the sink. */
    OutputStream compress(Compression compression, OutputStream sink);

    /**
     * The same codecs as messages of magic 0 have them: the checksum in the header of an LZ4 frame is the wrong one
     * that Kafka wrote at first, and is not looked at when one reads (KIP-57).
     */
    default Codecs ofMagicZero() {
        return this;
    }
}
