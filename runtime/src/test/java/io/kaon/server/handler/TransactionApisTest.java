// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.server.Reply;
import io.kaon.wire.BufferRecords;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.DescribeProducersRequest;
import io.kaon.wire.message.DescribeProducersResponse;
import io.kaon.wire.message.DescribeProducersResponse.PartitionResponse;
import io.kaon.wire.message.DescribeTransactionsRequest;
import io.kaon.wire.message.DescribeTransactionsResponse;
import io.kaon.wire.message.EndTxnRequest;
import io.kaon.wire.message.EndTxnResponse;
import io.kaon.wire.message.FindCoordinatorRequest;
import io.kaon.wire.message.FindCoordinatorResponse;
import io.kaon.wire.message.ListTransactionsRequest;
import io.kaon.wire.message.ListTransactionsResponse;
import io.kaon.wire.message.ProduceRequest;
import io.kaon.wire.message.ProduceResponse;
import io.kaon.wire.message.WriteTxnMarkersRequest;
import io.kaon.wire.message.WriteTxnMarkersRequest.WritableTxnMarker;
import io.kaon.wire.message.WriteTxnMarkersRequest.WritableTxnMarkerTopic;
import io.kaon.wire.message.WriteTxnMarkersResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionApisTest {
    @TempDir
    Path data;

    private TestBroker broker;

    @BeforeEach
    void start() {
        broker = new TestBroker(data);
        broker.create("orders", 3);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    static Stream<Transacting.Versions> versions() {
        return Stream.of(Transacting.Versions.OLD, Transacting.Versions.ONE, Transacting.Versions.TWO);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void shouldShowCommittedRecordsAndHideAbortedOnes(Transacting.Versions versions) {
        // Given
        Transacting producer = producer("tx", versions);
        List<ErrorCode> answers = new ArrayList<>();
        answers.add(producer.write("orders", 0, "a", "b"));
        answers.add(producer.commit());
        answers.add(producer.write("orders", versions.addThemselves() ? 0 : 2, "c"));
        answers.add(producer.abort());

        // When
        answers.add(producer.write("orders", versions.addThemselves() ? 0 : 3, "d"));
        List<String> whileOpen = CommittedValues.of(broker, "orders");
        answers.add(producer.commit());

        // Then
        assertThat(answers).containsOnly(ErrorCode.NONE);
        assertThat(whileOpen).containsExactly("a", "b");
        assertThat(CommittedValues.of(broker, "orders")).containsExactly("a", "b", "d");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void shouldNameThisBrokerAsCoordinatorOfTransactions(int version) {
        // Given
        FindCoordinatorRequest request = new FindCoordinatorRequest().setKeyType((byte) (version == 0 ? 0 : 1));
        if (version < 4) {
            request.setKey("tx");
        } else {
            request.setCoordinatorKeys(new ArrayList<>(List.of("tx", "other")));
        }

        // When
        FindCoordinatorResponse response = broker.call(ApiKey.FIND_COORDINATOR, version, request);

        // Then
        if (version < 4) {
            assertThat(response.nodeId()).isEqualTo(TestBroker.NODE_ID);
        } else {
            assertThat(response.coordinators()).hasSize(2).allSatisfy(found -> assertThat(found.nodeId())
                    .isEqualTo(TestBroker.NODE_ID));
        }
    }

    @Test
    void shouldRefuseWritesThatNoTransactionExpects() {
        // Given
        Transacting old = producer("old", Transacting.Versions.OLD);
        Transacting newer = producer("newer", Transacting.Versions.ONE);

        // When
        ErrorCode toOld = old.produce("orders", 0, "a");
        ErrorCode toNewer = newer.produce("orders", 0, "a");

        // Then
        assertThat(toOld).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(toNewer).isEqualTo(ErrorCode.TRANSACTION_ABORTABLE);
        assertThat(producers(0).activeProducers()).isEmpty();
    }

    @Test
    void shouldWriteUnverifiedWhenThatIsTurnedOff() {
        // Given
        broker.verifies = false;
        Transacting producer = producer("tx", Transacting.Versions.OLD);

        // When
        ErrorCode answer = producer.produce("orders", 0, "a");

        // Then
        assertThat(answer).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldAddAllPartitionsOfAProduceAtOnce() {
        // Given
        Transacting producer = producer("tx", Transacting.Versions.TWO);
        DescribeTransactionsRequest question =
                new DescribeTransactionsRequest().setTransactionalIds(new ArrayList<>(List.of("tx")));

        // When
        ProduceResponse response = broker.call(ApiKey.PRODUCE, 12, producer.request("orders", 3));
        DescribeTransactionsResponse described = broker.call(ApiKey.DESCRIBE_TRANSACTIONS, 0, question);

        // Then
        assertThat(response.responses().get(0).partitionResponses())
                .hasSize(3)
                .allSatisfy(place -> assertThat(place.errorCode()).isZero());
        assertThat(described.transactionStates().get(0).transactionState()).isEqualTo("Ongoing");
        assertThat(described.transactionStates().get(0).topics().get(0).partitions())
                .containsExactlyInAnyOrder(0, 1, 2);
    }

    @Test
    void shouldRefuseATransactionalBatchWithoutATransactionalId() {
        // Given
        Transacting producer = producer("tx", Transacting.Versions.TWO);

        // When
        ProduceResponse response =
                broker.call(ApiKey.PRODUCE, 12, Batches.produce(-1, "orders", Uuid.ZERO, producer.batch(0, "a")));

        // Then
        assertThat(Transacting.errorOf(response)).isEqualTo(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
    }

    @Test
    void shouldRefuseATransactionalBatchOfNobodyWithoutTouchingTheOthers() {
        // Given
        Transacting producer = producer("tx", Transacting.Versions.TWO);
        ProduceRequest request = producer.request("orders", 2);
        Transacting nobody = new Transacting(broker, "tx", Transacting.Versions.TWO);
        request.topicData().get(0).partitionData().get(1).setRecords(new BufferRecords(nobody.batch(0, "b")));

        // When
        ProduceResponse response = broker.call(ApiKey.PRODUCE, 12, request);

        // Then
        assertThat(response.responses().get(0).partitionResponses())
                .extracting(place -> ErrorCode.of(place.errorCode()))
                .containsExactly(ErrorCode.NONE, ErrorCode.INVALID_RECORD);
    }

    @Test
    void shouldAnswerALateDuplicateOfATransactionThatHasEnded() {
        // Given
        Transacting producer = producer("tx", Transacting.Versions.ONE);
        producer.write("orders", 0, "a");
        ErrorCode commit = producer.commit();

        // When
        ErrorCode again = producer.produce("orders", 0, "a");

        // Then
        assertThat(commit).isEqualTo(ErrorCode.NONE);
        assertThat(again).isEqualTo(ErrorCode.NONE);
        assertThat(CommittedValues.of(broker, "orders")).containsExactly("a");
    }

    @Test
    void shouldSayThatNoTopicCanHaveSuchAName() {
        // Given
        DescribeProducersRequest request = new DescribeProducersRequest();
        request.topics()
                .add(new DescribeProducersRequest.TopicRequest()
                        .setName("no topic")
                        .setPartitionIndexes(new ArrayList<>(List.of(0))));

        // When
        DescribeProducersResponse response = broker.call(ApiKey.DESCRIBE_PRODUCERS, 0, request);

        // Then
        assertThat(response.topics().get(0).partitions().get(0).errorCode())
                .isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION.code());
    }

    @Test
    void shouldRefuseBatchesOfSeveralProducersInOneRequest() {
        // Given
        Transacting producer = producer("tx", Transacting.Versions.TWO);
        Transacting other = producer("other", Transacting.Versions.TWO);
        ProduceRequest request = producer.request("orders", 3);
        request.topicData().get(0).partitionData().get(2).setRecords(new BufferRecords(other.batch(0, "b")));

        // When
        ProduceResponse response = broker.call(ApiKey.PRODUCE, 12, request);

        // Then
        assertThat(response.responses().get(0).partitionResponses()).hasSize(3).allSatisfy(place -> assertThat(
                        place.errorCode())
                .isEqualTo(ErrorCode.INVALID_PRODUCER_ID_MAPPING.code()));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void shouldFenceTheProducerThatCameBefore(Transacting.Versions versions) {
        // Given
        Transacting zombie = producer("tx", versions);
        zombie.write("orders", 0, "zombie");
        Transacting successor = producer("tx", versions);

        // When
        ErrorCode late = zombie.produce("orders", 1, "late");
        ErrorCode end = zombie.commit();
        successor.write("orders", 0, "a");
        successor.commit();

        // Then
        assertThat(late).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(end).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(CommittedValues.of(broker, "orders")).containsExactly("a");
    }

    @Test
    void shouldRefuseTheOldEpochAfterItsTransactionEnded() {
        // Given
        Transacting producer = producer("tx", Transacting.Versions.TWO);
        producer.write("orders", 0, "a");
        short before = producer.epoch;
        producer.commit();
        short after = producer.epoch;

        // When
        producer.epoch = before;
        ErrorCode late = producer.produce("orders", 1, "late");

        // Then
        assertThat(after).isEqualTo((short) (before + 1));
        assertThat(late).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(producers(0).activeProducers().get(0).currentTxnStartOffset())
                .isEqualTo(-1);
    }

    @Test
    void shouldNotEndANewerTransactionWithADelayedEnd() {
        // Given
        Transacting producer = producer("tx", Transacting.Versions.TWO);
        producer.write("orders", 0, "a");
        EndTxnRequest delayed = producer.endRequest(false);
        producer.commit();
        producer.write("orders", 0, "b");

        // When
        EndTxnResponse response = broker.call(ApiKey.END_TXN, 5, delayed);
        ErrorCode commit = producer.commit();

        // Then
        assertThat(response.errorCode()).isNotEqualTo(ErrorCode.NONE.code());
        assertThat(commit).isEqualTo(ErrorCode.NONE);
        assertThat(CommittedValues.of(broker, "orders")).containsExactly("a", "b");
    }

    @Test
    void shouldNotEndANewerTransactionWithADelayedMarker() {
        // Given
        Transacting producer = producer("tx", Transacting.Versions.TWO);
        producer.write("orders", 0, "a");
        short epoch = producer.epoch;
        producer.commit();
        producer.write("orders", 0, "b");

        // When
        short sameAsRecords = mark(producer.producerId, epoch, 2);
        short sameAsMarker = mark(producer.producerId, (short) (epoch + 1), 2);

        // Then
        assertThat(sameAsRecords).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH.code());
        assertThat(sameAsMarker).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH.code());
        assertThat(producers(0).activeProducers().get(0).currentTxnStartOffset())
                .isPositive();
    }

    @Test
    void shouldWaitForTheEndOfTheTransactionBefore() {
        // Given
        Transacting producer = producer("tx", Transacting.Versions.TWO);
        producer.write("orders", 0, "a");
        broker.markerDelay = new CompletableFuture<>();
        producer.commit();

        // When
        CompletionStage<Reply> next = producer.start("orders", 0, "b");
        boolean isEarly = next.toCompletableFuture().isDone();
        broker.time.advance(40);
        broker.markerDelay.complete(null);
        broker.time.advance(40);

        // Then
        assertThat(isEarly).isFalse();
        assertThat(Transacting.errorOf(TestBroker.<ProduceResponse>answer(next)))
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldGiveUpWaitingForTheTransactionBefore() {
        // Given
        Transacting producer = producer("tx", Transacting.Versions.TWO);
        producer.write("orders", 0, "a");
        broker.markerDelay = new CompletableFuture<>();
        producer.commit();

        // When
        CompletionStage<Reply> next = producer.start("orders", 0, "b");
        broker.time.advance(1_000);

        // Then
        assertThat(Transacting.errorOf(TestBroker.<ProduceResponse>answer(next)))
                .isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);
    }

    @Test
    void shouldAbortWhatTakesTooLong() {
        // Given
        Transacting producer = producer("tx", Transacting.Versions.TWO);
        producer.write("orders", 0, "a");

        // When
        broker.time.advance(Transacting.TIMEOUT_MS + 20_000);

        // Then
        assertThat(producer.commit()).isIn(ErrorCode.PRODUCER_FENCED, ErrorCode.INVALID_TXN_STATE);
        assertThat(CommittedValues.of(broker, "orders")).isEmpty();
        assertThat(producers(0).activeProducers().get(0).currentTxnStartOffset())
                .isEqualTo(-1);
    }

    @Test
    void shouldDescribeProducersWithTheirOpenTransactions() {
        // Given
        Transacting producer = producer("tx", Transacting.Versions.TWO);
        producer.write("orders", 0, "a", "b");

        // When
        PartitionResponse found = producers(0);
        PartitionResponse unknown = producers(99);

        // Then
        assertThat(found.activeProducers()).singleElement().satisfies(state -> {
            assertThat(state.producerId()).isEqualTo(producer.producerId);
            assertThat(state.producerEpoch()).isEqualTo(producer.epoch);
            assertThat(state.lastSequence()).isEqualTo(1);
            assertThat(state.currentTxnStartOffset()).isZero();
            assertThat(state.coordinatorEpoch()).isEqualTo(-1);
        });
        assertThat(unknown.errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void shouldListTransactions(int version) {
        // Given
        Transacting producer = producer("tx", Transacting.Versions.TWO);
        producer.write("orders", 0, "a");
        producer("idle", Transacting.Versions.TWO);
        ListTransactionsRequest request = new ListTransactionsRequest();
        request.stateFilters().add("Ongoing");

        // When
        ListTransactionsResponse response = broker.call(ApiKey.LIST_TRANSACTIONS, version, request);

        // Then
        assertThat(response.transactionStates()).singleElement().satisfies(state -> {
            assertThat(state.transactionalId()).isEqualTo("tx");
            assertThat(state.producerId()).isEqualTo(producer.producerId);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void shouldWriteMarkersForATool(int version) {
        // Given
        broker.verifies = false;
        Transacting hanging = producer("tx", Transacting.Versions.OLD);
        hanging.produce("orders", 0, "a");

        // When
        short error = mark(hanging.producerId, hanging.epoch, version);

        // Then
        assertThat(error).isEqualTo(version == 2 ? ErrorCode.INVALID_PRODUCER_EPOCH.code() : ErrorCode.NONE.code());
        assertThat(producers(0).activeProducers().get(0).currentTxnStartOffset())
                .isEqualTo(version == 2 ? 0 : -1);
    }

    private Transacting producer(String transactionalId, Transacting.Versions versions) {
        return new Transacting(broker, transactionalId, versions).begin();
    }

    private short mark(long producerId, short epoch, int version) {
        WritableTxnMarker marker = new WritableTxnMarker()
                .setProducerId(producerId)
                .setProducerEpoch(epoch)
                .setTransactionResult(false)
                .setTransactionVersion((byte) (version == 2 ? 2 : 0))
                .setTopics(new ArrayList<>(List.of(new WritableTxnMarkerTopic()
                        .setName("orders")
                        .setPartitionIndexes(new ArrayList<>(List.of(0))))));
        WriteTxnMarkersResponse response = broker.call(
                ApiKey.WRITE_TXN_MARKERS,
                version,
                new WriteTxnMarkersRequest().setMarkers(new ArrayList<>(List.of(marker))));
        return response.markers().get(0).topics().get(0).partitions().get(0).errorCode();
    }

    private PartitionResponse producers(int partition) {
        DescribeProducersRequest request = new DescribeProducersRequest();
        request.topics()
                .add(new DescribeProducersRequest.TopicRequest()
                        .setName("orders")
                        .setPartitionIndexes(new ArrayList<>(List.of(partition))));
        DescribeProducersResponse response = broker.call(ApiKey.DESCRIBE_PRODUCERS, 0, request);
        return response.topics().get(0).partitions().get(0);
    }
}
