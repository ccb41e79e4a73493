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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xerial.snappy.Snappy;
import org.xerial.snappy.SnappyInputStream;
import org.xerial.snappy.SnappyOutputStream;

class SnappyInputTest {
    private static final byte[] BYTES = Bytes.mixed(7, 200_000);

    private static byte[] decompress(byte[] compressed) {
        return Bytes.decompress(CompressionType.SNAPPY, compressed, 10_000_000);
    }

    @Test
    void shouldReadARawBlock() throws IOException {
        assertThat(decompress(Snappy.compress(BYTES))).isEqualTo(BYTES);
        assertThat(decompress(Snappy.compress(new byte[3]))).isEqualTo(new byte[3]);
        assertThat(decompress(Snappy.compress(new byte[1_000_000]))).isEqualTo(new byte[1_000_000]);
    }

    @ParameterizedTest
    @ValueSource(ints = {1024, 32 * 1024, 512 * 1024})
    void shouldReadJavaFramingOfEachBlockSize(int blockBytes) throws IOException {
        // Given
        ByteArrayOutputStream framed = new ByteArrayOutputStream();
        try (SnappyOutputStream stream = new SnappyOutputStream(framed, blockBytes)) {
            stream.write(BYTES);
        }

        // When, Then
        assertThat(decompress(framed.toByteArray())).isEqualTo(BYTES);
    }

    @Test
    void shouldReadOneFramedStreamAfterTheOther() {
        // Given
        byte[] one = Bytes.compress(CompressionType.SNAPPY, BYTES);
        byte[] two = ByteBuffer.allocate(one.length * 2).put(one).put(one).array();

        // When
        byte[] read = decompress(two);

        // Then
        assertThat(read)
                .isEqualTo(ByteBuffer.allocate(BYTES.length * 2)
                        .put(BYTES)
                        .put(BYTES)
                        .array());
    }

    @Test
    void shouldWriteWhatTheLibraryReads() throws IOException {
        byte[] framed = Bytes.compress(CompressionType.SNAPPY, BYTES);
        assertThat(framed).startsWith(0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0, 0, 0, 0, 1, 0, 0, 0, 1);
        assertThat(new SnappyInputStream(new ByteArrayInputStream(framed)).readAllBytes())
                .isEqualTo(BYTES);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1_000_000, 0})
    void shouldRefuseBlockLengthsThatLie(int length) {
        // Given
        byte[] framed = Bytes.compress(CompressionType.SNAPPY, new byte[100]);
        ByteBuffer.wrap(framed).putInt(16, length);

        // When, Then
        assertThatThrownBy(() -> decompress(framed)).isInstanceOf(MalformedBatchException.class);
    }

    @Test
    void shouldNotAllocateWhatATinyBlockClaims() {
        // Given: a raw block that claims 100 million bytes and has none.
        byte[] block = {(byte) 0x80, (byte) 0xc2, (byte) 0xd7, 0x2f, 0, 0};
        Runnable read = () -> assertThatThrownBy(() -> Bytes.decompress(CompressionType.SNAPPY, block, 1L << 30))
                .isInstanceOf(MalformedBatchException.class);
        read.run();

        // When, Then
        assertThat(Bytes.allocatedBy(read)).isLessThan(100_000);
    }
}
