// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.server.Authoriser;
import io.kaon.server.Operation;
import io.kaon.server.ResourceType;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.ConsumerGroupDescribeRequest;
import io.kaon.wire.message.ConsumerGroupDescribeResponse;
import io.kaon.wire.message.ConsumerGroupDescribeResponse.DescribedGroup;
import io.kaon.wire.message.ConsumerGroupHeartbeatRequest;
import io.kaon.wire.message.ConsumerGroupHeartbeatResponse;
import io.kaon.wire.message.FindCoordinatorRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what with groups of the consumer protocol, and what the others are told. */
class ConsumerGroupRightsTest {
    private static final int NO_OPERATIONS = Integer.MIN_VALUE;

    @TempDir
    Path data;

    /** What is forbidden now, as "OPERATION TYPE name". */
    private final Set<String> forbidden = ConcurrentHashMap.newKeySet();

    private TestBroker broker;

    @BeforeEach
    void start() {
        Authoriser authoriser =
                (who, operation, resource) -> !forbidden.contains(key(operation, resource.type(), resource.name()));
        broker = new TestBroker(data, Map.of(), authoriser);
        broker.create("orders", 2);
        broker.create("secrets", 1);
        broker.call(ApiKey.FIND_COORDINATOR, 0, new FindCoordinatorRequest().setKey("readers"));
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void shouldLetOnlyReadersOfAGroupJoinIt() {
        // Given
        forbid(Operation.READ, ResourceType.GROUP, "readers");

        // When
        ConsumerGroupHeartbeatResponse refused = join("readers", "a", "orders");

        // Then
        assertThat(ErrorCode.of(refused.errorCode())).isEqualTo(ErrorCode.GROUP_AUTHORIZATION_FAILED);
        assertThat(refused.memberEpoch()).isZero();
        assertThat(ErrorCode.of(describe("readers").get("readers").errorCode()))
                .isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }

    @Test
    void shouldRefuseASubscriptionToATopicThatTheMemberMayNotKnowOf() {
        // Given
        forbid(Operation.DESCRIBE, ResourceType.TOPIC, "secrets");

        // When / Then
        assertThat(ErrorCode.of(join("readers", "a", "orders", "secrets").errorCode()))
                .isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        assertThat(join("readers", "a", "orders").errorCode()).isZero();
    }

    @Test
    void shouldLeaveTopicsOutOfAnExpressionThatTheMemberMayNotKnowOf() {
        // Given
        forbid(Operation.DESCRIBE, ResourceType.TOPIC, "secrets");

        // When
        ConsumerGroupHeartbeatResponse joined = broker.call(
                ApiKey.CONSUMER_GROUP_HEARTBEAT,
                1,
                new ConsumerGroupHeartbeatRequest()
                        .setGroupId("readers")
                        .setMemberId("a")
                        .setRebalanceTimeoutMs(60_000)
                        .setSubscribedTopicRegex("orders|secrets")
                        .setTopicPartitions(List.of()));

        // Then
        assertThat(joined.assignment().topicPartitions())
                .extracting(topic -> topic.partitions().size())
                .containsExactly(2);
    }

    @Test
    void shouldStopAMemberWhoseRightIsTakenAway() {
        // Given
        join("readers", "a", "orders");
        forbid(Operation.READ, ResourceType.GROUP, "readers");

        // When
        ConsumerGroupHeartbeatResponse refused = broker.call(
                ApiKey.CONSUMER_GROUP_HEARTBEAT,
                1,
                new ConsumerGroupHeartbeatRequest()
                        .setGroupId("readers")
                        .setMemberId("a")
                        .setMemberEpoch(1));

        // Then
        assertThat(ErrorCode.of(refused.errorCode())).isEqualTo(ErrorCode.GROUP_AUTHORIZATION_FAILED);
    }

    @Test
    void shouldDescribeToEverybodyWhatHeMaySee() {
        // Given
        join("readers", "a", "orders");
        join("others", "b", "orders");
        forbid(Operation.DESCRIBE, ResourceType.GROUP, "others");

        // When
        Map<String, DescribedGroup> groups = describe("readers", "others", "missing", "");

        // Then
        assertThat(groups.get("readers").groupState()).isEqualTo("Stable");
        assertThat(groups.get("readers").members()).hasSize(1);
        assertThat(ErrorCode.of(groups.get("others").errorCode())).isEqualTo(ErrorCode.GROUP_AUTHORIZATION_FAILED);
        assertThat(groups.get("others").members()).isEmpty();
        assertThat(ErrorCode.of(groups.get("missing").errorCode())).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        assertThat(ErrorCode.of(groups.get("").errorCode())).isEqualTo(ErrorCode.INVALID_GROUP_ID);
    }

    @Test
    void shouldHideAGroupWithATopicThatTheClientMayNotKnowOf() {
        // Given
        join("readers", "a", "orders", "secrets");
        forbid(Operation.DESCRIBE, ResourceType.TOPIC, "secrets");

        // When
        DescribedGroup hidden = describe("readers").get("readers");

        // Then
        assertThat(ErrorCode.of(hidden.errorCode())).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        assertThat(hidden.errorMessage()).isNotEmpty();
        assertThat(hidden.members()).isEmpty();
    }

    @Test
    void shouldTellTheRightsOfTheClientWhenAsked() {
        // Given
        join("readers", "a", "orders");

        // When
        DescribedGroup plain = describe("readers").get("readers");
        List<DescribedGroup> detailed = ask(new ConsumerGroupDescribeRequest()
                .setGroupIds(List.of("readers"))
                .setIncludeAuthorizedOperations(true));

        // Then
        assertThat(plain.authorizedOperations()).isEqualTo(NO_OPERATIONS);
        assertThat(detailed.get(0).authorizedOperations()).isPositive();
    }

    private static String key(Operation operation, ResourceType type, String name) {
        return operation + " " + type + " " + name;
    }

    private void forbid(Operation operation, ResourceType type, String name) {
        forbidden.add(key(operation, type, name));
    }

    private ConsumerGroupHeartbeatResponse join(String groupId, String memberId, String... topics) {
        return broker.call(
                ApiKey.CONSUMER_GROUP_HEARTBEAT,
                1,
                new ConsumerGroupHeartbeatRequest()
                        .setGroupId(groupId)
                        .setMemberId(memberId)
                        .setMemberEpoch(0)
                        .setRebalanceTimeoutMs(300_000)
                        .setSubscribedTopicNames(new ArrayList<>(List.of(topics)))
                        .setTopicPartitions(new ArrayList<>()));
    }

    private Map<String, DescribedGroup> describe(String... groupIds) {
        return ask(new ConsumerGroupDescribeRequest().setGroupIds(List.of(groupIds))).stream()
                .collect(Collectors.toMap(DescribedGroup::groupId, Function.identity()));
    }

    private List<DescribedGroup> ask(ConsumerGroupDescribeRequest request) {
        ConsumerGroupDescribeResponse response = broker.call(ApiKey.CONSUMER_GROUP_DESCRIBE, 1, request);
        return response.groups();
    }
}
