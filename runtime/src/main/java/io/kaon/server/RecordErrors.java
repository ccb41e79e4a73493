// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import static io.kaon.server.Failure.each;

import io.kaon.wire.ApiMessage;
import io.kaon.wire.BufferRecords;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.DeleteRecordsRequest;
import io.kaon.wire.message.DeleteRecordsResponse;
import io.kaon.wire.message.DescribeProducersRequest;
import io.kaon.wire.message.DescribeProducersResponse;
import io.kaon.wire.message.FetchRequest;
import io.kaon.wire.message.FetchResponse;
import io.kaon.wire.message.ListOffsetsRequest;
import io.kaon.wire.message.ListOffsetsResponse;
import io.kaon.wire.message.OffsetForLeaderEpochRequest;
import io.kaon.wire.message.OffsetForLeaderEpochResponse;
import io.kaon.wire.message.ProduceRequest;
import io.kaon.wire.message.ProduceResponse;

/** Error responses of the apis that read and write records: the error stands in each partition. */
final class RecordErrors {
    private static final long NO_OFFSET = -1;
    /** Fetch has an error code at the top from this version. */
    private static final int FETCH_WITH_TOP_LEVEL_ERROR = 7;

    private RecordErrors() {}

    static void register(ErrorResponses.Registry to) {
        to.put(ApiKey.PRODUCE, ProduceRequest.class, RecordErrors::produce);
        to.put(ApiKey.FETCH, FetchRequest.class, RecordErrors::fetch);
        to.put(ApiKey.LIST_OFFSETS, ListOffsetsRequest.class, RecordErrors::listOffsets);
        to.put(ApiKey.OFFSET_FOR_LEADER_EPOCH, OffsetForLeaderEpochRequest.class, RecordErrors::epochs);
        to.put(ApiKey.DELETE_RECORDS, DeleteRecordsRequest.class, RecordErrors::deleteRecords);
        to.put(ApiKey.DESCRIBE_PRODUCERS, DescribeProducersRequest.class, RecordErrors::describeProducers);
    }

    private static ApiMessage produce(ProduceRequest request, Failure failure) {
        return new ProduceResponse()
                .setResponses(each(request.topicData(), topic -> new ProduceResponse.TopicProduceResponse()
                        .setName(topic.name())
                        .setTopicId(topic.topicId())
                        .setPartitionResponses(
                                each(topic.partitionData(), partition -> new ProduceResponse.PartitionProduceResponse()
                                        .setIndex(partition.index())
                                        .setErrorCode(failure.code())
                                        .setBaseOffset(NO_OFFSET)))));
    }

    private static ApiMessage fetch(FetchRequest request, Failure failure) {
        FetchResponse response = new FetchResponse();
        if (failure.version() >= FETCH_WITH_TOP_LEVEL_ERROR) {
            return response.setErrorCode(failure.code());
        }
        return response.setResponses(each(request.topics(), topic -> new FetchResponse.FetchableTopicResponse()
                .setTopic(topic.topic())
                .setPartitions(each(topic.partitions(), partition -> new FetchResponse.PartitionData()
                        .setPartitionIndex(partition.partition())
                        .setErrorCode(failure.code())
                        .setHighWatermark(NO_OFFSET)
                        .setRecords(BufferRecords.EMPTY)))));
    }

    private static ApiMessage listOffsets(ListOffsetsRequest request, Failure failure) {
        return new ListOffsetsResponse()
                .setTopics(each(request.topics(), topic -> new ListOffsetsResponse.ListOffsetsTopicResponse()
                        .setName(topic.name())
                        .setPartitions(each(
                                topic.partitions(), partition -> new ListOffsetsResponse.ListOffsetsPartitionResponse()
                                        .setPartitionIndex(partition.partitionIndex())
                                        .setErrorCode(failure.code())))));
    }

    private static ApiMessage epochs(OffsetForLeaderEpochRequest request, Failure failure) {
        return new OffsetForLeaderEpochResponse()
                .setTopics(each(request.topics(), topic -> new OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult()
                        .setTopic(topic.topic())
                        .setPartitions(
                                each(topic.partitions(), partition -> new OffsetForLeaderEpochResponse.EpochEndOffset()
                                        .setPartition(partition.partition())
                                        .setErrorCode(failure.code())))));
    }

    private static ApiMessage deleteRecords(DeleteRecordsRequest request, Failure failure) {
        return new DeleteRecordsResponse()
                .setTopics(each(request.topics(), topic -> new DeleteRecordsResponse.DeleteRecordsTopicResult()
                        .setName(topic.name())
                        .setPartitions(each(
                                topic.partitions(),
                                partition -> new DeleteRecordsResponse.DeleteRecordsPartitionResult()
                                        .setPartitionIndex(partition.partitionIndex())
                                        .setLowWatermark(NO_OFFSET)
                                        .setErrorCode(failure.code())))));
    }

    private static ApiMessage describeProducers(DescribeProducersRequest request, Failure failure) {
        return new DescribeProducersResponse()
                .setTopics(each(request.topics(), topic -> new DescribeProducersResponse.TopicResponse()
                        .setName(topic.name())
                        .setPartitions(each(
                                topic.partitionIndexes(), index -> new DescribeProducersResponse.PartitionResponse()
                                        .setPartitionIndex(index)
                                        .setErrorCode(failure.code())))));
    }
}
