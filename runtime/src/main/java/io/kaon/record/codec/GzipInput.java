// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.codec;

import io.kaon.record.CompressionType;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Gzip (RFC 1952), read with an inflater that is kept. All numbers are little-endian.
 *
 * <pre>
 *  per member: magic 2 (1F 8B) | method 1 (8: deflate) | flags 1 | time 4 | extra flags 1 | system 1 |
 *              [length 2, extra field] | [name, 0] | [comment, 0] | [checksum of the header 2] |
 *              deflated bytes | CRC-32 of the content 4 | size of the content modulo 2^32 4
 *
 *  flags: 0 text · 1 header checksum · 2 extra field · 3 name · 4 comment
 * </pre>
 *
 * <p>As with the JDK's stream, by which Kafka reads, one member may follow the other, and what is no member after the
 * first is passed over.
 */
final class GzipInput extends CodecInput {
    private static final int BLOCK_BYTES = Scratch.FIRST_BLOCK_BYTES;
    private static final int MAGIC = 0x8b1f;
    private static final int DEFLATE = 8;
    private static final int HEADER_BYTES = 10;
    private static final int METHOD_AT = 2;
    private static final int FLAGS_AT = 3;
    private static final int TRAILER_BYTES = 8;
    private static final int HAS_CHECKSUM = 1 << 1;
    private static final int HAS_EXTRA_FIELD = 1 << 2;
    private static final int HAS_NAME = 1 << 3;
    private static final int HAS_COMMENT = 1 << 4;

    private final ByteBuffer source;
    private final Inflater inflater;
    private final CRC32 crc = new CRC32();
    private boolean isInMember;
    private boolean isPastFirst;

    /**
     * @param compressed from position to limit; not moved
     */
    GzipInput(ByteBuffer compressed, long maxBytes, ScratchPool pool) {
        super(CompressionType.GZIP, maxBytes, pool);
        source = compressed.slice().order(ByteOrder.LITTLE_ENDIAN);
        inflater = scratch().inflater();
    }

    /** Whether a buffer begins like gzip, without which there is no use in an inflater's native memory. */
    static boolean mayBegin(ByteBuffer compressed) {
        int at = compressed.position();
        return compressed.remaining() >= HEADER_BYTES
                && (compressed.get(at) & 0xff | (compressed.get(at + 1) & 0xff) << 8) == MAGIC;
    }

    @Override
    boolean nextBlock() throws IOException {
        if (!isInMember && !beginMember()) {
            return false;
        }
        byte[] target = scratch().block(BLOCK_BYTES);
        int length = inflate(target);
        crc.update(target, 0, length);
        if (inflater.finished()) {
            endMember();
        } else if (length == 0) {
            throw new EOFException(inflater.needsDictionary() ? "a dictionary is needed" : "the stream ends early");
        }
        provide(target, 0, length);
        return true;
    }

    private int inflate(byte[] target) throws IOException {
        try {
            return inflater.inflate(target, 0, BLOCK_BYTES);
        } catch (DataFormatException damaged) {
            throw new IOException(damaged);
        }
    }

    private boolean beginMember() throws IOException {
        try {
            skipHeader();
        } catch (IOException noMember) {
            if (isPastFirst) {
                return false;
            }
            throw noMember;
        }
        crc.reset();
        inflater.reset();
        inflater.setInput(source);
        isInMember = true;
        isPastFirst = true;
        return true;
    }

    private void skipHeader() throws IOException {
        int start = source.position();
        skip(HEADER_BYTES);
        if (Short.toUnsignedInt(source.getShort(start)) != MAGIC || source.get(start + METHOD_AT) != DEFLATE) {
            throw new IOException("no gzip stream");
        }
        int flags = source.get(start + FLAGS_AT);
        if ((flags & HAS_EXTRA_FIELD) != 0) {
            skip(readShort());
        }
        if ((flags & HAS_NAME) != 0) {
            skipText();
        }
        if ((flags & HAS_COMMENT) != 0) {
            skipText();
        }
        if ((flags & HAS_CHECKSUM) != 0) {
            crc.reset();
            crc.update(source.slice(start, source.position() - start));
            if (readShort() != (crc.getValue() & 0xffff)) {
                throw new IOException("a wrong header checksum");
            }
        }
    }

    private void endMember() throws IOException {
        isInMember = false;
        need(TRAILER_BYTES);
        if (source.getInt() != (int) crc.getValue() || source.getInt() != (int) inflater.getBytesWritten()) {
            throw new IOException("a wrong checksum or size of the content");
        }
    }

    private void skipText() throws IOException {
        do {
            need(1);
        } while (source.get() != 0);
    }

    private int readShort() throws IOException {
        need(Short.BYTES);
        return Short.toUnsignedInt(source.getShort());
    }

    private void skip(int bytes) throws IOException {
        need(bytes);
        source.position(source.position() + bytes);
    }

    private void need(int bytes) throws IOException {
        if (source.remaining() < bytes) {
            throw new EOFException("the stream ends early");
        }
    }

    /** The inflater lets go of the batch's bytes. */
    @Override
    void release() {
        inflater.reset();
    }
}
