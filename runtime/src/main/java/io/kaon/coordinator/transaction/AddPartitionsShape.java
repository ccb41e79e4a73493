// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.common.ErrorCode;
import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.common.TopicPartition;
import io.kaon.wire.message.AddPartitionsToTxnRequest;
import io.kaon.wire.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import io.kaon.wire.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTransaction;
import io.kaon.wire.message.AddPartitionsToTxnResponse;
import io.kaon.wire.message.AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult;
import io.kaon.wire.message.AddPartitionsToTxnResponse.AddPartitionsToTxnResult;
import io.kaon.wire.message.AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiFunction;

/**
 * AddPartitionsToTxn in its two forms: one transaction of a client up to version 3, several that a broker has collected
 * from 4 on.
 */
final class AddPartitionsShape {
    private static final int BATCHED = 4;
    private static final int WITH_PRODUCER_FENCED = 2;

    private final short version;

    AddPartitionsShape(short version) {
        this.version = version;
    }

    List<AddPartitionsToTxnTransaction> transactionsOf(AddPartitionsToTxnRequest request) {
        return version >= BATCHED
                ? request.transactions()
                : List.of(new AddPartitionsToTxnTransaction()
                        .setTransactionalId(request.v3AndBelowTransactionalId())
                        .setProducerId(request.v3AndBelowProducerId())
                        .setProducerEpoch(request.v3AndBelowProducerEpoch())
                        .setTopics(request.v3AndBelowTopics()));
    }

    /** Only clients that bump their epoch with each transaction, and leaders in their place, use the batched form. */
    short clientVersion() {
        return version >= BATCHED ? Transaction.EPOCH_PER_TRANSACTION : 0;
    }

    static ProducerIdAndEpoch producerOf(AddPartitionsToTxnTransaction transaction) {
        return new ProducerIdAndEpoch(transaction.producerId(), transaction.producerEpoch());
    }

    static boolean isSound(AddPartitionsToTxnTransaction transaction) {
        return !transaction.transactionalId().isEmpty()
                && transaction.topics().stream()
                        .flatMap(topic -> topic.partitions().stream())
                        .allMatch(index -> index >= 0);
    }

    static SortedSet<TopicPartition> partitionsOf(AddPartitionsToTxnTransaction transaction) {
        SortedSet<TopicPartition> partitions = new TreeSet<>();
        for (AddPartitionsToTxnTopic topic : transaction.topics()) {
            topic.partitions().forEach(index -> partitions.add(new TopicPartition(topic.name(), index)));
        }
        return partitions;
    }

    AddPartitionsToTxnResult answer(AddPartitionsToTxnTransaction transaction, ErrorCode error) {
        return answer(transaction, (topic, index) -> error);
    }

    /** What is not in the transaction: TRANSACTION_ABORTABLE, in version 4 too; the leader translates (KIP-890). */
    AddPartitionsToTxnResult answer(AddPartitionsToTxnTransaction transaction, PartitionCheck.Result checked) {
        return answer(
                transaction,
                (topic, index) -> checked.missing().contains(new TopicPartition(topic, index))
                        ? ErrorCode.TRANSACTION_ABORTABLE
                        : checked.error());
    }

    private AddPartitionsToTxnResult answer(
            AddPartitionsToTxnTransaction transaction, BiFunction<String, Integer, ErrorCode> errors) {
        List<AddPartitionsToTxnTopicResult> topics = new ArrayList<>();
        for (AddPartitionsToTxnTopic topic : transaction.topics()) {
            List<AddPartitionsToTxnPartitionResult> partitions = new ArrayList<>();
            for (int index : topic.partitions()) {
                ErrorCode error = errors.apply(topic.name(), index);
                partitions.add(new AddPartitionsToTxnPartitionResult()
                        .setPartitionIndex(index)
                        .setPartitionErrorCode(TransactionErrors.known(error, version, WITH_PRODUCER_FENCED)
                                .code()));
            }
            topics.add(new AddPartitionsToTxnTopicResult().setName(topic.name()).setResultsByPartition(partitions));
        }
        return new AddPartitionsToTxnResult()
                .setTransactionalId(transaction.transactionalId())
                .setTopicResults(topics);
    }

    AddPartitionsToTxnResponse response(List<AddPartitionsToTxnResult> results) {
        return version >= BATCHED
                ? new AddPartitionsToTxnResponse().setResultsByTransaction(results)
                : new AddPartitionsToTxnResponse()
                        .setResultsByTopicV3AndBelow(results.get(0).topicResults());
    }
}
