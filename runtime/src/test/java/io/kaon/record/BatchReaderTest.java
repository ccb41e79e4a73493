// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.record.MalformedBatch.Flaw;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchReaderTest {
    private static ByteBuffer batch(int valueBytes) {
        return RecordBatchBuilder.uncompressed()
                .append(1, null, new byte[valueBytes])
                .build();
    }

    private static ByteBuffer batches(int... valueBytes) {
        ByteBuffer all = ByteBuffer.allocate(10_000);
        for (int bytes : valueBytes) {
            all.put(batch(bytes));
        }
        return all.flip();
    }

    @Test
    void shouldFindAllBatchesFromTheBuffersPosition() {
        // Given
        ByteBuffer all = ByteBuffer.allocate(1000).position(7);
        all.put(batch(3)).put(batch(0)).put(batch(200)).flip().position(7);

        // When
        BatchReader.Split split = BatchReader.split(all);

        // Then
        assertThat(split.batches()).hasSize(3);
        assertThat(split.batches().get(2).sizeInBytes()).isEqualTo(batch(200).limit());
        assertThat(split.validBytes()).isEqualTo(all.limit() - 7);
        assertThat(split.end()).isEqualTo(new EndOfBatches(all.limit()));
        assertThat(all.position()).isEqualTo(7);
    }

    @Test
    void shouldSayWhereItWasCutAtEachByte() {
        // Given
        ByteBuffer all = batches(5, 9);
        int second = batch(5).limit();
        for (int size = 0; size < all.limit(); size++) {
            // When
            BatchReader.Split split = BatchReader.split(all.slice(0, size));

            // Then
            int start = size < second ? 0 : second;
            assertThat(split.validBytes()).isEqualTo(start);
            assertThat(split.end())
                    .isEqualTo(size == start ? new EndOfBatches(start) : new TruncatedBatch(start, size - start));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 13, 14, 48})
    void shouldRefuseALengthThatIsTooShort(int length) {
        // Given
        ByteBuffer all = batches(5, 9);
        int second = batch(5).limit();
        all.putInt(second + BatchFormat.LENGTH_AT, length);

        // When
        BatchReader.Split split = BatchReader.split(all);

        // Then
        assertThat(split.batches()).hasSize(1);
        assertThat(split.end()).isInstanceOfSatisfying(MalformedBatch.class, malformed -> {
            assertThat(malformed.flaw()).isEqualTo(Flaw.SHORT_LENGTH);
            assertThat(malformed.position()).isEqualTo(second);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, Integer.MAX_VALUE - 11, 1000})
    void shouldTakeALengthThatIsTooLongForATruncatedBatch(int length) {
        // Given
        ByteBuffer all = batches(5);
        all.putInt(BatchFormat.LENGTH_AT, length);

        // When, Then
        assertThat(new BatchReader(all).next()).isEqualTo(new TruncatedBatch(0, all.limit()));
    }

    @ParameterizedTest
    @CsvSource({"0, LEGACY_MAGIC", "1, LEGACY_MAGIC", "3, UNKNOWN_MAGIC", "-1, UNKNOWN_MAGIC", "127, UNKNOWN_MAGIC"})
    void shouldRefuseAnotherMagic(byte magic, Flaw flaw) {
        // Given
        ByteBuffer all = batches(5);
        all.put(BatchFormat.MAGIC_AT, magic);

        // When, Then
        assertThat(new BatchReader(all).next())
                .isInstanceOfSatisfying(MalformedBatch.class, malformed -> assertThat(malformed.flaw())
                        .isEqualTo(flaw));
    }

    @Test
    void shouldRepeatItsLastAnswer() {
        // Given
        BatchReader reader = new BatchReader(batches(5));
        reader.next();

        // When, Then
        assertThat(reader.next()).isEqualTo(reader.next()).isInstanceOf(EndOfBatches.class);
    }
}
