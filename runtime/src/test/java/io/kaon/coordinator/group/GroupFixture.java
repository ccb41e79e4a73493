// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.MemoryShardLog;
import io.kaon.coordinator.ShardClock;
import io.kaon.coordinator.ShardLog;
import io.kaon.coordinator.ShardOptions;
import io.kaon.coordinator.group.consumer.ConsumerGroupConfig;
import io.kaon.coordinator.group.consumer.ConsumerGroupOptions;
import io.kaon.coordinator.group.consumer.ConsumerGroupPorts;
import io.kaon.metadata.ClusterImage;
import io.kaon.sim.VirtualTime;
import io.kaon.wire.message.DescribeGroupsRequest;
import io.kaon.wire.message.DescribeGroupsResponse.DescribedGroup;
import io.kaon.wire.message.HeartbeatRequest;
import io.kaon.wire.message.JoinGroupRequest;
import io.kaon.wire.message.JoinGroupRequest.JoinGroupRequestProtocol;
import io.kaon.wire.message.JoinGroupResponse;
import io.kaon.wire.message.LeaveGroupRequest;
import io.kaon.wire.message.OffsetCommitRequest;
import io.kaon.wire.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.kaon.wire.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.kaon.wire.message.OffsetCommitResponse;
import io.kaon.wire.message.OffsetFetchRequest;
import io.kaon.wire.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.kaon.wire.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import io.kaon.wire.message.OffsetFetchResponse;
import io.kaon.wire.message.SyncGroupRequest;
import io.kaon.wire.message.SyncGroupRequest.SyncGroupRequestAssignment;
import io.kaon.wire.message.SyncGroupResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** A coordinator whose first partition is a log in memory, virtual time, and short ways to talk to it. */
final class GroupFixture {
    static final String GROUP = "group";
    static final int SESSION_MS = 10_000;
    static final int REBALANCE_MS = 60_000;
    static final short JOIN_WITHOUT_ID = 3;
    static final short LATEST_JOIN = 9;

    final VirtualTime time = new VirtualTime(1_000_000);
    final List<Throwable> failures = new ArrayList<>();
    final MemoryShardLog log = new MemoryShardLog(failures);
    final GroupCoordinator coordinator;
    /** What the transaction coordinator says. */
    TransactionVerifier verifier = TransactionVerifier.TRUSTING;

    /** The topics that there are. */
    ClusterImage image = ClusterImage.EMPTY;
    /** Where targets of large groups are computed: at once. */
    Executor background = Runnable::run;
    /** What is in effect for every consumer group: targets are computed at once. */
    ConsumerGroupConfig consumerConfig = new ConsumerGroupConfig(45_000, 5_000, 0, 0);

    private final int partitionCount;
    private long ids;
    private int epoch;
    private boolean exists = true;

    GroupFixture() {
        this(GroupOptions.DEFAULTS.withInitialRebalanceDelayMs(0));
    }

    GroupFixture(GroupOptions options) {
        this(options, ShardOptions.DEFAULTS, 1);
    }

    GroupFixture(GroupOptions options, ShardOptions shardOptions, int partitions) {
        this(options, shardOptions, partitions, ConsumerGroupOptions.DEFAULTS);
    }

    GroupFixture(
            GroupOptions options, ShardOptions shardOptions, int partitions, ConsumerGroupOptions consumerOptions) {
        partitionCount = partitions;
        coordinator = new GroupCoordinator(
                new OffsetsTopicInMemory(),
                options,
                shardOptions,
                new ShardClock(time, time),
                new GroupPorts(
                        () -> new UUID(0, ++ids),
                        question -> verifier.verify(question),
                        new ConsumerGroupPorts(
                                consumerOptions,
                                groupId -> consumerConfig,
                                () -> image,
                                task -> background.execute(task))));
        elect();
    }

    /** The partition is led here, in a new epoch: the coordinator loads from the log. */
    void elect() {
        coordinator.onLeader(0, ++epoch);
    }

    void removeTopic() {
        coordinator.onResigned(0);
        exists = false;
    }

    CompletableFuture<JoinGroupResponse> join(int version, JoinGroupRequest request) {
        return future(coordinator.joinGroup(from(version), request));
    }

    /** A join of a consumer with one protocol, by a version that needs no id first. */
    CompletableFuture<JoinGroupResponse> join(String memberId) {
        return join(JOIN_WITHOUT_ID, joinRequest(memberId, "range"));
    }

    CompletableFuture<JoinGroupResponse> joinStatic(int version, String memberId, String instanceId) {
        return join(version, joinRequest(memberId, "range").setGroupInstanceId(instanceId));
    }

    static JoinGroupRequest joinRequest(String memberId, String... protocols) {
        List<JoinGroupRequestProtocol> list = new ArrayList<>();
        for (String protocol : protocols) {
            list.add(new JoinGroupRequestProtocol().setName(protocol).setMetadata(bytes(protocol)));
        }
        return new JoinGroupRequest()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setSessionTimeoutMs(SESSION_MS)
                .setRebalanceTimeoutMs(REBALANCE_MS)
                .setProtocolType("consumer")
                .setProtocols(list);
    }

    /** A sync of a version that does not say what protocol the member believes in. */
    CompletableFuture<SyncGroupResponse> sync(int generation, String memberId, String... assignedMembers) {
        SyncGroupRequest request = syncRequest(generation, memberId, assignedMembers)
                .setProtocolType(null)
                .setProtocolName(null);
        return future(coordinator.syncGroup(from(4), request));
    }

    static SyncGroupRequest syncRequest(int generation, String memberId, String... assignedMembers) {
        List<SyncGroupRequestAssignment> assignments = new ArrayList<>();
        for (String assigned : assignedMembers) {
            assignments.add(new SyncGroupRequestAssignment()
                    .setMemberId(assigned)
                    .setAssignment(assignmentOf(assigned, generation)));
        }
        return new SyncGroupRequest()
                .setGroupId(GROUP)
                .setGenerationId(generation)
                .setMemberId(memberId)
                .setProtocolType("consumer")
                .setProtocolName("range")
                .setAssignments(assignments);
    }

    static byte[] assignmentOf(String memberId, int generation) {
        return bytes(memberId + "@" + generation);
    }

    ErrorCode heartbeat(int generation, String memberId) {
        return heartbeat(new HeartbeatRequest()
                .setGroupId(GROUP)
                .setGenerationId(generation)
                .setMemberId(memberId));
    }

    ErrorCode heartbeat(HeartbeatRequest request) {
        return ErrorCode.of(done(coordinator.heartbeat(from(4), request)).errorCode());
    }

    ErrorCode leave(String memberId) {
        LeaveGroupRequest request = new LeaveGroupRequest().setGroupId(GROUP).setMemberId(memberId);
        return ErrorCode.of(done(coordinator.leaveGroup(from(2), request)).errorCode());
    }

    CompletableFuture<OffsetCommitResponse> commit(int version, OffsetCommitRequest request) {
        return future(coordinator.commitOffsets(from(version), request));
    }

    /** The error of a commit of {@code topic-0} that is answered at once. */
    ErrorCode commit(int generation, String memberId, long offset) {
        return errorOf(done(commit(8, commitRequest(generation, memberId, offset))));
    }

    static OffsetCommitRequest commitRequest(int generation, String memberId, long offset) {
        return new OffsetCommitRequest()
                .setGroupId(GROUP)
                .setGenerationIdOrMemberEpoch(generation)
                .setMemberId(memberId)
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setName("topic")
                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                .setPartitionIndex(0)
                                .setCommittedOffset(offset)
                                .setCommittedLeaderEpoch(7)
                                .setCommittedMetadata("note")))));
    }

    static ErrorCode errorOf(OffsetCommitResponse response) {
        return ErrorCode.of(response.topics().get(0).partitions().get(0).errorCode());
    }

    /** The committed offset of {@code topic-0}, −1 for none. */
    long fetch() {
        return done(fetch(8, false))
                .groups()
                .get(0)
                .topics()
                .get(0)
                .partitions()
                .get(0)
                .committedOffset();
    }

    CompletableFuture<OffsetFetchResponse> fetch(int version, boolean stable) {
        OffsetFetchRequestTopics topic =
                new OffsetFetchRequestTopics().setName("topic").setPartitionIndexes(List.of(0));
        OffsetFetchRequestGroup group =
                new OffsetFetchRequestGroup().setGroupId(GROUP).setTopics(List.of(topic));
        return future(coordinator.fetchOffsets(
                from(version),
                new OffsetFetchRequest().setGroups(List.of(group)).setRequireStable(stable)));
    }

    DescribedGroup describe() {
        return describe(5);
    }

    DescribedGroup describe(int version) {
        DescribeGroupsRequest request = new DescribeGroupsRequest().setGroups(List.of(GROUP));
        return done(coordinator.describeGroups(from(version), request)).groups().get(0);
    }

    /** A group of that many members in its stable phase; the first one leads. */
    List<String> stableGroup(int size) {
        List<CompletableFuture<JoinGroupResponse>> joins = new ArrayList<>();
        List<String> members = new ArrayList<>();
        members.add(done(join("")).memberId());
        for (int i = 1; i < size; i++) {
            joins.add(join(""));
        }
        if (size > 1) {
            CompletableFuture<JoinGroupResponse> again = join(members.get(0));
            joins.forEach(join -> members.add(done(join).memberId()));
            assertThat(done(again).members()).hasSize(size);
        }
        int generation = generation();
        for (int i = size - 1; i >= 0; i--) {
            CompletableFuture<SyncGroupResponse> sync = i == 0
                    ? sync(generation, members.get(0), members.toArray(String[]::new))
                    : sync(generation, members.get(i));
            assertThat(sync.isDone()).isEqualTo(i == 0);
        }
        assertThat(describe().groupState()).isEqualTo("Stable");
        return members;
    }

    /** The generation that the group is in, as its own members know it. */
    int generation() {
        return size() == 0 ? 0 : lastGeneration;
    }

    private int lastGeneration;

    private int size() {
        return describe().members().size();
    }

    GroupRequest from(int version) {
        return new GroupRequest("client", "/in-jvm", (short) version);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The answer, which must be there. */
    <T> T done(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        assertThat(failures).isEmpty();
        assertThat(future).isCompleted();
        T value = future.join();
        if (value instanceof JoinGroupResponse join && join.generationId() >= 0) {
            lastGeneration = join.generationId();
        }
        return value;
    }

    private <T> CompletableFuture<T> future(CompletionStage<T> stage) {
        assertThat(failures).isEmpty();
        return stage.toCompletableFuture();
    }

    private final class OffsetsTopicInMemory implements OffsetsTopic {
        @Override
        public boolean exists() {
            return exists;
        }

        @Override
        public int partitionCount() {
            return partitionCount;
        }

        @Override
        public CompletionStage<Void> create() {
            exists = true;
            elect();
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<ShardLog> open(int partition) {
            return CompletableFuture.completedStage(log);
        }
    }
}
