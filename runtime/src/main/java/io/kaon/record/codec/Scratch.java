// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.codec;

import com.github.luben.zstd.ZstdDecompressCtx;
import java.util.Optional;
import java.util.zip.Inflater;

/**
 * What decompressing needs beside the bytes, kept from one batch for the next: arrays and the native memory of the
 * libraries, each made when it is first asked for. Owned by the stream that took it from the {@link ScratchPool}; the
 * pool owns it otherwise.
 */
final class Scratch implements AutoCloseable {
    /** The smallest array for a block, so that it seldom has to grow. */
    static final int FIRST_BLOCK_BYTES = 64 * 1024;

    /** The largest array for a block that is kept: one that nobody's claims about sizes need to justify. */
    static final int MAX_KEPT_BLOCK_BYTES = 512 * 1024;

    /** The largest array for compressed bytes that is kept. */
    static final int MAX_KEPT_COMPRESSED_BYTES = 128 * 1024;

    private static final byte[] NO_BYTES = {};

    private byte[] block = NO_BYTES;
    private byte[] compressed = NO_BYTES;
    private Optional<Inflater> inflater = Optional.empty();
    private Optional<ZstdDecompressCtx> zstd = Optional.empty();

    /** An array of that many bytes or more with anything in it, the one of the last call if it is large enough. */
    byte[] block(int bytes) {
        if (block.length < bytes) {
            block = new byte[bytes > MAX_KEPT_BLOCK_BYTES ? bytes : roundUp(Math.max(bytes, FIRST_BLOCK_BYTES))];
        }
        return block;
    }

    /** The same for bytes that are not decompressed yet. */
    byte[] compressed(int bytes) {
        if (compressed.length < bytes) {
            compressed = new byte[bytes > MAX_KEPT_COMPRESSED_BYTES ? bytes : roundUp(bytes)];
        }
        return compressed;
    }

    private static int roundUp(int bytes) {
        return Integer.highestOneBit(Math.max(bytes, 2) - 1) << 1;
    }

    /** For streams without zlib's header. Who used it {@linkplain Inflater#reset resets} it afterwards. */
    Inflater inflater() {
        if (inflater.isEmpty()) {
            inflater = Optional.of(new Inflater(true));
        }
        return inflater.get();
    }

    /** For whole frames, each of which begins anew. */
    ZstdDecompressCtx zstd() {
        if (zstd.isEmpty()) {
            zstd = Optional.of(new ZstdDecompressCtx());
        }
        return zstd.get();
    }

    /** Lets go of what is too large to keep. */
    void trim() {
        if (block.length > MAX_KEPT_BLOCK_BYTES) {
            block = NO_BYTES;
        }
        if (compressed.length > MAX_KEPT_COMPRESSED_BYTES) {
            compressed = NO_BYTES;
        }
    }

    /** Gives the native memory back. */
    @Override
    public void close() {
        inflater.ifPresent(Inflater::end);
        zstd.ifPresent(ZstdDecompressCtx::close);
    }
}
