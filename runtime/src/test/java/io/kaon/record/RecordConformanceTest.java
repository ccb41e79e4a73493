// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.record.codec.StandardCodecs;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Kafka reads what we build, and we read what Kafka builds. */
class RecordConformanceTest {
    private static final RecordLimits LIMITS = RecordLimits.of(new StandardCodecs());
    private static final long SEED = 20240607;

    static Stream<Arguments> versionsAndCodecs() {
        return KafkaRecords.versions()
                .flatMap(kafka -> Stream.of(CompressionType.values()).map(codec -> Arguments.of(kafka, codec)));
    }

    static Stream<KafkaRecords> versions() {
        return KafkaRecords.versions();
    }

    @ParameterizedTest
    @MethodSource("versionsAndCodecs")
    void shouldReadWhatKafkaBuilds(KafkaRecords kafka, CompressionType codec) {
        for (List<Ingredients> records : recordSets()) {
            // Given
            KafkaRecords.Header header = new KafkaRecords.Header(codec, 1000, 42, true, -1);
            ByteBuffer built = kafka.build(header, records);

            // When
            RecordBatch batch = RecordBatch.at(built, 0);

            // Then
            assertThat(batch.isCrcValid()).isTrue();
            assertThat(batch.compression()).isEqualTo(codec);
            assertThat(batch.baseOffset()).isEqualTo(1000);
            assertThat(batch.lastOffset()).isEqualTo(1000 + records.size() - 1);
            assertThat(batch.producerId()).isEqualTo(42);
            assertThat(batch.producerEpoch()).isEqualTo((short) 3);
            assertThat(batch.baseSequence()).isEqualTo(17);
            assertThat(batch.partitionLeaderEpoch()).isEqualTo(5);
            assertThat(batch.isTransactional()).isTrue();
            assertThat(batch.count()).isEqualTo(records.size());
            assertThat(batch.maxTimestamp())
                    .isEqualTo(records.stream()
                            .mapToLong(Ingredients::timestamp)
                            .max()
                            .orElseThrow());
            assertThat(read(batch)).isEqualTo(expected(records, 1000));
        }
    }

    @ParameterizedTest
    @MethodSource("versionsAndCodecs")
    void shouldBuildWhatKafkaReads(KafkaRecords kafka, CompressionType codec) {
        for (List<Ingredients> records : recordSets()) {
            // Given
            RecordBatchBuilder builder = RecordBatchBuilder.compressed(new StandardCodecs(), Compression.of(codec))
                    .baseOffset(5_000_000_000L)
                    .partitionLeaderEpoch(8)
                    .producer(99, (short) 4, Integer.MAX_VALUE)
                    .transactional();
            records.forEach(record ->
                    builder.append(record.timestamp(), wrap(record.key()), wrap(record.value()), record.headers()));

            // When
            ByteBuffer built = builder.build();

            // Then
            assertThat(kafka.read(built)).isEqualTo(expected(records, 5_000_000_000L));
            RecordBatch ours = RecordBatch.at(built, 0);
            assertThat(kafka.header(built, "checksum")).isEqualTo(ours.crc());
            assertThat(kafka.header(built, "lastOffset")).isEqualTo(ours.lastOffset());
            assertThat(kafka.header(built, "lastSequence")).isEqualTo(ours.lastSequence());
            assertThat(kafka.header(built, "maxTimestamp")).isEqualTo(ours.maxTimestamp());
            assertThat(kafka.header(built, "partitionLeaderEpoch")).isEqualTo(8);
            assertThat(kafka.header(built, "producerEpoch")).isEqualTo((short) 4);
            assertThat(kafka.header(built, "isTransactional")).isEqualTo(true);
            assertThat(kafka.header(built, "isControlBatch")).isEqualTo(false);
            assertThat(kafka.header(built, "compressionType")).asString().isEqualToIgnoringCase(codec.kafkaName());
        }
    }

    @ParameterizedTest
    @MethodSource("versionsAndCodecs")
    void shouldBeReadByKafkaAfterStampingInPlace(KafkaRecords kafka, CompressionType codec) {
        // Given
        List<Ingredients> records = Ingredients.random(SEED, 20, 200);
        ByteBuffer built = kafka.build(KafkaRecords.Header.of(codec), records);
        RecordBatch batch = RecordBatch.at(built, 0);

        // When
        batch.assign(777, 12);
        batch.stampLogAppendTime(1_800_000_000_000L);

        // Then
        List<PlainRecord> read = kafka.read(built);
        assertThat(read).isEqualTo(read(batch)).hasSize(20);
        assertThat(read).allMatch(record -> record.timestamp() == 1_800_000_000_000L);
        assertThat(read.get(19).offset()).isEqualTo(796);
        assertThat(kafka.header(built, "partitionLeaderEpoch")).isEqualTo(12);
        assertThat(kafka.header(built, "timestampType")).asString().isEqualTo("LogAppendTime");
    }

    @ParameterizedTest
    @MethodSource("versionsAndCodecs")
    void shouldReadLogAppendTimeFromBothSides(KafkaRecords kafka, CompressionType codec) {
        // Given
        List<Ingredients> records = Ingredients.random(SEED, 3, 50);
        KafkaRecords.Header header = new KafkaRecords.Header(codec, 0, -1, false, 1_900_000_000_000L);

        // When
        List<PlainRecord> theirs = read(RecordBatch.at(kafka.build(header, records), 0));
        RecordBatchBuilder builder = RecordBatchBuilder.compressed(new StandardCodecs(), Compression.of(codec))
                .logAppendTime(1_900_000_000_000L);
        records.forEach(record ->
                builder.append(record.timestamp(), wrap(record.key()), wrap(record.value()), record.headers()));
        List<PlainRecord> ours = kafka.read(builder.build());

        // Then
        assertThat(theirs).isEqualTo(ours).allMatch(record -> record.timestamp() == 1_900_000_000_000L);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void shouldReadControlRecordsOfKafka(KafkaRecords kafka) {
        // Given
        ByteBuffer built = kafka.endOfTransaction(31, ControlRecordType.COMMIT, 6);

        // When
        RecordBatch batch = RecordBatch.at(built, 0);
        ControlRecord control = ControlRecord.of(batch.records(LIMITS).next());

        // Then
        assertThat(batch.isControl()).isTrue();
        assertThat(batch.isTransactional()).isTrue();
        assertThat(batch.producerId()).isEqualTo(77);
        assertThat(control.type()).isEqualTo(ControlRecordType.COMMIT);
        assertThat(control.coordinatorEpoch()).isEqualTo(6);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void shouldBuildTheSameControlBatchAsKafka(KafkaRecords kafka) {
        // When
        ByteBuffer ours = RecordBatchBuilder.uncompressed()
                .baseOffset(31)
                .partitionLeaderEpoch(9)
                .producer(77, (short) 2, -1)
                .transactional()
                .append(1234, ControlRecord.endOfTransaction(ControlRecordType.ABORT, 6))
                .build();

        // Then
        assertThat(ours).isEqualTo(kafka.endOfTransaction(31, ControlRecordType.ABORT, 6));
        assertThat(kafka.coordinatorEpoch(ours)).isEqualTo(6);
    }

    /** Tiny, mixed, many, and larger than every codec's block. */
    private static List<List<Ingredients>> recordSets() {
        return List.of(
                List.of(new Ingredients(0, null, null, List.of(), List.of())),
                Ingredients.random(SEED, 1, 10),
                Ingredients.random(SEED + 1, 100, 300),
                Ingredients.random(SEED + 2, 5000, 40),
                Ingredients.random(SEED + 3, 20, 400_000));
    }

    private static List<PlainRecord> expected(List<Ingredients> records, long baseOffset) {
        List<PlainRecord> expected = new ArrayList<>();
        for (Ingredients record : records) {
            expected.add(record.asRecord(baseOffset + expected.size()));
        }
        return expected;
    }

    private static List<PlainRecord> read(RecordBatch batch) {
        List<PlainRecord> records = new ArrayList<>();
        for (Record record : batch.records(LIMITS)) {
            records.add(PlainRecord.of(record));
        }
        return records;
    }

    private static ByteBuffer wrap(byte[] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }
}
