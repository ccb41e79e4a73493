// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.codec;

import static io.kaon.common.Checks.require;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.kaon.record.BlockInput;
import io.kaon.record.Codecs;
import io.kaon.record.Compression;
import io.kaon.record.CompressionType;
import io.kaon.record.MalformedBatchException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.xerial.snappy.SnappyOutputStream;

/**
 * Kafka's four codecs, in the framings that Kafka's clients write. Any thread. Keeps some memory for decompressing, up
 * to a bound, part of it native; closing gives it back, and everything still works afterwards, only more slowly.
 */
public final class StandardCodecs implements Codecs, AutoCloseable {
    private static final int GZIP_BUFFER_BYTES = 8 * 1024;

    private final Lz4HeaderChecksum lz4Checksum;
    private final Codecs ofMagicZero;
    private final ScratchPool scratches;

    public StandardCodecs() {
        scratches = new ScratchPool();
        lz4Checksum = Lz4HeaderChecksum.OF_DESCRIPTOR;
        ofMagicZero = new StandardCodecs(Lz4HeaderChecksum.WITH_FRAME_MAGIC, scratches);
    }

    private StandardCodecs(Lz4HeaderChecksum lz4Checksum, ScratchPool scratches) {
        this.scratches = scratches;
        this.lz4Checksum = lz4Checksum;
        this.ofMagicZero = this;
    }

    @Override
    public Codecs ofMagicZero() {
        return ofMagicZero;
    }

    @Override
    public BlockInput decompress(CompressionType type, ByteBuffer compressed, long maxBytes) {
        try {
            return open(type, compressed.slice(), maxBytes);
        } catch (IOException failure) {
            throw new MalformedBatchException("the records are no " + type.kafkaName() + " stream", failure);
        }
    }

    /** What does not even begin like the codec's stream shall cost no memory. */
    private CodecInput open(CompressionType type, ByteBuffer source, long maxBytes) throws IOException {
        require(type != CompressionType.NONE, "records that are not compressed have no codec");
        if (type == CompressionType.GZIP) {
            if (!GzipInput.mayBegin(source)) {
                throw new IOException("no gzip magic");
            }
            return new GzipInput(source, maxBytes, scratches);
        } else if (type == CompressionType.SNAPPY) {
            return new SnappyInput(source, maxBytes, scratches);
        } else if (type == CompressionType.LZ4) {
            Lz4FrameHeader header = Lz4FrameHeader.read(source, lz4Checksum);
            return new Lz4FrameInput(header, source.position(header.sizeInBytes()), maxBytes, scratches);
        }
        return new ZstdInput(source, maxBytes, scratches);
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
                    return new Lz4FrameOutput(sink, level, lz4Checksum);
                default:
                    return new ZstdOutputStreamNoFinalizer(sink, RecyclingBufferPool.INSTANCE, level);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("opening a compressor failed", failure);
        }
    }

    @Override
    public void close() {
        scratches.close();
    }

    /** The JDK's stream with a level. */
    private static final class LeveledGzip extends GZIPOutputStream {
        LeveledGzip(OutputStream sink, int level) throws IOException {
            super(sink, GZIP_BUFFER_BYTES);
            def.setLevel(level == CompressionType.GZIP.defaultLevel() ? Deflater.DEFAULT_COMPRESSION : level);
        }
    }
}
