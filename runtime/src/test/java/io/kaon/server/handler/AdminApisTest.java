// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.server.Authoriser;
import io.kaon.server.ResourceType;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.CreatePartitionsRequest;
import io.kaon.wire.message.CreatePartitionsResponse;
import io.kaon.wire.message.CreateTopicsRequest;
import io.kaon.wire.message.CreateTopicsResponse;
import io.kaon.wire.message.DeleteTopicsRequest;
import io.kaon.wire.message.DeleteTopicsResponse;
import io.kaon.wire.message.DescribeAclsRequest;
import io.kaon.wire.message.DescribeAclsResponse;
import io.kaon.wire.message.DescribeClusterRequest;
import io.kaon.wire.message.DescribeClusterResponse;
import io.kaon.wire.message.DescribeLogDirsRequest;
import io.kaon.wire.message.DescribeLogDirsResponse;
import io.kaon.wire.message.DescribeTopicPartitionsRequest;
import io.kaon.wire.message.DescribeTopicPartitionsResponse;
import io.kaon.wire.message.InitProducerIdRequest;
import io.kaon.wire.message.InitProducerIdResponse;
import io.kaon.wire.message.ListConfigResourcesRequest;
import io.kaon.wire.message.ListConfigResourcesResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Administration through the router, with the real controller. */
class AdminApisTest {
    @TempDir
    Path data;

    private TestBroker broker;

    @BeforeEach
    void start() {
        broker = new TestBroker(data);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    static IntStream createVersions() {
        return IntStream.rangeClosed(0, 7);
    }

    @ParameterizedTest
    @MethodSource("createVersions")
    void shouldCreateATopicOnceAndAnswerOnePerTopic(int version) {
        // When
        CreateTopicsResponse first = broker.call(ApiKey.CREATE_TOPICS, version, create("a", "b"));
        CreateTopicsResponse second = broker.call(ApiKey.CREATE_TOPICS, version, create("a", "bad name"));

        // Then
        assertThat(first.topics()).extracting(it -> it.errorCode()).containsExactly((short) 0, (short) 0);
        assertThat(second.topics())
                .extracting(it -> it.errorCode())
                .containsExactly(ErrorCode.TOPIC_ALREADY_EXISTS.code(), ErrorCode.INVALID_TOPIC_EXCEPTION.code());
    }

    @Test
    void shouldDeleteTopicsByNameAndById() {
        // Given
        broker.create("a", 1);
        broker.create("b", 1);
        DeleteTopicsRequest byName = new DeleteTopicsRequest();
        byName.topicNames().addAll(List.of("a", "nowhere"));
        DeleteTopicsRequest byId = new DeleteTopicsRequest();
        byId.topics().add(new DeleteTopicsRequest.DeleteTopicState().setTopicId(broker.idOf("b")));
        byId.topics().add(new DeleteTopicsRequest.DeleteTopicState().setTopicId(new Uuid(1, 1)));
        byId.topics().add(new DeleteTopicsRequest.DeleteTopicState());

        // When
        DeleteTopicsResponse named = broker.call(ApiKey.DELETE_TOPICS, 5, byName);
        DeleteTopicsResponse identified = broker.call(ApiKey.DELETE_TOPICS, 6, byId);

        // Then
        assertThat(named.responses())
                .extracting(it -> it.errorCode())
                .containsExactly((short) 0, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(identified.responses())
                .extracting(it -> it.errorCode())
                .containsExactlyInAnyOrder(
                        (short) 0, ErrorCode.UNKNOWN_TOPIC_ID.code(), ErrorCode.INVALID_REQUEST.code());
        assertThat(broker.images.current().topicCount()).isZero();
    }

    @Test
    void shouldAddPartitions() {
        // Given
        broker.create("a", 1);
        CreatePartitionsRequest request = new CreatePartitionsRequest();
        request.topics()
                .add(new CreatePartitionsRequest.CreatePartitionsTopic()
                        .setName("a")
                        .setCount(4)
                        .setAssignments(null));

        // When
        CreatePartitionsResponse response = broker.call(ApiKey.CREATE_PARTITIONS, 3, request);

        // Then
        assertThat(response.results().get(0).errorCode()).isZero();
        assertThat(broker.images.current().topic("a").orElseThrow().partitions())
                .hasSize(4);
    }

    @Test
    void shouldRefuseWhatTheClientMayNotDo(@TempDir Path other) {
        Authoriser authoriser = (who, operation, resource) ->
                resource.type() != ResourceType.CLUSTER && !resource.name().equals("secret");
        try (TestBroker guarded = new TestBroker(other, Map.of(), authoriser)) {
            // When
            CreateTopicsResponse created = guarded.call(ApiKey.CREATE_TOPICS, 7, create("open", "secret"));
            DescribeAclsResponse acls = guarded.call(ApiKey.DESCRIBE_ACLS, 3, new DescribeAclsRequest());
            DescribeLogDirsResponse dirs =
                    guarded.call(ApiKey.DESCRIBE_LOG_DIRS, 3, new DescribeLogDirsRequest().setTopics(null));
            InitProducerIdResponse producer =
                    guarded.call(ApiKey.INIT_PRODUCER_ID, 5, new InitProducerIdRequest().setTransactionalId(null));

            // Then
            short refused = ErrorCode.CLUSTER_AUTHORIZATION_FAILED.code();
            assertThat(created.topics())
                    .extracting(it -> it.errorCode())
                    .containsExactly((short) 0, ErrorCode.TOPIC_AUTHORIZATION_FAILED.code());
            assertThat(List.of(acls.errorCode(), dirs.errorCode(), producer.errorCode()))
                    .containsOnly(refused);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void shouldGiveEveryProducerItsOwnId(int version) {
        // Given
        Set<Long> ids = new HashSet<>();

        // When
        for (int count = 0; count < 1_500; count++) {
            InitProducerIdResponse response =
                    broker.call(ApiKey.INIT_PRODUCER_ID, version, new InitProducerIdRequest().setTransactionalId(null));
            assertThat(response.producerEpoch()).isZero();
            ids.add(response.producerId());
        }

        // Then
        assertThat(ids).hasSize(1_500).allMatch(id -> id >= 0);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {
                "tx, 4, -1, INVALID_REQUEST",
                "tx, -1, 2, INVALID_REQUEST",
                "'', -1, -1, INVALID_REQUEST",
                "null, 4, -1, INVALID_REQUEST",
                "null, -1, 2, INVALID_REQUEST",
                "null, 4, 2, NONE"
            })
    void shouldRefuseProducersThatItCannotServe(String id, long producerId, short epoch, ErrorCode error) {
        // Given
        InitProducerIdRequest request = new InitProducerIdRequest()
                .setTransactionalId(id)
                .setProducerId(producerId)
                .setProducerEpoch(epoch);

        // When
        InitProducerIdResponse response = broker.call(ApiKey.INIT_PRODUCER_ID, 5, request);

        // Then
        assertThat(response.errorCode()).isEqualTo(error.code());
    }

    @Test
    void shouldDescribeTheCluster() {
        // When
        DescribeClusterResponse response = broker.call(
                ApiKey.DESCRIBE_CLUSTER, 2, new DescribeClusterRequest().setIncludeClusterAuthorizedOperations(true));
        DescribeClusterResponse controllers =
                broker.call(ApiKey.DESCRIBE_CLUSTER, 1, new DescribeClusterRequest().setEndpointType((byte) 2));
        DescribeClusterResponse nonsense =
                broker.call(ApiKey.DESCRIBE_CLUSTER, 1, new DescribeClusterRequest().setEndpointType((byte) 7));

        // Then
        assertThat(response.clusterId()).isEqualTo(TestBroker.CLUSTER);
        assertThat(response.controllerId()).isEqualTo(TestBroker.NODE_ID);
        assertThat(response.brokers()).singleElement().satisfies(found -> assertThat(found.port())
                .isEqualTo(19092));
        assertThat(response.clusterAuthorizedOperations()).isPositive();
        assertThat(controllers.errorCode()).isEqualTo(ErrorCode.MISMATCHED_ENDPOINT_TYPE.code());
        assertThat(nonsense.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_ENDPOINT_TYPE.code());
    }

    @Test
    void shouldPageThroughTopicPartitions() {
        // Given
        broker.create("a", 2);
        broker.create("b", 3);
        broker.create("c", 1);
        List<String> seen = new ArrayList<>();
        DescribeTopicPartitionsRequest request = new DescribeTopicPartitionsRequest().setResponsePartitionLimit(2);
        DescribeTopicPartitionsResponse.Cursor cursor;
        int pages = 0;

        // When
        do {
            DescribeTopicPartitionsResponse page = broker.call(ApiKey.DESCRIBE_TOPIC_PARTITIONS, 0, request);
            page.topics().forEach(topic -> topic.partitions()
                    .forEach(partition -> seen.add(topic.name() + partition.partitionIndex())));
            cursor = page.nextCursor();
            if (cursor != null) {
                request.setCursor(new DescribeTopicPartitionsRequest.Cursor()
                        .setTopicName(cursor.topicName())
                        .setPartitionIndex(cursor.partitionIndex()));
            }
            pages++;
        } while (cursor != null);

        // Then
        assertThat(seen).containsExactly("a0", "a1", "b0", "b1", "b2", "c0");
        assertThat(pages).isEqualTo(3);
    }

    @Test
    void shouldDescribeNamedTopicPartitions() {
        // Given
        broker.create("a", 1);
        DescribeTopicPartitionsRequest request = new DescribeTopicPartitionsRequest();
        for (String name : List.of("nowhere", "a", "a", "bad name")) {
            request.topics().add(new DescribeTopicPartitionsRequest.TopicRequest().setName(name));
        }

        // When
        DescribeTopicPartitionsResponse response = broker.call(ApiKey.DESCRIBE_TOPIC_PARTITIONS, 0, request);

        // Then
        assertThat(response.topics()).extracting(it -> it.name()).containsExactly("a", "bad name", "nowhere");
        assertThat(response.topics())
                .extracting(it -> it.errorCode())
                .containsExactly(
                        (short) 0,
                        ErrorCode.INVALID_TOPIC_EXCEPTION.code(),
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(response.nextCursor()).isNull();
    }

    @Test
    void shouldSayThatThereIsNoAccessControl() {
        // When
        DescribeAclsResponse response = broker.call(ApiKey.DESCRIBE_ACLS, 3, new DescribeAclsRequest());

        // Then
        assertThat(response.errorCode()).isEqualTo(ErrorCode.SECURITY_DISABLED.code());
    }

    @Test
    void shouldDescribeTheLogDirectory() {
        // Given
        broker.create("a", 2);

        // When
        DescribeLogDirsResponse response =
                broker.call(ApiKey.DESCRIBE_LOG_DIRS, 5, new DescribeLogDirsRequest().setTopics(null));

        // Then
        DescribeLogDirsResponse.DescribeLogDirsResult directory =
                response.results().get(0);
        assertThat(directory.logDir()).isEqualTo(data.toString());
        assertThat(directory.totalBytes()).isEqualTo(1000);
        assertThat(directory.usableBytes()).isEqualTo(400);
        assertThat(directory.topics().get(0).partitions())
                .extracting(it -> it.partitionSize())
                .containsExactly(17L, 17L);
    }

    @ParameterizedTest
    @CsvSource({"0, '', ''", "1, '2', 'a'", "1, '4', '5'", "1, '2;4', 'a;5'", "1, '', 'a;5;5'", "1, '16', ''"})
    void shouldListWhatHasSettings(int version, String types, String names) {
        // Given
        broker.create("a", 1);
        ListConfigResourcesRequest request = new ListConfigResourcesRequest();
        for (String type : types.isEmpty() ? new String[0] : types.split(";")) {
            request.resourceTypes().add(Byte.valueOf(type));
        }

        // When
        ListConfigResourcesResponse response = broker.call(ApiKey.LIST_CONFIG_RESOURCES, version, request);

        // Then
        assertThat(response.errorCode()).isZero();
        assertThat(response.configResources())
                .extracting(it -> it.resourceName())
                .containsExactly(names.isEmpty() ? new String[0] : names.split(";"));
    }

    @Test
    void shouldRefuseToListUnknownResourceTypes() {
        // Given
        ListConfigResourcesRequest request = new ListConfigResourcesRequest();
        request.resourceTypes().add((byte) 3);

        // When
        ListConfigResourcesResponse response = broker.call(ApiKey.LIST_CONFIG_RESOURCES, 1, request);

        // Then
        assertThat(response.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION.code());
    }

    private static CreateTopicsRequest create(String... names) {
        CreateTopicsRequest request = new CreateTopicsRequest();
        for (String name : names) {
            request.topics()
                    .add(new CreateTopicsRequest.CreatableTopic()
                            .setName(name)
                            .setNumPartitions(1)
                            .setReplicationFactor((short) 1));
        }
        return request;
    }
}
