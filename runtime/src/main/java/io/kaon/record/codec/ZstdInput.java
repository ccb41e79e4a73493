// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.codec;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.kaon.record.CompressionType;
import io.kaon.record.DecompressionLimitException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Zstd with a bound on what a frame's header can make the library allocate: the window, which a header of six bytes can
 * claim to be 128 MiB.
 *
 * <p>A frame that fits into the memory that is kept anyway is decompressed at once: the output itself is the window.
 * Larger ones with windows up to {@value #MAX_STREAMED_WINDOW_LOG} bits, which every level below 20 keeps to, are
 * streamed. Producers that compress at level 20 to 22 claim more; those frames are decompressed in one piece too, into
 * an array that grows only with what really comes out.
 */
final class ZstdInput extends CodecInput {
    /** 8 MiB, what the format recommends each decoder to support. */
    static final int MAX_STREAMED_WINDOW_LOG = 23;

    private static final int FIRST_OUTPUT_BYTES = 64 * 1024;
    private static final int CHUNK_BYTES = 128 * 1024;

    private final ByteBuffer source;
    private boolean isStarted;
    private InputStream stream = InputStream.nullInputStream();

    /**
     * @param compressed from position to limit; not moved
     */
    ZstdInput(ByteBuffer compressed, long maxBytes, ScratchPool pool) {
        super(CompressionType.ZSTD, maxBytes, pool);
        source = compressed.slice();
    }

    @Override
    boolean nextBlock() throws IOException {
        if (!isStarted) {
            isStarted = true;
            ZstdFrame frame = new ZstdFrame(source);
            if (frame.isFrame() && (decompressAtOnce(frame) || decompressWhole(frame))) {
                return true;
            }
            stream = new ZstdInputStreamNoFinalizer(new ByteBufferInput(source), RecyclingBufferPool.INSTANCE)
                    // A later frame of the same stream may claim more; the library then refuses it.
                    .setLongMax(MAX_STREAMED_WINDOW_LOG);
        }
        byte[] target = scratch().block(CHUNK_BYTES);
        int length = stream.read(target, 0, CHUNK_BYTES);
        provide(target, 0, Math.max(0, length));
        return length >= 0;
    }

    /** False where this is not the way to read it, which includes whatever is damaged or followed by more. */
    private boolean decompressAtOnce(ZstdFrame frame) throws IOException {
        int bound = Scratch.MAX_KEPT_BLOCK_BYTES;
        int room = (int) frame.contentBytesUpTo(bound);
        if (room == 0 || room > bound) {
            return false;
        }
        CompressedBytes compressed = new CompressedBytes(source, ByteOrder.LITTLE_ENDIAN, scratch());
        int length = compressed.remaining();
        int from = compressed.take(length);
        byte[] target = scratch().block(room);
        try {
            int size = scratch().zstd().decompressByteArray(target, 0, room, compressed.array(), from, length);
            provide(target, 0, size);
            return true;
        } catch (ZstdException streamItInstead) {
            return false;
        }
    }

    private boolean decompressWhole(ZstdFrame frame) throws IOException {
        if (frame.windowBytes() <= 1L << MAX_STREAMED_WINDOW_LOG) {
            return false;
        }
        byte[] compressed = new byte[source.remaining()];
        source.get(source.position(), compressed);
        try (ZstdDecompressCtx context = new ZstdDecompressCtx()) {
            for (long room = FIRST_OUTPUT_BYTES; ; room = Math.min(room * 2, maxBytes())) {
                try {
                    byte[] content = context.decompress(compressed, (int) Math.min(room, maxBytes()));
                    provide(content, 0, content.length);
                    return true;
                } catch (ZstdException failure) {
                    if (failure.getErrorCode() != Zstd.errDstSizeTooSmall()) {
                        throw new IOException("a damaged frame", failure);
                    }
                    if (room >= maxBytes()) {
                        throw new DecompressionLimitException(maxBytes());
                    }
                }
            }
        }
    }

    @Override
    void release() throws IOException {
        stream.close();
    }
}
