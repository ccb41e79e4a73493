// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.codec;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.kaon.record.DecompressionLimitException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Zstd with a bound on what a frame's header can make the library allocate: the window, which a header of six bytes can
 * claim to be 128 MiB.
 *
 * <p>Windows up to {@value #MAX_STREAMED_WINDOW_LOG} bits, which every level below 20 keeps to, are streamed.
 * Producers that compress at level 20 to 22 claim more; those frames are decompressed in one piece, where the output
 * itself is the window and grows only with what really comes out.
 */
final class ZstdInput {
    /** 8 MiB, what the format recommends each decoder to support. */
    static final int MAX_STREAMED_WINDOW_LOG = 23;

    private static final int FIRST_OUTPUT_BYTES = 64 * 1024;
    private static final int MAGIC = 0x28b52ffd;
    private static final int SINGLE_SEGMENT_FLAG = 0x20;
    private static final int DESCRIPTOR_AT = 4;
    private static final int WINDOW_AT = 5;

    private ZstdInput() {}

    static InputStream open(ByteBufferInput source, long maxBytes) throws IOException {
        if (claimsLargeWindow(source.remaining())) {
            return new ByteArrayInputStream(decompressWhole(source.remaining(), maxBytes));
        }
        ZstdInputStreamNoFinalizer stream = new ZstdInputStreamNoFinalizer(source, RecyclingBufferPool.INSTANCE);
        // A later frame of the same stream may claim more; the library then refuses it.
        stream.setLongMax(MAX_STREAMED_WINDOW_LOG);
        return stream;
    }

    /**
     * Whether the first frame needs a window past the bound.
     *
     * <pre>
     *  magic 4 | descriptor 1 | window 1, absent if the descriptor's bit 5 says "single segment" | …
     *  window: bits 3–7 exponent − 10 · 0–2 eighths of it
     * </pre>
     *
     * <p>A frame of a single segment has its content's size as its window.
     */
    private static boolean claimsLargeWindow(ByteBuffer frame) {
        int at = frame.position();
        if (frame.remaining() <= WINDOW_AT || frame.getInt(at) != MAGIC) {
            return false;
        }
        if ((frame.get(at + DESCRIPTOR_AT) & SINGLE_SEGMENT_FLAG) != 0) {
            return Zstd.getFrameContentSize(heap(frame)) > 1L << MAX_STREAMED_WINDOW_LOG;
        }
        int window = frame.get(at + WINDOW_AT) & 0xff;
        return 10 + (window >>> 3) + ((window & 7) > 0 ? 1 : 0) > MAX_STREAMED_WINDOW_LOG;
    }

    private static byte[] decompressWhole(ByteBuffer frame, long maxBytes) throws IOException {
        byte[] compressed = heap(frame);
        try (ZstdDecompressCtx context = new ZstdDecompressCtx()) {
            for (long room = FIRST_OUTPUT_BYTES; ; room = Math.min(room * 2, maxBytes)) {
                try {
                    return context.decompress(compressed, (int) Math.min(room, maxBytes));
                } catch (ZstdException failure) {
                    if (failure.getErrorCode() != Zstd.errDstSizeTooSmall()) {
                        throw new IOException("a damaged frame", failure);
                    }
                    if (room >= maxBytes) {
                        throw new DecompressionLimitException(maxBytes);
                    }
                }
            }
        }
    }

    private static byte[] heap(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return copy;
    }
}
