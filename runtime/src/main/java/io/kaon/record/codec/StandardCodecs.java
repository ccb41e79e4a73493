// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.codec;

import static io.kaon.common.Checks.require;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.kaon.record.Codecs;
import io.kaon.record.Compression;
import io.kaon.record.CompressionType;
import io.kaon.record.MalformedBatchException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.xerial.snappy.SnappyOutputStream;

/** Kafka's four codecs, in the framings that Kafka's clients write. Stateless; any thread. */
public final class StandardCodecs implements Codecs {
    private static final int GZIP_BUFFER_BYTES = 8 * 1024;
    private static final int GZIP_MAGIC = 0x1f8b;
    private static final int GZIP_HEADER_BYTES = 10;

    @Override
    public InputStream decompress(CompressionType type, ByteBuffer compressed, long maxBytes) {
        try {
            return new LimitedInput(open(type, new ByteBufferInput(compressed), maxBytes), type, maxBytes);
        } catch (IOException failure) {
            throw new MalformedBatchException("the records are no " + type.kafkaName() + " stream", failure);
        }
    }

    private static InputStream open(CompressionType type, ByteBufferInput source, long maxBytes) throws IOException {
        require(type != CompressionType.NONE, "records that are not compressed have no codec");
        if (type == CompressionType.GZIP) {
            return gunzip(source);
        } else if (type == CompressionType.SNAPPY) {
            return new SnappyInput(source.remaining(), maxBytes);
        } else if (type == CompressionType.LZ4) {
            return new Lz4FrameInput(source.remaining());
        }
        return ZstdInput.open(source, maxBytes);
    }

    /**
     * Looks at the magic first: a stream that does not even begin like gzip shall not cost an inflater's native
     * memory.
     */
    private static InputStream gunzip(ByteBufferInput source) throws IOException {
        ByteBuffer bytes = source.remaining();
        if (bytes.remaining() < GZIP_HEADER_BYTES || (bytes.getShort(bytes.position()) & 0xffff) != GZIP_MAGIC) {
            throw new MalformedBatchException("the records are no gzip stream");
        }
        return new GZIPInputStream(source, GZIP_BUFFER_BYTES);
    }

    @Override
    public OutputStream compress(Compression compression, OutputStream sink) {
        int level = compression.level();
        try {
            switch (compression.type()) {
                case NONE:
                    return sink;
                case GZIP:
                    return new LeveledGzip(sink, level);
                case SNAPPY:
                    return new SnappyOutputStream(sink);
                case LZ4:
                    return new Lz4FrameOutput(sink, level);
                default:
                    return new ZstdOutputStreamNoFinalizer(sink, RecyclingBufferPool.INSTANCE, level);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("opening a compressor failed", failure);
        }
    }

    /** The JDK's stream with a level. */
    private static final class LeveledGzip extends GZIPOutputStream {
        LeveledGzip(OutputStream sink, int level) throws IOException {
            super(sink, GZIP_BUFFER_BYTES);
            def.setLevel(level == CompressionType.GZIP.defaultLevel() ? Deflater.DEFAULT_COMPRESSION : level);
        }
    }
}
