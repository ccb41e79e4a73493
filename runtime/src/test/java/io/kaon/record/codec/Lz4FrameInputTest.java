// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.record.CompressionType;
import io.kaon.record.MalformedBatchException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.Stream;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class Lz4FrameInputTest {
    private static final int SIZE = 300_000;
    private static final byte[] BYTES = Bytes.mixed(6, SIZE);

    static Stream<Arguments> options() {
        return Stream.of(BLOCKSIZE.values())
                .flatMap(size -> Stream.of(
                        Arguments.of(size, new FLG.Bits[] {FLG.Bits.BLOCK_INDEPENDENCE}),
                        Arguments.of(size, new FLG.Bits[] {FLG.Bits.BLOCK_INDEPENDENCE, FLG.Bits.CONTENT_SIZE}),
                        Arguments.of(size, new FLG.Bits[] {FLG.Bits.BLOCK_INDEPENDENCE, FLG.Bits.BLOCK_CHECKSUM}),
                        Arguments.of(size, new FLG.Bits[] {FLG.Bits.BLOCK_INDEPENDENCE, FLG.Bits.CONTENT_CHECKSUM}),
                        Arguments.of(size, new FLG.Bits[] {
                            FLG.Bits.BLOCK_INDEPENDENCE,
                            FLG.Bits.CONTENT_SIZE,
                            FLG.Bits.BLOCK_CHECKSUM,
                            FLG.Bits.CONTENT_CHECKSUM
                        })));
    }

    private static byte[] frame(BLOCKSIZE size, FLG.Bits... bits) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        try (LZ4FrameOutputStream stream = new LZ4FrameOutputStream(frame, size, SIZE, bits)) {
            stream.write(BYTES);
        }
        return frame.toByteArray();
    }

    private static byte[] decompress(byte[] frame) {
        return Bytes.decompress(CompressionType.LZ4, frame, 10L * SIZE);
    }

    @ParameterizedTest
    @MethodSource("options")
    void shouldReadFramesWithEachOption(BLOCKSIZE size, FLG.Bits[] bits) throws IOException {
        assertThat(decompress(frame(size, bits))).isEqualTo(BYTES);
    }

    @ParameterizedTest
    @MethodSource("options")
    void shouldNoticeDamageToWhatAChecksumCovers(BLOCKSIZE size, FLG.Bits[] bits) throws IOException {
        // Given
        byte[] frame = frame(size, bits);
        int header = bits.length > 1 && bits[1] == FLG.Bits.CONTENT_SIZE ? 15 : 7;
        for (int at = 4; at < header; at++) {
            // When
            frame[at] ^= 0x40;

            // Then
            assertThatThrownBy(() -> decompress(frame)).as("byte %s", at).isInstanceOf(MalformedBatchException.class);
            frame[at] ^= 0x40;
        }
        boolean hasChecksum = bits.length > 1 && bits[bits.length - 1] != FLG.Bits.CONTENT_SIZE;
        if (hasChecksum) {
            frame[500] ^= 1;
            assertThatThrownBy(() -> decompress(frame)).isInstanceOf(MalformedBatchException.class);
        }
    }

    @Test
    void shouldWriteWhatTheLibraryReads() throws IOException {
        // When
        byte[] frame = Bytes.compress(CompressionType.LZ4, BYTES);

        // Then: 0x82 is the checksum of these two bytes of descriptor in every frame that Kafka's clients write.
        assertThat(frame).startsWith(0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82);
        try (LZ4FrameInputStream library = new LZ4FrameInputStream(new ByteArrayInputStream(frame))) {
            assertThat(library.readAllBytes()).isEqualTo(BYTES);
        }
    }

    @Test
    void shouldRefuseAContentSizeThatLies() throws IOException {
        // Given
        byte[] frame = frame(BLOCKSIZE.SIZE_64KB, FLG.Bits.BLOCK_INDEPENDENCE, FLG.Bits.CONTENT_SIZE);
        ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).putLong(6, SIZE + 1);
        frame[14] = Lz4Frame.headerChecksum(frame, 4, 10);

        // When, Then
        assertThatThrownBy(() -> decompress(frame))
                .isInstanceOf(MalformedBatchException.class)
                .hasMessageContaining("claims");
    }

    @Test
    void shouldRefuseBlocksThatDependOnEachOther() throws IOException {
        // Given
        byte[] frame = frame(BLOCKSIZE.SIZE_64KB, FLG.Bits.BLOCK_INDEPENDENCE);
        frame[4] &= ~Lz4Frame.INDEPENDENT_BLOCKS;
        frame[6] = Lz4Frame.headerChecksum(frame, 4, 2);

        // When, Then
        assertThatThrownBy(() -> decompress(frame)).isInstanceOf(MalformedBatchException.class);
    }

    @Test
    void shouldNotAllocateTheBlockThatATinyFrameClaims() {
        // Given
        ByteBuffer frame = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(Lz4Frame.MAGIC).put((byte) 0x60).put((byte) 0x70);
        frame.put(Lz4Frame.headerChecksum(frame.array(), 4, 2)).putInt(20);
        byte[] bytes = frame.array();
        Runnable read = () -> assertThatThrownBy(() -> Bytes.decompress(CompressionType.LZ4, bytes, 1L << 30))
                .isInstanceOf(MalformedBatchException.class);
        read.run();

        // When, Then
        assertThat(Bytes.allocatedBy(read)).isLessThan(100_000);
    }
}
