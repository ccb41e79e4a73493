// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static io.kaon.server.handler.SettingsFixture.LATEST;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.record.BatchFormat;
import io.kaon.record.Compression;
import io.kaon.record.CompressionType;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.record.codec.StandardCodecs;
import io.kaon.wire.message.ProduceResponse.PartitionProduceResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches that lie, sent to a broker (C5, C32): each gets its own typed error, and nothing is written. */
class BadBatchTest {
    private static final int RECORDS = 3;
    private static final int VALUE_BYTES = 30;
    /** Of a record as {@link #records} makes them: a byte for each number before the value, and for that of headers. */
    private static final int RECORD_BYTES = 6 + VALUE_BYTES + 1;

    @TempDir
    Path data;

    private SettingsFixture topic;

    @BeforeEach
    void start() {
        topic = new SettingsFixture(data);
        topic.produce(1, 10);
    }

    @AfterEach
    void stop() {
        topic.close();
    }

    static Stream<Arguments> liesOfTheHeader() {
        return Stream.of(CompressionType.values())
                .flatMap(codec -> Stream.of(
                        unsealed(codec, "CRC", ErrorCode.CORRUPT_MESSAGE, it -> flip(it, BatchFormat.CRC_AT)),
                        unsealed(codec, "last byte", ErrorCode.CORRUPT_MESSAGE, it -> flip(it, it.limit() - 1)),
                        unsealed(
                                codec,
                                "magic 3",
                                ErrorCode.CORRUPT_MESSAGE,
                                it -> it.put(BatchFormat.MAGIC_AT, (byte) 3)),
                        unsealed(
                                codec,
                                "magic -1",
                                ErrorCode.CORRUPT_MESSAGE,
                                it -> it.put(BatchFormat.MAGIC_AT, (byte) -1)),
                        unsealed(codec, "length 0", ErrorCode.CORRUPT_MESSAGE, it -> length(it, 0)),
                        unsealed(codec, "length -5", ErrorCode.CORRUPT_MESSAGE, it -> length(it, -5)),
                        unsealed(codec, "length 48", ErrorCode.CORRUPT_MESSAGE, it -> length(it, 48)),
                        unsealed(codec, "length + 1", ErrorCode.INVALID_RECORD, it -> length(it, it.limit() - 11)),
                        unsealed(codec, "length - 1", ErrorCode.INVALID_RECORD, it -> length(it, it.limit() - 13)),
                        sealed(codec, "base offset", ErrorCode.INVALID_RECORD, it -> it.putLong(0, 1)),
                        sealed(codec, "count 0", ErrorCode.INVALID_RECORD, it -> count(it, 0, -1)),
                        sealed(codec, "count -1", ErrorCode.INVALID_RECORD, it -> count(it, -1, -2)),
                        sealed(codec, "count alone", ErrorCode.INVALID_RECORD, it -> count(it, RECORDS + 1, 2)),
                        sealed(codec, "last delta alone", ErrorCode.INVALID_RECORD, it -> count(it, RECORDS, 3)),
                        sealed(codec, "one record too many", ErrorCode.INVALID_RECORD, it -> count(it, 4, 3)),
                        sealed(codec, "one record too few", ErrorCode.INVALID_RECORD, it -> count(it, 2, 1)),
                        sealed(
                                codec,
                                "all ints",
                                ErrorCode.INVALID_RECORD,
                                it -> count(it, Integer.MAX_VALUE, Integer.MAX_VALUE - 1)),
                        sealed(codec, "codec 7", ErrorCode.INVALID_RECORD, it -> attributes(it, 7)),
                        sealed(codec, "control", ErrorCode.INVALID_RECORD, it -> attributes(it, 0x20 | codec.id())),
                        sealed(
                                codec,
                                "log append time",
                                ErrorCode.INVALID_TIMESTAMP,
                                it -> attributes(it, 0x08 | codec.id())),
                        sealed(
                                codec,
                                "producer without sequence",
                                ErrorCode.INVALID_RECORD,
                                it -> it.putLong(BatchFormat.PRODUCER_ID_AT, 5)),
                        sealed(codec, "timestamps too late", ErrorCode.INVALID_TIMESTAMP, it -> times(it, 7_200_000))));
    }

    private static Arguments sealed(CompressionType codec, String lie, ErrorCode error, Consumer<ByteBuffer> change) {
        return Arguments.of(codec, lie, error, change.andThen(BadBatchTest::seal));
    }

    private static Arguments unsealed(CompressionType codec, String lie, ErrorCode error, Consumer<ByteBuffer> change) {
        return Arguments.of(codec, lie, error, change);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("liesOfTheHeader")
    void shouldRefuseALieInTheHeader(CompressionType codec, String lie, ErrorCode error, Consumer<ByteBuffer> change) {
        // Given
        ByteBuffer batch = batch(codec, records());
        change.accept(batch);

        // When
        PartitionProduceResponse response = topic.produce(batch);

        // Then
        expect(response, error);
    }

    static Stream<Arguments> liesInside() {
        return Stream.of(CompressionType.values())
                .flatMap(codec -> Stream.of(
                        inside(codec, "length of a record", it -> it.put(RECORD_BYTES, (byte) 20)),
                        inside(codec, "length past the end", it -> it.put(2 * RECORD_BYTES, (byte) 126)),
                        inside(codec, "negative length", it -> it.put(0, (byte) 1)),
                        inside(codec, "endless number", it -> endless(it, RECORD_BYTES)),
                        inside(codec, "offset delta twice", it -> it.put(RECORD_BYTES + 3, (byte) 0)),
                        inside(codec, "offset delta skipped", it -> it.put(2 * RECORD_BYTES + 3, (byte) 8)),
                        inside(codec, "length of a key", it -> it.put(4, (byte) 120)),
                        inside(codec, "key of -2 bytes", it -> it.put(4, (byte) 3)),
                        inside(codec, "length of a value", it -> it.put(5, (byte) 58)),
                        inside(codec, "a header that is not there", it -> it.put(RECORD_BYTES - 1, (byte) 2)),
                        inside(codec, "-1 headers", it -> it.put(RECORD_BYTES - 1, (byte) 1)),
                        Arguments.of(codec, "a byte too many", longer(1)),
                        Arguments.of(codec, "a byte too few", longer(-1)),
                        Arguments.of(codec, "nothing", (UnaryOperator<ByteBuffer>) it -> ByteBuffer.allocate(0))));
    }

    private static Arguments inside(CompressionType codec, String lie, Consumer<ByteBuffer> change) {
        UnaryOperator<ByteBuffer> changed = records -> {
            change.accept(records);
            return records;
        };
        return Arguments.of(codec, lie, changed);
    }

    private static UnaryOperator<ByteBuffer> longer(int bytes) {
        return records -> {
            ByteBuffer other = ByteBuffer.allocate(records.limit() + bytes);
            return other.put(records.slice(0, Math.min(records.limit(), other.limit())))
                    .clear();
        };
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("liesInside")
    void shouldRefuseALieInside(CompressionType codec, String lie, UnaryOperator<ByteBuffer> change) {
        // When
        PartitionProduceResponse response = topic.produce(batch(codec, change.apply(records())));

        // Then
        expect(response, ErrorCode.INVALID_RECORD);
        assertThat(response.errorMessage()).isNotBlank();
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void shouldRefuseACompressedStreamThatIsCut(CompressionType codec) {
        // Given
        ByteBuffer whole = batch(codec, records());
        for (int size = BatchFormat.RECORDS_AT; size < whole.limit() - 8; size++) {
            ByteBuffer cut = ByteBuffer.allocate(size).put(whole.slice(0, size)).flip();
            length(cut, size - BatchFormat.LOG_OVERHEAD);
            seal(cut);

            // When, Then
            expect(topic.produce(cut), ErrorCode.INVALID_RECORD);
        }
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void shouldTakeWhatLooksSoundWhenOnlyTheHeaderIsInspected(CompressionType codec) {
        // Given
        topic.alter("kaon.compressed.inspection", "header");
        ByteBuffer batch = batch(codec, ByteBuffer.allocate(50));

        // When, Then
        assertThat(topic.produced(batch)).isEqualTo(ErrorCode.NONE);
        topic.alter("kaon.compressed.inspection", "records");
        assertThat(topic.produced(batch(codec, ByteBuffer.allocate(50)))).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(topic.offset(LATEST)).isEqualTo(1 + RECORDS);
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldTakeASmallBatchWithALargeInside(CompressionType codec) {
        // Given
        ByteBuffer large = SettingsFixture.batchAt(
                TestBroker.START_MS, Compression.of(codec), new byte[900 << 10], new byte[100 << 10]);

        // When, Then
        expect(topic.produce(large), ErrorCode.NONE);
        expect(topic.produce(batch(codec, records())), ErrorCode.NONE);
        assertThat(topic.offset(LATEST)).isEqualTo(1 + 2 + RECORDS);
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldWriteDownTheTrueLargestTimestamp(CompressionType codec) {
        // Given
        ByteBuffer batch = batch(codec, records());
        batch.putLong(BatchFormat.MAX_TIMESTAMP_AT, TestBroker.START_MS - 1000);
        seal(batch);

        // When
        expect(topic.produce(batch), ErrorCode.NONE);

        // Then
        assertThat(topic.batches(1).get(0).maxTimestamp()).isEqualTo(TestBroker.START_MS);
        assertThat(topic.batches(1).get(0).isCrcValid()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldNameEachRecordWithoutAKeyOnACompactedTopic(CompressionType codec) {
        // Given
        topic.alter("cleanup.policy", "compact");
        RecordBatchBuilder batch = RecordBatchBuilder.compressed(new StandardCodecs(), Compression.of(codec));
        for (int index = 0; index < 6; index++) {
            batch.append(TestBroker.START_MS, index % 3 == 1 ? null : new byte[0], new byte[1]);
        }

        // When
        PartitionProduceResponse response = topic.produce(batch.build());

        // Then
        expect(response, ErrorCode.INVALID_RECORD);
        assertThat(response.recordErrors()).extracting(it -> it.batchIndex()).containsExactly(1, 4);
        assertThat(response.recordErrors())
                .allMatch(it -> it.batchIndexErrorMessage().contains("key"));
        assertThat(response.errorMessage()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 7, 8, 13})
    void shouldSayWhatIsWrongInEveryVersion(int version) {
        // Given
        topic.alter("cleanup.policy", "compact");
        ByteBuffer batch = RecordBatchBuilder.uncompressed()
                .append(TestBroker.START_MS, null, new byte[1])
                .build();

        // When, Then: record errors came with version 8, and a version that cannot tell them must still be written
        expect(topic.produce(version, batch), ErrorCode.INVALID_RECORD);
    }

    @Test
    void shouldAcceptKeylessRecordsOfBeforeAndRefuseNewOnes() {
        // Given
        ByteBuffer keyless = Batches.batch("a");
        assertThat(topic.produced(keyless)).isEqualTo(ErrorCode.NONE);

        // When
        ErrorCode altered = topic.alter("cleanup.policy", "compact");

        // Then: as Kafka, which does not look at what is there
        assertThat(altered).isEqualTo(ErrorCode.NONE);
        assertThat(topic.produced(Batches.batch("b"))).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(topic.offset(LATEST)).isEqualTo(2);
        assertThat(topic.batches(1)).hasSize(1);
    }

    @Test
    void shouldRefuseWrongSequencesAndEpochs() {
        // Given
        expect(topic.produce(sequenced(4, 0)), ErrorCode.NONE);

        // When, Then
        long end = topic.offset(LATEST);
        assertThat(topic.produced(sequenced(4, 7))).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(topic.produced(sequenced(3, RECORDS))).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(topic.produced(sequenced(5, 1))).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(topic.offset(LATEST)).isEqualTo(end);
    }

    private void expect(PartitionProduceResponse response, ErrorCode error) {
        assertThat(ErrorCode.of(response.errorCode())).isEqualTo(error);
        if (error != ErrorCode.NONE) {
            assertThat(response.baseOffset()).isEqualTo(-1);
            assertThat(topic.offset(LATEST)).isEqualTo(1);
            assertThat(topic.sizeOf("00000000000000000000.log"))
                    .isEqualTo(topic.batches(0).get(0).sizeInBytes());
        }
    }

    private static ByteBuffer sequenced(int epoch, int sequence) {
        ByteBuffer batch = batch(CompressionType.NONE, records());
        producer(batch, epoch, sequence);
        seal(batch);
        return batch;
    }

    /** Three sound records without key, byte by byte: numbers below 64 take one byte, twice their value. */
    private static ByteBuffer records() {
        ByteBuffer records = ByteBuffer.allocate(RECORDS * RECORD_BYTES);
        for (int index = 0; index < RECORDS; index++) {
            records.put((byte) (2 * (RECORD_BYTES - 1)))
                    .put((byte) 0)
                    .put((byte) 0)
                    .put((byte) (2 * index));
            records.put((byte) 0).put((byte) (2 * VALUE_BYTES)).put(new byte[VALUE_BYTES]);
            records.put((byte) 0);
        }
        return records.flip();
    }

    private static ByteBuffer batch(CompressionType codec, ByteBuffer records) {
        byte[] inside = compressed(codec, records);
        ByteBuffer batch = ByteBuffer.allocate(BatchFormat.RECORDS_AT + inside.length);
        batch.put(BatchFormat.RECORDS_AT, inside);
        length(batch, batch.limit() - BatchFormat.LOG_OVERHEAD);
        batch.put(BatchFormat.MAGIC_AT, BatchFormat.MAGIC);
        attributes(batch, codec.id());
        times(batch, 0);
        batch.putLong(BatchFormat.PRODUCER_ID_AT, -1);
        batch.putShort(BatchFormat.PRODUCER_EPOCH_AT, (short) -1);
        batch.putInt(BatchFormat.BASE_SEQUENCE_AT, -1);
        count(batch, RECORDS, RECORDS - 1);
        seal(batch);
        return batch;
    }

    private static byte[] compressed(CompressionType codec, ByteBuffer records) {
        byte[] plain = new byte[records.remaining()];
        records.get(plain);
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        try (OutputStream sink = new StandardCodecs().compress(Compression.of(codec), target)) {
            sink.write(plain);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return target.toByteArray();
    }

    private static void seal(ByteBuffer batch) {
        CRC32C crc = new CRC32C();
        crc.update(batch.slice(BatchFormat.ATTRIBUTES_AT, batch.limit() - BatchFormat.ATTRIBUTES_AT));
        batch.putInt(BatchFormat.CRC_AT, (int) crc.getValue());
    }

    private static void flip(ByteBuffer batch, int at) {
        batch.put(at, (byte) ~batch.get(at));
    }

    private static void length(ByteBuffer batch, int length) {
        batch.putInt(BatchFormat.LENGTH_AT, length);
    }

    private static void count(ByteBuffer batch, int count, int lastDelta) {
        batch.putInt(BatchFormat.COUNT_AT, count).putInt(BatchFormat.LAST_OFFSET_DELTA_AT, lastDelta);
    }

    private static void attributes(ByteBuffer batch, int attributes) {
        batch.putShort(BatchFormat.ATTRIBUTES_AT, (short) attributes);
    }

    private static void producer(ByteBuffer batch, int epoch, int sequence) {
        batch.putLong(BatchFormat.PRODUCER_ID_AT, 77)
                .putShort(BatchFormat.PRODUCER_EPOCH_AT, (short) epoch)
                .putInt(BatchFormat.BASE_SEQUENCE_AT, sequence);
    }

    private static void times(ByteBuffer batch, long laterMs) {
        batch.putLong(BatchFormat.BASE_TIMESTAMP_AT, TestBroker.START_MS + laterMs)
                .putLong(BatchFormat.MAX_TIMESTAMP_AT, TestBroker.START_MS + laterMs);
    }

    private static void endless(ByteBuffer records, int at) {
        for (int index = 0; index < 11; index++) {
            records.put(at + index, (byte) 0xff);
        }
    }
}
