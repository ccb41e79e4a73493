// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin;

import static java.util.stream.Collectors.groupingBy;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.wire.message.ListOffsetsRequest;
import io.kaon.wire.message.ListOffsetsRequest.ListOffsetsPartition;
import io.kaon.wire.message.ListOffsetsRequest.ListOffsetsTopic;
import io.kaon.wire.message.ListOffsetsResponse;
import io.kaon.wire.message.ListOffsetsResponse.ListOffsetsPartitionResponse;
import io.kaon.wire.message.ListOffsetsResponse.ListOffsetsTopicResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Where logs begin and end, for many partitions in one call. Any thread. */
public final class Offsets {
    private static final long LATEST = -1;
    private static final long EARLIEST = -2;
    private static final int CONSUMER = -1;

    private final AdminCaller caller;

    /** @param caller whom to ask */
    public Offsets(AdminCaller caller) {
        this.caller = caller;
    }

    /** The log start offsets; a partition that cannot tell is not in the map. */
    public CompletionStage<Map<TopicPartition, Long>> earliest(Collection<TopicPartition> partitions) {
        return at(partitions, EARLIEST);
    }

    /** The high watermarks, which consumers see as the end; a partition that cannot tell is not in the map. */
    public CompletionStage<Map<TopicPartition, Long>> latest(Collection<TopicPartition> partitions) {
        return at(partitions, LATEST);
    }

    /**
     * The first offsets at or after a time; a partition that has none, or cannot tell, is not in the map.
     *
     * @param timestampMs since 1970; the protocol's negative numbers mean other things
     */
    public CompletionStage<Map<TopicPartition, Long>> at(Collection<TopicPartition> partitions, long timestampMs) {
        if (partitions.isEmpty()) {
            return CompletableFuture.completedStage(Map.of());
        }
        List<ListOffsetsTopic> topics = new ArrayList<>();
        partitions.stream().collect(groupingBy(TopicPartition::topic)).forEach((topic, asked) -> {
            List<ListOffsetsPartition> questions = new ArrayList<>();
            asked.forEach(one -> questions.add(new ListOffsetsPartition()
                    .setPartitionIndex(one.partition())
                    .setCurrentLeaderEpoch(-1)
                    .setTimestamp(timestampMs)));
            topics.add(new ListOffsetsTopic().setName(topic).setPartitions(questions));
        });
        ListOffsetsRequest request =
                new ListOffsetsRequest().setReplicaId(CONSUMER).setTopics(topics);
        return caller.call(ListOffsetsResponse.class, request).thenApply(Offsets::known);
    }

    private static Map<TopicPartition, Long> known(ListOffsetsResponse answer) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (ListOffsetsTopicResponse topic : answer.topics()) {
            for (ListOffsetsPartitionResponse partition : topic.partitions()) {
                if (partition.errorCode() == ErrorCode.NONE.code() && partition.offset() >= 0) {
                    offsets.put(new TopicPartition(topic.name(), partition.partitionIndex()), partition.offset());
                }
            }
        }
        return offsets;
    }
}
