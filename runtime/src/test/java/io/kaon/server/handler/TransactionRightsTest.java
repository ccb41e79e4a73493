// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.metadata.InternalTopics;
import io.kaon.server.Authoriser;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.ResourceType;
import io.kaon.wire.message.AddPartitionsToTxnRequest;
import io.kaon.wire.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import io.kaon.wire.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTransaction;
import io.kaon.wire.message.AddPartitionsToTxnResponse;
import io.kaon.wire.message.AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.DescribeProducersRequest;
import io.kaon.wire.message.DescribeProducersResponse;
import io.kaon.wire.message.DescribeTransactionsRequest;
import io.kaon.wire.message.DescribeTransactionsResponse;
import io.kaon.wire.message.EndTxnResponse;
import io.kaon.wire.message.FindCoordinatorRequest;
import io.kaon.wire.message.FindCoordinatorResponse;
import io.kaon.wire.message.ListTransactionsRequest;
import io.kaon.wire.message.ListTransactionsResponse;
import io.kaon.wire.message.ProduceResponse;
import io.kaon.wire.message.WriteTxnMarkersRequest;
import io.kaon.wire.message.WriteTxnMarkersRequest.WritableTxnMarker;
import io.kaon.wire.message.WriteTxnMarkersRequest.WritableTxnMarkerTopic;
import io.kaon.wire.message.WriteTxnMarkersResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what with transactions, and what the others are told. */
class TransactionRightsTest {
    @TempDir
    Path data;

    /** What is forbidden now, as "OPERATION TYPE name", with "*" for every name. */
    private final Set<String> forbidden = ConcurrentHashMap.newKeySet();

    private TestBroker broker;
    private Transacting producer;

    @BeforeEach
    void start() {
        Authoriser authoriser =
                (who, operation, resource) -> !forbidden.contains(key(operation, resource.type(), resource.name()))
                        && !forbidden.contains(key(operation, resource.type(), "*"));
        broker = new TestBroker(data, Map.of(), authoriser);
        broker.create("orders", 2);
        broker.create("secrets", 1);
        producer = new Transacting(broker, "tx", Transacting.Versions.TWO).begin();
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private static String key(Operation operation, ResourceType type, String name) {
        return operation + " " + type + " " + name;
    }

    private void forbid(Operation operation, ResourceType type, String name) {
        forbidden.add(key(operation, type, name));
    }

    @Test
    void shouldKeepOthersFromATransactionalId() {
        // Given
        forbid(Operation.WRITE, ResourceType.TRANSACTIONAL_ID, "tx");

        // When / Then
        ErrorCode refused = ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
        assertThat(ErrorCode.of(producer.init(1_000).errorCode())).isEqualTo(refused);
        assertThat(producer.add("orders", 0)).isEqualTo(refused);
        assertThat(producer.addOffsets("readers")).isEqualTo(refused);
        assertThat(producer.commit()).isEqualTo(refused);
        assertThat(producer.produce("orders", 0, "a")).isEqualTo(refused);
        assertThat(Transacting.errorOf(producer.commitOffset("readers", "orders", 0, 1)))
                .isEqualTo(refused);
    }

    @Test
    void shouldCloseTheConnectionOfWhoMayNotWriteAndReadsNoAnswer() {
        // Given
        forbid(Operation.WRITE, ResourceType.TRANSACTIONAL_ID, "tx");

        // When
        Reply reply = TestBroker.reply(
                broker.start(ApiKey.PRODUCE, 12, producer.request("orders", 1).setAcks((short) 0)));

        // Then
        assertThat(reply).isInstanceOf(Reply.CloseConnection.class);
    }

    @Test
    void shouldLetOnlyReadersOfAGroupCommitItsOffsets() {
        // Given
        forbid(Operation.READ, ResourceType.GROUP, "readers");

        // When / Then
        assertThat(producer.addOffsets("readers")).isEqualTo(ErrorCode.GROUP_AUTHORIZATION_FAILED);
        assertThat(Transacting.errorOf(producer.commitOffset("readers", "orders", 0, 1)))
                .isEqualTo(ErrorCode.GROUP_AUTHORIZATION_FAILED);
    }

    @Test
    void shouldAttemptNothingWhenOnePartitionMayNotBeAdded() {
        // Given
        forbid(Operation.WRITE, ResourceType.TOPIC, "secrets");
        List<AddPartitionsToTxnTopic> topics =
                new ArrayList<>(List.of(topic("orders", 0, 7), topic("secrets", 0), topic("__consumer_offsets", 0)));

        // When
        AddPartitionsToTxnResponse response = broker.call(
                ApiKey.ADD_PARTITIONS_TO_TXN,
                3,
                new AddPartitionsToTxnRequest()
                        .setV3AndBelowTransactionalId("tx")
                        .setV3AndBelowProducerId(producer.producerId)
                        .setV3AndBelowProducerEpoch(producer.epoch)
                        .setV3AndBelowTopics(topics));

        // Then
        assertThat(errors(response.resultsByTopicV3AndBelow()))
                .containsExactly(
                        ErrorCode.OPERATION_NOT_ATTEMPTED,
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        ErrorCode.TOPIC_AUTHORIZATION_FAILED,
                        ErrorCode.TOPIC_AUTHORIZATION_FAILED);
    }

    @Test
    void shouldTakeBatchedQuestionsFromBrokersOnly() {
        // Given
        AddPartitionsToTxnResponse toBroker = broker.call(ApiKey.ADD_PARTITIONS_TO_TXN, 5, batched());
        forbid(Operation.CLUSTER_ACTION, ResourceType.CLUSTER, "*");

        // When
        AddPartitionsToTxnResponse toClient = broker.call(ApiKey.ADD_PARTITIONS_TO_TXN, 5, batched());

        // Then
        assertThat(toClient.errorCode()).isEqualTo(ErrorCode.CLUSTER_AUTHORIZATION_FAILED.code());
        assertThat(toBroker.resultsByTransaction()).hasSize(2);
        assertThat(errors(toBroker.resultsByTransaction().get(0).topicResults()))
                .containsExactly(ErrorCode.TRANSACTION_ABORTABLE);
        assertThat(errors(toBroker.resultsByTransaction().get(1).topicResults()))
                .containsExactly(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    private AddPartitionsToTxnRequest batched() {
        AddPartitionsToTxnRequest request = new AddPartitionsToTxnRequest();
        for (AddPartitionsToTxnTopic topic : List.of(topic("nowhere", 0), topic("orders", 0))) {
            request.transactions()
                    .add(new AddPartitionsToTxnTransaction()
                            .setTransactionalId("tx")
                            .setProducerId(producer.producerId)
                            .setProducerEpoch(producer.epoch)
                            .setVerifyOnly(true)
                            .setTopics(new ArrayList<>(List.of(topic))));
        }
        return request;
    }

    @Test
    void shouldTakeMarkersFromBrokersAndAdministratorsOnly() {
        // Given
        WriteTxnMarkersRequest request = new WriteTxnMarkersRequest();
        request.markers()
                .add(new WritableTxnMarker()
                        .setProducerId(77)
                        .setTopics(new ArrayList<>(List.of(
                                markers("orders", 0, 9), markers("nowhere", 0), markers("__consumer_offsets", 3)))));
        forbid(Operation.CLUSTER_ACTION, ResourceType.CLUSTER, "*");
        WriteTxnMarkersResponse toAdministrator = broker.call(ApiKey.WRITE_TXN_MARKERS, 1, request);
        forbid(Operation.ALTER, ResourceType.CLUSTER, "*");

        // When
        WriteTxnMarkersResponse toClient = broker.call(ApiKey.WRITE_TXN_MARKERS, 1, request);

        // Then
        assertThat(markerErrors(toAdministrator))
                .containsExactly(
                        ErrorCode.NONE,
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(markerErrors(toClient)).hasSize(4).containsOnly(ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
    }

    @Test
    void shouldShowOnlyWhatOneMayDescribe() {
        // Given
        producer.write("orders", 0, "a");
        producer.write("secrets", 0, "b");
        new Transacting(broker, "hidden", Transacting.Versions.TWO).begin();
        forbid(Operation.DESCRIBE, ResourceType.TRANSACTIONAL_ID, "hidden");
        forbid(Operation.DESCRIBE, ResourceType.TOPIC, "secrets");

        // When
        ListTransactionsResponse listed = broker.call(ApiKey.LIST_TRANSACTIONS, 2, new ListTransactionsRequest());
        DescribeTransactionsResponse described = broker.call(
                ApiKey.DESCRIBE_TRANSACTIONS,
                0,
                new DescribeTransactionsRequest().setTransactionalIds(new ArrayList<>(List.of("hidden", "tx"))));

        // Then
        assertThat(listed.transactionStates())
                .extracting(ListTransactionsResponse.TransactionState::transactionalId)
                .containsExactly("tx");
        assertThat(described.transactionStates()).hasSize(2).anySatisfy(state -> {
            assertThat(state.transactionalId()).isEqualTo("tx");
            assertThat(state.topics()).singleElement().satisfies(topic -> assertThat(topic.topic())
                    .isEqualTo("orders"));
        });
        assertThat(described.transactionStates()).anySatisfy(state -> {
            assertThat(state.transactionalId()).isEqualTo("hidden");
            assertThat(state.errorCode()).isEqualTo(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED.code());
        });
    }

    @Test
    void shouldShowProducersToReadersOnly() {
        // Given
        forbid(Operation.READ, ResourceType.TOPIC, "orders");
        DescribeProducersRequest request = new DescribeProducersRequest();
        request.topics()
                .add(new DescribeProducersRequest.TopicRequest()
                        .setName("orders")
                        .setPartitionIndexes(new ArrayList<>(List.of(0))));

        // When
        DescribeProducersResponse response = broker.call(ApiKey.DESCRIBE_PRODUCERS, 0, request);

        // Then
        assertThat(response.topics().get(0).partitions().get(0).errorCode())
                .isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code());
    }

    @Test
    void shouldNameCoordinatorsToThoseWhoMayDescribeTheId() {
        // Given
        forbid(Operation.DESCRIBE, ResourceType.TRANSACTIONAL_ID, "hidden");
        FindCoordinatorRequest request = new FindCoordinatorRequest()
                .setKeyType((byte) 1)
                .setCoordinatorKeys(new ArrayList<>(List.of("hidden", "tx")));

        // When
        FindCoordinatorResponse response = broker.call(ApiKey.FIND_COORDINATOR, 6, request);

        // Then
        assertThat(response.coordinators())
                .extracting(found -> ErrorCode.of(found.errorCode()))
                .containsExactly(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, ErrorCode.NONE);
    }

    @Test
    void shouldMakeNoTopicForWhoMayNameNoCoordinator() {
        // Given
        forbid(Operation.DESCRIBE, ResourceType.GROUP, "hidden");
        FindCoordinatorRequest request = new FindCoordinatorRequest().setKey("hidden");

        // When
        FindCoordinatorResponse response = broker.call(ApiKey.FIND_COORDINATOR, 3, request);

        // Then
        assertThat(response.errorCode()).isEqualTo(ErrorCode.GROUP_AUTHORIZATION_FAILED.code());
        assertThat(broker.images.current().topic(InternalTopics.CONSUMER_OFFSETS))
                .isEmpty();
    }

    @Test
    void shouldNotAppendToTopicsThatMayNotBeWritten() {
        // Given
        forbid(Operation.WRITE, ResourceType.TOPIC, "secrets");

        // When
        ProduceResponse refused = TestBroker.answer(producer.start("secrets", 0, "a"));
        EndTxnResponse end = broker.call(ApiKey.END_TXN, 5, producer.endRequest(true));

        // Then
        assertThat(Transacting.errorOf(refused)).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        assertThat(end.errorCode()).isNotEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR.code());
    }

    private static AddPartitionsToTxnTopic topic(String name, Integer... partitions) {
        return new AddPartitionsToTxnTopic().setName(name).setPartitions(new ArrayList<>(List.of(partitions)));
    }

    private static WritableTxnMarkerTopic markers(String name, Integer... partitions) {
        return new WritableTxnMarkerTopic().setName(name).setPartitionIndexes(new ArrayList<>(List.of(partitions)));
    }

    private static List<ErrorCode> errors(List<AddPartitionsToTxnTopicResult> topics) {
        return topics.stream()
                .flatMap(topic -> topic.resultsByPartition().stream())
                .map(result -> ErrorCode.of(result.partitionErrorCode()))
                .toList();
    }

    private static List<ErrorCode> markerErrors(WriteTxnMarkersResponse response) {
        return response.markers().get(0).topics().stream()
                .flatMap(topic -> topic.partitions().stream())
                .map(partition -> ErrorCode.of(partition.errorCode()))
                .toList();
    }
}
