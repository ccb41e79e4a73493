// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class OffsetMapTest {
    private final KeyHash hash = new KeyHash(1, 2);

    @Test
    void shouldHashAsTheReferenceDoes() {
        // Given
        KeyHash reference = new KeyHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

        // When
        reference.compute(new byte[0], 0, 0);
        long emptyHigh = reference.high();
        long emptyLow = reference.low();
        reference.compute(new byte[] {9, 0}, 1, 1);

        // Then
        assertThat(emptyHigh).isEqualTo(0xe6a825ba047f81a3L);
        assertThat(emptyLow).isEqualTo(0x930255c71472f66dL);
        assertThat(reference.high()).isEqualTo(0x44af996bd8c187daL);
        assertThat(reference.low()).isEqualTo(0x45fc229b11597634L);
    }

    @Test
    void shouldKnowTheNewestOffsetOfEachKey() {
        // Given
        Random random = new Random(5);
        OffsetMap map = new OffsetMap(hash, 1 << 20, 0.9);
        Map<Integer, Long> model = new HashMap<>();

        // When
        for (long offset = 0; offset < 20_000; offset++) {
            int key = random.nextInt(5_000);
            assertThat(put(map, key, offset)).isTrue();
            model.put(key, offset);
        }

        // Then
        assertThat(map.size()).isEqualTo(model.size());
        model.forEach((key, offset) -> assertThat(get(map, key)).isEqualTo(offset));
        assertThat(get(map, 5_001)).isEqualTo(OffsetMap.NONE);
    }

    @Test
    void shouldRefuseNewKeysOnlyWhenItIsFull() {
        // Given
        int maxBytes = 64 << 10;
        OffsetMap map = new OffsetMap(hash, maxBytes, 0.9);

        // When
        int keys = 0;
        while (put(map, keys, keys)) {
            keys++;
        }

        // Then
        assertThat(map.sizeInBytes()).isLessThanOrEqualTo(maxBytes);
        assertThat(keys).isGreaterThan(maxBytes / 24 * 6 / 10);
        assertThat(put(map, 0, 1_000_000)).isTrue();
        assertThat(get(map, 0)).isEqualTo(1_000_000);
    }

    @Test
    void shouldCostLittleForALogOfFewKeys() {
        // Given
        OffsetMap map = new OffsetMap(hash, 128L << 20, 0.9);

        // When
        for (int key = 0; key < 100; key++) {
            put(map, key, key);
        }

        // Then
        assertThat(map.sizeInBytes()).isLessThan(20_000);
    }

    private static boolean put(OffsetMap map, int key, long offset) {
        return map.put(bytes(key), 0, Integer.BYTES, offset);
    }

    private static long get(OffsetMap map, int key) {
        return map.get(bytes(key), 0, Integer.BYTES);
    }

    private static byte[] bytes(int key) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(key).array();
    }
}
