// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.record.Compression;
import io.kaon.record.CompressionType;
import io.kaon.record.DecompressionLimitException;
import io.kaon.record.MalformedBatchException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StandardCodecsTest {
    private static final long NO_LIMIT = Integer.MAX_VALUE;

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void shouldGiveBackWhatItCompressed(CompressionType type) {
        for (int size : new int[] {0, 1, 100, 32_768, 65_535, 65_536, 65_537, 1_000_000}) {
            // Given
            byte[] bytes = Bytes.mixed(size, size);

            // When
            byte[] compressed = Bytes.compress(type, bytes);

            // Then
            ByteBuffer direct = ByteBuffer.allocateDirect(compressed.length + 5).position(5);
            direct.put(compressed).position(5);
            assertThat(Bytes.decompress(type, compressed, NO_LIMIT)).isEqualTo(bytes);
            assertThat(Bytes.decompress(type, direct, NO_LIMIT)).isEqualTo(bytes);
            assertThat(direct.position()).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GZIP, 1",
        "GZIP, 9",
        "GZIP, -1",
        "LZ4, 1",
        "LZ4, 9",
        "LZ4, 17",
        "ZSTD, -7",
        "ZSTD, 1",
        "ZSTD, 19",
        "ZSTD, 22"
    })
    void shouldGiveBackWhatItCompressedAtEachLevel(CompressionType type, int level) {
        // Given
        byte[] bytes = Bytes.mixed(level, 300_000);

        // When
        byte[] compressed = Bytes.compress(new Compression(type, level), bytes);

        // Then
        assertThat(compressed.length).isLessThan(bytes.length);
        assertThat(Bytes.decompress(type, compressed, NO_LIMIT)).isEqualTo(bytes);
    }

    @Test
    void shouldRefuseALevelThatTheCodecDoesNotHave() {
        assertThatThrownBy(() -> new Compression(CompressionType.GZIP, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Compression(CompressionType.LZ4, 18)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Compression(CompressionType.ZSTD, 23))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Compression(CompressionType.SNAPPY, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void shouldStopAtTheLimitAndNotBefore(CompressionType type) {
        // Given
        byte[] bytes = Bytes.mixed(3, 100_000);
        byte[] compressed = Bytes.compress(type, bytes);

        // When, Then
        assertThat(Bytes.decompress(type, compressed, 100_000)).isEqualTo(bytes);
        assertThatThrownBy(() -> Bytes.decompress(type, compressed, 99_999))
                .isInstanceOf(DecompressionLimitException.class);
        assertThatThrownBy(() -> Bytes.decompress(type, compressed, 1)).isInstanceOf(DecompressionLimitException.class);
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void shouldNotInventBytesWhenCutAtEachByte(CompressionType type) {
        // Given
        byte[] bytes = Bytes.mixed(4, 3000);
        byte[] compressed = Bytes.compress(type, bytes);
        for (int size = 0; size < compressed.length; size++) {
            byte[] cut = Arrays.copyOf(compressed, size);
            try {
                // When
                byte[] read = Bytes.decompress(type, cut, NO_LIMIT);

                // Then: snappy has no end mark, so whole blocks are all there is to know; no bytes are no frames.
                assertThat(type == CompressionType.SNAPPY || size == 0).isTrue();
                assertThat(read).isEqualTo(Arrays.copyOf(bytes, read.length));
            } catch (MalformedBatchException expected) {
                assertThat(expected.getMessage()).isNotBlank();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void shouldAnswerNoiseWithTheTypedFailure(CompressionType type) {
        // Given
        long seed = 99;
        Random random = new Random(seed);
        byte[] start = Bytes.compress(type, Bytes.mixed(5, 2000));
        for (int round = 0; round < 3000; round++) {
            byte[] noise = round % 2 == 0 ? start.clone() : new byte[random.nextInt(200)];
            if (round % 2 == 0) {
                noise[random.nextInt(noise.length)] = (byte) random.nextInt();
                noise[random.nextInt(Math.min(24, noise.length))] ^= (byte) (1 << random.nextInt(8));
            } else {
                random.nextBytes(noise);
            }
            try {
                // When, Then
                assertThat(Bytes.decompress(type, noise, 50_000).length)
                        .as("seed %s", seed)
                        .isLessThanOrEqualTo(50_000);
            } catch (MalformedBatchException expected) {
                assertThat(expected.getMessage()).isNotBlank();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void shouldStopABombWithoutHoldingIt(CompressionType type) {
        // Given
        byte[] bomb = Bytes.compress(type, new byte[50_000_000]);
        Runnable read = () ->
                assertThatThrownBy(() -> drain(type, bomb, 10_000_000)).isInstanceOf(DecompressionLimitException.class);
        read.run();

        // When
        long allocated = Bytes.allocatedBy(read);

        // Then
        assertThat(allocated).isLessThan(4L * bomb.length + (1 << 20));
    }

    private static void drain(CompressionType type, byte[] compressed, long maxBytes) throws Exception {
        try (var stream = new StandardCodecs().decompress(type, ByteBuffer.wrap(compressed), maxBytes)) {
            byte[] chunk = new byte[8192];
            while (stream.read(chunk) >= 0) {
                assertThat(maxBytes).isPositive();
            }
        }
    }
}
