// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.kaon.record.BlockInput;
import io.kaon.record.Compression;
import io.kaon.record.CompressionType;
import io.kaon.record.DecompressionLimitException;
import io.kaon.record.MalformedBatchException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What one batch leaves behind in the memory that is kept must not show in the next. */
class ScratchReuseTest {
    private static final long LIMIT = 1_000_000;

    private final StandardCodecs codecs = new StandardCodecs();

    @AfterEach
    void close() {
        codecs.close();
    }

    private byte[] read(CompressionType type, byte[] compressed) throws IOException {
        try (InputStream stream = codecs.decompress(type, ByteBuffer.wrap(compressed), LIMIT)) {
            return stream.readAllBytes();
        }
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void shouldReadAGoodBatchAfterADamagedOne(CompressionType type) throws IOException {
        // Given
        byte[] bytes = Bytes.mixed(1, 50_000);
        byte[] good = Bytes.compress(type, bytes);
        for (int at = 0; at < good.length; at += 97) {
            byte[] damaged = good.clone();
            damaged[at] ^= (byte) 0xa5;
            try {
                read(type, damaged);
            } catch (MalformedBatchException expected) {
                assertThat(expected.getMessage()).isNotBlank();
            }

            // When, Then
            assertThat(read(type, good)).as("after damage to byte %s", at).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void shouldReadAGoodBatchAfterABomb(CompressionType type) throws IOException {
        // Given
        byte[] bytes = Bytes.mixed(2, 50_000);
        byte[] good = Bytes.compress(type, bytes);
        byte[] bomb = Bytes.compress(type, new byte[20_000_000]);
        for (int round = 0; round < 3; round++) {
            assertThatThrownBy(() -> read(type, bomb)).isInstanceOf(DecompressionLimitException.class);

            // When, Then
            assertThat(read(type, good)).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void shouldReadOneBatchInTheMiddleOfAnother(CompressionType type) throws IOException {
        // Given
        byte[] first = Bytes.mixed(3, 300_000);
        byte[] second = Bytes.mixed(4, 200_000);
        byte[] other = Bytes.compress(type, second);
        try (InputStream stream = codecs.decompress(type, ByteBuffer.wrap(Bytes.compress(type, first)), LIMIT)) {
            // When
            byte[] begin = stream.readNBytes(1000);
            byte[] between = read(type, other);
            byte[] rest = stream.readAllBytes();

            // Then
            assertThat(between).isEqualTo(second);
            assertThat(begin).isEqualTo(Arrays.copyOf(first, 1000));
            assertThat(rest).isEqualTo(Arrays.copyOfRange(first, 1000, first.length));
        }
    }

    @Test
    void shouldKeepThreadsApart() throws Exception {
        // Given
        int threads = 4;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            CyclicBarrier start = new CyclicBarrier(threads);
            List<Callable<Void>> readers = new ArrayList<>();
            for (int reader = 0; reader < threads; reader++) {
                readers.add(reader(reader, start));
            }

            // When, Then
            for (Future<Void> done : executor.invokeAll(readers)) {
                done.get();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private Callable<Void> reader(int seed, CyclicBarrier start) {
        return () -> {
            CompressionType[] types = CompressionType.values();
            byte[] bytes = Bytes.mixed(seed, 90_000 + seed);
            start.await();
            for (int round = 0; round < 100; round++) {
                CompressionType type = types[1 + (round + seed) % (types.length - 1)];
                byte[] compressed = Bytes.compress(type, bytes);
                assertThat(read(type, compressed)).isEqualTo(bytes);
                compressed[compressed.length / 2] ^= 1;
                try {
                    read(type, compressed);
                } catch (MalformedBatchException expected) {
                    assertThat(expected.getMessage()).isNotBlank();
                }
            }
            return null;
        };
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void shouldAllocateNoBuffersForTheNextBatch(CompressionType type) {
        // Given
        ByteBuffer compressed = ByteBuffer.wrap(Bytes.compress(type, Bytes.mixed(5, 40_000)));
        Runnable walk = () -> {
            try (BlockInput input = codecs.decompress(type, compressed, LIMIT)) {
                int bytes = 0;
                while (input.advance()) {
                    bytes += input.blockEnd() - input.blockStart();
                }
                assertThat(bytes).isEqualTo(40_000);
            }
        };
        walk.run();

        // When
        long allocated = Bytes.allocatedBy(walk);

        // Then
        assertThat(allocated).isLessThan(8 * 1024);
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void shouldGiveNothingAfterItWasClosed(CompressionType type) {
        // Given
        BlockInput input = codecs.decompress(type, ByteBuffer.wrap(Bytes.compress(type, new byte[100])), LIMIT);
        assertThat(input.advance()).isTrue();

        // When
        input.close();
        input.close();

        // Then
        assertThat(input.blockEnd()).isEqualTo(input.blockStart());
        assertThatThrownBy(input::advance).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void shouldReadOnAfterTheCodecsWereClosed(CompressionType type) throws IOException {
        // Given
        byte[] bytes = Bytes.mixed(6, 50_000);
        byte[] compressed = Bytes.compress(type, bytes);
        read(type, compressed);

        // When
        codecs.close();

        // Then
        assertThat(read(type, compressed)).isEqualTo(bytes);
        assertThat(read(type, compressed)).isEqualTo(bytes);
    }

    @Test
    void shouldKeepNoMoreThanTheBound() {
        // Given
        ScratchPool pool = new ScratchPool();
        List<Scratch> taken = new ArrayList<>();
        for (int index = 0; index < ScratchPool.SLOTS + 5; index++) {
            taken.add(pool.take());
        }
        taken.get(0).block(Scratch.MAX_KEPT_BLOCK_BYTES + 1);

        // When
        taken.forEach(pool::giveBack);

        // Then
        List<Scratch> again = new ArrayList<>();
        for (int index = 0; index < ScratchPool.SLOTS + 5; index++) {
            again.add(pool.take());
        }
        assertThat(again).doesNotHaveDuplicates();
        assertThat(again.stream().filter(taken::contains)).hasSize(ScratchPool.SLOTS);
        assertThat(taken.get(0).block(1).length).isEqualTo(Scratch.FIRST_BLOCK_BYTES);
    }

    @Test
    void shouldReadGzipMembersWithEachFieldAndPassOverWhatFollows() throws IOException {
        // Given
        byte[] bytes = Bytes.mixed(7, 5000);
        ByteArrayOutputStream two = new ByteArrayOutputStream();
        byte[] plain = Bytes.compress(CompressionType.GZIP, bytes);
        byte[] fields = {0x1f, (byte) 0x8b, 8, 4 | 8 | 16, 0, 0, 0, 0, 0, 0, 2, 0, 9, 9, 'n', 0, 'c', 0};
        two.write(fields);
        two.write(plain, 10, plain.length - 10);
        two.write(plain);
        two.write(new byte[40]);

        // When
        byte[] read = read(CompressionType.GZIP, two.toByteArray());

        // Then
        assertThat(read)
                .isEqualTo(ByteBuffer.allocate(10_000).put(bytes).put(bytes).array());
    }

    @Test
    void shouldReadSmallBlocksOfAnLz4FrameThatNamesLargeOnes() throws IOException {
        // Given: what Go's clients send, and blocks that really are larger than what is kept.
        for (int size : new int[] {20_000, 600_000, 900_000}) {
            byte[] bytes = new byte[size];
            bytes[size - 1] = 1;
            ByteArrayOutputStream frame = new ByteArrayOutputStream();
            try (OutputStream stream = new LZ4FrameOutputStream(frame, BLOCKSIZE.SIZE_4MB)) {
                stream.write(bytes);
            }

            // When, Then
            assertThat(read(CompressionType.LZ4, frame.toByteArray())).isEqualTo(bytes);
        }
    }

    @Test
    void shouldReadZstdOfEachSizeWithAndWithoutAContentSize() throws IOException {
        for (int size : new int[] {0, 1, 255, 256, 70_000, 131_072, 131_073, 400_000, 700_000}) {
            byte[] bytes = Bytes.mixed(size, size);
            assertThat(read(CompressionType.ZSTD, Zstd.compress(bytes))).isEqualTo(bytes);
            assertThat(read(CompressionType.ZSTD, Bytes.compress(Compression.of(CompressionType.ZSTD), bytes)))
                    .isEqualTo(bytes);
        }
    }
}
