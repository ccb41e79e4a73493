// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.wire.message.DescribeTransactionsResponse;
import io.kaon.wire.message.DescribeTransactionsResponse.TopicData;
import io.kaon.wire.message.ListTransactionsResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/**
 * What people see of transactions: DescribeTransactions (api 65) and ListTransactions (api 66). At the committed
 * position. Reads only.
 */
final class TransactionViews {
    private final Transactions transactions;

    TransactionViews(Transactions transactions) {
        this.transactions = transactions;
    }

    DescribeTransactionsResponse.TransactionState describe(String transactionalId) {
        return transactions
                .committed(transactionalId)
                .map(transaction -> describe(transactionalId, transaction))
                .orElseGet(() -> failed(transactionalId, ErrorCode.TRANSACTIONAL_ID_NOT_FOUND));
    }

    static DescribeTransactionsResponse.TransactionState failed(String transactionalId, ErrorCode error) {
        return new DescribeTransactionsResponse.TransactionState()
                .setTransactionalId(transactionalId)
                .setErrorCode(error.code());
    }

    private static DescribeTransactionsResponse.TransactionState describe(String id, Transaction transaction) {
        return new DescribeTransactionsResponse.TransactionState()
                .setTransactionalId(id)
                .setTransactionState(transaction.state().kafkaName())
                .setTransactionTimeoutMs(transaction.timeoutMs())
                .setTransactionStartTimeMs(transaction.phase().startMs())
                .setProducerId(transaction.producer().id())
                .setProducerEpoch(transaction.producer().epoch())
                .setTopics(topics(transaction.phase().partitions()));
    }

    private static List<TopicData> topics(SortedSet<TopicPartition> partitions) {
        List<TopicData> topics = new ArrayList<>();
        String topic = null;
        for (TopicPartition partition : partitions) {
            if (!partition.topic().equals(topic)) {
                topic = partition.topic();
                topics.add(new TopicData().setTopic(topic).setPartitions(new ArrayList<>()));
            }
            topics.get(topics.size() - 1).partitions().add(partition.partition());
        }
        return topics;
    }

    /** Those that pass, but for the pattern of their ids. */
    List<ListTransactionsResponse.TransactionState> list(TransactionFilter filter, long nowMs) {
        List<ListTransactionsResponse.TransactionState> listed = new ArrayList<>();
        transactions.forEachCommitted((id, transaction) -> {
            if (filter.matches(transaction, nowMs)) {
                listed.add(new ListTransactionsResponse.TransactionState()
                        .setTransactionalId(id)
                        .setProducerId(transaction.producer().id())
                        .setTransactionState(transaction.state().kafkaName()));
            }
        });
        return listed;
    }
}
