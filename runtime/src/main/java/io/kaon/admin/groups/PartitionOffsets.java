// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.groups;

import io.kaon.admin.AdminCaller;
import io.kaon.admin.AdminException;
import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.wire.message.ListOffsetsRequest;
import io.kaon.wire.message.ListOffsetsRequest.ListOffsetsPartition;
import io.kaon.wire.message.ListOffsetsRequest.ListOffsetsTopic;
import io.kaon.wire.message.ListOffsetsResponse;
import io.kaon.wire.message.MetadataRequest;
import io.kaon.wire.message.MetadataRequest.MetadataRequestTopic;
import io.kaon.wire.message.MetadataResponse;
import io.kaon.wire.message.MetadataResponse.MetadataResponseTopic;
import io.kaon.wire.message.OffsetFetchRequest;
import io.kaon.wire.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.kaon.wire.message.OffsetFetchResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Where partitions begin and end, and what a group has committed. Any thread. */
final class PartitionOffsets {
    /** By topic, then by number. */
    static final Comparator<TopicPartition> ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    private static final long EARLIEST = -2;
    private static final long LATEST = -1;
    private static final int NO_EPOCH = -1;

    private final AdminCaller caller;

    PartitionOffsets(AdminCaller caller) {
        this.caller = caller;
    }

    /** How many partitions a topic has. */
    CompletionStage<Integer> partitions(String topic) {
        MetadataRequest request = new MetadataRequest()
                .setAllowAutoTopicCreation(false)
                .setTopics(new ArrayList<>(List.of(new MetadataRequestTopic().setName(topic))));
        return caller.call(MetadataResponse.class, request).thenApply(answer -> {
            MetadataResponseTopic found = answer.topics().get(0);
            if (ErrorCode.of(found.errorCode()) == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) {
                throw new AdminException(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "There is no topic " + topic + ".");
            }
            AdminCaller.check(found.errorCode(), null);
            return found.partitions().size();
        });
    }

    /** What the group has committed; empty for a group that is not known. */
    CompletionStage<SortedMap<TopicPartition, Long>> committed(String group) {
        OffsetFetchRequest request = new OffsetFetchRequest()
                .setGroups(new ArrayList<>(List.of(new OffsetFetchRequestGroup()
                        .setGroupId(group)
                        .setMemberEpoch(NO_EPOCH)
                        .setTopics(null))));
        return caller.call(OffsetFetchResponse.class, request).thenApply(answer -> {
            SortedMap<TopicPartition, Long> committed = new TreeMap<>(ORDER);
            answer.groups().forEach(found -> {
                if (ErrorCode.of(found.errorCode()) != ErrorCode.GROUP_ID_NOT_FOUND) {
                    AdminCaller.check(found.errorCode(), null);
                }
                found.topics().forEach(topic -> topic.partitions().stream()
                        .filter(partition -> partition.committedOffset() >= 0)
                        .forEach(partition -> committed.put(
                                new TopicPartition(topic.name(), partition.partitionIndex()),
                                partition.committedOffset())));
            });
            return committed;
        });
    }

    CompletionStage<Map<TopicPartition, Long>> earliest(List<TopicPartition> partitions) {
        return at(partitions, EARLIEST);
    }

    CompletionStage<Map<TopicPartition, Long>> latest(List<TopicPartition> partitions) {
        return at(partitions, LATEST);
    }

    /** A partition that is not there, or has nothing as late as that, is not in the answer. */
    CompletionStage<Map<TopicPartition, Long>> at(List<TopicPartition> partitions, long timestamp) {
        if (partitions.isEmpty()) {
            return CompletableFuture.completedStage(Map.of());
        }
        Map<String, List<ListOffsetsPartition>> byTopic = new TreeMap<>();
        partitions.forEach(one -> byTopic.computeIfAbsent(one.topic(), topic -> new ArrayList<>())
                .add(new ListOffsetsPartition()
                        .setPartitionIndex(one.partition())
                        .setCurrentLeaderEpoch(NO_EPOCH)
                        .setTimestamp(timestamp)));
        List<ListOffsetsTopic> topics = new ArrayList<>();
        byTopic.forEach((topic, asked) ->
                topics.add(new ListOffsetsTopic().setName(topic).setPartitions(asked)));
        return caller.call(
                        ListOffsetsResponse.class,
                        new ListOffsetsRequest().setReplicaId(-1).setTopics(topics))
                .thenApply(answer -> {
                    Map<TopicPartition, Long> offsets = new TreeMap<>(ORDER);
                    answer.topics().forEach(topic -> topic.partitions().forEach(partition -> {
                        if (ErrorCode.of(partition.errorCode()) != ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) {
                            AdminCaller.check(partition.errorCode(), null);
                            if (partition.offset() >= 0) {
                                offsets.put(
                                        new TopicPartition(topic.name(), partition.partitionIndex()),
                                        partition.offset());
                            }
                        }
                    }));
                    return offsets;
                });
    }
}
