// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.record.codec.StandardCodecs;
import io.kaon.record.legacy.Converted;
import io.kaon.record.legacy.DownConverter;
import io.kaon.record.legacy.UpConverter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The old message formats against Kafka 3.9.1, the last release that has them: both ways, every magic and codec. */
class LegacyConformanceTest {
    private static final RecordLimits LIMITS = RecordLimits.of(new StandardCodecs());
    private static final ValidationRules RULES = new ValidationRules(
            Integer.MAX_VALUE,
            TimestampType.CREATE_TIME,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            false,
            AppendOrigin.CLIENT,
            InspectionDepth.RECORDS);
    private static final int LARGE = 200_000;

    private static KafkaRecords kafka;

    @TempDir
    Path folder;

    static KafkaRecords kafka() {
        kafka = kafka == null ? KafkaRecords.older() : kafka;
        return kafka;
    }

    static Stream<Arguments> formats() {
        return Stream.of(0, 1).flatMap(magic -> Stream.of(
                        CompressionType.NONE, CompressionType.GZIP, CompressionType.SNAPPY, CompressionType.LZ4)
                .map(codec -> Arguments.of(magic, codec)));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void shouldMakeABatchOfWhatKafkasOldProducersSend(int magic, CompressionType codec) {
        for (int seed = 0; seed < 20; seed++) {
            // Given
            List<Ingredients> records = withoutHeaders(seed, 1 + seed * 3, seed == 7 ? LARGE : 300);
            ByteBuffer set = kafka().legacySet(magic, codec, 0, records);

            // When
            ValidationOutcome outcome = new UpConverter(LIMITS).convert(set, RULES, Optional.empty());

            // Then
            RecordBatch batch = ((ValidBatches) outcome).first();
            assertThat(batch.isCrcValid()).isTrue();
            assertThat(batch.compression()).isEqualTo(codec);
            assertThat(kafka().read(batch.buffer())).as("seed %s", seed).isEqualTo(expected(records, 0, magic));
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void shouldWriteWhatKafkasOldConsumersRead(int magic, CompressionType codec) throws IOException {
        for (int seed = 0; seed < 20; seed++) {
            // Given
            List<Ingredients> records = Ingredients.random(seed, 1 + seed * 3, seed == 7 ? LARGE : 300);
            ByteBuffer batch = kafka().build(new KafkaRecords.Header(codec, 1000, -1, false, -1), records);

            // When
            Converted converted = convert(batch, magic, 1000);

            // Then
            assertThat(kafka().read(converted.set())).as("seed %s", seed).isEqualTo(expected(records, 1000, magic));
            assertThat(converted.nextOffset()).isEqualTo(1000 + records.size());
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void shouldConvertAsKafkaDoes(int magic, CompressionType codec) throws IOException {
        // Given
        ByteBuffer stored = ByteBuffer.allocate(1 << 20)
                .put(kafka().build(new KafkaRecords.Header(codec, 10, 7, true, -1), Ingredients.random(1, 9, 200)))
                .put(kafka().endOfTransaction(19, ControlRecordType.COMMIT, 3))
                .put(kafka().build(
                                new KafkaRecords.Header(codec, 20, -1, false, 1_700_000_000_123L),
                                Ingredients.random(2, 5, 200)))
                .put(kafka().build(
                                new KafkaRecords.Header(CompressionType.NONE, 30, -1, false, -1),
                                Ingredients.random(3, 7, 200)))
                .flip();

        // When
        Converted converted = convert(stored, magic, 10);

        // Then
        ByteBuffer theirs = kafka().downConverted(stored, magic, 10);
        assertThat(kafka().read(converted.set())).isEqualTo(kafka().read(theirs));
        if (codec == CompressionType.NONE) {
            assertThat(converted.set()).isEqualTo(theirs);
        }
    }

    @Test
    void shouldWriteKafkasWrongChecksumOnlyIntoLz4OfMagicZero() throws IOException {
        // Given
        ByteBuffer batch = kafka().build(KafkaRecords.Header.of(CompressionType.LZ4), Ingredients.random(5, 3, 50));

        for (int magic = 0; magic <= 1; magic++) {
            // When
            ByteBuffer ours = convert(batch, magic, 0).set();

            // Then: bytes 4 to 6 of the frame are its descriptor and the checksum
            int frameAt = magic == 0 ? 26 : 34;
            ByteBuffer theirs = kafka().downConverted(batch, magic, 0);
            assertThat(ours.slice(frameAt, 7)).isEqualTo(theirs.slice(frameAt, 7));
        }
    }

    private Converted convert(ByteBuffer batches, int magic, long fromOffset) throws IOException {
        Path path = folder.resolve("batches");
        Files.deleteIfExists(path);
        Files.write(path, PlainRecord.bytes(batches));
        SharedFile file = SharedFile.open(path, StandardOpenOption.READ);
        FileSlice region = FileSlice.cold(file, 0, batches.remaining()).orElseThrow();
        file.release();
        try {
            return new DownConverter(LIMITS, magic)
                    .convert(region, new DownConverter.Bounds(fromOffset, 1 << 30, true, Integer.MAX_VALUE));
        } finally {
            region.release();
        }
    }

    private static List<Ingredients> withoutHeaders(long seed, int count, int maxBytes) {
        return Ingredients.random(seed, count, maxBytes).stream()
                .map(record -> new Ingredients(record.timestamp(), record.key(), record.value(), List.of(), List.of()))
                .toList();
    }

    private static List<PlainRecord> expected(List<Ingredients> records, long firstOffset, int magic) {
        List<PlainRecord> expected = new ArrayList<>();
        for (Ingredients record : records) {
            PlainRecord whole = record.asRecord(firstOffset + expected.size());
            expected.add(new PlainRecord(
                    whole.offset(), magic == 0 ? -1 : whole.timestamp(), whole.key(), whole.value(), List.of()));
        }
        return expected;
    }
}
