// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.common.TopicPartition;
import io.kaon.coordinator.transaction.TransactionPhase.Ending;
import io.kaon.wire.message.WriteTxnMarkersRequest.WritableTxnMarker;
import io.kaon.wire.message.WriteTxnMarkersRequest.WritableTxnMarkerTopic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** The end of one transaction on its way to the partitions that have not confirmed it yet. Owned by the shard. */
final class Delivery {
    private static final int FIRST_BACKOFF_MS = 20;
    private static final int MAX_BACKOFF_MS = 1_000;
    private static final int MAX_DOUBLINGS = 6;

    private final String transactionalId;
    private final Transaction transaction;
    private final Ending ending;
    private final SortedSet<TopicPartition> remaining;
    private int requestsUnderWay;
    private int attempts;

    Delivery(String transactionalId, Transaction transaction, Ending ending) {
        this.transactionalId = transactionalId;
        this.transaction = transaction;
        this.ending = ending;
        this.remaining = new TreeSet<>(ending.partitions());
    }

    String transactionalId() {
        return transactionalId;
    }

    long producerId() {
        return transaction.producer().id();
    }

    /** How the transactional id stands when every partition has its marker. */
    Transaction completed(long nowMs) {
        return transaction.to(transaction.producer().completed(), ending.complete(), nowMs);
    }

    /** Whether this is still what the log says. */
    boolean isOf(Transaction present) {
        return present.phase() instanceof Ending && present.producer().equals(transaction.producer());
    }

    /** A copy. */
    List<TopicPartition> remaining() {
        return new ArrayList<>(remaining);
    }

    boolean isDone() {
        return remaining.isEmpty();
    }

    void confirm(TopicPartition partition) {
        remaining.remove(partition);
    }

    void onSent() {
        requestsUnderWay++;
    }

    /** True when that was the last one. */
    boolean onAnswered() {
        return --requestsUnderWay == 0;
    }

    /** How often it was tried without reaching all. */
    int attempts() {
        return attempts;
    }

    /** How long to wait before the next try. */
    int nextBackoffMs() {
        return Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS << Math.min(attempts++, MAX_DOUBLINGS));
    }

    WritableTxnMarker marker(Collection<TopicPartition> sorted, int coordinatorEpoch) {
        List<WritableTxnMarkerTopic> topics = new ArrayList<>();
        String topic = null;
        for (TopicPartition partition : sorted) {
            if (!partition.topic().equals(topic)) {
                topic = partition.topic();
                topics.add(new WritableTxnMarkerTopic().setName(topic).setPartitionIndexes(new ArrayList<>()));
            }
            topics.get(topics.size() - 1).partitionIndexes().add(partition.partition());
        }
        return new WritableTxnMarker()
                .setProducerId(transaction.producer().id())
                .setProducerEpoch(transaction.producer().epoch())
                .setTransactionResult(ending.commit())
                .setTopics(topics)
                .setCoordinatorEpoch(coordinatorEpoch)
                .setTransactionVersion((byte) transaction.clientVersion());
    }
}
