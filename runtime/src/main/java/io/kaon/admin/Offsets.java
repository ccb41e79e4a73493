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
import java.util.function.Predicate;

/** Where logs begin and end, for many partitions in one call. Any thread. */
public final class Offsets {
    private static final long LATEST = -1;
    private static final long EARLIEST = -2;
    private static final int CONSUMER = -1;

    private final AdminCaller caller;
    private final Predicate<ErrorCode> leavesOut;

    private Offsets(AdminCaller caller, Predicate<ErrorCode> leavesOut) {
        this.caller = caller;
        this.leavesOut = leavesOut;
    }

    /** For those who show what is known: a partition that cannot tell is not in the maps. */
    public static Offsets known(AdminCaller caller) {
        return new Offsets(caller, error -> true);
    }

    /** For those who act upon them: only a partition that does not exist is left out, another one's error is a failure. */
    public static Offsets certain(AdminCaller caller) {
        return new Offsets(caller, error -> error == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    /** The log start offsets. */
    public CompletionStage<Map<TopicPartition, Long>> earliest(Collection<TopicPartition> partitions) {
        return at(partitions, EARLIEST);
    }

    /** The high watermarks, which consumers see as the end. */
    public CompletionStage<Map<TopicPartition, Long>> latest(Collection<TopicPartition> partitions) {
        return at(partitions, LATEST);
    }

    /**
     * The first offsets at or after a time; a partition that has none is not in the map.
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
        return caller.call(ListOffsetsResponse.class, request).thenApply(this::read);
    }

    private Map<TopicPartition, Long> read(ListOffsetsResponse answer) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (ListOffsetsTopicResponse topic : answer.topics()) {
            for (ListOffsetsPartitionResponse partition : topic.partitions()) {
                ErrorCode error = ErrorCode.of(partition.errorCode());
                if (error != ErrorCode.NONE && !leavesOut.test(error)) {
                    AdminCaller.check(partition.errorCode(), null);
                }
                if (error == ErrorCode.NONE && partition.offset() >= 0) {
                    offsets.put(new TopicPartition(topic.name(), partition.partitionIndex()), partition.offset());
                }
            }
        }
        return offsets;
    }
}
