// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.record.codec.StandardCodecs;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What Kafka's own reader finds in a batch is the same before and after another codec was given to it. */
class BatchRecompressorTest {
    private static final long SEED = 20261122L;
    private static final long NOW_MS = 1_700_000_000_000L;
    private static final int MAX_BYTES = 1 << 20;
    private static final RecordLimits LIMITS = RecordLimits.of(new StandardCodecs());
    private static final List<String> HEADER = List.of(
            "baseOffset",
            "lastOffset",
            "producerId",
            "producerEpoch",
            "baseSequence",
            "lastSequence",
            "isTransactional",
            "isControlBatch",
            "timestampType",
            "maxTimestamp",
            "partitionLeaderEpoch");

    private final BatchRecompressor recompressor = new BatchRecompressor(LIMITS);

    static Stream<Arguments> pairs() {
        return Stream.of(CompressionType.values())
                .flatMap(from -> Stream.of(CompressionType.values()).map(to -> Arguments.of(from, to)));
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("pairs")
    void shouldKeepEverythingThatKafkaReads(CompressionType from, CompressionType to) {
        KafkaRecords kafka = KafkaRecords.newer();
        for (int round = 0; round < 12; round++) {
            // Given
            KafkaRecords.Header header = new KafkaRecords.Header(
                    from, round, round % 2 == 0 ? 5 : -1, round % 4 == 0, round % 3 == 0 ? NOW_MS : -1);
            ByteBuffer before = kafka.build(header, Ingredients.random(SEED + round, 1 + round * 3, 300));

            // When
            ByteBuffer after = recompressed(before, Compression.of(to));

            // Then
            String what = "seed " + SEED + " round " + round;
            assertThat(kafka.read(after)).as(what).isEqualTo(kafka.read(before));
            for (String getter : HEADER) {
                assertThat(kafka.header(after, getter)).as(getter + " " + what).isEqualTo(kafka.header(before, getter));
            }
            assertThat(kafka.header(after, "compressionType")).asString().isEqualToIgnoringCase(to.kafkaName());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            names = {"GZIP", "LZ4", "ZSTD"})
    void shouldUseTheLevelThatIsAskedFor(CompressionType codec) {
        // Given
        ByteBuffer before = text(120);

        // When
        int fast = recompressed(before, new Compression(codec, 1)).limit();
        int tight =
                recompressed(before, new Compression(codec, codec.maxLevel())).limit();

        // Then
        assertThat(tight).isLessThan(fast);
        assertThat(fast).isLessThan(before.limit());
    }

    @Test
    void shouldLeaveABatchAloneThatHasTheCodec() {
        // Given
        ValidBatches same = new ValidBatches(List.of(RecordBatch.at(text(3), 0)));

        // When, Then
        assertThat(recompressor.recompress(same, Compression.NONE, 1)).isSameAs(same);
    }

    @Test
    void shouldLeaveControlBatchesAlone() {
        // Given
        ByteBuffer marker = KafkaRecords.newer().endOfTransaction(0, ControlRecordType.COMMIT, 3);
        ValidBatches control = new ValidBatches(List.of(RecordBatch.at(marker, 0)));

        // When, Then
        assertThat(recompressor.recompress(control, Compression.of(CompressionType.ZSTD), MAX_BYTES))
                .isSameAs(control);
    }

    @Test
    void shouldPutSeveralBatchesBehindEachOther() {
        // Given
        ByteBuffer one = text(30);
        ByteBuffer two = recompressed(text(10), Compression.of(CompressionType.LZ4));
        ByteBuffer both = ByteBuffer.allocate(one.limit() + two.limit());
        both.put(one.duplicate()).put(two.duplicate()).flip();
        ValidBatches batches = new ValidBatches(List.of(RecordBatch.at(both, 0), RecordBatch.at(both, one.limit())));

        // When
        ValidBatches after =
                (ValidBatches) recompressor.recompress(batches, Compression.of(CompressionType.LZ4), MAX_BYTES);

        // Then
        assertThat(after.batches()).extracting(RecordBatch::count).containsExactly(30, 10);
        assertThat(after.batches()).allMatch(RecordBatch::isCrcValid);
        assertThat(after.batches().get(1).buffer()).isEqualTo(two);
        assertThat(after.bytes().remaining())
                .isEqualTo(after.batches().stream()
                        .mapToInt(RecordBatch::sizeInBytes)
                        .sum());
        assertThat(KafkaRecords.newer().read(after.bytes()))
                .isEqualTo(KafkaRecords.newer().read(both));
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldRefuseWhatBecomesTooLarge(CompressionType codec) {
        // Given
        byte[] noise = new byte[2000];
        new Random(SEED).nextBytes(noise);
        CompressionType from = codec == CompressionType.NONE ? CompressionType.GZIP : CompressionType.NONE;
        ByteBuffer before = RecordBatchBuilder.compressed(new StandardCodecs(), Compression.of(from))
                .append(NOW_MS, null, noise)
                .build();
        ValidBatches batches = new ValidBatches(List.of(RecordBatch.at(before, 0)));
        int size = recompressed(before, Compression.of(codec)).limit();

        // When
        ValidationOutcome refused = recompressor.recompress(batches, Compression.of(codec), size - 1);

        // Then
        assertThat(((InvalidBatches) refused).code()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        assertThat(recompressor.recompress(batches, Compression.of(codec), size))
                .isInstanceOf(ValidBatches.class);
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void shouldRefuseADamagedInside(CompressionType codec) {
        // Given
        ByteBuffer cut = recompressed(text(40), Compression.of(codec));
        cut.limit(cut.limit() / 2);
        ByteBuffer damaged = BatchMutations.sealed(BatchMutations.copy(cut, cut.limit()));
        ValidBatches batches = new ValidBatches(List.of(RecordBatch.at(damaged, 0)));

        // When
        ValidationOutcome refused = recompressor.recompress(batches, Compression.NONE, MAX_BYTES);

        // Then
        assertThat(((InvalidBatches) refused).code()).isEqualTo(ErrorCode.INVALID_RECORD);
    }

    private ByteBuffer recompressed(ByteBuffer batch, Compression compression) {
        ValidBatches batches = new ValidBatches(List.of(RecordBatch.at(batch, 0)));
        ValidationOutcome outcome = recompressor.recompress(batches, compression, MAX_BYTES);
        return ((ValidBatches) outcome).bytes();
    }

    private static ByteBuffer text(int records) {
        List<String> words = new ArrayList<>();
        RecordBatchBuilder batch = RecordBatchBuilder.uncompressed();
        for (int index = 0; index < records; index++) {
            words.add("word" + index * 7919 % 101);
            batch.append(NOW_MS + index, null, String.join(" ", words).getBytes(StandardCharsets.UTF_8));
        }
        return batch.build();
    }
}
