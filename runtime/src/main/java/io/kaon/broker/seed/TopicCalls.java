// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker.seed;

import io.kaon.common.ErrorCode;
import io.kaon.network.InJvmCaller;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.BufferRecords;
import io.kaon.wire.message.DeleteRecordsRequest;
import io.kaon.wire.message.DeleteRecordsRequest.DeleteRecordsPartition;
import io.kaon.wire.message.DeleteRecordsRequest.DeleteRecordsTopic;
import io.kaon.wire.message.DeleteRecordsResponse;
import io.kaon.wire.message.DeleteRecordsResponse.DeleteRecordsPartitionResult;
import io.kaon.wire.message.DeleteRecordsResponse.DeleteRecordsTopicResult;
import io.kaon.wire.message.ListOffsetsRequest;
import io.kaon.wire.message.ListOffsetsRequest.ListOffsetsPartition;
import io.kaon.wire.message.ListOffsetsRequest.ListOffsetsTopic;
import io.kaon.wire.message.ListOffsetsResponse;
import io.kaon.wire.message.ListOffsetsResponse.ListOffsetsPartitionResponse;
import io.kaon.wire.message.MetadataRequest;
import io.kaon.wire.message.MetadataRequest.MetadataRequestTopic;
import io.kaon.wire.message.MetadataResponse;
import io.kaon.wire.message.MetadataResponse.MetadataResponseTopic;
import io.kaon.wire.message.ProduceRequest;
import io.kaon.wire.message.ProduceRequest.PartitionProduceData;
import io.kaon.wire.message.ProduceRequest.TopicProduceData;
import io.kaon.wire.message.ProduceResponse;
import io.kaon.wire.message.ProduceResponse.PartitionProduceResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** What a seeder asks the broker about one topic. Blocks its caller, which is no event loop. */
final class TopicCalls {
    private static final short METADATA_BY_NAME = 12;
    private static final short PRODUCE_BY_NAME = 12;
    private static final long LATEST = -1;
    private static final long HIGH_WATERMARK = -1;
    private static final short ACKS_ALL = -1;
    private static final int TIMEOUT_MS = 30_000;
    private static final long RETRY_MS = 20;
    /** A topic that was just made is led by nobody for a moment. */
    private static final Set<ErrorCode> PASSING = Set.of(
            ErrorCode.LEADER_NOT_AVAILABLE, ErrorCode.NOT_LEADER_OR_FOLLOWER, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);

    private final InJvmCaller caller;
    private final String topic;

    TopicCalls(InJvmCaller caller, String topic) {
        this.caller = caller;
        this.topic = topic;
    }

    /** How many partitions the topic has; it is made when the broker makes topics that are asked for. */
    int partitions() {
        MetadataRequest request = new MetadataRequest()
                .setAllowAutoTopicCreation(true)
                .setTopics(new ArrayList<>(List.of(new MetadataRequestTopic().setName(topic))));
        MetadataResponseTopic found = retried(
                "the partitions of the topic",
                () -> call(MetadataResponse.class, request, METADATA_BY_NAME)
                        .topics()
                        .get(0),
                MetadataResponseTopic::errorCode);
        check(ErrorCode.of(found.errorCode()), "it is not there and was not made");
        return found.partitions().size();
    }

    /** Whether a record was ever written to one of the partitions. */
    boolean hasEverHeldRecords(int partitions) {
        for (int partition = 0; partition < partitions; partition++) {
            if (endOffset(partition) > 0) {
                return true;
            }
        }
        return false;
    }

    private long endOffset(int partition) {
        ListOffsetsTopic asked = new ListOffsetsTopic()
                .setName(topic)
                .setPartitions(new ArrayList<>(List.of(
                        new ListOffsetsPartition().setPartitionIndex(partition).setTimestamp(LATEST))));
        ListOffsetsRequest request =
                new ListOffsetsRequest().setReplicaId(-1).setTopics(new ArrayList<>(List.of(asked)));
        ListOffsetsPartitionResponse found = retried(
                "the end of partition " + partition,
                () -> call(ListOffsetsResponse.class, request, request.highestVersion())
                        .topics()
                        .get(0)
                        .partitions()
                        .get(0),
                ListOffsetsPartitionResponse::errorCode);
        check(ErrorCode.of(found.errorCode()), "the end of partition " + partition + " is not known");
        return found.offset();
    }

    /** Deletes what the partitions hold; false when the topic is compacted, where the protocol forbids it. */
    boolean deleteRecords(int partitions) {
        DeleteRecordsTopic asked = new DeleteRecordsTopic().setName(topic).setPartitions(new ArrayList<>());
        for (int partition = 0; partition < partitions; partition++) {
            asked.partitions()
                    .add(new DeleteRecordsPartition()
                            .setPartitionIndex(partition)
                            .setOffset(HIGH_WATERMARK));
        }
        DeleteRecordsRequest request =
                new DeleteRecordsRequest().setTimeoutMs(TIMEOUT_MS).setTopics(new ArrayList<>(List.of(asked)));
        DeleteRecordsTopicResult result =
                call(DeleteRecordsResponse.class, request, request.highestVersion()).topics().stream()
                        .findFirst()
                        .orElseThrow();
        for (DeleteRecordsPartitionResult partition : result.partitions()) {
            ErrorCode error = ErrorCode.of(partition.errorCode());
            if (error == ErrorCode.POLICY_VIOLATION) {
                return false;
            }
            check(error, "the records of partition " + partition.partitionIndex() + " cannot be deleted");
        }
        return true;
    }

    /** Writes a batch; the answer may be an error. */
    PartitionProduceResponse produce(int partition, ByteBuffer batch) {
        return retried(
                "the answer to a batch",
                () -> {
                    TopicProduceData data = new TopicProduceData()
                            .setName(topic)
                            .setPartitionData(new ArrayList<>(List.of(new PartitionProduceData()
                                    .setIndex(partition)
                                    .setRecords(new BufferRecords(batch.duplicate())))));
                    ProduceRequest request = new ProduceRequest()
                            .setAcks(ACKS_ALL)
                            .setTimeoutMs(TIMEOUT_MS)
                            .setTopicData(new ArrayList<>(List.of(data)));
                    return call(ProduceResponse.class, request, PRODUCE_BY_NAME)
                            .responses()
                            .get(0)
                            .partitionResponses()
                            .get(0);
                },
                PartitionProduceResponse::errorCode);
    }

    private interface Question<T> {
        T ask();
    }

    private <T> T retried(String what, Question<T> question, Function<T, Short> errorOf) {
        long startNs = System.nanoTime();
        while (true) {
            T answer = question.ask();
            boolean isLate = System.nanoTime() - startNs > TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS);
            if (isLate || !PASSING.contains(ErrorCode.of(errorOf.apply(answer)))) {
                return answer;
            }
            await(
                    what,
                    CompletableFuture.runAsync(
                            () -> {}, CompletableFuture.delayedExecutor(RETRY_MS, TimeUnit.MILLISECONDS)));
        }
    }

    private <T extends ApiMessage> T call(Class<T> type, ApiMessage request, short version) {
        return await(
                "an answer", caller.call(request, version).thenApply(type::cast).toCompletableFuture());
    }

    private <T> T await(String what, CompletableFuture<T> future) {
        try {
            return future.get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new RecordsFileException("The topic " + topic + " cannot be seeded: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new RecordsFileException(
                    "The topic " + topic + " cannot be seeded: the broker did not tell " + what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RecordsFileException("The seeding of the topic " + topic + " was interrupted", e);
        }
    }

    private void check(ErrorCode error, String what) {
        if (error != ErrorCode.NONE) {
            throw new RecordsFileException("The topic " + topic + " cannot be seeded: " + what + " (" + error + ")");
        }
    }
}
