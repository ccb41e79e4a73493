// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchHeaderReaderTest {
    @TempDir
    Path directory;

    private FileChannel write(ByteBuffer... batches) throws IOException {
        FileChannel channel = FileChannel.open(
                directory.resolve("0.log"),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        for (ByteBuffer batch : batches) {
            channel.write(batch);
        }
        return channel;
    }

    private static ByteBuffer batch(long offset, int valueBytes) {
        return RecordBatchBuilder.uncompressed()
                .baseOffset(offset)
                .append(offset, null, new byte[valueBytes])
                .build();
    }

    @Test
    void shouldReadHeadersOfSmallAndLargeBatches() throws IOException {
        // Given
        List<ByteBuffer> batches = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            batches.add(batch(i, i % 100 == 0 ? 70_000 : i % 50));
        }
        try (FileChannel channel = write(batches.toArray(new ByteBuffer[0]))) {
            BatchHeaderReader reader = new BatchHeaderReader(channel, 0, channel.size());
            long position = 0;
            for (int i = 0; i < batches.size(); i++) {
                // When
                BatchOutcome outcome = reader.next();

                // Then
                BatchHeader header = (BatchHeader) outcome;
                int size = batches.get(i).limit();
                assertThat(header.baseOffset()).isEqualTo(i);
                assertThat(header.maxTimestamp()).isEqualTo(i);
                assertThat(header.sizeInBytes()).isEqualTo(size);
                assertThat(reader.position()).isEqualTo(position);
                assertThat(reader.nextPosition()).isEqualTo(position + size);
                if (i % 7 == 0) {
                    assertThat(reader.isCrcValid()).isTrue();
                    assertThat(reader.read().isCrcValid()).isTrue();
                }
                position += size;
            }
            assertThat(reader.next()).isEqualTo(new EndOfBatches(position)).isEqualTo(reader.next());
        }
    }

    @Test
    void shouldSayWhereTheFileWasCutAtEachByte() throws IOException {
        // Given
        int first = batch(0, 5).limit();
        try (FileChannel channel = write(batch(0, 5), batch(1, 9))) {
            for (long end = 0; end < channel.size(); end++) {
                // When
                BatchHeaderReader reader = new BatchHeaderReader(channel, 0, end);
                BatchOutcome outcome = reader.next();
                while (outcome instanceof BatchHeader) {
                    outcome = reader.next();
                }

                // Then
                long start = end < first ? 0 : first;
                assertThat(outcome)
                        .isEqualTo(end == start ? new EndOfBatches(start) : new TruncatedBatch(start, end - start));
                assertThat(reader.nextPosition()).isEqualTo(start);
            }
        }
    }

    @Test
    void shouldNoticeOneFlippedBitInALargeBatch() throws IOException {
        // Given
        ByteBuffer batch = batch(0, 200_000);
        batch.put(150_000, (byte) 1);
        try (FileChannel channel = write(batch(0, 1), batch)) {
            BatchHeaderReader reader =
                    new BatchHeaderReader(channel, batch(0, 1).limit(), channel.size());

            // When
            reader.next();

            // Then
            assertThat(reader.isCrcValid()).isFalse();
            assertThat(reader.read().isCrcValid()).isFalse();
            assertThat(reader.next()).isInstanceOf(EndOfBatches.class);
        }
    }

    @Test
    void shouldFailWhenTheFileIsShorterThanItWasSaidToBe() throws IOException {
        try (FileChannel channel = write(batch(0, 10))) {
            // Given
            BatchHeaderReader reader = new BatchHeaderReader(channel, 0, channel.size() + 1000);

            // When, Then
            assertThatThrownBy(reader::next).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void shouldStopAtZerosThatACrashLeft() throws IOException {
        try (FileChannel channel = write(batch(0, 10), ByteBuffer.allocate(500))) {
            // Given
            BatchHeaderReader reader = new BatchHeaderReader(channel, 0, channel.size());
            reader.next();

            // When, Then
            assertThat(reader.next()).isInstanceOf(MalformedBatch.class);
            assertThat(reader.position()).isEqualTo(batch(0, 10).limit());
        }
    }
}
