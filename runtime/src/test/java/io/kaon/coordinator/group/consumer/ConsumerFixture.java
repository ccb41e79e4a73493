// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.coordinator.MemoryShardLog;
import io.kaon.coordinator.ShardClock;
import io.kaon.coordinator.ShardOptions;
import io.kaon.coordinator.group.GroupCoordinator;
import io.kaon.coordinator.group.GroupOptions;
import io.kaon.coordinator.group.GroupPorts;
import io.kaon.coordinator.group.GroupRequest;
import io.kaon.coordinator.group.TopicOfOneShard;
import io.kaon.coordinator.group.TransactionVerifier;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ImageBuilder;
import io.kaon.metadata.ImageChange;
import io.kaon.sim.VirtualTime;
import io.kaon.wire.message.ConsumerGroupDescribeRequest;
import io.kaon.wire.message.ConsumerGroupDescribeResponse.DescribedGroup;
import io.kaon.wire.message.ConsumerGroupHeartbeatRequest;
import io.kaon.wire.message.ConsumerGroupHeartbeatResponse;
import io.kaon.wire.message.ConsumerGroupHeartbeatResponse.TopicPartitions;
import io.kaon.wire.state.PartitionRecord;
import io.kaon.wire.state.RemoveTopicRecord;
import io.kaon.wire.state.TopicRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** A coordinator of consumer groups over a log in memory, in virtual time, with topics that come and go. */
final class ConsumerFixture {
    static final String GROUP = "group";
    static final int REBALANCE_MS = 60_000;
    static final int SESSION_MS = ConsumerGroupConfig.DEFAULTS.sessionTimeoutMs();
    /** Every target is computed at once; heartbeats always have the usual interval. */
    static final ConsumerGroupConfig AT_ONCE = new ConsumerGroupConfig(SESSION_MS, 5_000, 0, 0);

    final VirtualTime time = new VirtualTime(1_000_000);
    final List<Throwable> failures = new ArrayList<>();
    final MemoryShardLog log = new MemoryShardLog(failures);
    final GroupCoordinator coordinator;
    ClusterImage image = ClusterImage.EMPTY;
    /** Where targets of large groups are computed: at once. */
    Executor background = Runnable::run;

    boolean announces = true;
    private ImageChange announced = ImageChange.between(image, image);
    private ConsumerGroupConfig config;
    private long ids;
    private long topicIds;
    private int epoch;

    ConsumerFixture() {
        this(ConsumerGroupOptions.DEFAULTS, AT_ONCE);
    }

    ConsumerFixture(ConsumerGroupOptions options, ConsumerGroupConfig config) {
        this(options, config, TargetComputation.LARGE);
    }

    /** @param largeFrom what a group may cost without being large */
    ConsumerFixture(ConsumerGroupOptions options, ConsumerGroupConfig config, long largeFrom) {
        this.config = config;
        coordinator = new GroupCoordinator(
                new TopicOfOneShard(log),
                GroupOptions.DEFAULTS.withInitialRebalanceDelayMs(0),
                ShardOptions.DEFAULTS,
                new ShardClock(time, time),
                new GroupPorts(
                        () -> new UUID(7, ++ids),
                        TransactionVerifier.TRUSTING,
                        new ConsumerGroupPorts(
                                options,
                                group -> this.config,
                                () -> image,
                                task -> background.execute(task),
                                largeFrom)));
        elect();
    }

    void configure(ConsumerGroupConfig changed) {
        config = changed;
    }

    /** The coordinator starts anew from the log. */
    void elect() {
        coordinator.onLeader(0, ++epoch);
    }

    /** Makes the topic, or adds partitions to it. */
    Uuid topic(String name, int partitions) {
        ImageBuilder builder = new ImageBuilder(image);
        int present = 0;
        Uuid id = new Uuid(1, ++topicIds);
        if (image.topic(name).isPresent()) {
            id = image.topic(name).get().id();
            present = image.topic(name).get().partitions().size();
        } else {
            builder.replay(new TopicRecord().setName(name).setTopicId(id));
        }
        for (int index = present; index < partitions; index++) {
            builder.replay(new PartitionRecord()
                    .setTopicId(id)
                    .setPartitionIndex(index)
                    .setReplicas(List.of(1))
                    .setIsr(List.of(1))
                    .setLeader(1));
        }
        publish(builder);
        return id;
    }

    void removeTopic(String name) {
        Uuid id = image.topic(name).orElseThrow().id();
        publish(new ImageBuilder(image).replay(new RemoveTopicRecord().setTopicId(id)));
    }

    private void publish(ImageBuilder builder) {
        ImageChange change = builder.change();
        image = builder.build(image.offset() + 1);
        announced = change;
        if (announces) {
            announce();
        }
    }

    /** Tells the coordinator of the newest metadata, which it may have seen already. */
    void announce() {
        coordinator.onMetadata(image, announced);
    }

    static ConsumerGroupHeartbeatRequest join(String memberId, String... topics) {
        return new ConsumerGroupHeartbeatRequest()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setMemberEpoch(0)
                .setRebalanceTimeoutMs(REBALANCE_MS)
                .setSubscribedTopicNames(List.of(topics))
                .setTopicPartitions(List.of());
    }

    static ConsumerGroupHeartbeatRequest beat(String memberId, int memberEpoch) {
        return new ConsumerGroupHeartbeatRequest()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setMemberEpoch(memberEpoch);
    }

    static List<ConsumerGroupHeartbeatRequest.TopicPartitions> owned(Uuid topicId, Integer... partitions) {
        return List.of(new ConsumerGroupHeartbeatRequest.TopicPartitions()
                .setTopicId(topicId)
                .setPartitions(List.of(partitions)));
    }

    CompletableFuture<ConsumerGroupHeartbeatResponse> sent(ConsumerGroupHeartbeatRequest request) {
        assertThat(failures).isEmpty();
        return coordinator
                .consumerGroupHeartbeat(new GroupRequest("client", "/in-jvm", (short) 1), request)
                .toCompletableFuture();
    }

    /** The answer, which must be there. */
    ConsumerGroupHeartbeatResponse heartbeat(ConsumerGroupHeartbeatRequest request) {
        return done(sent(request));
    }

    ErrorCode error(ConsumerGroupHeartbeatRequest request) {
        return ErrorCode.of(heartbeat(request).errorCode());
    }

    /** What a response assigns: partitions by topic. */
    static Map<Uuid, List<Integer>> assigned(ConsumerGroupHeartbeatResponse response) {
        Map<Uuid, List<Integer>> topics = new TreeMap<>();
        for (TopicPartitions topic : response.assignment().topicPartitions()) {
            topics.put(topic.topicId(), topic.partitions());
        }
        return topics;
    }

    DescribedGroup describe() {
        return done(coordinator.describeConsumerGroups(
                        new GroupRequest("client", "/in-jvm", (short) 1),
                        new ConsumerGroupDescribeRequest().setGroupIds(List.of(GROUP))))
                .groups()
                .get(0);
    }

    <T> T done(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        assertThat(failures).isEmpty();
        assertThat(future).isCompleted();
        return future.join();
    }
}
