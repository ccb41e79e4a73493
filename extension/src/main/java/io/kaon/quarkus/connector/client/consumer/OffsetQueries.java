// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import io.kaon.quarkus.connector.client.BrokerCalls;
import io.kaon.wire.message.ListOffsetsRequest;
import io.kaon.wire.message.ListOffsetsResponse;
import io.kaon.wire.message.OffsetCommitRequest;
import io.kaon.wire.message.OffsetCommitResponse;
import io.kaon.wire.message.OffsetFetchRequest;
import io.kaon.wire.message.OffsetFetchResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;

/**
 * Commits offsets, and asks for committed ones and for the ends of logs. Any thread; failures are Kafka's exceptions.
 */
final class OffsetQueries {
    private final BrokerCalls calls;
    private final IsolationLevel isolation;

    /**
     * @param isolation with read_committed, the end of a log is its last stable offset, and commits that may be undone
     *     fail
     */
    OffsetQueries(BrokerCalls calls, IsolationLevel isolation) {
        this.calls = calls;
        this.isolation = isolation;
    }

    /** Commits offsets as a member of a group. */
    CompletableFuture<Void> commit(ConsumerGroupMetadata member, Map<TopicPartition, OffsetAndMetadata> offsets) {
        if (offsets.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        Map<String, OffsetCommitRequest.OffsetCommitRequestTopic> topics = new HashMap<>();
        offsets.forEach((partition, offset) -> topics.computeIfAbsent(
                        partition.topic(), name -> new OffsetCommitRequest.OffsetCommitRequestTopic()
                                .setName(name)
                                .setPartitions(new ArrayList<>()))
                .partitions()
                .add(new OffsetCommitRequest.OffsetCommitRequestPartition()
                        .setPartitionIndex(partition.partition())
                        .setCommittedOffset(offset.offset())
                        .setCommittedLeaderEpoch(offset.leaderEpoch().orElse(-1))
                        .setCommittedMetadata(offset.metadata())));
        OffsetCommitRequest request = new OffsetCommitRequest()
                .setGroupId(member.groupId())
                .setGenerationIdOrMemberEpoch(member.generationId())
                .setMemberId(member.memberId())
                .setGroupInstanceId(member.groupInstanceId().orElse(null))
                .setTopics(new ArrayList<>(topics.values()));
        return calls.call(OffsetCommitResponse.class, request).thenAccept(OffsetQueries::checkCommit);
    }

    private static void checkCommit(OffsetCommitResponse response) {
        for (OffsetCommitResponse.OffsetCommitResponseTopic topic : response.topics()) {
            for (OffsetCommitResponse.OffsetCommitResponsePartition partition : topic.partitions()) {
                Errors error = Errors.forCode(partition.errorCode());
                if (error == Errors.UNKNOWN_MEMBER_ID || error == Errors.ILLEGAL_GENERATION) {
                    throw new CommitFailedException("The group has gone on without this member: " + error.message());
                }
                if (error == Errors.UNKNOWN_TOPIC_OR_PARTITION) {
                    // Retriable to Kafka's clients elsewhere; here it would hold up all until the topic came back.
                    throw new KafkaException("There is no partition " + partition.partitionIndex() + " of topic "
                            + topic.name() + " to commit an offset of");
                }
                if (error == Errors.STALE_MEMBER_EPOCH) {
                    throw new RetriableCommitFailedException(error.message());
                }
                if (error != Errors.NONE) {
                    throw error.exception();
                }
            }
        }
    }

    /** The committed offsets of those partitions that have one. */
    CompletableFuture<Map<TopicPartition, OffsetAndMetadata>> committed(
            String groupId, Collection<TopicPartition> partitions) {
        Map<String, OffsetFetchRequest.OffsetFetchRequestTopics> topics = new HashMap<>();
        partitions.forEach(partition -> topics.computeIfAbsent(
                        partition.topic(), name -> new OffsetFetchRequest.OffsetFetchRequestTopics()
                                .setName(name)
                                .setPartitionIndexes(new ArrayList<>()))
                .partitionIndexes()
                .add(partition.partition()));
        OffsetFetchRequest.OffsetFetchRequestGroup group = new OffsetFetchRequest.OffsetFetchRequestGroup()
                .setGroupId(groupId)
                .setTopics(new ArrayList<>(topics.values()));
        OffsetFetchRequest request = new OffsetFetchRequest()
                .setGroups(new ArrayList<>(List.of(group)))
                .setRequireStable(isolation == IsolationLevel.READ_COMMITTED);
        return calls.call(OffsetFetchResponse.class, request)
                .thenApply(response -> readCommitted(response.groups().get(0)));
    }

    private static Map<TopicPartition, OffsetAndMetadata> readCommitted(
            OffsetFetchResponse.OffsetFetchResponseGroup group) {
        check(group.errorCode());
        Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
        for (OffsetFetchResponse.OffsetFetchResponseTopics topic : group.topics()) {
            for (OffsetFetchResponse.OffsetFetchResponsePartitions partition : topic.partitions()) {
                check(partition.errorCode());
                if (partition.committedOffset() >= 0) {
                    int epoch = partition.committedLeaderEpoch();
                    committed.put(
                            new TopicPartition(topic.name(), partition.partitionIndex()),
                            new OffsetAndMetadata(
                                    partition.committedOffset(),
                                    epoch < 0 ? Optional.empty() : Optional.of(epoch),
                                    partition.metadata()));
                }
            }
        }
        return committed;
    }

    /**
     * The first offset at or after a timestamp in each partition, or the end that a special timestamp stands for (see
     * {@link OffsetReset#timestamp}). A partition without such an offset is not in the answer.
     */
    CompletableFuture<Map<TopicPartition, OffsetAndTimestamp>> offsets(Map<TopicPartition, Long> timestamps) {
        return ask(timestamps, OffsetQueries::check);
    }

    /** The same, without the partitions that have no answer yet: those of a topic that is gone, for example. */
    CompletableFuture<Map<TopicPartition, OffsetAndTimestamp>> knownOffsets(Map<TopicPartition, Long> timestamps) {
        return ask(timestamps, code -> {
            if (!(Errors.forCode(code).exception() instanceof RetriableException)) {
                check(code);
            }
        });
    }

    private CompletableFuture<Map<TopicPartition, OffsetAndTimestamp>> ask(
            Map<TopicPartition, Long> timestamps, ErrorCheck check) {
        Map<String, ListOffsetsRequest.ListOffsetsTopic> topics = new HashMap<>();
        timestamps.forEach((partition, timestamp) -> topics.computeIfAbsent(
                        partition.topic(), name -> new ListOffsetsRequest.ListOffsetsTopic()
                                .setName(name)
                                .setPartitions(new ArrayList<>()))
                .partitions()
                .add(new ListOffsetsRequest.ListOffsetsPartition()
                        .setPartitionIndex(partition.partition())
                        .setTimestamp(timestamp)));
        ListOffsetsRequest request = new ListOffsetsRequest()
                .setReplicaId(-1)
                .setIsolationLevel(isolation.id())
                .setTopics(new ArrayList<>(topics.values()));
        return calls.call(ListOffsetsResponse.class, request).thenApply(response -> readOffsets(response, check));
    }

    private static Map<TopicPartition, OffsetAndTimestamp> readOffsets(ListOffsetsResponse response, ErrorCheck check) {
        Map<TopicPartition, OffsetAndTimestamp> offsets = new HashMap<>();
        for (ListOffsetsResponse.ListOffsetsTopicResponse topic : response.topics()) {
            for (ListOffsetsResponse.ListOffsetsPartitionResponse partition : topic.partitions()) {
                check.accept(partition.errorCode());
                if (partition.errorCode() == 0 && partition.offset() >= 0) {
                    offsets.put(
                            new TopicPartition(topic.name(), partition.partitionIndex()),
                            new OffsetAndTimestamp(partition.offset(), Math.max(0, partition.timestamp())));
                }
            }
        }
        return offsets;
    }

    /** Throws on errors. */
    @FunctionalInterface
    private interface ErrorCheck {
        void accept(short code);
    }

    private static void check(short code) {
        Errors error = Errors.forCode(code);
        if (error != Errors.NONE) {
            throw error.exception();
        }
    }
}
