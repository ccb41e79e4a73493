// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.codec;

import io.kaon.record.CompressionType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.StreamingXXHash32;
import net.jpountz.xxhash.XXHashFactory;

/**
 * Reads one LZ4 frame ({@link Lz4Frame}) with all checksums that it carries. What follows the frame's end is not looked
 * at, as in Kafka.
 */
final class Lz4FrameInput extends CodecInput {
    /** LZ4 encodes 255 bytes in one at best. */
    private static final long MAX_RATIO = 255;

    private final LZ4SafeDecompressor decompressor = Lz4Frame.decompressor();
    private final Lz4FrameHeader header;
    private final CompressedBytes source;
    private final Optional<StreamingXXHash32> contentHash;
    private long size;
    private boolean isFinished;

    /**
     * @param blocks what follows the header, from position to limit; not moved
     */
    Lz4FrameInput(Lz4FrameHeader header, ByteBuffer blocks, long maxBytes, ScratchPool pool) {
        super(CompressionType.LZ4, maxBytes, pool);
        this.header = header;
        source = new CompressedBytes(blocks, ByteOrder.LITTLE_ENDIAN, scratch());
        contentHash = header.hasContentChecksum()
                ? Optional.of(XXHashFactory.fastestJavaInstance().newStreamingHash32(Lz4Frame.CHECKSUM_SEED))
                : Optional.empty();
    }

    @Override
    boolean nextBlock() throws IOException {
        if (isFinished) {
            return false;
        }
        int sizeField = source.readInt();
        if (sizeField == Lz4Frame.END_MARK) {
            finish();
            return false;
        }
        int length = sizeField & ~Lz4Frame.STORED_BIT;
        if (length > header.maxBlockBytes()) {
            throw new IOException(
                    "an LZ4 block of " + length + " bytes, at most " + header.maxBlockBytes() + " are allowed");
        }
        int from = source.take(length);
        byte[] compressed = source.array();
        if (header.hasBlockChecksums() && source.readInt() != Lz4Frame.hash(compressed, from, length)) {
            throw new IOException("an LZ4 block with a wrong checksum");
        }
        if ((sizeField & Lz4Frame.STORED_BIT) == 0) {
            decompress(compressed, from, length);
        } else {
            provide(compressed, from, length);
        }
        size += blockEnd() - blockStart();
        contentHash.ifPresent(hash -> hash.update(block(), blockStart(), blockEnd() - blockStart()));
        return true;
    }

    /**
     * The output is no larger than these compressed bytes can fill, whatever block size the header names, and no larger
     * than what is kept anyway unless that turns out to be too small: many clients name 4 MiB and send kilobytes.
     */
    private void decompress(byte[] compressed, int from, int length) {
        int room = (int) Math.min(header.maxBlockBytes(), length * MAX_RATIO);
        int likely = Math.min(room, Scratch.MAX_KEPT_BLOCK_BYTES);
        try {
            decompress(compressed, from, length, likely);
        } catch (LZ4Exception tooLargeOrDamaged) {
            if (likely == room) {
                throw tooLargeOrDamaged;
            }
            decompress(compressed, from, length, room);
        }
    }

    private void decompress(byte[] compressed, int from, int length, int room) {
        byte[] target = scratch().block(room);
        provide(target, 0, decompressor.decompress(compressed, from, length, target, 0, room));
    }

    private void finish() throws IOException {
        isFinished = true;
        if (header.contentSize() >= 0 && header.contentSize() != size) {
            throw new IOException("an LZ4 frame of " + size + " bytes that claims " + header.contentSize());
        }
        if (contentHash.isPresent() && source.readInt() != contentHash.get().getValue()) {
            throw new IOException("an LZ4 frame with a wrong content checksum");
        }
    }

    @Override
    void release() {
        contentHash.ifPresent(StreamingXXHash32::close);
    }
}
