// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.server.Authoriser;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.ListOffsetsRequest;
import io.kaon.wire.message.ListOffsetsResponse;
import io.kaon.wire.message.ProduceRequest;
import io.kaon.wire.message.ProduceResponse;
import io.kaon.wire.message.ProduceResponse.PartitionProduceResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProduceHandlerTest {
    private static final int LATEST = 13;
    private static final int ALL = -1;

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

    static IntStream servedVersions() {
        return IntStream.rangeClosed(0, LATEST);
    }

    @ParameterizedTest
    @MethodSource("servedVersions")
    void shouldAppendInEveryVersionThatIsServed(int version) {
        // Given
        produce(version, ALL, Batches.batch("a", "b"));

        // When
        PartitionProduceResponse second = produce(version, ALL, Batches.batch("c"));

        // Then
        assertThat(second.errorCode()).isZero();
        assertThat(second.baseOffset()).isEqualTo(2);
        assertThat(second.logAppendTimeMs()).isEqualTo(-1);
        assertThat(second.logStartOffset()).isZero();
        assertThat(second.currentLeader().leaderId()).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, -2, 100})
    void shouldRefuseOtherAcks(int acks) {
        assertThat(produce(LATEST, acks, Batches.batch("a")).errorCode())
                .isEqualTo(ErrorCode.INVALID_REQUIRED_ACKS.code());
        assertThat(endOffset()).isZero();
    }

    @Test
    void shouldAnswerNothingForAcksZero() {
        // When
        Reply reply = TestBroker.reply(start(LATEST, request(0, Batches.batch("a"))));

        // Then
        assertThat(reply).isEqualTo(Reply.NO_RESPONSE);
        assertThat(endOffset()).isEqualTo(1);
    }

    @Test
    void shouldCloseTheConnectionWhenAcksZeroFails() {
        // When
        Reply reply =
                TestBroker.reply(start(LATEST, Batches.produce(0, "nowhere", new Uuid(1, 1), Batches.batch("a"))));

        // Then
        assertThat(reply).isInstanceOf(Reply.CloseConnection.class);
    }

    @Test
    void shouldAnswerNullRecords() {
        assertThat(produce(LATEST, ALL, null).errorCode()).isEqualTo(ErrorCode.INVALID_RECORD.code());
    }

    @Test
    void shouldRefuseABatchWithAWrongChecksum() {
        // Given
        ByteBuffer batch = Batches.batch("a");
        batch.put(batch.limit() - 2, (byte) (batch.get(batch.limit() - 2) + 1));

        // When
        PartitionProduceResponse response = produce(LATEST, ALL, batch);

        // Then
        assertThat(response.errorCode()).isEqualTo(ErrorCode.CORRUPT_MESSAGE.code());
        assertThat(response.baseOffset()).isEqualTo(-1);
        assertThat(endOffset()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 11, 12, 20, 60})
    void shouldRefuseAShortBatch(int length) {
        // Given
        ByteBuffer batch = Batches.batch("a").limit(length).slice();

        // When
        PartitionProduceResponse response = produce(LATEST, ALL, batch);

        // Then
        assertThat(response.errorCode()).isEqualTo(ErrorCode.INVALID_RECORD.code());
    }

    @Test
    void shouldRefuseUnknownTopics() {
        // When
        ProduceResponse byName =
                broker.call(ApiKey.PRODUCE, 12, Batches.produce(ALL, "nowhere", Uuid.ZERO, Batches.batch("a")));
        ProduceResponse byId =
                broker.call(ApiKey.PRODUCE, 13, Batches.produce(ALL, "", new Uuid(1, 1), Batches.batch("a")));

        // Then
        assertThat(only(byName).errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(only(byId).errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID.code());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 2})
    void shouldRefusePartitionsThatDoNotExist(int index) {
        // Given
        ProduceRequest request = request(ALL, Batches.batch("a"));
        request.topicData().get(0).partitionData().get(0).setIndex(index);

        // When
        ProduceResponse response = broker.call(ApiKey.PRODUCE, LATEST, request);

        // Then
        assertThat(only(response).errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    @Test
    void shouldKeepClientsFromInternalTopics() {
        // Given
        broker.create("__consumer_offsets", 1);

        // When
        ProduceResponse response = broker.call(
                ApiKey.PRODUCE, 12, Batches.produce(ALL, "__consumer_offsets", Uuid.ZERO, Batches.batch("a")));

        // Then
        assertThat(only(response).errorCode()).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION.code());
    }

    @Test
    void shouldAnswerADuplicateAsTheOriginal() {
        // Given
        PartitionProduceResponse original = produce(LATEST, ALL, idempotent(0));

        // When
        PartitionProduceResponse again = produce(LATEST, ALL, idempotent(0));
        PartitionProduceResponse gap = produce(LATEST, ALL, idempotent(5));

        // Then
        assertThat(again.errorCode()).isZero();
        assertThat(again.baseOffset()).isEqualTo(original.baseOffset());
        assertThat(gap.errorCode()).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER.code());
        assertThat(endOffset()).isEqualTo(1);
    }

    @Test
    void shouldKeepTheOrderOfCallsWithoutWaitingForAnswers() {
        // Given
        CompletionStage<Reply> first = start(LATEST, request(ALL, Batches.batch("a")));
        CompletionStage<Reply> second = start(LATEST, request(ALL, Batches.batch("b")));
        CompletionStage<Reply> third = start(LATEST, request(1, Batches.batch("c")));

        // When
        long thirdOffset = only(TestBroker.answer(third)).baseOffset();

        // Then
        assertThat(only(TestBroker.answer(first)).baseOffset()).isZero();
        assertThat(only(TestBroker.answer(second)).baseOffset()).isEqualTo(1);
        assertThat(thirdOffset).isEqualTo(2);
    }

    @Test
    void shouldAnswerEachPartitionForItself() {
        // Given
        ProduceRequest request = request(ALL, Batches.batch("a"));
        request.topicData()
                .addAll(Batches.produce(ALL, "", new Uuid(1, 1), Batches.batch("b"))
                        .topicData());

        // When
        ProduceResponse response = broker.call(ApiKey.PRODUCE, LATEST, request);

        // Then
        assertThat(response.responses())
                .extracting(topic -> topic.partitionResponses().get(0).errorCode())
                .containsExactly((short) 0, ErrorCode.UNKNOWN_TOPIC_ID.code());
    }

    @Test
    void shouldAskTheAuthoriser(@TempDir Path other) {
        Authoriser authoriser = (who, operation, resource) -> operation != Operation.WRITE;
        try (TestBroker guarded = new TestBroker(other, Map.of(), authoriser)) {
            // Given
            guarded.create("orders", 1);

            // When
            ProduceResponse response =
                    guarded.call(ApiKey.PRODUCE, 12, Batches.produce(ALL, "orders", Uuid.ZERO, Batches.batch("a")));

            // Then
            assertThat(only(response).errorCode()).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code());
        }
    }

    private static ByteBuffer idempotent(int sequence) {
        return RecordBatchBuilder.uncompressed()
                .producer(9, (short) 0, sequence)
                .append(TestBroker.START_MS, null, new byte[1])
                .build();
    }

    private ProduceRequest request(int acks, ByteBuffer batch) {
        return Batches.produce(acks, "orders", broker.idOf("orders"), batch);
    }

    private CompletionStage<Reply> start(int version, ProduceRequest request) {
        return broker.start(ApiKey.PRODUCE, version, request);
    }

    private PartitionProduceResponse produce(int version, int acks, ByteBuffer batch) {
        return only(broker.call(ApiKey.PRODUCE, version, request(acks, batch)));
    }

    private static PartitionProduceResponse only(ProduceResponse response) {
        return response.responses().get(0).partitionResponses().get(0);
    }

    private long endOffset() {
        ListOffsetsRequest.ListOffsetsTopic topic = new ListOffsetsRequest.ListOffsetsTopic().setName("orders");
        topic.partitions().add(new ListOffsetsRequest.ListOffsetsPartition().setTimestamp(-1));
        ListOffsetsRequest request = new ListOffsetsRequest();
        request.topics().add(topic);
        ListOffsetsResponse response = broker.call(ApiKey.LIST_OFFSETS, 1, request);
        return response.topics().get(0).partitions().get(0).offset();
    }
}
