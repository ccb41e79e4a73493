// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.codec;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What stands before the blocks of an LZ4 frame ({@link Lz4Frame}). As in Kafka, blocks that depend on each other and
 * dictionaries are refused.
 *
 * @param sizeInBytes of the header itself
 * @param contentSize bytes that the frame claims to hold, −1 if it makes no claim
 * @param maxBlockBytes no block holds more
 */
record Lz4FrameHeader(
        int sizeInBytes, boolean hasBlockChecksums, boolean hasContentChecksum, long contentSize, int maxBlockBytes) {
    private static final int FIXED_BYTES = 7;
    private static final int DESCRIPTOR_AT = 4;
    private static final int DESCRIPTOR_BYTES = 2;

    /**
     * @param frame from position to limit; not moved
     */
    static Lz4FrameHeader read(ByteBuffer frame, Lz4HeaderChecksum checksum) throws IOException {
        ByteBuffer bytes = frame.slice().order(ByteOrder.LITTLE_ENDIAN);
        need(bytes, FIXED_BYTES);
        if (bytes.getInt(0) != Lz4Frame.MAGIC) {
            throw new IOException("no LZ4 frame");
        }
        int flags = bytes.get(DESCRIPTOR_AT);
        if ((flags & Lz4Frame.VERSION_MASK) != Lz4Frame.VERSION_1
                || (flags & Lz4Frame.UNSUPPORTED_FLAGS) != 0
                || (flags & Lz4Frame.INDEPENDENT_BLOCKS) == 0) {
            throw new IOException("an LZ4 frame with flags " + flags);
        }
        boolean hasContentSize = (flags & Lz4Frame.CONTENT_SIZE) != 0;
        byte[] descriptor = new byte[DESCRIPTOR_BYTES + (hasContentSize ? Long.BYTES : 0)];
        int checksumAt = DESCRIPTOR_AT + descriptor.length;
        need(bytes, checksumAt + 1);
        bytes.get(DESCRIPTOR_AT, descriptor);
        if (!checksum.accepts(bytes.get(checksumAt), descriptor)) {
            throw new IOException("an LZ4 frame with a wrong header checksum");
        }
        return new Lz4FrameHeader(
                checksumAt + 1,
                (flags & Lz4Frame.BLOCK_CHECKSUM) != 0,
                (flags & Lz4Frame.CONTENT_CHECKSUM) != 0,
                hasContentSize ? bytes.getLong(DESCRIPTOR_AT + DESCRIPTOR_BYTES) : -1,
                maxBlockBytes(descriptor[1]));
    }

    private static int maxBlockBytes(byte descriptor) throws IOException {
        int code = (descriptor >>> 4) & 7;
        if ((descriptor & Lz4Frame.RESERVED_DESCRIPTOR_BITS) != 0 || code < Lz4Frame.SMALLEST_BLOCK_CODE) {
            throw new IOException("an LZ4 frame with block descriptor " + descriptor);
        }
        return Lz4Frame.maxBlockBytes(code);
    }

    private static void need(ByteBuffer bytes, int count) throws EOFException {
        if (bytes.remaining() < count) {
            throw new EOFException("an LZ4 frame that ends early");
        }
    }
}
