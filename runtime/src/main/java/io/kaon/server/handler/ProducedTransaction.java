// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.common.TopicPartition;
import io.kaon.replication.TransactionGate;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The transaction that the batches of one Produce belong to: once every partition has said whether the coordinator must
 * be asked about it, asks for all of them at once. Any thread.
 */
final class ProducedTransaction {
    private final PartitionVerifier verifier;
    private final String transactionalId;
    private final ProducerIdAndEpoch producer;
    private final VerificationMode mode;
    private final Queue<Gate> asked = new ConcurrentLinkedQueue<>();
    /** One more than the partitions that have not said anything, until {@link #onAllStarted}. */
    private final AtomicInteger open = new AtomicInteger(1);

    ProducedTransaction(
            PartitionVerifier verifier, String transactionalId, ProducerIdAndEpoch producer, VerificationMode mode) {
        this.verifier = verifier;
        this.transactionalId = transactionalId;
        this.producer = producer;
        this.mode = mode;
    }

    /** The way of the batch for that partition. */
    Gate gateOf(TopicPartition partition) {
        open.incrementAndGet();
        return new Gate(partition);
    }

    /** Every partition has its batch. */
    void onAllStarted() {
        onSaid();
    }

    private void onSaid() {
        if (open.decrementAndGet() == 0 && !asked.isEmpty()) {
            verifier.ask(
                            transactionalId,
                            producer,
                            asked.stream().map(gate -> gate.partition).toList(),
                            mode)
                    .thenAccept(this::onAnswer);
        }
    }

    private void onAnswer(Map<TopicPartition, ErrorCode> errors) {
        asked.forEach(gate -> gate.answer.complete(mode.toProducer(errors.get(gate.partition))));
    }

    final class Gate implements TransactionGate {
        private final TopicPartition partition;
        private final CompletableFuture<ErrorCode> answer = new CompletableFuture<>();
        private final AtomicBoolean hasSaid = new AtomicBoolean();

        private Gate(TopicPartition partition) {
            this.partition = partition;
        }

        @Override
        public CompletionStage<ErrorCode> verify() {
            if (hasSaid.compareAndSet(false, true)) {
                asked.add(this);
                onSaid();
            }
            return answer;
        }

        @Override
        public void pass() {
            if (hasSaid.compareAndSet(false, true)) {
                onSaid();
            }
        }

        @Override
        public boolean hasOwnEpoch() {
            return mode == VerificationMode.ADD;
        }
    }
}
