// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * As much of the zstd frame format (RFC 8878) as says how much memory a frame can need. All numbers are little-endian.
 *
 * <pre>
 *  magic 4 (FD2FB528) | descriptor 1 | [window 1] | [dictionary id 1, 2 or 4] | [content size 1, 2, 4 or 8] |
 *  per block: header 3, bytes | [content checksum 4]
 *
 *  descriptor: bits 6–7 content size field: 0 → none, or 1 byte in a single segment, 1 → 2, 2 → 4, 3 → 8 ·
 *              5 single segment, which has no window: its content is the window · 0–1 dictionary id: 0, 1, 2 or 4 bytes
 *  window: bits 3–7 exponent − 10 · 0–2 eighths of it
 *  block header: bits 3–23 size · 1–2 type: 0 stored, 1 one byte repeated, 2 compressed · 0 last block
 * </pre>
 */
final class ZstdFrame {
    private static final int MAGIC = 0xfd2fb528;
    private static final int DESCRIPTOR_AT = 4;
    private static final int WINDOW_AT = 5;
    private static final int SINGLE_SEGMENT_FLAG = 0x20;
    private static final int[] DICTIONARY_ID_BYTES = {0, 1, 2, 4};
    private static final int[] CONTENT_SIZE_BYTES = {0, 2, 4, 8};
    private static final int BLOCK_HEADER_BYTES = 3;
    private static final int MAX_BLOCK_BYTES = 128 * 1024;
    private static final int REPEATED = 1;
    private static final int COMPRESSED = 2;

    private final ByteBuffer bytes;
    private final int descriptor;

    /**
     * @param bytes from position to limit; not moved
     */
    ZstdFrame(ByteBuffer bytes) {
        this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        boolean isFrame = bytes.remaining() > WINDOW_AT && this.bytes.getInt(0) == MAGIC;
        this.descriptor = isFrame ? this.bytes.get(DESCRIPTOR_AT) & 0xff : -1;
    }

    /** Whether there is a header; the rest may be damaged nevertheless. */
    boolean isFrame() {
        return descriptor >= 0;
    }

    /** How many of its bytes must be in memory to go on. Damaged headers have any number. */
    long windowBytes() {
        if (isSingleSegment()) {
            return contentSize();
        }
        int window = bytes.get(WINDOW_AT) & 0xff;
        long power = 1L << 10 + (window >>> 3);
        return power + (power >>> 3) * (window & 7);
    }

    private long contentSize() {
        int length = contentSizeBytes();
        int at = firstBlockAt() - length;
        if (bytes.limit() < at + length) {
            return 0;
        }
        switch (length) {
            case 1:
                return bytes.get(at) & 0xff;
            case 2:
                return (bytes.getShort(at) & 0xffff) + 256;
            case 4:
                return bytes.getInt(at) & 0xffffffffL;
            default:
                return bytes.getLong(at) & Long.MAX_VALUE;
        }
    }

    /**
     * How many bytes the frame holds at most, as its blocks say: no more than the last block's worth too much. Stops
     * counting behind a bound, so that it is quick with large ones.
     *
     * @return more than the bound if it may hold more or is cut short
     */
    long contentBytesUpTo(int bound) {
        long count = 0;
        int at = firstBlockAt();
        while (count <= bound && at + BLOCK_HEADER_BYTES <= bytes.limit()) {
            int header = (bytes.get(at) & 0xff) | (bytes.getShort(at + 1) & 0xffff) << 8;
            int type = (header >>> 1) & 3;
            int size = header >>> 3;
            count += type == COMPRESSED ? MAX_BLOCK_BYTES : size;
            if ((header & 1) != 0) {
                return count;
            }
            at += BLOCK_HEADER_BYTES + (type == REPEATED ? 1 : size);
        }
        return bound + 1L;
    }

    private int firstBlockAt() {
        return WINDOW_AT + (isSingleSegment() ? 0 : 1) + DICTIONARY_ID_BYTES[descriptor & 3] + contentSizeBytes();
    }

    private int contentSizeBytes() {
        int code = descriptor >>> 6;
        return code == 0 && isSingleSegment() ? 1 : CONTENT_SIZE_BYTES[code];
    }

    private boolean isSingleSegment() {
        return (descriptor & SINGLE_SEGMENT_FLAG) != 0;
    }
}
