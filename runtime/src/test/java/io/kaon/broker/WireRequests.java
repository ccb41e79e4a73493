// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import io.kaon.common.Uuid;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.wire.BufferRecords;
import io.kaon.wire.message.CreateTopicsRequest;
import io.kaon.wire.message.DeleteTopicsRequest;
import io.kaon.wire.message.DescribeConfigsRequest;
import io.kaon.wire.message.FetchRequest;
import io.kaon.wire.message.IncrementalAlterConfigsRequest;
import io.kaon.wire.message.JoinGroupRequest;
import io.kaon.wire.message.ListOffsetsRequest;
import io.kaon.wire.message.MetadataRequest;
import io.kaon.wire.message.OffsetCommitRequest;
import io.kaon.wire.message.OffsetFetchRequest;
import io.kaon.wire.message.ProduceRequest;
import io.kaon.wire.message.SyncGroupRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/** Requests about one thing each, as a client would write them. */
final class WireRequests {
    static final Uuid UNKNOWN_ID = new Uuid(4, 2);

    private static final int CRC_INDEX = 17;
    private static final int CRC_START = 21;
    private static final int TIMEOUT_MS = 30_000;
    private static final int SESSION_MS = 10_000;

    private WireRequests() {}

    static CreateTopicsRequest createTopic(String name, int partitions, Map<String, String> config) {
        CreateTopicsRequest.CreatableTopic topic = new CreateTopicsRequest.CreatableTopic()
                .setName(name)
                .setNumPartitions(partitions)
                .setReplicationFactor((short) 1);
        config.forEach((key, value) -> topic.configs()
                .add(new CreateTopicsRequest.CreatableTopicConfig().setName(key).setValue(value)));
        return new CreateTopicsRequest().setTimeoutMs(TIMEOUT_MS).setTopics(new ArrayList<>(List.of(topic)));
    }

    static DeleteTopicsRequest deleteTopic(String name) {
        return new DeleteTopicsRequest()
                .setTimeoutMs(TIMEOUT_MS)
                .setTopics(List.of(new DeleteTopicsRequest.DeleteTopicState().setName(name)));
    }

    static MetadataRequest metadata(boolean mayCreate, String... names) {
        return new MetadataRequest()
                .setAllowAutoTopicCreation(mayCreate)
                .setTopics(Arrays.stream(names)
                        .map(name -> new MetadataRequest.MetadataRequestTopic().setName(name))
                        .toList());
    }

    static MetadataRequest metadata(Uuid id) {
        return new MetadataRequest()
                .setTopics(List.of(
                        new MetadataRequest.MetadataRequestTopic().setName(null).setTopicId(id)));
    }

    static ByteBuffer batch(long timestampMs, String... values) {
        RecordBatchBuilder batch = RecordBatchBuilder.uncompressed();
        long timestamp = timestampMs;
        for (String value : values) {
            batch.append(timestamp++, null, value.getBytes(StandardCharsets.UTF_8));
        }
        return batch.build();
    }

    /** A batch of an idempotent producer. */
    static ByteBuffer batch(long producerId, int epoch, int sequence) {
        ByteBuffer batch = batch(1_000, "value");
        batch.putLong(43, producerId).putShort(51, (short) epoch).putInt(53, sequence);
        return withCrc(batch);
    }

    static ByteBuffer withCrc(ByteBuffer batch) {
        CRC32C crc = new CRC32C();
        crc.update(batch.duplicate().position(CRC_START));
        return batch.putInt(CRC_INDEX, (int) crc.getValue());
    }

    static ProduceRequest produce(int acks, String topic, Uuid id, ByteBuffer batch) {
        return new ProduceRequest()
                .setAcks((short) acks)
                .setTimeoutMs(TIMEOUT_MS)
                .setTopicData(List.of(new ProduceRequest.TopicProduceData()
                        .setName(topic)
                        .setTopicId(id)
                        .setPartitionData(List.of(new ProduceRequest.PartitionProduceData()
                                .setRecords(batch == null ? null : new BufferRecords(batch))))));
    }

    static FetchRequest fetch(String topic, Uuid id, long offset) {
        return new FetchRequest()
                .setMaxWaitMs(20)
                .setMinBytes(1)
                .setTopics(List.of(new FetchRequest.FetchTopic()
                        .setTopic(topic)
                        .setTopicId(id)
                        .setPartitions(List.of(new FetchRequest.FetchPartition()
                                .setFetchOffset(offset)
                                .setPartitionMaxBytes(1 << 20)))));
    }

    static FetchRequest sessionFetch(int id, int epoch) {
        return new FetchRequest()
                .setMaxWaitMs(20)
                .setMinBytes(1)
                .setSessionId(id)
                .setSessionEpoch(epoch);
    }

    static ListOffsetsRequest listOffsets(String topic, long timestamp) {
        return new ListOffsetsRequest()
                .setTopics(List.of(new ListOffsetsRequest.ListOffsetsTopic()
                        .setName(topic)
                        .setPartitions(
                                List.of(new ListOffsetsRequest.ListOffsetsPartition().setTimestamp(timestamp)))));
    }

    static JoinGroupRequest join(String group, String member, String instance) {
        return new JoinGroupRequest()
                .setGroupId(group)
                .setMemberId(member)
                .setGroupInstanceId(instance)
                .setSessionTimeoutMs(SESSION_MS)
                .setRebalanceTimeoutMs(SESSION_MS)
                .setProtocolType("consumer")
                .setProtocols(List.of(new JoinGroupRequest.JoinGroupRequestProtocol()
                        .setName("range")
                        .setMetadata(new byte[] {1})));
    }

    static SyncGroupRequest sync(String group, String member, int generation, Map<String, byte[]> assignments) {
        return new SyncGroupRequest()
                .setGroupId(group)
                .setMemberId(member)
                .setGenerationId(generation)
                .setProtocolType("consumer")
                .setProtocolName("range")
                .setAssignments(assignments.entrySet().stream()
                        .map(it -> new SyncGroupRequest.SyncGroupRequestAssignment()
                                .setMemberId(it.getKey())
                                .setAssignment(it.getValue()))
                        .toList());
    }

    static OffsetCommitRequest commit(String group, String topic, Uuid id, int partition, String metadata) {
        return new OffsetCommitRequest()
                .setGroupId(group)
                .setTopics(List.of(new OffsetCommitRequest.OffsetCommitRequestTopic()
                        .setName(topic)
                        .setTopicId(id)
                        .setPartitions(List.of(new OffsetCommitRequest.OffsetCommitRequestPartition()
                                .setPartitionIndex(partition)
                                .setCommittedOffset(5)
                                .setCommittedMetadata(metadata)))));
    }

    static OffsetFetchRequest fetchOffsets(String group, String topic) {
        return new OffsetFetchRequest()
                .setGroupId(group)
                .setTopics(List.of(new OffsetFetchRequest.OffsetFetchRequestTopic()
                        .setName(topic)
                        .setPartitionIndexes(List.of(0))));
    }

    static OffsetFetchRequest fetchOffsets(String group, Uuid id) {
        return new OffsetFetchRequest()
                .setGroups(List.of(new OffsetFetchRequest.OffsetFetchRequestGroup()
                        .setGroupId(group)
                        .setTopics(List.of(new OffsetFetchRequest.OffsetFetchRequestTopics()
                                .setTopicId(id)
                                .setPartitionIndexes(List.of(0))))));
    }

    static DescribeConfigsRequest describeConfigs(int type, String name) {
        return new DescribeConfigsRequest()
                .setIncludeSynonyms(true)
                .setIncludeDocumentation(true)
                .setResources(List.of(new DescribeConfigsRequest.DescribeConfigsResource()
                        .setResourceType((byte) type)
                        .setResourceName(name)
                        .setConfigurationKeys(null)));
    }

    static IncrementalAlterConfigsRequest alterTopic(String topic, String key, int operation, String value) {
        return new IncrementalAlterConfigsRequest()
                .setResources(List.of(new IncrementalAlterConfigsRequest.AlterConfigsResource()
                        .setResourceType((byte) 2)
                        .setResourceName(topic)
                        .setConfigs(List.of(new IncrementalAlterConfigsRequest.AlterableConfig()
                                .setName(key)
                                .setConfigOperation((byte) operation)
                                .setValue(value)))));
    }
}
