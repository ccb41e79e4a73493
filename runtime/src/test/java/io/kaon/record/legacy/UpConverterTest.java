// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.legacy;

import static io.kaon.record.legacy.MessageSets.LIMITS;
import static io.kaon.record.legacy.MessageSets.T;
import static io.kaon.record.legacy.MessageSets.joined;
import static io.kaon.record.legacy.MessageSets.message;
import static io.kaon.record.legacy.MessageSets.plain;
import static io.kaon.record.legacy.MessageSets.raw;
import static io.kaon.record.legacy.MessageSets.utf8;
import static io.kaon.record.legacy.MessageSets.withRightCrc;
import static io.kaon.record.legacy.MessageSets.wrapped;
import static io.kaon.record.legacy.MessageSets.wrapper;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.record.AppendOrigin;
import io.kaon.record.Codecs;
import io.kaon.record.Compression;
import io.kaon.record.CompressionType;
import io.kaon.record.InspectionDepth;
import io.kaon.record.InvalidBatches;
import io.kaon.record.Record;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.record.RecordLimits;
import io.kaon.record.TimestampType;
import io.kaon.record.ValidBatches;
import io.kaon.record.ValidationOutcome;
import io.kaon.record.ValidationRules;
import io.kaon.record.codec.StandardCodecs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xerial.snappy.Snappy;

class UpConverterTest {
    private static final ValidationRules RULES = ValidationRules.DEFAULT;
    private static final ValidationRules SMALL = new ValidationRules(
            200,
            TimestampType.CREATE_TIME,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            false,
            AppendOrigin.CLIENT,
            InspectionDepth.HEADER);
    private static final ValidationRules STAMPED = new ValidationRules(
            ValidationRules.DEFAULT_MAX_MESSAGE_BYTES,
            TimestampType.LOG_APPEND_TIME,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            false,
            AppendOrigin.CLIENT,
            InspectionDepth.RECORDS);

    private final UpConverter converter = new UpConverter(LIMITS);

    private ValidationOutcome convert(ByteBuffer set, ValidationRules rules) {
        return converter.convert(set, rules, Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldMakeOneUncompressedBatchOfSeveralMessages(int magic) {
        // When
        RecordBatch batch = converted(plain(magic, 77, "a", "b", "c"));

        // Then
        assertThat(batch.compression()).isEqualTo(CompressionType.NONE);
        assertThat(batch.baseOffset()).isZero();
        assertThat(batch.lastOffsetDelta()).isEqualTo(2);
        assertThat(batch.producerId()).isEqualTo(-1);
        assertThat(batch.maxTimestamp()).isEqualTo(magic == 0 ? -1 : T + 2);
        assertThat(values(batch)).containsExactly("a", "b", "c");
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "SNAPPY", "LZ4"})
    void shouldKeepTheCodecOfAWrapper(CompressionType type) {
        for (int magic = 0; magic <= 1; magic++) {
            // When
            RecordBatch batch = converted(wrapped(magic, type, 40, "a", "b"));

            // Then
            assertThat(batch.compression()).isEqualTo(type);
            assertThat(values(batch)).containsExactly("a", "b");
        }
    }

    @Test
    void shouldTakeWrappersInWhichAllOffsetsAreZero() {
        // Given
        ByteBuffer inner = joined(plain(0, 0, "a"), plain(0, 0, "b"), plain(0, 0, "c"));

        // When
        RecordBatch batch = converted(wrapper(0, CompressionType.GZIP, TimestampType.CREATE_TIME, inner));

        // Then
        assertThat(values(batch)).containsExactly("a", "b", "c");
        assertThat(batch.lastOffsetDelta()).isEqualTo(2);
    }

    @Test
    void shouldReadSnappyWithoutAnyFraming() throws IOException {
        // Given
        ByteBuffer inner = plain(0, 0, "a", "b");
        ByteBuffer value = ByteBuffer.wrap(Snappy.compress(inner.array()));
        ByteBuffer wrapper = message(0, CompressionType.SNAPPY.id(), 0, null, value);

        // When
        RecordBatch batch = converted(wrapper);

        // Then
        assertThat(values(batch)).containsExactly("a", "b");
    }

    @Test
    void shouldReadLz4OfMagicZeroWithEitherChecksumAndOfMagicOneWithTheRightOneOnly() throws IOException {
        for (int magic = 0; magic <= 1; magic++) {
            ByteBuffer inner = plain(magic, 0, "a");
            ByteBuffer right = message(magic, 3, T, null, lz4(new StandardCodecs(), inner));
            ByteBuffer wrong = message(magic, 3, T, null, lz4(new StandardCodecs().ofMagicZero(), inner));

            assertThat(convert(right, RULES)).isInstanceOf(ValidBatches.class);
            assertThat(convert(wrong, RULES) instanceof ValidBatches).isEqualTo(magic == 0);
        }
    }

    private static ByteBuffer lz4(Codecs codecs, ByteBuffer inner) throws IOException {
        ByteArrayOutputStream sink = new ByteArrayOutputStream();
        try (OutputStream lz4 = codecs.compress(Compression.of(CompressionType.LZ4), sink)) {
            lz4.write(inner.array());
        }
        return ByteBuffer.wrap(sink.toByteArray());
    }

    @Test
    void shouldGiveInnerMessagesTheTimestampOfAStampedWrapper() {
        // Given
        ByteBuffer stamped = wrapper(1, CompressionType.GZIP, TimestampType.LOG_APPEND_TIME, plain(1, 0, "a", "b"));

        // When
        RecordBatch batch = converted(stamped);

        // Then
        assertThat(records(batch)).extracting(Record::timestamp).containsExactly(T + 500, T + 500);
        assertThat(code(convert(stamped, STAMPED))).isEqualTo(ErrorCode.INVALID_TIMESTAMP);
    }

    @Test
    void shouldKeepNullsAndEmptyFields() {
        // Given
        ByteBuffer set = joined(
                message(0, 0, 0, null, null), message(0, 0, 0, utf8(""), utf8("")), message(0, 0, 0, utf8("k"), null));

        // When
        List<Record> records = records(converted(set));

        // Then
        assertThat(records.get(0).hasKey()).isFalse();
        assertThat(records.get(0).hasValue()).isFalse();
        assertThat(records.get(1).key().remaining()).isZero();
        assertThat(records.get(1).value().remaining()).isZero();
        assertThat(records.get(2).hasValue()).isFalse();
    }

    static Stream<Arguments> badSets() {
        ByteBuffer good = plain(0, 0, "a");
        ByteBuffer gzip = wrapped(0, CompressionType.GZIP, 0, "a");
        ByteBuffer noise = utf8("x".repeat(30));
        ByteBuffer magic2 =
                RecordBatchBuilder.uncompressed().append(T, null, null).build();
        return Stream.of(
                bad("nothing", ByteBuffer.allocate(0), ErrorCode.INVALID_RECORD),
                bad("a wrong CRC", flipped(good, 29), ErrorCode.CORRUPT_MESSAGE),
                bad("a wrong CRC behind a good one", joined(good, flipped(good, 29)), ErrorCode.CORRUPT_MESSAGE),
                bad("a size below the least", copyOf(good).putInt(8, 13), ErrorCode.CORRUPT_MESSAGE),
                bad("a size below zero", copyOf(good).putInt(8, -1), ErrorCode.CORRUPT_MESSAGE),
                bad("an unknown magic", joined(good, copyOf(good).put(16, (byte) 3)), ErrorCode.CORRUPT_MESSAGE),
                bad("magic 0 and 1", joined(good, plain(1, 0, "b")), ErrorCode.INVALID_RECORD),
                bad("magic 1 and 0", joined(plain(1, 0, "b"), good), ErrorCode.INVALID_RECORD),
                bad("magic 0 and 2", joined(good, magic2), ErrorCode.INVALID_RECORD),
                bad("two wrappers", joined(gzip, gzip), ErrorCode.INVALID_RECORD),
                bad("a wrapper behind a message", joined(good, gzip), ErrorCode.INVALID_RECORD),
                bad("a message behind a wrapper", joined(gzip, good), ErrorCode.INVALID_RECORD),
                bad("a nested wrapper", gzipped(0, gzip), ErrorCode.INVALID_RECORD),
                bad("another magic inside", gzipped(1, good), ErrorCode.INVALID_RECORD),
                bad("an empty wrapper", gzipped(0, ByteBuffer.allocate(0)), ErrorCode.INVALID_RECORD),
                bad("a wrapper without a value", message(0, 1, 0, null, null), ErrorCode.INVALID_RECORD),
                bad("a wrapper that is no gzip", message(0, 1, 0, null, noise), ErrorCode.INVALID_RECORD),
                bad("zstd", message(0, 4, 0, null, noise), ErrorCode.INVALID_RECORD),
                bad("an unknown codec", message(0, 6, 0, null, noise), ErrorCode.INVALID_RECORD),
                bad("a wrong CRC inside", gzipped(0, flipped(good, 29)), ErrorCode.CORRUPT_MESSAGE),
                bad("a small size inside", gzipped(0, copyOf(good).putInt(8, 3)), ErrorCode.CORRUPT_MESSAGE),
                bad("a long key", raw(0, 0, 0, ByteBuffer.allocate(9).putInt(0, 9)), ErrorCode.INVALID_RECORD),
                bad("a key below null", raw(0, 0, 0, ByteBuffer.allocate(9).putInt(0, -2)), ErrorCode.INVALID_RECORD),
                bad("a long value", raw(0, 0, 0, ByteBuffer.allocate(9).putInt(4, 2)), ErrorCode.INVALID_RECORD),
                bad("a huge value", raw(0, 0, 0, ByteBuffer.allocate(9).putInt(4, -1 >>> 1)), ErrorCode.INVALID_RECORD),
                bad("a time below none", message(1, 0, -2, null, null), ErrorCode.INVALID_TIMESTAMP),
                bad("log append time without a time", message(1, 8, -1, null, null), ErrorCode.INVALID_TIMESTAMP));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badSets")
    void shouldRefuseWithKafkasError(String what, ByteBuffer set, ErrorCode code) {
        assertThat(code(convert(set, RULES))).as(what).isEqualTo(code);
    }

    @Test
    void shouldCallAMessageOfMagicOneThatIsTooShortCorrupt() {
        // Given
        ByteBuffer entry = ByteBuffer.allocate(26).putInt(8, 14).put(16, (byte) 1);

        // When
        ValidationOutcome outcome = convert(withRightCrc(entry), RULES);

        // Then
        assertThat(code(outcome)).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
    }

    @Test
    void shouldRefuseAWrapperOfMagicOneWhoseOffsetIsBelowAnInnerOne() {
        // Given
        ByteBuffer inner = plain(1, 9, "a");
        ByteBuffer wrapper = wrapper(1, CompressionType.GZIP, TimestampType.CREATE_TIME, inner);

        // When
        ErrorCode below = code(convert(copyOf(wrapper).putLong(0, 5), RULES));

        // Then
        assertThat(below).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(convert(copyOf(wrapper).putLong(0, 9), RULES)).isInstanceOf(ValidBatches.class);
        assertThat(convert(copyOf(wrapper).putLong(0, 0), RULES)).isInstanceOf(ValidBatches.class);
    }

    @Test
    void shouldRefuseAMessageThatIsTooLarge() {
        // Given
        ByteBuffer four = plain(0, 0, "x".repeat(50), "x".repeat(50), "x".repeat(50), "x".repeat(50));
        ByteBuffer zipped = wrapper(0, CompressionType.GZIP, TimestampType.CREATE_TIME, four);
        Optional<Compression> gzip = Optional.of(Compression.of(CompressionType.GZIP));
        Optional<Compression> none = Optional.of(Compression.NONE);

        // When / Then: each message as it comes, the batch as it is stored
        assertThat(code(convert(plain(0, 0, "x".repeat(200)), SMALL))).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        assertThat(code(converter.convert(plain(0, 0, "x".repeat(200)), SMALL, gzip)))
                .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        assertThat(convert(plain(0, 0, "x".repeat(50), "x".repeat(50)), SMALL)).isInstanceOf(ValidBatches.class);
        assertThat(code(convert(four, SMALL))).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        assertThat(compression(converter.convert(four, SMALL, gzip))).isEqualTo(CompressionType.GZIP);
        assertThat(compression(convert(zipped, SMALL))).isEqualTo(CompressionType.GZIP);
        assertThat(code(converter.convert(zipped, SMALL, none))).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        assertThat(compression(converter.convert(zipped, RULES, none))).isEqualTo(CompressionType.NONE);
    }

    private static CompressionType compression(ValidationOutcome outcome) {
        return ((ValidBatches) outcome).first().compression();
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "SNAPPY", "LZ4"})
    void shouldHoldNoInnerMessageThatIsHuge(CompressionType type) {
        // Given
        ByteBuffer allowed = plain(0, 0, "x".repeat(UpConverter.ALWAYS_HELD_BYTES - 100));
        ByteBuffer huge = plain(0, 0, "x".repeat(UpConverter.ALWAYS_HELD_BYTES));

        // When / Then
        assertThat(convert(wrapper(0, type, TimestampType.CREATE_TIME, allowed), RULES))
                .isInstanceOf(ValidBatches.class);
        assertThat(code(convert(wrapper(0, type, TimestampType.CREATE_TIME, huge), RULES)))
                .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        assertThat(code(convert(wrapper(0, type, TimestampType.CREATE_TIME, joined(plain(0, 0, "a"), huge)), RULES)))
                .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
    }

    @Test
    void shouldPassOverAnInnerMessageThatOnlyClaimsToBeHuge() {
        for (int claimed : new int[] {UpConverter.ALWAYS_HELD_BYTES, Integer.MAX_VALUE}) {
            // Given
            ByteBuffer liar = plain(0, 0, "b");
            liar.putInt(LegacyFormat.SIZE_AT, claimed);
            ByteBuffer inner = joined(plain(0, 0, "a"), liar);

            // When
            RecordBatch batch = converted(wrapper(0, CompressionType.GZIP, TimestampType.CREATE_TIME, inner));

            // Then
            assertThat(values(batch)).containsExactly("a");
        }
    }

    @Test
    void shouldStopDecompressingAtTheLimit() {
        // Given
        ByteBuffer bomb = wrapped(0, CompressionType.GZIP, 0, "x".repeat(200_000));
        UpConverter strict = new UpConverter(new RecordLimits(new StandardCodecs(), 100_000));

        // When
        ValidationOutcome outcome = strict.convert(bomb, RULES, Optional.empty());

        // Then
        assertThat(code(outcome)).isEqualTo(ErrorCode.INVALID_RECORD);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldPassOverWhatIsUnfinishedAtEachByte(int magic) {
        // Given
        ByteBuffer two = plain(magic, 0, "first", "second");
        int one = plain(magic, 0, "first").limit();

        for (int size = 0; size < two.limit(); size++) {
            // When
            ValidationOutcome outcome = convert(two.slice(0, size), RULES);

            // Then
            if (size < one) {
                assertThat(code(outcome)).as("cut at %s", size).isEqualTo(ErrorCode.INVALID_RECORD);
                assertThat(LegacySets.isUnfinished(two.slice(0, size))).isTrue();
            } else {
                assertThat(values(((ValidBatches) outcome).first()))
                        .as("cut at %s", size)
                        .containsExactly("first");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NONE", "GZIP", "SNAPPY", "LZ4"})
    void shouldNoticeEachFlippedBitThatIsUnderTheCrc(CompressionType type) {
        for (int magic = 0; magic <= 1; magic++) {
            // Given
            ByteBuffer set =
                    type == CompressionType.NONE ? plain(magic, 0, "value") : wrapped(magic, type, 0, "v", "w");
            for (int bit = LegacyFormat.CRC_AT * 8; bit < set.limit() * 8; bit++) {
                ByteBuffer damaged = copyOf(set);
                damaged.put(bit / 8, (byte) (damaged.get(bit / 8) ^ 1 << bit % 8));

                // When
                ErrorCode code = code(convert(damaged, RULES));

                // Then: a magic of 2 makes it another format
                boolean isOtherFormat = damaged.get(16) == 2;
                assertThat(code)
                        .as("magic %s, %s, bit %s", magic, type, bit)
                        .isEqualTo(isOtherFormat ? ErrorCode.INVALID_RECORD : ErrorCode.CORRUPT_MESSAGE);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldAnswerWhateverStandsUnderARightCrc(long seed) {
        // Given
        Random random = new Random(seed);
        ByteBuffer[] sets = {
            plain(0, 0, "value", "other"),
            plain(1, 0, "value"),
            wrapped(0, CompressionType.GZIP, 0, "value", "other"),
            wrapped(1, CompressionType.SNAPPY, 0, "value", "other"),
            wrapped(0, CompressionType.LZ4, 0, "value", "other")
        };
        int answered = 0;
        for (int round = 0; round < 5_000; round++) {
            ByteBuffer set = copyOf(sets[random.nextInt(sets.length)]);
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                set.put(17 + random.nextInt(set.limit() - 17), (byte) random.nextInt());
            }
            set.limit(Math.min(set.limit(), LegacyFormat.ENTRY_OVERHEAD + set.getInt(8)));

            // When
            ValidationOutcome outcome = convert(withRightCrc(set), RULES);

            // Then
            answered += outcome instanceof ValidBatches
                            || !((InvalidBatches) outcome).message().isEmpty()
                    ? 1
                    : 0;
        }
        assertThat(answered).as("seed %s", seed).isEqualTo(5_000);
    }

    private RecordBatch converted(ByteBuffer set) {
        RecordBatch batch = ((ValidBatches) convert(set, RULES)).first();
        assertThat(batch.isCrcValid()).isTrue();
        return batch;
    }

    private static ErrorCode code(ValidationOutcome outcome) {
        return outcome instanceof InvalidBatches invalid ? invalid.code() : ErrorCode.NONE;
    }

    private static Arguments bad(String what, ByteBuffer set, ErrorCode code) {
        return Arguments.of(what, set, code);
    }

    private static ByteBuffer gzipped(int magic, ByteBuffer inner) {
        return wrapper(magic, CompressionType.GZIP, TimestampType.CREATE_TIME, inner);
    }

    private static ByteBuffer flipped(ByteBuffer set, int at) {
        ByteBuffer copy = copyOf(set);
        return copy.put(at, (byte) ~copy.get(at));
    }

    private static ByteBuffer copyOf(ByteBuffer set) {
        return ByteBuffer.allocate(set.remaining()).put(set.duplicate()).flip();
    }

    private static List<Record> records(RecordBatch batch) {
        List<Record> records = new ArrayList<>();
        batch.records(LIMITS).forEachRemaining(records::add);
        return records;
    }

    private static List<String> values(RecordBatch batch) {
        return records(batch).stream()
                .map(record -> StandardCharsets.UTF_8
                        .decode(record.value().duplicate())
                        .toString())
                .toList();
    }
}
