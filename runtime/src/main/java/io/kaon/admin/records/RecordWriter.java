// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.records;

import io.kaon.admin.AdminCaller;
import io.kaon.admin.AdminException;
import io.kaon.broker.seed.KeyHash;
import io.kaon.common.ErrorCode;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.wire.BufferRecords;
import io.kaon.wire.message.DeleteRecordsRequest;
import io.kaon.wire.message.DeleteRecordsRequest.DeleteRecordsPartition;
import io.kaon.wire.message.DeleteRecordsRequest.DeleteRecordsTopic;
import io.kaon.wire.message.DeleteRecordsResponse;
import io.kaon.wire.message.DeleteRecordsResponse.DeleteRecordsPartitionResult;
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
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** Writes single records into topics, and empties topics. Any thread; stages fail with {@link AdminException}. */
public final class RecordWriter {
    private static final short ACKS_ALL = -1;
    private static final int TIMEOUT_MS = 30_000;
    private static final long TO_THE_END = -1;
    private static final AtomicInteger NEXT_WITHOUT_KEY = new AtomicInteger();

    private final AdminCaller caller;
    private final LongSupplier clock;

    /** @param clock milliseconds since 1970, for records without a timestamp */
    public RecordWriter(AdminCaller caller, LongSupplier clock) {
        this.caller = caller;
        this.clock = clock;
    }

    /** Where a record went, and the timestamp it has there. */
    public record Written(RecordPlace place, long timestampMs) {}

    /**
     * How a partition was emptied.
     *
     * @param startOffset the offset of the first record that comes from now on
     */
    public record Emptied(int partition, long startOffset) {}

    /** Writes a record; done when it is committed. */
    public CompletionStage<Written> write(String topic, NewRecord record) {
        return partitions(topic).thenCompose(count -> write(topic, partitionOf(topic, record, count), record));
    }

    private static int partitionOf(String topic, NewRecord record, int count) {
        if (record.partition().isPresent()) {
            int partition = record.partition().getAsInt();
            if (partition < 0 || partition >= count) {
                throw new AdminException(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        "The topic " + topic + " has no partition " + partition + ": it has " + count
                                + ", counted from 0.");
            }
            return partition;
        }
        if (record.key() == null) {
            return Math.floorMod(NEXT_WITHOUT_KEY.getAndIncrement(), count);
        }
        byte[] key = new byte[record.key().remaining()];
        record.key().get(record.key().position(), key);
        return KeyHash.partitionOf(key, count);
    }

    private CompletionStage<Written> write(String topic, int partition, NewRecord record) {
        long timestampMs = record.timestampMs().orElseGet(clock);
        ByteBuffer batch = RecordBatchBuilder.uncompressed()
                .append(timestampMs, record.key(), record.value(), record.headers())
                .build();
        TopicProduceData data = new TopicProduceData()
                .setName(topic)
                .setPartitionData(new ArrayList<>(
                        List.of(new PartitionProduceData().setIndex(partition).setRecords(new BufferRecords(batch)))));
        ProduceRequest request = new ProduceRequest()
                .setAcks(ACKS_ALL)
                .setTimeoutMs(TIMEOUT_MS)
                .setTopicData(new ArrayList<>(List.of(data)));
        return caller.call(ProduceResponse.class, request).thenApply(answer -> {
            PartitionProduceResponse written =
                    answer.responses().get(0).partitionResponses().get(0);
            ErrorCode error = ErrorCode.of(written.errorCode());
            if (error != ErrorCode.NONE) {
                throw new AdminException(error, refusal(topic, written, error));
            }
            long stored = written.logAppendTimeMs() >= 0 ? written.logAppendTimeMs() : timestampMs;
            return new Written(new RecordPlace(topic, partition, written.baseOffset()), stored);
        });
    }

    private static String refusal(String topic, PartitionProduceResponse answer, ErrorCode error) {
        String reason = answer.recordErrors().stream()
                .map(refused -> refused.batchIndexErrorMessage())
                .filter(message -> message != null)
                .findFirst()
                .orElse(answer.errorMessage());
        return "The topic " + topic + " does not take this record (" + error + (reason == null ? "" : ": " + reason)
                + ").";
    }

    /**
     * Deletes all records that a topic holds; offsets go on from where they are.
     *
     * @return fails with POLICY_VIOLATION for a topic that is only compacted
     */
    public CompletionStage<List<Emptied>> empty(String topic) {
        return partitions(topic).thenCompose(count -> {
            List<DeleteRecordsPartition> partitions = new ArrayList<>();
            for (int partition = 0; partition < count; partition++) {
                partitions.add(new DeleteRecordsPartition()
                        .setPartitionIndex(partition)
                        .setOffset(TO_THE_END));
            }
            DeleteRecordsRequest request = new DeleteRecordsRequest()
                    .setTimeoutMs(TIMEOUT_MS)
                    .setTopics(new ArrayList<>(
                            List.of(new DeleteRecordsTopic().setName(topic).setPartitions(partitions))));
            return caller.call(DeleteRecordsResponse.class, request)
                    .thenApply(answer -> answer.topics().stream().findFirst().orElseThrow().partitions().stream()
                            .map(result -> emptied(topic, result))
                            .toList());
        });
    }

    private static Emptied emptied(String topic, DeleteRecordsPartitionResult result) {
        ErrorCode error = ErrorCode.of(result.errorCode());
        if (error == ErrorCode.POLICY_VIOLATION) {
            throw new AdminException(
                    error,
                    "The topic " + topic + " is compacted, and its records cannot be deleted: add delete to its"
                            + " cleanup.policy, or delete the topic and make it anew.");
        }
        if (error == ErrorCode.INVALID_TOPIC_EXCEPTION) {
            throw new AdminException(error, "The topic " + topic + " is internal: the broker keeps its own records.");
        }
        if (error != ErrorCode.NONE) {
            throw new AdminException(
                    error,
                    "Partition " + result.partitionIndex() + " of the topic " + topic + " was not emptied: " + error);
        }
        return new Emptied(result.partitionIndex(), result.lowWatermark());
    }

    private CompletionStage<Integer> partitions(String topic) {
        MetadataRequest request = new MetadataRequest()
                .setAllowAutoTopicCreation(false)
                .setTopics(new ArrayList<>(List.of(new MetadataRequestTopic().setName(topic))));
        return caller.call(MetadataResponse.class, request).thenApply(answer -> {
            MetadataResponseTopic found = answer.topics().get(0);
            ErrorCode error = ErrorCode.of(found.errorCode());
            if (error == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) {
                throw new AdminException(error, "There is no topic " + topic + ".");
            }
            AdminCaller.check(found.errorCode(), null);
            return found.partitions().size();
        });
    }
}
