// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import static io.kaon.server.Failure.each;

import io.kaon.wire.ApiMessage;
import io.kaon.wire.message.AddPartitionsToTxnRequest;
import io.kaon.wire.message.AddPartitionsToTxnResponse;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.DescribeTransactionsRequest;
import io.kaon.wire.message.DescribeTransactionsResponse;
import io.kaon.wire.message.TxnOffsetCommitRequest;
import io.kaon.wire.message.TxnOffsetCommitResponse;
import io.kaon.wire.message.WriteTxnMarkersRequest;
import io.kaon.wire.message.WriteTxnMarkersResponse;

/** Error responses of the transaction apis, as far as the error does not simply stand at the top. */
final class TransactionErrors {
    private static final int BATCHED_ADD_PARTITIONS = 4;

    private TransactionErrors() {}

    static void register(ErrorResponses.Registry to) {
        to.put(ApiKey.ADD_PARTITIONS_TO_TXN, AddPartitionsToTxnRequest.class, TransactionErrors::addPartitions);
        to.put(ApiKey.WRITE_TXN_MARKERS, WriteTxnMarkersRequest.class, TransactionErrors::writeMarkers);
        to.put(ApiKey.TXN_OFFSET_COMMIT, TxnOffsetCommitRequest.class, TransactionErrors::commitOffsets);
        to.put(
                ApiKey.DESCRIBE_TRANSACTIONS,
                DescribeTransactionsRequest.class,
                (request, failure) -> new DescribeTransactionsResponse()
                        .setTransactionStates(each(
                                request.transactionalIds(), id -> new DescribeTransactionsResponse.TransactionState()
                                        .setTransactionalId(id)
                                        .setErrorCode(failure.code()))));
    }

    private static ApiMessage addPartitions(AddPartitionsToTxnRequest request, Failure failure) {
        AddPartitionsToTxnResponse response = new AddPartitionsToTxnResponse();
        if (failure.version() >= BATCHED_ADD_PARTITIONS) {
            return response.setErrorCode(failure.code());
        }
        return response.setResultsByTopicV3AndBelow(
                each(request.v3AndBelowTopics(), topic -> new AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult()
                        .setName(topic.name())
                        .setResultsByPartition(each(
                                topic.partitions(),
                                index -> new AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult()
                                        .setPartitionIndex(index)
                                        .setPartitionErrorCode(failure.code())))));
    }

    private static ApiMessage writeMarkers(WriteTxnMarkersRequest request, Failure failure) {
        return new WriteTxnMarkersResponse()
                .setMarkers(each(request.markers(), marker -> new WriteTxnMarkersResponse.WritableTxnMarkerResult()
                        .setProducerId(marker.producerId())
                        .setTopics(each(marker.topics(), topic -> markers(topic, failure)))));
    }

    private static WriteTxnMarkersResponse.WritableTxnMarkerTopicResult markers(
            WriteTxnMarkersRequest.WritableTxnMarkerTopic topic, Failure failure) {
        return new WriteTxnMarkersResponse.WritableTxnMarkerTopicResult()
                .setName(topic.name())
                .setPartitions(each(
                        topic.partitionIndexes(),
                        index -> new WriteTxnMarkersResponse.WritableTxnMarkerPartitionResult()
                                .setPartitionIndex(index)
                                .setErrorCode(failure.code())));
    }

    private static ApiMessage commitOffsets(TxnOffsetCommitRequest request, Failure failure) {
        return new TxnOffsetCommitResponse()
                .setTopics(each(request.topics(), topic -> new TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic()
                        .setName(topic.name())
                        .setTopicId(topic.topicId())
                        .setPartitions(each(
                                topic.partitions(),
                                partition -> new TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition()
                                        .setPartitionIndex(partition.partitionIndex())
                                        .setErrorCode(failure.code())))));
    }
}
