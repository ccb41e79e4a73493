// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static io.kaon.server.handler.SettingsFixture.EARLIEST;
import static io.kaon.server.handler.SettingsFixture.LATEST;
import static io.kaon.server.handler.SettingsFixture.batchAt;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.record.Compression;
import io.kaon.record.CompressionType;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.record.RecordLimits;
import io.kaon.record.TimestampType;
import io.kaon.record.codec.StandardCodecs;
import io.kaon.wire.message.ProduceResponse.PartitionProduceResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each setting is changed while its topic is in use, and a client or a look at the files sees what that does. */
class TopicSettingsEffectTest {
    private static final int HALF_MIB = 512 << 10;
    private static final long MINUTE_MS = 60_000;
    private static final long RETENTION_CHECK_MS = 300_000;

    @TempDir
    Path data;

    private SettingsFixture topic;

    @BeforeEach
    void start() {
        topic = new SettingsFixture(data);
    }

    @AfterEach
    void stop() {
        topic.close();
    }

    @Test
    void shouldDeleteWhatIsOlderThanRetentionMs() {
        // Given
        topic.alter("segment.bytes", "1048576");
        topic.produce(3, HALF_MIB);
        topic.broker.time.advance(2 * RETENTION_CHECK_MS);
        assertThat(topic.offset(EARLIEST)).isZero();
        topic.produce(2, HALF_MIB);

        // When
        topic.alter("retention.ms", Long.toString(RETENTION_CHECK_MS));
        topic.broker.time.advance(RETENTION_CHECK_MS);

        // Then
        assertThat(topic.offset(EARLIEST)).isEqualTo(3);
        assertThat(ErrorCode.of(topic.fetch(0).errorCode())).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
    }

    @Test
    void shouldDeleteTheOldestPastRetentionBytes() {
        // Given
        topic.alter("segment.bytes", "1048576");
        topic.produce(5, HALF_MIB);
        topic.broker.time.advance(RETENTION_CHECK_MS);
        assertThat(topic.offset(EARLIEST)).isZero();

        // When
        topic.alter("retention.bytes", Integer.toString(3 * HALF_MIB));
        topic.broker.time.advance(RETENTION_CHECK_MS);

        // Then
        assertThat(topic.offset(EARLIEST)).isPositive();
        assertThat(topic.offset(LATEST)).isEqualTo(5);
    }

    @Test
    void shouldKeepEverythingWithoutTheCleanupPolicyDelete() {
        // Given
        topic.alter("segment.bytes", "1048576");
        topic.alter("retention.bytes", "1");
        topic.alter("min.cleanable.dirty.ratio", "1");
        assertThat(topic.alter("cleanup.policy", "compact")).isEqualTo(ErrorCode.NONE);
        topic.produce(4, HALF_MIB);

        // When
        topic.broker.time.advance(RETENTION_CHECK_MS);

        // Then
        assertThat(topic.offset(EARLIEST)).isZero();
        topic.alter("cleanup.policy", "compact,delete");
        topic.broker.time.advance(RETENTION_CHECK_MS);
        assertThat(topic.offset(EARLIEST)).isPositive();
    }

    @Test
    void shouldBeginASegmentAtSegmentBytes() {
        // Given
        topic.produce(3, HALF_MIB);
        assertThat(topic.files(".log")).hasSize(1);

        // When
        topic.alter("segment.bytes", "1048576");
        topic.produce(2, HALF_MIB);

        // Then
        assertThat(topic.files(".log")).hasSize(3);
    }

    @Test
    void shouldFollowTheBrokersDefaultUnlessTheTopicSaysOtherwise() {
        // Given
        topic.produce(3, HALF_MIB);

        // When
        assertThat(topic.alterBroker("log.segment.bytes", "1048576")).isEqualTo(ErrorCode.NONE);
        topic.produce(1, HALF_MIB);

        // Then
        assertThat(topic.files(".log")).hasSize(2);
        topic.alter("segment.bytes", Integer.toString(8 * HALF_MIB));
        topic.produce(4, HALF_MIB);
        assertThat(topic.files(".log")).hasSize(2);
    }

    @Test
    void shouldBeginASegmentAfterSegmentMs() {
        // Given
        topic.produce(1, 10);
        topic.broker.time.advance(10 * MINUTE_MS);
        topic.produce(1, 10);
        assertThat(topic.files(".log")).hasSize(1);

        // When
        topic.alter("segment.ms", Long.toString(MINUTE_MS));
        topic.produce(1, 10);

        // Then
        assertThat(topic.files(".log")).containsExactly("00000000000000000000.log", "00000000000000000002.log");
    }

    @Test
    void shouldEndSegmentsEarlierByARandomShareOfTheJitter() {
        // Given
        topic.alter("segment.ms", Long.toString(100 * MINUTE_MS));

        // When
        topic.alter("segment.jitter.ms", Long.toString(90 * MINUTE_MS));
        IntStream.range(0, 600).forEach(ignored -> {
            topic.produce(1, 10);
            topic.broker.time.advance(MINUTE_MS);
        });

        // Then: one a minute, so the offsets tell how long each segment was written to
        List<Long> begins = topic.files(".log").stream()
                .map(it -> Long.parseLong(it.substring(0, 20)))
                .toList();
        List<Long> minutes = IntStream.range(1, begins.size())
                .mapToObj(index -> begins.get(index) - begins.get(index - 1))
                .toList();
        assertThat(minutes).hasSizeGreaterThan(6).allMatch(it -> it >= 11 && it <= 102);
        assertThat(minutes.stream().distinct().count()).isGreaterThan(3);
    }

    @Test
    void shouldBeginASegmentWhenTheIndexIsFull() {
        // Given
        topic.alter("index.interval.bytes", "0");
        topic.produce(20, 10);
        assertThat(topic.files(".log")).hasSize(1);

        // When
        topic.alter("segment.index.bytes", "80");
        topic.produce(30, 10);

        // Then
        assertThat(topic.files(".log")).hasSizeGreaterThan(3);
    }

    @ParameterizedTest
    @CsvSource({"0, 19", "4096, 0", "1000, 3"})
    void shouldWriteAnIndexEntryPerIndexInterval(String intervalBytes, int entries) {
        // When
        topic.alter("index.interval.bytes", intervalBytes);
        topic.produce(20, 130);
        topic.alter("segment.ms", "1");
        topic.broker.time.advance(MINUTE_MS);
        topic.produce(1, 10);

        // Then: an entry has 8 bytes
        assertThat(topic.sizeOf("00000000000000000000.index")).isEqualTo(entries * 8L);
    }

    @Test
    void shouldGiveANewSegmentItsFullSizeWithPreallocate() {
        // Given
        topic.alter("segment.bytes", "1048576");
        topic.produce(1, 10);
        long grown = topic.sizeOf("00000000000000000000.log");

        // When
        topic.alter("preallocate", "true");
        topic.alter("segment.ms", "1");
        topic.broker.time.advance(MINUTE_MS);
        topic.produce(1, 10);
        topic.alter("segment.ms", "600000");
        topic.produce(1, 20);

        // Then
        assertThat(grown).isLessThan(200);
        assertThat(topic.sizeOf("00000000000000000001.log")).isEqualTo(1 << 20);
        assertThat(topic.batches(1)).extracting(RecordBatch::baseOffset).containsExactly(1L, 2L);

        // And when
        topic.broker.time.advance(20 * MINUTE_MS);
        topic.produce(1, 10);

        // Then
        assertThat(topic.sizeOf("00000000000000000001.log")).isLessThan(400);
        assertThat(topic.sizeOf("00000000000000000003.log")).isEqualTo(1 << 20);
    }

    @Test
    void shouldKeepRemovedFilesForFileDeleteDelayMs() {
        // Given
        topic.alter("segment.bytes", "1048576");
        topic.produce(5, HALF_MIB);
        topic.alter("file.delete.delay.ms", Long.toString(5 * MINUTE_MS));
        topic.alter("retention.bytes", "1");

        // When
        topic.broker.time.advance(RETENTION_CHECK_MS);
        List<String> marked = topic.files(".log.deleted");
        topic.broker.time.advance(5 * MINUTE_MS - 1);
        List<String> before = topic.files(".log.deleted");
        topic.broker.time.advance(1);

        // Then
        assertThat(marked).isNotEmpty();
        assertThat(before).isEqualTo(marked);
        assertThat(topic.files(".log.deleted")).isEmpty();
    }

    @Test
    void shouldRefuseBatchesPastMaxMessageBytes() {
        // Given
        ByteBuffer batch = batchAt(TestBroker.START_MS, Compression.NONE, new byte[2000]);
        assertThat(topic.produced(copy(batch))).isEqualTo(ErrorCode.NONE);

        // When
        topic.alter("max.message.bytes", Integer.toString(batch.limit() - 1));

        // Then
        assertThat(topic.produced(copy(batch))).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        topic.alter("max.message.bytes", Integer.toString(batch.limit()));
        assertThat(topic.produced(copy(batch))).isEqualTo(ErrorCode.NONE);
        assertThat(topic.offset(LATEST)).isEqualTo(2);
    }

    @Test
    void shouldStampTheBrokersTimeWithLogAppendTime() {
        // Given
        topic.produce(1, 10);

        // When
        topic.alter("message.timestamp.type", "LogAppendTime");
        topic.broker.time.advance(MINUTE_MS);
        PartitionProduceResponse stamped = topic.produce(batchAt(77, Compression.NONE, new byte[1]));

        // Then
        assertThat(stamped.logAppendTimeMs()).isEqualTo(TestBroker.START_MS + MINUTE_MS);
        assertThat(topic.batches(0))
                .extracting(RecordBatch::timestampType)
                .containsExactly(TimestampType.CREATE_TIME, TimestampType.LOG_APPEND_TIME);
        assertThat(topic.batches(1).get(0).maxTimestamp()).isEqualTo(TestBroker.START_MS + MINUTE_MS);
    }

    @ParameterizedTest
    @CsvSource({
        "message.timestamp.before.max.ms, -60001, -60000",
        "message.timestamp.after.max.ms, 60001, 60000",
    })
    void shouldRefuseTimestampsPastTheLimits(String key, long wrongMs, long rightMs) {
        // Given
        assertThat(topic.produced(batchAt(TestBroker.START_MS + wrongMs, Compression.NONE, new byte[1])))
                .isEqualTo(ErrorCode.NONE);

        // When
        topic.alter(key, Long.toString(MINUTE_MS));

        // Then
        PartitionProduceResponse refused =
                topic.produce(batchAt(TestBroker.START_MS + wrongMs, Compression.NONE, new byte[1], new byte[1]));
        assertThat(ErrorCode.of(refused.errorCode())).isEqualTo(ErrorCode.INVALID_TIMESTAMP);
        assertThat(refused.recordErrors()).extracting(it -> it.batchIndex()).containsExactly(0, 1);
        assertThat(topic.produced(batchAt(TestBroker.START_MS + rightMs, Compression.NONE, new byte[1])))
                .isEqualTo(ErrorCode.NONE);
        assertThat(topic.offset(LATEST)).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, gzip",
        "NONE, snappy",
        "NONE, lz4",
        "NONE, zstd",
        "GZIP, uncompressed",
        "SNAPPY, lz4",
        "LZ4, zstd",
        "ZSTD, gzip",
        "ZSTD, zstd",
    })
    void shouldStoreWithTheCodecOfCompressionType(CompressionType sent, String stored) {
        // Given
        ByteBuffer batch = text(sent);
        topic.produce(copy(batch));
        assertThat(topic.alter("compression.type", stored)).isEqualTo(ErrorCode.NONE);

        // When
        topic.produce(copy(batch));
        topic.alter("compression.type", "producer");
        topic.produce(copy(batch));

        // Then
        List<RecordBatch> batches = topic.batches(0);
        assertThat(batches)
                .extracting(RecordBatch::compression)
                .containsExactly(sent, CompressionType.ofName(stored).orElseThrow(), sent);
        assertThat(batches).allMatch(RecordBatch::isCrcValid);
        assertThat(batches.stream().map(TopicSettingsEffectTest::values).distinct())
                .hasSize(1);
        assertThat(topic.offset(LATEST)).isEqualTo(150);
    }

    @ParameterizedTest
    @CsvSource({"gzip, 1, 9", "lz4, 1, 17", "zstd, 1, 19"})
    void shouldCompressWithTheLevelThatIsSet(String codec, String fast, String tight) {
        // Given
        ByteBuffer batch = text(CompressionType.NONE);
        topic.alter("compression.type", codec);
        assertThat(topic.alter("compression." + codec + ".level", fast)).isEqualTo(ErrorCode.NONE);

        // When
        topic.produce(copy(batch));
        topic.alter("compression." + codec + ".level", tight);
        topic.produce(copy(batch));

        // Then
        List<RecordBatch> batches = topic.batches(0);
        assertThat(batches.get(1).sizeInBytes()).isLessThan(batches.get(0).sizeInBytes());
    }

    @Test
    void shouldTakeTheCodecFromTheBrokersDefault() {
        // When
        topic.alterBroker("compression.type", "lz4");
        topic.produce(text(CompressionType.NONE));

        // Then
        assertThat(topic.batches(0).get(0).compression()).isEqualTo(CompressionType.LZ4);
    }

    @Test
    void shouldRefuseABatchThatGetsTooLargeWithItsNewCodec() {
        // Given
        ByteBuffer batch = text(CompressionType.ZSTD);
        topic.alter("max.message.bytes", Integer.toString(batch.limit()));
        topic.alter("compression.type", "uncompressed");

        // When, Then
        assertThat(topic.produced(batch)).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        assertThat(topic.offset(LATEST)).isZero();
    }

    @Test
    void shouldKeepSequencesAndStampsOfWhatItCompresses() {
        // Given
        topic.alter("compression.type", "zstd");
        topic.alter("message.timestamp.type", "LogAppendTime");

        // When
        PartitionProduceResponse first = topic.produce(idempotent(0));
        PartitionProduceResponse again = topic.produce(idempotent(0));
        PartitionProduceResponse second = topic.produce(idempotent(2));

        // Then
        assertThat(first.logAppendTimeMs()).isEqualTo(TestBroker.START_MS);
        assertThat(again.baseOffset()).isEqualTo(first.baseOffset());
        assertThat(second.baseOffset()).isEqualTo(2);
        RecordBatch stored = topic.batches(2).get(0);
        assertThat(stored.compression()).isEqualTo(CompressionType.ZSTD);
        assertThat(stored.baseSequence()).isEqualTo(2);
        assertThat(stored.producerId()).isEqualTo(9);
        assertThat(stored.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
    }

    private static ByteBuffer idempotent(int sequence) {
        return RecordBatchBuilder.uncompressed()
                .producer(9, (short) 0, sequence)
                .append(7, null, new byte[100])
                .append(8, null, new byte[100])
                .build();
    }

    /** Fifty records that compress. */
    private static ByteBuffer text(CompressionType codec) {
        byte[][] values = new byte[50][];
        for (int index = 0; index < values.length; index++) {
            values[index] = ("order " + index * 31 + " of customer " + index * 7919 % 101 + ", as ever")
                    .repeat(3)
                    .getBytes(UTF_8);
        }
        return batchAt(TestBroker.START_MS, Compression.of(codec), values);
    }

    private static List<String> values(RecordBatch batch) {
        List<String> values = new ArrayList<>();
        batch.records(RecordLimits.of(new StandardCodecs()))
                .forEachRemaining(
                        record -> values.add(UTF_8.decode(record.value()).toString()));
        return values;
    }

    @Test
    void shouldTakeBrokerSettingsFromTheStart() {
        try (SettingsFixture other = new SettingsFixture(
                data.resolve("other"), Map.of("log.preallocate", "true", "log.segment.bytes", "1048577"))) {
            // When
            other.produce(1, 10);

            // Then
            assertThat(other.sizeOf("00000000000000000000.log")).isEqualTo(1048577);
        }
    }

    private static ByteBuffer copy(ByteBuffer batch) {
        return ByteBuffer.allocate(batch.limit()).put(batch.duplicate()).flip();
    }
}
