// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.kaon.common.ErrorCode;
import io.kaon.record.codec.StandardCodecs;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchValidatorTest {
    private static final long NOW_MS = 1_700_000_000_000L;
    private static final int LATEST_PRODUCE = 13;
    private static final byte[] KEY = {1};
    private static final ValidationRules COMPACTED = new ValidationRules(
            1000,
            TimestampType.CREATE_TIME,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            true,
            AppendOrigin.CLIENT,
            InspectionDepth.HEADER);
    private static final ValidationRules RECENT = new ValidationRules(
            1000, TimestampType.CREATE_TIME, 500, 300, false, AppendOrigin.CLIENT, InspectionDepth.HEADER);
    private static final ValidationRules DEEP = new ValidationRules(
            1 << 20,
            TimestampType.CREATE_TIME,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            false,
            AppendOrigin.CLIENT,
            InspectionDepth.RECORDS);
    private static final ValidationRules STAMPED = new ValidationRules(
            1000, TimestampType.LOG_APPEND_TIME, 0, 0, false, AppendOrigin.CLIENT, InspectionDepth.HEADER);

    private final RecordLimits limits = new RecordLimits(new StandardCodecs(), 1 << 20);
    private final BatchValidator validator = new BatchValidator(limits);

    private static RecordBatchBuilder builder(CompressionType codec) {
        return RecordBatchBuilder.compressed(new StandardCodecs(), Compression.of(codec));
    }

    private static ByteBuffer batch(CompressionType codec) {
        return builder(codec)
                .append(NOW_MS, KEY, new byte[100])
                .append(NOW_MS + 5, null, new byte[100])
                .append(NOW_MS - 5, KEY, null)
                .build();
    }

    private ValidationOutcome validate(ByteBuffer records, ValidationRules rules) {
        return validator.validate(records, LATEST_PRODUCE, rules, NOW_MS);
    }

    private static InvalidBatches invalid(ValidationOutcome outcome) {
        assertThat(outcome).isInstanceOf(InvalidBatches.class);
        return (InvalidBatches) outcome;
    }

    private static RecordBatch valid(ValidationOutcome outcome) {
        assertThat(outcome).isInstanceOf(ValidBatches.class);
        return ((ValidBatches) outcome).first();
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldAcceptAProducersBatchWhereItLies(CompressionType codec) {
        // Given
        ByteBuffer bytes = batch(codec);
        ByteBuffer frame = ByteBuffer.allocateDirect(bytes.limit() + 20).position(9);
        frame.put(bytes).flip().position(9);

        // When
        RecordBatch accepted = valid(validate(frame, ValidationRules.DEFAULT));

        // Then
        accepted.assign(55, 3);
        assertThat(frame.position()).isEqualTo(9);
        assertThat(frame.getLong(9)).isEqualTo(55);
        assertThat(accepted.count()).isEqualTo(3);
    }

    static Stream<Arguments> headersAtFault() {
        return Stream.of(
                fault("magic 3", ErrorCode.CORRUPT_MESSAGE, batch -> batch.put(BatchFormat.MAGIC_AT, (byte) 3)),
                fault("magic 1", ErrorCode.INVALID_RECORD, batch -> batch.put(BatchFormat.MAGIC_AT, (byte) 1)),
                fault("length 0", ErrorCode.CORRUPT_MESSAGE, batch -> batch.putInt(BatchFormat.LENGTH_AT, 0)),
                fault("length -1", ErrorCode.CORRUPT_MESSAGE, batch -> batch.putInt(BatchFormat.LENGTH_AT, -1)),
                fault("length 48", ErrorCode.CORRUPT_MESSAGE, batch -> batch.putInt(BatchFormat.LENGTH_AT, 48)),
                fault("too long", ErrorCode.INVALID_RECORD, batch -> batch.putInt(BatchFormat.LENGTH_AT, 1 << 20)),
                fault("wrong CRC", ErrorCode.CORRUPT_MESSAGE, batch -> batch.putInt(BatchFormat.CRC_AT, 1)),
                sealed("count 0", batch -> count(batch, 0)),
                sealed("count -1", batch -> count(batch, -1)),
                sealed("count 2", batch -> count(batch, 2)),
                sealed("count 4", batch -> count(batch, 4)),
                sealed("count of all ints", batch -> count(batch, Integer.MAX_VALUE)),
                sealed("last offset delta 1", batch -> batch.putInt(BatchFormat.LAST_OFFSET_DELTA_AT, 1)),
                sealed("last offset delta -1", batch -> batch.putInt(BatchFormat.LAST_OFFSET_DELTA_AT, -1)),
                sealed("base offset 7", batch -> batch.putLong(0, 7)),
                sealed("control", batch -> batch.putShort(BatchFormat.ATTRIBUTES_AT, (short) 0x20)),
                sealed("delete horizon", batch -> batch.putShort(BatchFormat.ATTRIBUTES_AT, (short) 0x40)),
                sealed("codec 5", batch -> batch.putShort(BatchFormat.ATTRIBUTES_AT, (short) 5)),
                sealed("transaction of nobody", batch -> batch.putShort(BatchFormat.ATTRIBUTES_AT, (short) 0x10)),
                sealed("producer without sequence", batch -> batch.putLong(BatchFormat.PRODUCER_ID_AT, 5)
                        .putShort(BatchFormat.PRODUCER_EPOCH_AT, (short) 0)),
                sealed("producer without epoch", batch -> batch.putLong(BatchFormat.PRODUCER_ID_AT, 5)
                        .putInt(BatchFormat.BASE_SEQUENCE_AT, 0)));
    }

    private static Arguments fault(String name, ErrorCode code, Consumer<ByteBuffer> damage) {
        return Arguments.of(name, code, damage);
    }

    private static Arguments sealed(String name, Consumer<ByteBuffer> damage) {
        Consumer<ByteBuffer> both = damage.andThen(BatchMutations::sealed);
        return Arguments.of(name, ErrorCode.INVALID_RECORD, both);
    }

    private static void count(ByteBuffer batch, int count) {
        batch.putInt(BatchFormat.COUNT_AT, count).putInt(BatchFormat.LAST_OFFSET_DELTA_AT, count - 1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("headersAtFault")
    void shouldRefuseAHeaderAtFault(String name, ErrorCode code, Consumer<ByteBuffer> damage) {
        // Given
        ByteBuffer batch = batch(CompressionType.NONE);
        damage.accept(batch);

        // When
        InvalidBatches refused = invalid(validate(batch, ValidationRules.DEFAULT));

        // Then
        assertThat(refused.code()).as(refused.message()).isEqualTo(code);
        assertThat(refused.message()).isNotBlank();
        assertThat(refused.recordErrors()).isEmpty();
    }

    @Test
    void shouldRefuseATimestampTypeThatIsTheBrokersToSet() {
        // Given
        ByteBuffer batch = RecordBatchBuilder.uncompressed()
                .logAppendTime(NOW_MS)
                .append(NOW_MS, KEY, KEY)
                .build();

        // When, Then
        assertThat(invalid(validate(batch, ValidationRules.DEFAULT)).code()).isEqualTo(ErrorCode.INVALID_TIMESTAMP);
        assertThat(invalid(validate(batch, STAMPED)).code()).isEqualTo(ErrorCode.INVALID_TIMESTAMP);
    }

    @Test
    void shouldWantExactlyOneBatch() {
        // Given
        ByteBuffer one = batch(CompressionType.NONE);
        ByteBuffer two = ByteBuffer.allocate(one.limit() * 2);
        two.put(one.duplicate()).put(one.duplicate()).flip();

        // When, Then
        assertThat(invalid(validate(two, ValidationRules.DEFAULT)).code()).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(invalid(validate(ByteBuffer.allocate(0), ValidationRules.DEFAULT))
                        .code())
                .isEqualTo(ErrorCode.INVALID_RECORD);
        two.limit(one.limit() * 2 - 1);
        assertThat(valid(validate(two, ValidationRules.DEFAULT)).buffer()).isEqualTo(one);
    }

    @Test
    void shouldTakeSeveralBatchesAndControlRecordsFromACoordinator() {
        // Given
        ValidationRules rules = ValidationRules.DEFAULT.withOrigin(AppendOrigin.COORDINATOR);
        ByteBuffer records = ByteBuffer.allocate(1000);
        records.put(batch(CompressionType.LZ4))
                .put(RecordBatchBuilder.uncompressed()
                        .producer(3, (short) 0, -1)
                        .transactional()
                        .append(NOW_MS, ControlRecord.endOfTransaction(ControlRecordType.COMMIT, 1))
                        .build())
                .flip();

        // When
        ValidationOutcome outcome = validate(records, rules);

        // Then
        assertThat(((ValidBatches) outcome).batches()).hasSize(2);
        assertThat(invalid(validate(records.limit(records.limit() - 1), rules)).code())
                .isEqualTo(ErrorCode.INVALID_RECORD);
    }

    @Test
    void shouldRefuseABatchLargerThanTheTopicAllows() {
        // Given
        ByteBuffer batch = batch(CompressionType.NONE);

        // When, Then
        assertThat(invalid(validate(batch, withMaxBytes(batch.limit() - 1))).code())
                .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        valid(validate(batch, withMaxBytes(batch.limit())));
    }

    private static ValidationRules withMaxBytes(int maxMessageBytes) {
        return new ValidationRules(
                maxMessageBytes,
                TimestampType.CREATE_TIME,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                false,
                AppendOrigin.CLIENT,
                InspectionDepth.HEADER);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 6, 7, 13})
    void shouldKnowZstdFromProduceSeven(int version) {
        // When
        ValidationOutcome outcome =
                validator.validate(batch(CompressionType.ZSTD), version, ValidationRules.DEFAULT, NOW_MS);

        // Then
        if (version < 7) {
            assertThat(invalid(outcome).code()).isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);
        } else {
            valid(outcome);
        }
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldNameRecordsWithoutAKeyOnACompactedTopic(CompressionType codec) {
        // When
        InvalidBatches refused = invalid(validate(batch(codec), COMPACTED));

        // Then
        assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(refused.recordErrors()).extracting(RecordError::batchIndex).containsExactly(1);
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldNameRecordsWhoseTimestampIsOutOfBounds(CompressionType codec) {
        // Given
        ByteBuffer batch = builder(codec)
                .append(NOW_MS - 501, KEY, KEY)
                .append(NOW_MS - 500, KEY, KEY)
                .append(NOW_MS + 300, KEY, KEY)
                .append(NOW_MS + 301, KEY, KEY)
                .append(-1, KEY, KEY)
                .build();

        // When
        InvalidBatches refused = invalid(validate(batch, RECENT));

        // Then
        assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_TIMESTAMP);
        assertThat(refused.recordErrors()).extracting(RecordError::batchIndex).containsExactly(0, 3);
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldRefuseTimestampsAnHourAheadByDefault(CompressionType codec) {
        // Given
        ByteBuffer batch = builder(codec)
                .append(NOW_MS, KEY, KEY)
                .append(NOW_MS + 3_600_001, KEY, KEY)
                .build();

        // When, Then
        assertThat(invalid(validate(batch, ValidationRules.DEFAULT)).recordErrors())
                .extracting(RecordError::batchIndex)
                .containsExactly(1);
    }

    @Test
    void shouldBoundHowManyRecordsItNames() {
        // Given
        RecordBatchBuilder many = RecordBatchBuilder.uncompressed();
        for (int i = 0; i < 10_000; i++) {
            many.append(NOW_MS, null, null);
        }
        ValidationRules rules = new ValidationRules(
                1 << 20,
                TimestampType.CREATE_TIME,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                true,
                AppendOrigin.CLIENT,
                InspectionDepth.HEADER);

        // When
        InvalidBatches refused = invalid(validate(many.build(), rules));

        // Then
        assertThat(refused.recordErrors()).hasSize(RecordCheck.MAX_RECORD_ERRORS);
        assertThat(refused.message()).startsWith("10000 of 10000");
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldAllocateNothingPerRecord(CompressionType codec) {
        // Given
        RecordBatchBuilder many = builder(codec);
        for (int i = 0; i < 10_000; i++) {
            many.append(
                    NOW_MS,
                    ByteBuffer.wrap(KEY),
                    ByteBuffer.allocate(50),
                    List.of(new RecordHeader("h", ByteBuffer.wrap(KEY))));
        }
        ByteBuffer batch = many.build();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        valid(validate(batch, ValidationRules.DEFAULT));

        // When
        long before = threads.getThreadAllocatedBytes(thread);
        valid(validate(batch, ValidationRules.DEFAULT));
        long allocated = threads.getThreadAllocatedBytes(thread) - before;

        // Then
        assertThat(allocated).isLessThan(2000);
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldStampTheTimeOfTheAppend(CompressionType codec) {
        // When
        RecordBatch accepted = valid(validate(batch(codec), STAMPED));

        // Then
        assertThat(accepted.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(accepted.maxTimestamp()).isEqualTo(NOW_MS);
        assertThat(accepted.isCrcValid()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldRepairALargestTimestampThatCannotBeTrue(CompressionType codec) {
        // Given
        ByteBuffer batch = batch(codec);
        batch.putLong(BatchFormat.MAX_TIMESTAMP_AT, -1);

        // When
        RecordBatch accepted = valid(validate(BatchMutations.sealed(batch), ValidationRules.DEFAULT));

        // Then
        assertThat(accepted.maxTimestamp()).isEqualTo(NOW_MS + 5);
        assertThat(accepted.isCrcValid()).isTrue();
    }

    @Test
    void shouldRefuseAnUncompressedBatchCutAtEachByte() {
        // Given
        ByteBuffer whole = batch(CompressionType.NONE);
        for (int size = 0; size < whole.limit(); size++) {
            ByteBuffer cut = BatchMutations.copy(whole, size);

            // When, Then
            invalid(validate(cut, ValidationRules.DEFAULT));
            invalid(validate(BatchMutations.sealed(cut), ValidationRules.DEFAULT));
        }
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldRefuseACompressedBatchCutAtEachByteWhenAskedToLookInside(CompressionType codec) {
        // Given
        ByteBuffer whole = batch(codec);
        for (int size = 0; size < whole.limit(); size++) {
            ByteBuffer cut = BatchMutations.sealed(BatchMutations.copy(whole, size));

            // When
            ValidationOutcome outcome = validate(cut, DEEP);

            // Then: only what the format does not need may be missing, such as LZ4's end mark.
            if (outcome instanceof ValidBatches) {
                assertThat(cut.limit()).as("%s cut at %s", codec, size).isGreaterThan(whole.limit() - 9);
            }
        }
    }

    @Test
    void shouldNotLookInsideACompressedBatchUnlessItMust() {
        // Given
        ByteBuffer batch = batch(CompressionType.LZ4);
        batch.put(BatchFormat.RECORDS_AT, (byte) 99);
        BatchMutations.sealed(batch);

        // When, Then
        valid(validate(batch, ValidationRules.DEFAULT));
        assertThat(invalid(validate(batch, DEEP)).code()).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(invalid(validate(batch, COMPACTED)).code()).isEqualTo(ErrorCode.INVALID_RECORD);
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void shouldRefuseRecordsThatDecompressPastTheLimit(CompressionType codec) {
        // Given
        ByteBuffer batch =
                builder(codec).append(NOW_MS, null, new byte[(1 << 20) + 1]).build();

        // When
        InvalidBatches refused = invalid(validate(batch, DEEP));

        // Then
        assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_RECORD);
        valid(validate(batch, ValidationRules.DEFAULT));
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldRecompressToEachCodec(CompressionType target) {
        for (CompressionType source : CompressionType.values()) {
            // Given
            ByteBuffer bytes = builder(source)
                    .producer(4, (short) 2, 8)
                    .transactional()
                    .append(NOW_MS, KEY, new byte[100])
                    .append(NOW_MS + 5, null, new byte[100])
                    .build();
            RecordBatch batch = RecordBatch.at(bytes, 0);

            // When
            ValidationOutcome outcome = new BatchRecompressor(limits)
                    .recompress(new ValidBatches(List.of(batch)), Compression.of(target), 1000);

            // Then
            RecordBatch rebuilt = valid(outcome);
            assertThat(rebuilt.compression()).isEqualTo(target);
            assertThat(rebuilt.isCrcValid()).isTrue();
            assertThat(rebuilt.isTransactional()).isTrue();
            assertThat(rebuilt.lastSequence()).isEqualTo(9);
            assertThat(records(rebuilt)).isEqualTo(records(batch));
        }
    }

    private List<Record> records(RecordBatch batch) {
        List<Record> records = new ArrayList<>();
        batch.records(limits).forEach(records::add);
        return records;
    }
}
