// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.records;

import io.kaon.admin.AdminException;
import io.kaon.common.ErrorCode;
import io.kaon.network.CallFailedException;
import io.kaon.network.InJvmCaller;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.message.FetchRequest;
import io.kaon.wire.message.FetchRequest.FetchPartition;
import io.kaon.wire.message.FetchRequest.FetchTopic;
import io.kaon.wire.message.FetchResponse;
import io.kaon.wire.message.FetchResponse.PartitionData;
import io.kaon.wire.message.ListOffsetsRequest;
import io.kaon.wire.message.ListOffsetsRequest.ListOffsetsPartition;
import io.kaon.wire.message.ListOffsetsRequest.ListOffsetsTopic;
import io.kaon.wire.message.ListOffsetsResponse;
import io.kaon.wire.message.ListOffsetsResponse.ListOffsetsPartitionResponse;
import io.kaon.wire.message.MetadataRequest;
import io.kaon.wire.message.MetadataRequest.MetadataRequestTopic;
import io.kaon.wire.message.MetadataResponse;
import io.kaon.wire.message.MetadataResponse.MetadataResponseTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * One reader's questions about the records of a topic, on a connection of its own. Its methods block, unless they say
 * otherwise, and throw {@link AdminException}: for one thread at a time, that may wait.
 */
final class TopicReads implements AutoCloseable {
    /** For {@link #offsets}: the first offset that is there. */
    static final long EARLIEST = -2;
    /** For {@link #offsets}: the offset behind the last record that the isolation shows. */
    static final long LATEST = -1;

    private static final short METADATA_BY_NAME = 12;
    private static final short FETCH_BY_NAME = 12;
    private static final int TIMEOUT_MS = 30_000;
    private static final long RETRY_MS = 20;
    private static final int RETRIES = 100;
    /** A log that is being opened, a topic that was just made. */
    private static final Set<ErrorCode> PASSING =
            Set.of(ErrorCode.LEADER_NOT_AVAILABLE, ErrorCode.NOT_LEADER_OR_FOLLOWER);

    private final InJvmCaller caller;
    private final String topic;
    private final Isolation isolation;

    TopicReads(InJvmCaller caller, String topic, Isolation isolation) {
        this.caller = caller;
        this.topic = topic;
        this.isolation = isolation;
    }

    String topic() {
        return topic;
    }

    Isolation isolation() {
        return isolation;
    }

    /** How many partitions the topic has. */
    int partitions() {
        MetadataRequest request = new MetadataRequest()
                .setAllowAutoTopicCreation(false)
                .setTopics(new ArrayList<>(List.of(new MetadataRequestTopic().setName(topic))));
        MetadataResponseTopic found = retried(
                () -> call(MetadataResponse.class, request, METADATA_BY_NAME)
                        .topics()
                        .get(0),
                answer -> ErrorCode.of(answer.errorCode()));
        if (ErrorCode.of(found.errorCode()) == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) {
            throw new AdminException(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "There is no topic " + topic + ".");
        }
        check(ErrorCode.of(found.errorCode()));
        return found.partitions().size();
    }

    /**
     * Offsets of partitions, by partition.
     *
     * @param timestamp {@link #EARLIEST}, {@link #LATEST}, or ms: the offset of the first record that is not older, −1
     *     where there is none
     */
    Map<Integer, Long> offsets(List<Integer> partitions, long timestamp) {
        List<ListOffsetsPartition> asked = new ArrayList<>();
        partitions.forEach(partition -> asked.add(
                new ListOffsetsPartition().setPartitionIndex(partition).setTimestamp(timestamp)));
        ListOffsetsRequest request = new ListOffsetsRequest()
                .setReplicaId(-1)
                .setIsolationLevel(isolation.wireValue())
                .setTopics(new ArrayList<>(
                        List.of(new ListOffsetsTopic().setName(topic).setPartitions(asked))));
        List<ListOffsetsPartitionResponse> found = retried(
                () -> call(ListOffsetsResponse.class, request, request.highestVersion())
                        .topics()
                        .get(0)
                        .partitions(),
                answer -> answer.stream()
                        .map(partition -> ErrorCode.of(partition.errorCode()))
                        .filter(error -> error != ErrorCode.NONE)
                        .findFirst()
                        .orElse(ErrorCode.NONE));
        Map<Integer, Long> offsets = new TreeMap<>();
        for (ListOffsetsPartitionResponse partition : found) {
            check(ErrorCode.of(partition.errorCode()));
            offsets.put(partition.partitionIndex(), partition.offset());
        }
        return offsets;
    }

    /** Reads from an offset on: at least one whole batch, unless the partition ends there. */
    Piece fetch(int partition, long offset, int maxBytes) {
        FetchRequest request = fetchRequest(Map.of(partition, offset), new Wait(0, maxBytes));
        PartitionData data = retried(
                () -> {
                    FetchResponse answer = call(FetchResponse.class, request, FETCH_BY_NAME);
                    check(ErrorCode.of(answer.errorCode()));
                    return answer.responses().get(0).partitions().get(0);
                },
                found -> ErrorCode.of(found.errorCode()));
        if (ErrorCode.of(data.errorCode()) != ErrorCode.NONE) {
            data.records().release();
            check(ErrorCode.of(data.errorCode()));
        }
        return Piece.of(data, isolation);
    }

    /** How long a fetch may wait for records, and how many bytes it may bring. */
    record Wait(int ms, int maxBytes) {}

    /** Reads several partitions as soon as one has records behind its offset. Does not block. */
    CompletableFuture<FetchResponse> fetchLater(Map<Integer, Long> offsets, Wait wait) {
        return caller.call(fetchRequest(offsets, wait), FETCH_BY_NAME)
                .thenApply(FetchResponse.class::cast)
                .toCompletableFuture();
    }

    private FetchRequest fetchRequest(Map<Integer, Long> offsets, Wait wait) {
        List<FetchPartition> partitions = new ArrayList<>();
        offsets.forEach((partition, offset) -> partitions.add(new FetchPartition()
                .setPartition(partition)
                .setFetchOffset(offset)
                .setCurrentLeaderEpoch(-1)
                .setPartitionMaxBytes(wait.maxBytes())));
        return new FetchRequest()
                .setReplicaId(-1)
                .setMaxWaitMs(wait.ms())
                .setMinBytes(1)
                .setMaxBytes(wait.maxBytes())
                .setIsolationLevel(isolation.wireValue())
                .setSessionId(0)
                .setSessionEpoch(-1)
                .setTopics(
                        new ArrayList<>(List.of(new FetchTopic().setTopic(topic).setPartitions(partitions))));
    }

    private interface ErrorOf<T> {
        ErrorCode of(T answer);
    }

    private <T> T retried(Supplier<T> question, ErrorOf<T> errorOf) {
        T answer = question.get();
        for (int retry = 0; retry < RETRIES && PASSING.contains(errorOf.of(answer)); retry++) {
            await(CompletableFuture.runAsync(
                    () -> {}, CompletableFuture.delayedExecutor(RETRY_MS, TimeUnit.MILLISECONDS)));
            answer = question.get();
        }
        return answer;
    }

    private <T extends ApiMessage> T call(Class<T> type, ApiMessage request, short version) {
        return type.cast(await(caller.call(request, version).toCompletableFuture()));
    }

    private <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CallFailedException) {
                throw new AdminException(ErrorCode.NETWORK_EXCEPTION, "The broker does not answer: it is closed.");
            }
            throw new AdminException(ErrorCode.UNKNOWN_SERVER_ERROR, "The broker failed: " + e.getCause());
        } catch (TimeoutException e) {
            throw new AdminException(ErrorCode.REQUEST_TIMED_OUT, null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AdminException(ErrorCode.REQUEST_TIMED_OUT, "The question was interrupted.");
        }
    }

    private static void check(ErrorCode error) {
        if (error != ErrorCode.NONE) {
            throw new AdminException(error, null);
        }
    }

    @Override
    public void close() {
        caller.close();
    }
}
