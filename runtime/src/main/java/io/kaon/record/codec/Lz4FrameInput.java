// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.codec;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.StreamingXXHash32;
import net.jpountz.xxhash.XXHashFactory;

/**
 * Reads one LZ4 frame ({@link Lz4Frame}) with all checksums that it carries. As in Kafka, blocks that depend on each
 * other and dictionaries are refused, and what follows the frame's end is not looked at.
 */
final class Lz4FrameInput extends BlockInput {
    /** LZ4 encodes 255 bytes in one at best. */
    private static final long MAX_RATIO = 255;

    private static final int FIXED_HEADER_BYTES = 7;

    private final ByteBuffer source;
    private final LZ4SafeDecompressor decompressor = Lz4Frame.decompressor();
    private final boolean hasBlockChecksums;
    private final long contentSize;
    private final int maxBlockBytes;
    private final Optional<StreamingXXHash32> contentHash;
    private byte[] compressed = NO_BYTES;
    private byte[] block = NO_BYTES;
    private long size;
    private boolean isFinished;

    Lz4FrameInput(ByteBuffer source) throws IOException {
        this.source = source.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        need(FIXED_HEADER_BYTES);
        if (this.source.getInt() != Lz4Frame.MAGIC) {
            throw new IOException("no LZ4 frame");
        }
        int flags = this.source.get(this.source.position());
        if ((flags & Lz4Frame.VERSION_MASK) != Lz4Frame.VERSION_1
                || (flags & Lz4Frame.UNSUPPORTED_FLAGS) != 0
                || (flags & Lz4Frame.INDEPENDENT_BLOCKS) == 0) {
            throw new IOException("an LZ4 frame with flags " + flags);
        }
        boolean hasContentSize = (flags & Lz4Frame.CONTENT_SIZE) != 0;
        byte[] descriptor = new byte[2 + (hasContentSize ? Long.BYTES : 0)];
        need(descriptor.length + 1);
        this.source.get(descriptor);
        if (this.source.get() != Lz4Frame.headerChecksum(descriptor, 0, descriptor.length)) {
            throw new IOException("an LZ4 frame with a wrong header checksum");
        }
        hasBlockChecksums = (flags & Lz4Frame.BLOCK_CHECKSUM) != 0;
        contentSize = hasContentSize ? this.source.getLong(this.source.position() - 1 - Long.BYTES) : -1;
        maxBlockBytes = maxBlockBytes(descriptor[1]);
        contentHash = (flags & Lz4Frame.CONTENT_CHECKSUM) == 0
                ? Optional.empty()
                : Optional.of(XXHashFactory.fastestJavaInstance().newStreamingHash32(Lz4Frame.CHECKSUM_SEED));
    }

    private static int maxBlockBytes(byte descriptor) throws IOException {
        int code = (descriptor >>> 4) & 7;
        if ((descriptor & Lz4Frame.RESERVED_DESCRIPTOR_BITS) != 0 || code < Lz4Frame.SMALLEST_BLOCK_CODE) {
            throw new IOException("an LZ4 frame with block descriptor " + descriptor);
        }
        return Lz4Frame.maxBlockBytes(code);
    }

    @Override
    boolean nextBlock() throws IOException {
        if (isFinished) {
            return false;
        }
        need(Integer.BYTES);
        int header = source.getInt();
        if (header == Lz4Frame.END_MARK) {
            finish();
            return false;
        }
        int length = header & ~Lz4Frame.STORED_BIT;
        if (length > maxBlockBytes) {
            throw new IOException("an LZ4 block of " + length + " bytes, at most " + maxBlockBytes + " are allowed");
        }
        need(length);
        if (compressed.length < length) {
            compressed = new byte[length];
        }
        source.get(compressed, 0, length);
        if (hasBlockChecksums) {
            need(Integer.BYTES);
            if (source.getInt() != Lz4Frame.hash(compressed, 0, length)) {
                throw new IOException("an LZ4 block with a wrong checksum");
            }
        }
        if ((header & Lz4Frame.STORED_BIT) == 0) {
            decompress(length);
        } else {
            account(compressed, length);
        }
        return true;
    }

    /** The output buffer is no larger than these compressed bytes can fill, whatever block size the header names. */
    private void decompress(int length) throws IOException {
        int room = (int) Math.min(maxBlockBytes, length * MAX_RATIO);
        if (block.length < room) {
            block = new byte[roundUp(room)];
        }
        account(block, decompressor.decompress(compressed, 0, length, block, 0, room));
    }

    private int roundUp(int bytes) {
        return Math.min(maxBlockBytes, Integer.highestOneBit(Math.max(bytes, 2) - 1) << 1);
    }

    private void account(byte[] bytes, int length) {
        size += length;
        contentHash.ifPresent(hash -> hash.update(bytes, 0, length));
        provide(bytes, length);
    }

    private void finish() throws IOException {
        isFinished = true;
        if (contentSize >= 0 && contentSize != size) {
            throw new IOException("an LZ4 frame of " + size + " bytes that claims " + contentSize);
        }
        if (contentHash.isPresent()) {
            need(Integer.BYTES);
            if (source.getInt() != contentHash.get().getValue()) {
                throw new IOException("an LZ4 frame with a wrong content checksum");
            }
        }
    }

    private void need(int bytes) throws IOException {
        if (source.remaining() < bytes) {
            throw new EOFException("an LZ4 frame that ends early");
        }
    }

    /** Frees the arrays at once; the stream may be held longer than it is read. */
    @Override
    public void close() {
        isFinished = true;
        provide(NO_BYTES, 0);
        compressed = NO_BYTES;
        block = NO_BYTES;
        contentHash.ifPresent(StreamingXXHash32::close);
    }
}
