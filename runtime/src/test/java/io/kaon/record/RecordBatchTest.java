// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.record.codec.StandardCodecs;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordBatchTest {
    private static final RecordLimits LIMITS = RecordLimits.of(new StandardCodecs());

    private static ByteBuffer small() {
        return RecordBatchBuilder.uncompressed()
                .baseOffset(100)
                .producer(7, (short) 1, Integer.MAX_VALUE - 1)
                .append(50, new byte[] {1}, new byte[] {2, 3})
                .append(40, null, null)
                .append(60, new byte[0], new byte[] {4})
                .build();
    }

    @Test
    void shouldReadEachFieldOfTheHeader() {
        // When
        RecordBatch batch = RecordBatch.at(small(), 0);

        // Then
        assertThat(batch.baseOffset()).isEqualTo(100);
        assertThat(batch.lastOffset()).isEqualTo(102);
        assertThat(batch.nextOffset()).isEqualTo(103);
        assertThat(batch.lastOffsetDelta()).isEqualTo(2);
        assertThat(batch.count()).isEqualTo(3);
        assertThat(batch.magic()).isEqualTo(BatchFormat.MAGIC);
        assertThat(batch.partitionLeaderEpoch()).isEqualTo(-1);
        assertThat(batch.baseTimestamp()).isEqualTo(50);
        assertThat(batch.maxTimestamp()).isEqualTo(60);
        assertThat(batch.producerId()).isEqualTo(7);
        assertThat(batch.producerEpoch()).isEqualTo((short) 1);
        assertThat(batch.baseSequence()).isEqualTo(Integer.MAX_VALUE - 1);
        assertThat(batch.lastSequence()).isZero();
        assertThat(batch.hasProducerId()).isTrue();
        assertThat(batch.isControl()).isFalse();
        assertThat(batch.isTransactional()).isFalse();
        assertThat(batch.hasDeleteHorizon()).isFalse();
        assertThat(batch.compression()).isEqualTo(CompressionType.NONE);
        assertThat(batch.timestampType()).isEqualTo(TimestampType.CREATE_TIME);
        assertThat(batch.isCrcValid()).isTrue();
    }

    @Test
    void shouldNumberRecordsAcrossTheEndOfSequences() {
        // When
        List<Integer> sequences = new ArrayList<>();
        records(RecordBatch.at(small(), 0)).forEach(record -> sequences.add(record.sequence()));

        // Then
        assertThat(sequences).containsExactly(Integer.MAX_VALUE - 1, Integer.MAX_VALUE, 0);
    }

    @Test
    void shouldFindItsFieldsAnywhereInABuffer() {
        // Given
        ByteBuffer bytes = small();
        ByteBuffer larger = ByteBuffer.allocateDirect(bytes.remaining() + 40);
        larger.position(13);
        larger.put(bytes).clear();

        // When
        RecordBatch batch = RecordBatch.at(larger, 13);

        // Then
        assertThat(batch.isCrcValid()).isTrue();
        assertThat(batch.buffer()).isEqualTo(small());
        assertThat(records(batch)).hasSize(3);
    }

    @Test
    void shouldAssignItsPlaceWithoutTouchingTheCrc() {
        // Given
        RecordBatch batch = RecordBatch.at(small(), 0);
        long crc = batch.crc();

        // When
        batch.assign(9_000_000_000L, 33);

        // Then
        assertThat(batch.baseOffset()).isEqualTo(9_000_000_000L);
        assertThat(batch.lastOffset()).isEqualTo(9_000_000_002L);
        assertThat(batch.partitionLeaderEpoch()).isEqualTo(33);
        assertThat(batch.crc()).isEqualTo(crc);
        assertThat(batch.isCrcValid()).isTrue();
    }

    @Test
    void shouldStampTheTimeOfTheAppendOnAllRecords() {
        // Given
        RecordBatch batch = RecordBatch.at(small(), 0);

        // When
        batch.stampLogAppendTime(12345);

        // Then
        assertThat(batch.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(batch.maxTimestamp()).isEqualTo(12345);
        assertThat(batch.isCrcValid()).isTrue();
        assertThat(records(batch)).allMatch(record -> record.timestamp() == 12345);
    }

    @Test
    void shouldNoticeEachFlippedBitThatTheCrcCovers() {
        // Given
        ByteBuffer bytes = small();
        for (int bit = BatchFormat.CRC_AT * 8; bit < bytes.limit() * 8; bit++) {
            // When
            flip(bytes, bit);

            // Then
            assertThat(RecordBatch.at(bytes, 0).isCrcValid()).as("bit %s", bit).isFalse();
            flip(bytes, bit);
        }
    }

    @Test
    void shouldNotNoticeFlippedBitsOfOffsetAndLeaderEpoch() {
        // Given
        ByteBuffer bytes = small();
        for (int bit = 0; bit < BatchFormat.MAGIC_AT * 8; bit++) {
            if (bit / 8 < BatchFormat.LENGTH_AT || bit / 8 >= BatchFormat.PARTITION_LEADER_EPOCH_AT) {
                // When
                flip(bytes, bit);

                // Then
                assertThat(RecordBatch.at(bytes, 0).isCrcValid())
                        .as("bit %s", bit)
                        .isTrue();
                flip(bytes, bit);
            }
        }
    }

    @Test
    void shouldRefuseABufferThatIsTooSmall() {
        // Given
        ByteBuffer bytes = small();
        for (int size = 0; size < bytes.capacity(); size++) {
            ByteBuffer cut = bytes.slice(0, size);

            // When, Then
            assertThatThrownBy(() -> RecordBatch.at(cut, 0)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldRefuseToReadFewerOrMoreRecordsThanThereAre(CompressionType codec) {
        for (int difference : new int[] {-1, 1}) {
            // Given
            ByteBuffer bytes = RecordBatchBuilder.compressed(new StandardCodecs(), Compression.of(codec))
                    .append(1, null, new byte[10])
                    .append(2, null, new byte[10])
                    .build();
            bytes.putInt(BatchFormat.COUNT_AT, 2 + difference);
            bytes.putInt(BatchFormat.LAST_OFFSET_DELTA_AT, 1 + difference);
            List<Record> read = new ArrayList<>();

            // When, Then
            assertThatThrownBy(() -> RecordBatch.at(bytes, 0).records(LIMITS).forEach(read::add))
                    .isInstanceOf(MalformedBatchException.class);
        }
    }

    @Test
    void shouldReadNothingFromABatchThatCompactionEmptied() {
        // Given
        ByteBuffer bytes = small().slice(0, BatchFormat.RECORDS_AT);
        bytes.putInt(BatchFormat.LENGTH_AT, BatchFormat.RECORDS_AT - BatchFormat.LOG_OVERHEAD);
        bytes.putInt(BatchFormat.COUNT_AT, 0);

        // When
        RecordBatch batch = RecordBatch.at(bytes, 0);

        // Then
        assertThat(batch.nextOffset()).isEqualTo(103);
        assertThat(records(batch)).isEmpty();
    }

    @Test
    void shouldNameAnUnknownCodec() {
        // Given
        ByteBuffer bytes = small();
        bytes.putShort(BatchFormat.ATTRIBUTES_AT, (short) 7);

        // When, Then
        assertThatThrownBy(() -> RecordBatch.at(bytes, 0).compression())
                .isInstanceOf(MalformedBatchException.class)
                .hasMessageContaining("7");
    }

    @Test
    void shouldRefuseToBuildABatchWithoutRecordsOrTwice() {
        // Given
        RecordBatchBuilder builder = RecordBatchBuilder.uncompressed();

        // When, Then
        assertThatThrownBy(builder::build).isInstanceOf(IllegalArgumentException.class);
        builder.append(1, null, null).build();
        assertThatThrownBy(builder::build).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.append(1, null, null)).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<Record> records(RecordBatch batch) {
        List<Record> records = new ArrayList<>();
        batch.records(LIMITS).forEach(records::add);
        return records;
    }

    private static void flip(ByteBuffer bytes, int bit) {
        bytes.put(bit / 8, (byte) (bytes.get(bit / 8) ^ 1 << bit % 8));
    }
}
