// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.record.codec.StandardCodecs;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordDetailTest {
    private static final RecordLimits LIMITS = RecordLimits.of(new StandardCodecs());

    @ParameterizedTest
    @EnumSource(names = {"NONE", "GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void shouldReadNoMoreThanIsWanted(CompressionType type) {
        // Given
        RecordBatch batch = batch(type, List.of(new RecordHeader("h", ByteBuffer.wrap(new byte[3]))));

        // When
        Record whole = first(batch, RecordDetail.WHOLE);
        Record plain = first(batch, RecordDetail.WITHOUT_HEADERS);
        Record place = first(batch, RecordDetail.PLACE);

        // Then
        assertThat(whole.headers()).hasSize(1);
        assertThat(plain.headers()).isEmpty();
        assertThat(plain.value()).isEqualTo(whole.value());
        assertThat(place.value()).isNull();
        assertThat(place.key()).isNull();
        assertThat(place.offset()).isEqualTo(whole.offset());
        assertThat(place.timestamp()).isEqualTo(whole.timestamp());
    }

    @ParameterizedTest
    @EnumSource(names = {"WITHOUT_HEADERS", "PLACE"})
    void shouldTakeNoMemoryForWhatIsNotWanted(RecordDetail detail) {
        // Given: as objects the headers would take a hundred megabytes
        RecordBatch batch = batch(CompressionType.GZIP, Collections.nCopies(1 << 20, new RecordHeader("", null)));
        first(batch, detail);

        // When
        long before = allocatedBytes();
        first(batch, detail);

        // Then
        assertThat(allocatedBytes() - before).isLessThan(1 << 20);
    }

    @Test
    void shouldNotTakeARecordThatIsLargerThanAllowed() {
        // Given
        RecordBatch batch = batch(CompressionType.GZIP, List.of());
        RecordLimits strict = LIMITS.withMaxRecordBytes(5);

        // When / Then
        assertThatThrownBy(() -> batch.records(strict).next()).isInstanceOf(MalformedBatchException.class);
        assertThat(batch.records(strict, RecordDetail.PLACE).next().offset()).isZero();
        assertThat(batch(CompressionType.NONE, List.of()).records(strict).next().offset())
                .isZero();
    }

    private static Record first(RecordBatch batch, RecordDetail detail) {
        try (RecordIterator records = batch.records(LIMITS, detail)) {
            return records.next();
        }
    }

    private static RecordBatch batch(CompressionType type, List<RecordHeader> headers) {
        ByteBuffer value = ByteBuffer.wrap(new byte[] {1, 2, 3});
        return RecordBatch.at(
                RecordBatchBuilder.compressed(new StandardCodecs(), Compression.of(type))
                        .append(1_700_000_000_000L, value, value, headers)
                        .build(),
                0);
    }

    private static long allocatedBytes() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.ThreadMXBean.class)
                .getCurrentThreadAllocatedBytes();
    }
}
