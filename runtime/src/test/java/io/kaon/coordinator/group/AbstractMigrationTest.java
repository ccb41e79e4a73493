// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static io.kaon.coordinator.group.ConsumerBytes.assignment;
import static io.kaon.coordinator.group.ConsumerBytes.idOf;
import static io.kaon.coordinator.group.ConsumerBytes.subscription;
import static io.kaon.coordinator.group.GroupFixture.GROUP;
import static io.kaon.coordinator.group.GroupFixture.REBALANCE_MS;
import static io.kaon.coordinator.group.GroupFixture.joinRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.ShardOptions;
import io.kaon.coordinator.group.consumer.ConsumerGroupOptions;
import io.kaon.coordinator.group.consumer.MigrationPolicy;
import io.kaon.wire.message.ConsumerGroupHeartbeatRequest;
import io.kaon.wire.message.ConsumerGroupHeartbeatRequest.TopicPartitions;
import io.kaon.wire.message.ConsumerGroupHeartbeatResponse;
import io.kaon.wire.message.HeartbeatRequest;
import io.kaon.wire.message.JoinGroupRequest;
import io.kaon.wire.message.JoinGroupRequest.JoinGroupRequestProtocol;
import io.kaon.wire.message.JoinGroupResponse;
import io.kaon.wire.message.ListGroupsRequest;
import io.kaon.wire.message.SyncGroupRequest;
import io.kaon.wire.message.SyncGroupRequest.SyncGroupRequestAssignment;
import io.kaon.wire.message.SyncGroupResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;

/** Groups with members of both protocols, and what their members say. */
abstract class AbstractMigrationTest {
    static final int PARTITIONS = 6;

    GroupFixture fixture = new GroupFixture();

    @BeforeEach
    void createTopic() {
        fixture.image = ConsumerBytes.image(1, PARTITIONS);
    }

    /** One cooperative member of the classic protocol and one of the consumer protocol, three partitions each. */
    final String mixedGroup() {
        String old = classicGroup(List.of(0, 1, 2, 3, 4, 5));
        heartbeat("new", 0, List.of());
        join(old, List.of());
        assertThat(ConsumerBytes.partitions(sync(2, old).assignment())).hasSize(3);
        assertThat(partitions(heartbeat("new", 2, List.of()))).hasSize(3);
        assertThat(classicHeartbeat(2, old)).isEqualTo(ErrorCode.NONE);
        return old;
    }

    final String classicGroup(List<Integer> partitions) {
        JoinGroupResponse joined = fixture.done(fixture.join(3, request("", List.of())));
        assertThat(joined.errorCode()).isZero();
        assertThat(sync(joined.generationId(), joined.memberId(), assignment(partitions))
                        .errorCode())
                .isZero();
        return joined.memberId();
    }

    static GroupFixture fixture(MigrationPolicy policy) {
        return new GroupFixture(
                GroupOptions.DEFAULTS.withInitialRebalanceDelayMs(0),
                ShardOptions.DEFAULTS,
                1,
                new ConsumerGroupOptions(Integer.MAX_VALUE, List.of("uniform", "range"), policy));
    }

    final void failOver() {
        fixture.coordinator.onResigned(0);
        fixture.elect();
    }

    final JoinGroupResponse join(String memberId, List<Integer> owned) {
        return fixture.done(fixture.join(3, request(memberId, owned)));
    }

    final ErrorCode errorOf(JoinGroupRequest request) {
        return ErrorCode.of(fixture.done(fixture.join(3, request)).errorCode());
    }

    static JoinGroupRequest request(String memberId, List<Integer> owned) {
        return joinRequest(memberId)
                .setProtocols(new ArrayList<>(List.of(
                        new JoinGroupRequestProtocol().setName("range").setMetadata(subscription(owned, "topic-0")))));
    }

    final SyncGroupResponse sync(int generation, String memberId, byte[]... assignment) {
        return fixture.done(fixture.coordinator.syncGroup(
                fixture.from(5),
                syncRequest(generation, memberId)
                        .setAssignments(Arrays.stream(assignment)
                                .map(bytes -> new SyncGroupRequestAssignment()
                                        .setMemberId(memberId)
                                        .setAssignment(bytes))
                                .toList())));
    }

    static SyncGroupRequest syncRequest(int generation, String memberId) {
        return GroupFixture.syncRequest(generation, memberId);
    }

    final ErrorCode syncError(SyncGroupRequest request) {
        return ErrorCode.of(fixture.done(fixture.coordinator.syncGroup(fixture.from(5), request))
                .errorCode());
    }

    final ErrorCode classicHeartbeat(int generation, String memberId) {
        return fixture.heartbeat(new HeartbeatRequest()
                .setGroupId(GROUP)
                .setGenerationId(generation)
                .setMemberId(memberId));
    }

    final ConsumerGroupHeartbeatResponse heartbeat(String memberId, int epoch, List<Integer> owned) {
        return fixture.done(send(memberId, epoch, owned));
    }

    final CompletableFuture<ConsumerGroupHeartbeatResponse> send(String memberId, int epoch, List<Integer> owned) {
        return fixture.coordinator
                .consumerGroupHeartbeat(fixture.from(1), heartbeatRequest(memberId, epoch, owned))
                .toCompletableFuture();
    }

    static ConsumerGroupHeartbeatRequest heartbeatRequest(String memberId, int epoch, List<Integer> owned) {
        ConsumerGroupHeartbeatRequest request = new ConsumerGroupHeartbeatRequest()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setMemberEpoch(epoch)
                .setSubscribedTopicNames(null)
                .setTopicPartitions(null);
        if (epoch == 0) {
            request.setRebalanceTimeoutMs(REBALANCE_MS).setSubscribedTopicNames(List.of("topic-0"));
        }
        if (owned != null) {
            request.setTopicPartitions(
                    owned.isEmpty()
                            ? List.of()
                            : List.of(new TopicPartitions().setTopicId(idOf(0)).setPartitions(owned)));
        }
        return request;
    }

    static List<Integer> partitions(ConsumerGroupHeartbeatResponse response) {
        List<Integer> partitions = new ArrayList<>();
        if (response.assignment() != null) {
            response.assignment().topicPartitions().forEach(topic -> partitions.addAll(topic.partitions()));
        }
        return partitions;
    }

    final List<String> types() {
        return fixture.done(fixture.coordinator.listGroups(fixture.from(5), new ListGroupsRequest())).groups().stream()
                .map(group -> group.groupType())
                .toList();
    }

    final List<String> listed(ListGroupsRequest request) {
        return fixture.done(fixture.coordinator.listGroups(fixture.from(5), request)).groups().stream()
                .map(group -> group.groupId())
                .toList();
    }

    final List<String> states() {
        return fixture.done(fixture.coordinator.listGroups(fixture.from(5), new ListGroupsRequest())).groups().stream()
                .map(group -> group.groupState())
                .toList();
    }
}
