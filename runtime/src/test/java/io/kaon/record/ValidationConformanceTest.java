// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.record.codec.StandardCodecs;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Damaged batches, given to us and to the validation of Kafka's own broker. What Kafka refuses we refuse, with the same
 * error; what only we refuse is on a list.
 */
class ValidationConformanceTest {
    private static final long NOW_MS = 1_700_000_000_000L;
    private static final int ROUNDS = 600;
    private static final Map<String, ErrorCode> CODES = Map.of(
            "CorruptRecordException", ErrorCode.CORRUPT_MESSAGE,
            "InvalidRecordException", ErrorCode.INVALID_RECORD,
            "InvalidTimestampException", ErrorCode.INVALID_TIMESTAMP,
            "RecordTooLargeException", ErrorCode.MESSAGE_TOO_LARGE,
            "UnsupportedCompressionTypeException", ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);

    /** Where we say no and Kafka says yes: parts of our messages. */
    private static final List<String> STRICTER = List.of(
            "delete horizons",
            "LogAppendTime",
            "transactional batch without a producer",
            "and base sequence",
            "offset delta",
            "at byte",
            "stream");

    private final BatchValidator validator = new BatchValidator(RecordLimits.of(new StandardCodecs()));

    static Stream<Arguments> codecsAndSeeds() {
        return Stream.of(CompressionType.values())
                .flatMap(codec -> Stream.of(1L, 2L).map(seed -> Arguments.of(codec, seed)));
    }

    @ParameterizedTest(name = "{0} seed {1}")
    @MethodSource("codecsAndSeeds")
    void shouldRefuseWhatKafkaRefuses(CompressionType codec, long seed) {
        // Given
        KafkaRecords kafka = KafkaRecords.newer();
        BatchMutations mutations = new BatchMutations(seed);
        for (int round = 0; round < ROUNDS; round++) {
            ByteBuffer whole = kafka.build(header(codec, round), Ingredients.random(round, 1 + round % 5, 40));
            ByteBuffer damaged = mutations.damage(whole);
            if (round % 3 != 0) {
                BatchMutations.sealed(damaged);
            }
            ValidationRules rules = rules(round % 4 == 0);
            int version = round % 5 == 0 ? 6 : 11;

            // When
            String theirs = kafka.answer(BatchMutations.copy(damaged, damaged.limit()), version, rules, NOW_MS);
            ValidationOutcome ours = validator.validate(damaged, version, rules, NOW_MS);

            // Then
            String what = codec + " seed " + seed + " round " + round + ": Kafka " + theirs + ", we " + ours;
            if (ours instanceof InvalidBatches refused) {
                if (theirs.equals("accepted")) {
                    assertThat(STRICTER).as(what).anyMatch(refused.message()::contains);
                } else if (CODES.containsKey(theirs) && isSameFault(refused)) {
                    assertThat(refused.code()).as(what).isEqualTo(CODES.get(theirs));
                }
            } else {
                assertThat(theirs).as(what).isEqualTo("accepted");
            }
        }
    }

    /** Two faults in one batch may be found in another order when one of them is on the list. */
    private static boolean isSameFault(InvalidBatches refused) {
        return STRICTER.stream().noneMatch(refused.message()::contains);
    }

    private static KafkaRecords.Header header(CompressionType codec, int round) {
        return new KafkaRecords.Header(codec, 0, round % 2 == 0 ? 5 : -1, round % 6 == 0, -1);
    }

    private static ValidationRules rules(boolean needsKeys) {
        return new ValidationRules(
                400,
                TimestampType.CREATE_TIME,
                Long.MAX_VALUE,
                3_600_000,
                needsKeys,
                AppendOrigin.CLIENT,
                InspectionDepth.RECORDS);
    }
}
