// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.kaon.record.Compression;
import io.kaon.record.CompressionType;
import io.kaon.record.DecompressionLimitException;
import io.kaon.record.MalformedBatchException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZstdInputTest {
    private static final byte[] BYTES = Bytes.mixed(8, 700_000);

    @ParameterizedTest
    @ValueSource(ints = {20, 21, 22})
    void shouldReadLevelsThatClaimALargeWindow(int level) {
        // When
        byte[] compressed = Bytes.compress(new Compression(CompressionType.ZSTD, level), BYTES);

        // Then
        assertThat(Bytes.decompress(CompressionType.ZSTD, compressed, 700_000)).isEqualTo(BYTES);
        assertThatThrownBy(() -> Bytes.decompress(CompressionType.ZSTD, compressed, 699_999))
                .isInstanceOf(DecompressionLimitException.class);
    }

    @Test
    void shouldReadAFrameOfOneSegmentLargerThanTheWindowBound() {
        // Given
        byte[] large = Bytes.mixed(9, 9_000_000);

        // When, Then
        assertThat(Bytes.decompress(CompressionType.ZSTD, Zstd.compress(large), 9_000_000))
                .isEqualTo(large);
    }

    @Test
    void shouldReadOneFrameAfterTheOther() {
        // Given
        byte[] one = Bytes.compress(CompressionType.ZSTD, new byte[] {1, 2});
        byte[] two = new byte[one.length * 2];
        System.arraycopy(one, 0, two, 0, one.length);
        System.arraycopy(one, 0, two, one.length, one.length);

        // When, Then
        assertThat(Bytes.decompress(CompressionType.ZSTD, two, 100)).containsExactly(1, 2, 1, 2);
    }

    @Test
    void shouldNotAllocateWhatATinyFrameClaims() {
        // Given: one segment of a gigabyte, and a window of 128 MiB; both hold three bytes.
        byte[] segment = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, (byte) 0xa0, 0, 0, 0, 0x40, 0x19, 0, 0, 1, 2, 3};
        byte[] window = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) 0x88, 0x19, 0, 0, 1, 2, 3};
        Runnable read = () -> {
            assertThatThrownBy(() -> Bytes.decompress(CompressionType.ZSTD, segment, 1L << 30))
                    .isInstanceOf(MalformedBatchException.class);
            assertThat(Bytes.decompress(CompressionType.ZSTD, window, 1L << 30)).containsExactly(1, 2, 3);
        };
        read.run();

        // When, Then
        assertThat(Bytes.allocatedBy(read)).isLessThan(1 << 20);
    }
}
