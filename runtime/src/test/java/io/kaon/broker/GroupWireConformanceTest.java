// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.CreateTopicsResponse;
import io.kaon.wire.message.HeartbeatRequest;
import io.kaon.wire.message.HeartbeatResponse;
import io.kaon.wire.message.JoinGroupResponse;
import io.kaon.wire.message.LeaveGroupRequest;
import io.kaon.wire.message.LeaveGroupResponse;
import io.kaon.wire.message.OffsetCommitResponse;
import io.kaon.wire.message.OffsetDeleteRequest;
import io.kaon.wire.message.OffsetDeleteResponse;
import io.kaon.wire.message.SyncGroupResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The classic group protocol frame by frame, with the answers that Kafka 4.4.0 gave to the same frames. */
class GroupWireConformanceTest {
    private static final int JOIN = 9;
    private static final int SYNC = 5;

    private static Broker broker;
    private static WireClient first;
    private static WireClient second;
    private static Uuid topicId;

    @BeforeAll
    static void start() {
        broker = Broker.start(BrokerOptions.embedded()
                .withConfig(Map.of("group.initial.rebalance.delay.ms", "0", "offsets.topic.num.partitions", "1")));
        first = new WireClient(broker);
        second = new WireClient(broker);
        topicId = first.call(WireRequests.createTopic("t", 1, Map.of()), 7, CreateTopicsResponse.class)
                .topics()
                .get(0)
                .topicId();
        first.awaitCoordinator("g");
    }

    @AfterAll
    static void stop() {
        first.close();
        second.close();
        broker.close();
    }

    @Test
    void shouldRebalanceTwoMembersAndKeepTheLivingC10() {
        // Given: a group of one
        String leader = memberId("two");
        JoinGroupResponse alone = first.call(WireRequests.join("two", leader, null), JOIN, JoinGroupResponse.class);
        first.call(
                WireRequests.sync("two", leader, alone.generationId(), Map.of(leader, new byte[] {1})),
                SYNC,
                SyncGroupResponse.class);

        // When: another one joins, and the first hears of it
        String other = memberId("two");
        second.send(WireClient.frame(99, WireRequests.join("two", other, null), JOIN));
        ErrorCode heard = ErrorCode.NONE;
        while (heard == ErrorCode.NONE) {
            heard = heartbeat("two", leader, null, alone.generationId());
        }
        JoinGroupResponse led = first.call(WireRequests.join("two", leader, null), JOIN, JoinGroupResponse.class);
        JoinGroupResponse followed = (JoinGroupResponse) second.read(ApiKey.JOIN_GROUP.id(), JOIN, 99);

        // Then
        assertThat(heard).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(led.members()).hasSize(2);
        assertThat(followed.members()).isEmpty();
        assertThat(followed.generationId()).isEqualTo(led.generationId()).isEqualTo(alone.generationId() + 1);
        Map<String, byte[]> assignments = new TreeMap<>(Map.of(leader, new byte[] {1}, other, new byte[] {2}));
        second.send(WireClient.frame(100, WireRequests.sync("two", other, led.generationId(), Map.of()), SYNC));
        SyncGroupResponse mine = first.call(
                WireRequests.sync("two", leader, led.generationId(), assignments), SYNC, SyncGroupResponse.class);
        SyncGroupResponse theirs = (SyncGroupResponse) second.read(ApiKey.SYNC_GROUP.id(), SYNC, 100);
        assertThat(mine.assignment()).containsExactly(1);
        assertThat(theirs.assignment()).containsExactly(2);
        assertThat(heartbeat("two", leader, null, alone.generationId())).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(heartbeat("two", "stranger", null, led.generationId())).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(commit("two", other, led.generationId())).isEqualTo(ErrorCode.NONE);
        assertThat(commit("two", other, alone.generationId())).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(commit("two", "", -1)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldFenceTheOldBearerOfAnInstanceId() {
        JoinGroupResponse old = first.call(WireRequests.join("fence", "", "i"), JOIN, JoinGroupResponse.class);
        String oldId = old.memberId();
        first.call(
                WireRequests.sync("fence", oldId, old.generationId(), Map.of(oldId, new byte[] {1}))
                        .setGroupInstanceId("i"),
                SYNC,
                SyncGroupResponse.class);

        JoinGroupResponse born = second.call(WireRequests.join("fence", "", "i"), JOIN, JoinGroupResponse.class);

        assertThat(born.memberId()).isNotEqualTo(oldId);
        assertThat(born.generationId()).isEqualTo(old.generationId());
        assertThat(heartbeat("fence", oldId, "i", old.generationId())).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(heartbeat("fence", born.memberId(), "i", born.generationId()))
                .isEqualTo(ErrorCode.NONE);
        assertThat(first.call(WireRequests.join("fence", oldId, "i"), JOIN, JoinGroupResponse.class)
                        .errorCode())
                .isEqualTo(ErrorCode.FENCED_INSTANCE_ID.code());
        LeaveGroupResponse left = first.call(
                new LeaveGroupRequest()
                        .setGroupId("fence")
                        .setMembers(List.of(
                                new LeaveGroupRequest.MemberIdentity()
                                        .setMemberId(oldId)
                                        .setGroupInstanceId("i"),
                                new LeaveGroupRequest.MemberIdentity().setGroupInstanceId("i"))),
                5,
                LeaveGroupResponse.class);
        assertThat(left.members())
                .extracting(LeaveGroupResponse.MemberResponse::errorCode)
                .containsExactly(ErrorCode.FENCED_INSTANCE_ID.code(), ErrorCode.NONE.code());
    }

    @Test
    void shouldRefuseToDeleteOffsetsOfPartitionsThatDoNotExist() {
        assertThat(commit("simple", "", -1)).isEqualTo(ErrorCode.NONE);
        OffsetDeleteResponse answer = first.call(
                new OffsetDeleteRequest()
                        .setGroupId("simple")
                        .setTopics(List.of(new OffsetDeleteRequest.OffsetDeleteRequestTopic()
                                .setName("t")
                                .setPartitions(List.of(
                                        new OffsetDeleteRequest.OffsetDeleteRequestPartition(),
                                        new OffsetDeleteRequest.OffsetDeleteRequestPartition().setPartitionIndex(9))))),
                0,
                OffsetDeleteResponse.class);

        assertThat(answer.topics()).hasSize(1);
        Map<Integer, Short> errors = new TreeMap<>();
        answer.topics()
                .forEach(topic -> topic.partitions().forEach(it -> errors.put(it.partitionIndex(), it.errorCode())));
        assertThat(errors)
                .containsEntry(0, ErrorCode.NONE.code())
                .containsEntry(9, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    /** From version 4 a new member gets its id first (KIP-394). */
    private static String memberId(String group) {
        JoinGroupResponse answer = second.call(WireRequests.join(group, "", null), JOIN, JoinGroupResponse.class);
        assertThat(answer.errorCode()).isEqualTo(ErrorCode.MEMBER_ID_REQUIRED.code());
        return answer.memberId();
    }

    private static ErrorCode heartbeat(String group, String member, String instance, int generation) {
        return ErrorCode.of(first.call(
                        new HeartbeatRequest()
                                .setGroupId(group)
                                .setMemberId(member)
                                .setGroupInstanceId(instance)
                                .setGenerationId(generation),
                        4,
                        HeartbeatResponse.class)
                .errorCode());
    }

    private static ErrorCode commit(String group, String member, int generation) {
        OffsetCommitResponse answer = first.call(
                WireRequests.commit(group, "t", topicId, 0, "")
                        .setMemberId(member)
                        .setGenerationIdOrMemberEpoch(generation),
                9,
                OffsetCommitResponse.class);
        return ErrorCode.of(answer.topics().get(0).partitions().get(0).errorCode());
    }
}
