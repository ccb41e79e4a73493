// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.record.codec.StandardCodecs;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the bytes are: a value or the one typed exception, nothing else, and never more output than the limit. */
class RecordFuzzTest {
    private static final long NOW_MS = 1_700_000_000_000L;
    private static final int ROUNDS = 3000;
    private static final long MAX_BYTES = 100_000;
    private static final RecordLimits LIMITS = new RecordLimits(new StandardCodecs(), MAX_BYTES);
    private static final Set<ErrorCode> CODES = EnumSet.of(
            ErrorCode.CORRUPT_MESSAGE,
            ErrorCode.INVALID_RECORD,
            ErrorCode.INVALID_TIMESTAMP,
            ErrorCode.UNSUPPORTED_COMPRESSION_TYPE,
            ErrorCode.MESSAGE_TOO_LARGE);

    static Stream<Arguments> codecsAndSeeds() {
        return Stream.of(CompressionType.values())
                .flatMap(codec -> LongStream.of(11, 12, 13).mapToObj(seed -> Arguments.of(codec, seed)));
    }

    @ParameterizedTest(name = "{0} seed {1}")
    @MethodSource("codecsAndSeeds")
    void shouldAnswerDamagedBatchesWithTypedOutcomesOnly(CompressionType codec, long seed) {
        // Given
        BatchMutations mutations = new BatchMutations(seed);
        BatchValidator validator = new BatchValidator(LIMITS);
        for (int round = 0; round < ROUNDS; round++) {
            ByteBuffer damaged = mutations.damage(batch(codec, round));
            if (round % 4 != 0) {
                BatchMutations.sealed(damaged);
            }
            String what = codec + " seed " + seed + " round " + round;

            // When
            readAll(damaged, what);
            ValidationOutcome outcome = validator.validate(damaged, 11, rules(round), NOW_MS);

            // Then
            if (outcome instanceof InvalidBatches refused) {
                assertThat(refused.code()).as(what).isIn(CODES);
            } else {
                assertThat(((ValidBatches) outcome).first().isCrcValid())
                        .as(what)
                        .isTrue();
            }
        }
    }

    private static void readAll(ByteBuffer bytes, String what) {
        for (RecordBatch batch : BatchReader.split(bytes).batches()) {
            try (RecordIterator records = batch.records(LIMITS)) {
                long size = 0;
                while (records.hasNext()) {
                    Record record = records.next();
                    size += record.hasKey() ? record.key().remaining() : 0;
                    size += record.hasValue() ? record.value().remaining() : 0;
                    assertThat(size).as(what).isLessThanOrEqualTo(MAX_BYTES);
                }
            } catch (MalformedBatchException expected) {
                assertThat(expected.getMessage()).as(what).isNotBlank();
            }
        }
    }

    private static ByteBuffer batch(CompressionType codec, int round) {
        RecordBatchBuilder builder = RecordBatchBuilder.compressed(new StandardCodecs(), Compression.of(codec));
        for (Ingredients record : Ingredients.random(round, 1 + round % 4, 60)) {
            ByteBuffer key = record.key() == null ? null : ByteBuffer.wrap(record.key());
            ByteBuffer value = record.value() == null ? null : ByteBuffer.wrap(record.value());
            builder.append(record.timestamp(), key, value, record.headers());
        }
        return builder.build();
    }

    private static ValidationRules rules(int round) {
        return new ValidationRules(
                1 << 20,
                round % 2 == 0 ? TimestampType.CREATE_TIME : TimestampType.LOG_APPEND_TIME,
                Long.MAX_VALUE,
                round % 3 == 0 ? 0 : Long.MAX_VALUE,
                round % 5 == 0,
                round % 7 == 0 ? AppendOrigin.COORDINATOR : AppendOrigin.CLIENT,
                round % 2 == 0 ? InspectionDepth.RECORDS : InspectionDepth.HEADER);
    }
}
