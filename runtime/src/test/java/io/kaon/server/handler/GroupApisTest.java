// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.server.Authoriser;
import io.kaon.server.ResourceType;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.DescribeGroupsRequest;
import io.kaon.wire.message.DescribeGroupsResponse;
import io.kaon.wire.message.FindCoordinatorRequest;
import io.kaon.wire.message.FindCoordinatorResponse;
import io.kaon.wire.message.JoinGroupRequest;
import io.kaon.wire.message.JoinGroupResponse;
import io.kaon.wire.message.ListGroupsRequest;
import io.kaon.wire.message.ListGroupsResponse;
import io.kaon.wire.message.OffsetCommitRequest;
import io.kaon.wire.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.kaon.wire.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.kaon.wire.message.OffsetCommitResponse;
import io.kaon.wire.message.OffsetDeleteRequest;
import io.kaon.wire.message.OffsetDeleteResponse;
import io.kaon.wire.message.OffsetFetchRequest;
import io.kaon.wire.message.OffsetFetchResponse;
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
import org.junit.jupiter.params.provider.MethodSource;

/** The group apis through the router, with the real coordinator: what the server adds to it. */
class GroupApisTest {
    @TempDir
    Path data;

    private TestBroker broker;

    @BeforeEach
    void start() {
        broker = new TestBroker(data);
        broker.create("orders", 1);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    static IntStream coordinatorVersions() {
        return IntStream.rangeClosed(0, 6);
    }

    static IntStream offsetVersions() {
        return IntStream.rangeClosed(0, 10);
    }

    @ParameterizedTest
    @MethodSource("coordinatorVersions")
    void shouldNameThisBrokerAsCoordinator(int version) {
        // Given
        FindCoordinatorRequest request = new FindCoordinatorRequest();
        if (version < 4) {
            request.setKey("group");
        } else {
            request.setCoordinatorKeys(new ArrayList<>(List.of("group", "other")));
        }

        // When
        FindCoordinatorResponse response = broker.call(ApiKey.FIND_COORDINATOR, version, request);

        // Then
        if (version < 4) {
            assertThat(response.errorCode()).isZero();
            assertThat(response.nodeId()).isEqualTo(TestBroker.NODE_ID);
            assertThat(response.host()).isEqualTo("advertised.example");
            assertThat(response.port()).isEqualTo(19092);
        } else {
            assertThat(response.coordinators()).hasSize(2).allSatisfy(found -> {
                assertThat(found.errorCode()).isZero();
                assertThat(found.nodeId()).isEqualTo(TestBroker.NODE_ID);
            });
        }
        assertThat(broker.images.current().topic("__consumer_offsets")).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"6, 2, UNSUPPORTED_VERSION", "5, 2, INVALID_REQUEST", "6, 3, INVALID_REQUEST", "1, -1, INVALID_REQUEST"
    })
    void shouldRefuseOtherKindsOfCoordinators(int version, byte type, ErrorCode error) {
        // Given
        FindCoordinatorRequest request = new FindCoordinatorRequest().setKeyType(type);
        if (version < 4) {
            request.setKey("id");
        } else {
            request.setCoordinatorKeys(new ArrayList<>(List.of("id")));
        }

        // When
        FindCoordinatorResponse response = broker.call(ApiKey.FIND_COORDINATOR, version, request);

        // Then
        short code = version < 4
                ? response.errorCode()
                : response.coordinators().get(0).errorCode();
        assertThat(code).isEqualTo(error.code());
    }

    @ParameterizedTest
    @MethodSource("offsetVersions")
    void shouldCommitAndFetchInEveryVersion(int version) {
        // Given
        Uuid id = version < 10 ? Uuid.ZERO : topicId();
        OffsetCommitResponse committed = broker.call(ApiKey.OFFSET_COMMIT, version, commit("orders", id));

        // When
        OffsetFetchResponse fetched = broker.call(ApiKey.OFFSET_FETCH, version, fetch(version, "orders", id));

        // Then
        assertThat(committed.topics().get(0).partitions().get(0).errorCode()).isZero();
        if (version < 8) {
            assertThat(fetched.topics().get(0).partitions().get(0).committedOffset())
                    .isEqualTo(42);
            assertThat(fetched.topics().get(0).partitions().get(0).metadata()).isEqualTo("note");
        } else {
            OffsetFetchResponse.OffsetFetchResponseTopics topic =
                    fetched.groups().get(0).topics().get(0);
            assertThat(topic.partitions().get(0).committedOffset()).isEqualTo(42);
            assertThat(topic.topicId()).isEqualTo(id);
        }
    }

    @ParameterizedTest
    @CsvSource({"2, false", "7, false", "8, true", "10, true"})
    void shouldFetchAllOfAGroup(int version, boolean isBatch) {
        // Given
        broker.call(ApiKey.OFFSET_COMMIT, 9, commit("orders", Uuid.ZERO));
        OffsetFetchRequest request = new OffsetFetchRequest();
        if (isBatch) {
            request.groups()
                    .add(new OffsetFetchRequest.OffsetFetchRequestGroup()
                            .setGroupId("group")
                            .setTopics(null));
        } else {
            request.setGroupId("group").setTopics(null);
        }

        // When
        OffsetFetchResponse response = broker.call(ApiKey.OFFSET_FETCH, version, request);

        // Then
        if (isBatch) {
            assertThat(response.groups().get(0).topics()).singleElement().satisfies(topic -> {
                assertThat(topic.name()).isEqualTo("orders");
                assertThat(topic.topicId()).isEqualTo(topicId());
            });
        } else {
            assertThat(response.topics()).hasSize(1);
        }
    }

    @Test
    void shouldRefuseOffsetsOfUnknownTopicsAndKeepTheOthers() {
        // Given
        OffsetCommitRequest byName = commit("nowhere", Uuid.ZERO);
        byName.topics().addAll(commit("orders", Uuid.ZERO).topics());
        OffsetCommitRequest byId = commit("", new Uuid(1, 1));
        byId.topics().addAll(commit("", topicId()).topics());

        // When
        OffsetCommitResponse named = broker.call(ApiKey.OFFSET_COMMIT, 9, byName);
        OffsetCommitResponse identified = broker.call(ApiKey.OFFSET_COMMIT, 10, byId);

        // Then
        assertThat(named.topics())
                .extracting(topic -> topic.partitions().get(0).errorCode())
                .containsExactly(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code(), (short) 0);
        assertThat(identified.topics())
                .extracting(topic -> topic.partitions().get(0).errorCode())
                .containsExactly(ErrorCode.UNKNOWN_TOPIC_ID.code(), (short) 0);
        assertThat(identified.topics().get(0).topicId()).isEqualTo(new Uuid(1, 1));
    }

    @Test
    void shouldAnswerUnknownIdsInAFetch() {
        // When
        OffsetFetchResponse response = broker.call(ApiKey.OFFSET_FETCH, 10, fetch(10, "", new Uuid(1, 1)));

        // Then
        assertThat(response.groups().get(0).topics().get(0).partitions().get(0).errorCode())
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID.code());
    }

    @Test
    void shouldDeleteOffsetsOfTopicsThatExist() {
        // Given
        broker.call(ApiKey.OFFSET_COMMIT, 9, commit("orders", Uuid.ZERO));
        OffsetDeleteRequest request = new OffsetDeleteRequest().setGroupId("group");
        for (String name : List.of("orders", "nowhere")) {
            OffsetDeleteRequest.OffsetDeleteRequestTopic topic =
                    new OffsetDeleteRequest.OffsetDeleteRequestTopic().setName(name);
            topic.partitions().add(new OffsetDeleteRequest.OffsetDeleteRequestPartition());
            request.topics().add(topic);
        }

        // When
        OffsetDeleteResponse response = broker.call(ApiKey.OFFSET_DELETE, 0, request);

        // Then
        assertThat(response.errorCode()).isZero();
        assertThat(response.topics())
                .extracting(topic -> topic.partitions().get(0).errorCode())
                .containsExactly((short) 0, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    @Test
    void shouldTellWhatTheClientMayDoToAGroup() {
        // Given
        broker.call(ApiKey.OFFSET_COMMIT, 9, commit("orders", Uuid.ZERO));
        DescribeGroupsRequest request = new DescribeGroupsRequest().setIncludeAuthorizedOperations(true);
        request.groups().add("group");

        // When
        DescribeGroupsResponse response = broker.call(ApiKey.DESCRIBE_GROUPS, 5, request);
        ListGroupsResponse listed = broker.call(ApiKey.LIST_GROUPS, 5, new ListGroupsRequest());

        // Then
        assertThat(response.groups().get(0).errorCode()).isZero();
        assertThat(response.groups().get(0).authorizedOperations()).isEqualTo(0b1101_0100_1000);
        assertThat(listed.groups())
                .extracting(ListGroupsResponse.ListedGroup::groupId)
                .containsExactly("group");
    }

    @Test
    void shouldPassMembersTheCoordinatorsAnswer() {
        // Given
        JoinGroupRequest request = new JoinGroupRequest()
                .setGroupId("members")
                .setSessionTimeoutMs(10_000)
                .setRebalanceTimeoutMs(10_000)
                .setProtocolType("consumer");
        request.protocols().add(new JoinGroupRequest.JoinGroupRequestProtocol().setName("range"));

        // When
        JoinGroupResponse response = broker.call(ApiKey.JOIN_GROUP, 9, request);

        // Then
        assertThat(response.errorCode()).isEqualTo(ErrorCode.MEMBER_ID_REQUIRED.code());
        assertThat(response.memberId()).startsWith("test-client-");
    }

    @Test
    void shouldAskTheAuthoriserAboutGroups(@TempDir Path other) {
        Authoriser authoriser = (who, operation, resource) -> resource.type() != ResourceType.GROUP;
        try (TestBroker guarded = new TestBroker(other, Map.of(), authoriser)) {
            // Given
            guarded.create("orders", 1);

            // When
            JoinGroupResponse joined = guarded.call(ApiKey.JOIN_GROUP, 9, new JoinGroupRequest().setGroupId("group"));
            OffsetCommitResponse committed = guarded.call(ApiKey.OFFSET_COMMIT, 9, commit("orders", Uuid.ZERO));
            OffsetFetchResponse fetched = guarded.call(ApiKey.OFFSET_FETCH, 9, fetch(9, "orders", Uuid.ZERO));

            // Then
            short code = ErrorCode.GROUP_AUTHORIZATION_FAILED.code();
            assertThat(joined.errorCode()).isEqualTo(code);
            assertThat(committed.topics().get(0).partitions().get(0).errorCode())
                    .isEqualTo(code);
            assertThat(fetched.groups().get(0).errorCode()).isEqualTo(code);
        }
    }

    private Uuid topicId() {
        return broker.idOf("orders");
    }

    private static OffsetCommitRequest commit(String topic, Uuid id) {
        OffsetCommitRequestTopic asked =
                new OffsetCommitRequestTopic().setName(topic).setTopicId(id);
        asked.partitions()
                .add(new OffsetCommitRequestPartition().setCommittedOffset(42).setCommittedMetadata("note"));
        OffsetCommitRequest request = new OffsetCommitRequest().setGroupId("group");
        request.topics().add(asked);
        return request;
    }

    private static OffsetFetchRequest fetch(int version, String topic, Uuid id) {
        OffsetFetchRequest request = new OffsetFetchRequest();
        if (version < 8) {
            OffsetFetchRequest.OffsetFetchRequestTopic asked =
                    new OffsetFetchRequest.OffsetFetchRequestTopic().setName(topic);
            asked.partitionIndexes().add(0);
            request.setGroupId("group").topics().add(asked);
            return request;
        }
        OffsetFetchRequest.OffsetFetchRequestTopics asked =
                new OffsetFetchRequest.OffsetFetchRequestTopics().setName(topic).setTopicId(id);
        asked.partitionIndexes().add(0);
        OffsetFetchRequest.OffsetFetchRequestGroup group =
                new OffsetFetchRequest.OffsetFetchRequestGroup().setGroupId("group");
        group.topics().add(asked);
        request.groups().add(group);
        return request;
    }
}
