// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.codec;

import io.kaon.record.CompressionType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Compressor;

/**
 * Writes one LZ4 frame ({@link Lz4Frame}) as Kafka's own clients do: independent blocks of 64 KiB, no checksum but
 * that of the header.
 */
final class Lz4FrameOutput extends OutputStream {
    private static final int BLOCK_BYTES = Lz4Frame.maxBlockBytes(Lz4Frame.SMALLEST_BLOCK_CODE);
    private static final int HEADER_BYTES = 7;

    private final OutputStream sink;
    private final LZ4Compressor compressor;
    private final byte[] block = new byte[BLOCK_BYTES];
    private final byte[] compressed;
    private final ByteBuffer number = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private int filled;
    private boolean isClosed;

    Lz4FrameOutput(OutputStream sink, int level, Lz4HeaderChecksum checksum) throws IOException {
        this.sink = sink;
        this.compressor = Lz4Frame.compressor(level, CompressionType.LZ4.defaultLevel());
        this.compressed = new byte[compressor.maxCompressedLength(BLOCK_BYTES)];
        writeHeader(checksum);
    }

    private void writeHeader(Lz4HeaderChecksum checksum) throws IOException {
        byte[] descriptor = {
            (byte) (Lz4Frame.VERSION_1 | Lz4Frame.INDEPENDENT_BLOCKS), (byte) (Lz4Frame.SMALLEST_BLOCK_CODE << 4)
        };
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(Lz4Frame.MAGIC).put(descriptor).put(checksum.of(descriptor));
        sink.write(header.array());
    }

    @Override
    public void write(int value) throws IOException {
        block[filled++] = (byte) value;
        if (filled == BLOCK_BYTES) {
            writeBlock();
        }
    }

    @Override
    public void write(byte[] source, int from, int length) throws IOException {
        for (int done = 0; done < length; ) {
            int step = Math.min(length - done, BLOCK_BYTES - filled);
            System.arraycopy(source, from + done, block, filled, step);
            filled += step;
            done += step;
            if (filled == BLOCK_BYTES) {
                writeBlock();
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (isClosed) {
            return;
        }
        isClosed = true;
        if (filled > 0) {
            writeBlock();
        }
        writeNumber(Lz4Frame.END_MARK);
        sink.close();
    }

    private void writeBlock() throws IOException {
        int length = compressor.compress(block, 0, filled, compressed, 0, compressed.length);
        if (length < filled) {
            writeNumber(length);
            sink.write(compressed, 0, length);
        } else {
            writeNumber(filled | Lz4Frame.STORED_BIT);
            sink.write(block, 0, filled);
        }
        filled = 0;
    }

    private void writeNumber(int value) throws IOException {
        number.putInt(0, value);
        sink.write(number.array());
    }
}
