// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.record.Compression;
import io.kaon.record.CompressionType;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.record.codec.StandardCodecs;
import io.kaon.record.legacy.LegacyMessages;
import io.kaon.server.Reply;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.CreateTopicsRequest;
import io.kaon.wire.message.FetchRequest;
import io.kaon.wire.message.FetchResponse;
import io.kaon.wire.message.FetchResponse.PartitionData;
import io.kaon.wire.message.ProduceResponse;
import io.kaon.wire.message.ProduceResponse.PartitionProduceResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Produce 0–2 and Fetch 0–3: messages of magic 0 and 1 at the door, batches inside. */
class LegacyFormatsTest {
    private static final int LARGE = 1 << 20;
    /** Of a message of magic 0 without a key whose value has one letter. */
    private static final int ONE = 27;

    @TempDir
    Path data;

    private TestBroker broker;

    @BeforeEach
    void start() {
        broker = new TestBroker(data);
        broker.create("orders", 2);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    static Stream<Arguments> formats() {
        return Stream.of(CompressionType.NONE, CompressionType.GZIP, CompressionType.SNAPPY, CompressionType.LZ4)
                .flatMap(type -> Stream.of(Arguments.of(0, type), Arguments.of(1, type)));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void shouldGiveBackWhatOldProducersSent(int magic, CompressionType type) {
        // Given
        PartitionProduceResponse first = produce(2, LegacyMessages.set(magic, type, "a", "b"));
        PartitionProduceResponse second = produce(0, LegacyMessages.set(magic, type, "c"));

        // When
        List<String> asMagic0 = read(1, 0);
        List<String> asMagic1 = read(2, 0);

        // Then
        assertThat(first.baseOffset()).isZero();
        assertThat(second.baseOffset()).isEqualTo(2);
        assertThat(asMagic0)
                .isEqualTo(
                        type == CompressionType.NONE
                                ? List.of("m0 0=a", "m0 1=b", "m0 2=c")
                                : List.of("m0 1:[0=a, 1=b]", "m0 2:[2=c]"));
        assertThat(asMagic1)
                .isEqualTo(
                        type == CompressionType.NONE
                                ? List.of("m1 0=a", "m1 1=b", "m1 2=c")
                                : List.of("m1 1:[0=a, 1=b]", "m1 2:[0=c]"));
    }

    @Test
    void shouldKeepTheOrderOfOldAndNewProduces() {
        // Given
        List<CompletionStage<Reply>> started = new ArrayList<>();

        // When
        for (int index = 0; index < 20; index++) {
            boolean isOld = index % 2 == 0;
            ByteBuffer records =
                    isOld ? LegacyMessages.set(0, CompressionType.GZIP, "v" + index) : Batches.batch("v" + index);
            started.add(broker.start(ApiKey.PRODUCE, isOld ? 0 : 8, Batches.produce(1, "orders", Uuid.ZERO, records)));
        }

        // Then
        for (int index = 0; index < 20; index++) {
            ProduceResponse response = TestBroker.answer(started.get(index));
            assertThat(response.responses().get(0).partitionResponses().get(0).baseOffset())
                    .isEqualTo(index);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void shouldTakeABatchInAnOldRequest(int version) {
        assertThat(produce(version, Batches.batch("a")).errorCode()).isZero();
        assertThat(read(0, 0)).containsExactly("m0 0=a");
    }

    @Test
    void shouldAnswerASetWithoutAWholeMessageWithoutAnErrorOrAnOffset() {
        // Given
        ByteBuffer message = LegacyMessages.set(0, CompressionType.NONE, "a");

        for (int size : new int[] {0, 1, 11, 12, 13, 17, message.limit() - 1}) {
            // When
            PartitionProduceResponse place = produce(0, message.slice(0, size));

            // Then
            assertThat(place.errorCode()).as("%s bytes", size).isZero();
            assertThat(place.baseOffset()).as("%s bytes", size).isEqualTo(-1);
        }
    }

    @Test
    void shouldRefuseDamageAndWriteNothing() {
        // Given
        ByteBuffer damaged = LegacyMessages.set(0, CompressionType.NONE, "a");
        damaged.put(damaged.limit() - 1, (byte) 'x');

        // When
        PartitionProduceResponse place = produce(0, damaged);

        // Then
        assertThat(place.errorCode()).isEqualTo(ErrorCode.CORRUPT_MESSAGE.code());
        assertThat(place.baseOffset()).isEqualTo(-1);
        assertThat(produce(0, LegacyMessages.set(0, CompressionType.NONE, "b")).baseOffset())
                .isZero();
    }

    @Test
    void shouldRefuseOldFormatsFromVersionThreeOn() {
        assertThat(produce(3, LegacyMessages.set(1, CompressionType.NONE, "a")).errorCode())
                .isEqualTo(ErrorCode.INVALID_RECORD.code());
    }

    @Test
    void shouldAnswerANullSet() {
        assertThat(produce(0, null).errorCode()).isEqualTo(ErrorCode.INVALID_RECORD.code());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void shouldAnswerOldFetchesInTheirFormat(int version) {
        // Given
        produce(9, Batches.batch("a", "b", "c"));

        // When
        List<String> read = read(version, 1);

        // Then
        String magic = version < 2 ? "m0 " : "m1 ";
        assertThat(read).containsExactly(magic + "1=b", magic + "2=c");
    }

    @Test
    void shouldCutAFirstMessageThatIsLargerThanTheBoundUpToVersionTwo() {
        // Given
        produce(9, Batches.batch("x".repeat(100)));

        for (int version = 0; version <= 3; version++) {
            // When
            PartitionData partition = fetchBounded(version, 50);

            // Then
            assertThat(partition.records().sizeInBytes()).isEqualTo(version < 3 ? 50 : ONE + 8 + 99);
            assertThat(LegacyMessages.read(partition.records().toBuffer()))
                    .containsExactly(version < 3 ? "cut" : "m1 0=" + "x".repeat(100));
            partition.records().release();
        }
    }

    @Test
    void shouldAnswerWholeMessagesUpToTheBound() {
        // Given
        produce(9, Batches.batch("a", "b", "c"));

        // When
        PartitionData partition = fetchBounded(0, 2 * ONE + 5);

        // Then
        assertThat(LegacyMessages.read(partition.records().toBuffer())).containsExactly("m0 0=a", "m0 1=b");
        partition.records().release();
    }

    @Test
    void shouldBoundTheWholeAnswerAndGiveEachPartitionItsTurn() {
        // Given: each partition has more than fits into an answer
        String value = "x".repeat(LARGE / 2);
        for (int partition = 0; partition < 2; partition++) {
            for (int count = 0; count < 10; count++) {
                produce(9, partition, Batches.batch(value));
            }
        }
        FetchRequest request = Batches.fetch("orders", Uuid.ZERO, 0);
        request.topics().get(0).partitions().get(0).setPartitionMaxBytes(8 * LARGE);
        request.topics()
                .get(0)
                .partitions()
                .add(new FetchRequest.FetchPartition().setPartition(1).setPartitionMaxBytes(8 * LARGE));

        // When
        List<Integer> firstSizes = sizes(broker.call(ApiKey.FETCH, 0, request));
        List<Integer> secondSizes = sizes(broker.call(ApiKey.FETCH, 0, request));

        // Then
        assertThat(firstSizes.get(0)).isBetween(3 * LARGE, LegacyFetcher.MAX_ANSWER_BYTES);
        assertThat(firstSizes.get(1)).isLessThan(LARGE);
        assertThat(secondSizes.get(1)).isBetween(3 * LARGE, LegacyFetcher.MAX_ANSWER_BYTES);
        assertThat(secondSizes.get(0)).isLessThan(LARGE);
    }

    @Test
    void shouldRefuseZstd() {
        // Given
        ByteBuffer zstd = RecordBatchBuilder.compressed(new StandardCodecs(), Compression.of(CompressionType.ZSTD))
                .append(TestBroker.START_MS, null, "a".getBytes(StandardCharsets.UTF_8))
                .build();
        produce(9, zstd);

        // When
        PartitionData partition = only(broker.call(ApiKey.FETCH, 2, Batches.fetch("orders", Uuid.ZERO, 0)));

        // Then
        assertThat(partition.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE.code());
        assertThat(partition.records().sizeInBytes()).isZero();
    }

    @Test
    void shouldRefuseTopicsThatAreStoredAsZstdBeforeVersionTen() {
        // Given
        CreateTopicsRequest.CreatableTopic topic = new CreateTopicsRequest.CreatableTopic()
                .setName("zipped")
                .setNumPartitions(1)
                .setReplicationFactor((short) 1);
        topic.configs()
                .add(new CreateTopicsRequest.CreatableTopicConfig()
                        .setName("compression.type")
                        .setValue("zstd"));
        CreateTopicsRequest request = new CreateTopicsRequest();
        request.topics().add(topic);
        broker.call(ApiKey.CREATE_TOPICS, 7, request);

        // When
        PartitionData nine = only(broker.call(ApiKey.FETCH, 9, Batches.fetch("zipped", Uuid.ZERO, 0)));
        PartitionData ten = only(broker.call(
                ApiKey.FETCH, 10, Batches.fetch("zipped", Uuid.ZERO, 0).setMaxWaitMs(0)));

        // Then
        assertThat(nine.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE.code());
        assertThat(ten.errorCode()).isZero();
    }

    @Test
    void shouldWaitForRecords() {
        // Given
        CompletionStage<Reply> reply = broker.start(ApiKey.FETCH, 0, Batches.fetch("orders", Uuid.ZERO, 0));
        boolean wasDone = reply.toCompletableFuture().isDone();

        // When
        produce(0, LegacyMessages.set(0, CompressionType.NONE, "a"));

        // Then
        PartitionData partition = only(TestBroker.answer(reply));
        assertThat(wasDone).isFalse();
        assertThat(LegacyMessages.read(partition.records().toBuffer())).containsExactly("m0 0=a");
        partition.records().release();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void shouldAnswerErrorsInOldVersions(int version) {
        // When
        PartitionData beyond = only(broker.call(ApiKey.FETCH, version, Batches.fetch("orders", Uuid.ZERO, 5)));
        PartitionData unknown = only(broker.call(ApiKey.FETCH, version, Batches.fetch("nowhere", Uuid.ZERO, 0)));

        // Then
        assertThat(beyond.errorCode()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE.code());
        assertThat(unknown.errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    private static List<Integer> sizes(FetchResponse response) {
        return IntStream.range(0, 2)
                .mapToObj(index -> response.responses().get(0).partitions().get(index))
                .map(partition -> {
                    int size = partition.records().sizeInBytes();
                    partition.records().release();
                    return size;
                })
                .toList();
    }

    private PartitionProduceResponse produce(int version, ByteBuffer records) {
        return produce(version, 0, records);
    }

    private PartitionProduceResponse produce(int version, int partition, ByteBuffer records) {
        var request = Batches.produce(1, "orders", Uuid.ZERO, records);
        request.topicData().get(0).partitionData().get(0).setIndex(partition);
        ProduceResponse response = broker.call(ApiKey.PRODUCE, version, request);
        return response.responses().get(0).partitionResponses().get(0);
    }

    private List<String> read(int version, long offset) {
        PartitionData partition = only(broker.call(ApiKey.FETCH, version, Batches.fetch("orders", Uuid.ZERO, offset)));
        assertThat(partition.errorCode()).isZero();
        List<String> read = LegacyMessages.read(partition.records().toBuffer());
        partition.records().release();
        return read;
    }

    private PartitionData fetchBounded(int version, int maxBytes) {
        FetchRequest request = Batches.fetch("orders", Uuid.ZERO, 0);
        request.topics().get(0).partitions().get(0).setPartitionMaxBytes(maxBytes);
        return only(broker.call(ApiKey.FETCH, version, request));
    }

    private static PartitionData only(FetchResponse response) {
        return response.responses().get(0).partitions().get(0);
    }
}
