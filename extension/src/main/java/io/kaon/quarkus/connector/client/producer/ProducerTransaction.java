// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.quarkus.connector.client.Deadline;
import io.kaon.quarkus.connector.client.producer.TransactionState.Active;
import io.kaon.quarkus.connector.client.producer.TransactionState.Ending;
import io.kaon.quarkus.connector.client.producer.TransactionState.Fatal;
import io.kaon.quarkus.connector.client.producer.TransactionState.Ready;
import io.kaon.quarkus.connector.client.producer.TransactionState.Uninitialized;
import io.kaon.wire.message.EndTxnRequest;
import io.kaon.wire.message.EndTxnResponse;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.protocol.Errors;

/**
 * The transactions of one producer, after the protocol of {@code transaction.version=2} (KIP-890): partitions and
 * groups join a transaction by being written to, and each end of one brings the epoch of the next.
 *
 * <p>The methods that wait are for the application's thread, one at a time, as in Kafka's producer; {@link #stamp},
 * {@link #refusal} and {@link #onSendFailure} are for the thread that sends. All state is in one reference to an
 * immutable {@link TransactionState}.
 */
final class ProducerTransaction {
    private final String transactionalId;
    private final TransactionCalls calls;
    private final AtomicReference<TransactionState> state = new AtomicReference<>(new Uninitialized());

    ProducerTransaction(String transactionalId, TransactionCalls calls) {
        this.transactionalId = transactionalId;
        this.calls = calls;
    }

    String transactionalId() {
        return transactionalId;
    }

    /** Gets a producer id, fences those who had it before, and waits until what they left is ended. */
    void initialize(Deadline deadline) {
        if (!(state.get() instanceof Uninitialized uninitialized)) {
            throw illegal("initTransactions");
        }
        state.set(uninitialized.initialized(calls.initProducerId(transactionalId, deadline)));
    }

    /** @throws IllegalStateException unless the producer is between two transactions */
    void begin() {
        throwIfFatal();
        if (!(state.get() instanceof Ready ready)) {
            throw illegal("beginTransaction");
        }
        state.set(ready.begin());
    }

    /** Called for each record before it is sent, by any thread. */
    void onSend() {
        throwIfFatal();
        if (!(state.get() instanceof Active active)) {
            throw illegal("send");
        }
        active.failure().ifPresent(ProducerTransaction::throwFailed);
    }

    /** Why a record cannot be sent any more; on the thread that sends. */
    Optional<RuntimeException> refusal() {
        TransactionState current = state.get();
        if (current instanceof Fatal fatal) {
            return Optional.of(fatal.reason());
        }
        return current instanceof Active active
                ? active.failure()
                : Optional.of(new IllegalStateException("The transaction of the record is over"));
    }

    /** Id and epoch for a batch that is about to be sent; empty when there is a {@link #refusal}. */
    Optional<ProducerIdAndEpoch> stamp() {
        TransactionState after = state.updateAndGet(
                current -> current instanceof Active active && active.failure().isEmpty() ? active.started() : current);
        return after instanceof Active active && active.failure().isEmpty()
                ? Optional.of(active.id())
                : Optional.empty();
    }

    /** A batch was not taken for a reason that does not pass. */
    void onSendFailure(Errors error) {
        lose(TransactionFailure.ofProduce(error), error.exception());
    }

    /** Something that is to be in the transaction is not there, or nobody knows: it can only be aborted. */
    void onSendFailure(RuntimeException reason) {
        lose(TransactionFailure.ABORTABLE, reason);
    }

    /** The abort of the transaction begins: nothing goes into it any more, and nothing is sent again. */
    void giveUp(RuntimeException reason) {
        lose(TransactionFailure.ABORTABLE, reason);
    }

    private void lose(TransactionFailure failure, RuntimeException reason) {
        state.updateAndGet(current -> {
            if (failure == TransactionFailure.FATAL) {
                return current.fatal(reason);
            }
            return current instanceof Active active ? active.failed(reason) : current;
        });
    }

    /** Commits offsets of a consumer as a part of the transaction. */
    void addOffsets(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group, Deadline deadline) {
        onSend();
        if (offsets.isEmpty()) {
            return;
        }
        ProducerIdAndEpoch id = stamp().orElseThrow(() -> illegal("sendOffsetsToTransaction"));
        Errors error;
        try {
            error = calls.commitOffsets(transactionalId, id, group, offsets, deadline);
        } catch (RuntimeException unknownOutcome) {
            // Without them a commit would have the records read once more.
            onSendFailure(unknownOutcome);
            throw unknownOutcome;
        }
        if (error != Errors.NONE) {
            RuntimeException reason = TransactionFailure.exceptionOf(error);
            lose(TransactionFailure.ofOffsets(error), reason);
            throw reason;
        }
    }

    /** Whether there is a transaction of which the end was not asked for yet. */
    boolean isOpen() {
        return state.get() instanceof Active;
    }

    /** Commits; all records must have been answered. */
    void commit(Deadline deadline) {
        throwIfFatal();
        if (state.get() instanceof Active active) {
            active.failure().ifPresent(ProducerTransaction::throwFailed);
        }
        end(true, "commitTransaction", deadline);
    }

    /** Aborts; no record may be under way. */
    void abort(Deadline deadline) {
        throwIfFatal();
        end(false, "abortTransaction", deadline);
    }

    private void end(boolean isCommit, String method, Deadline deadline) {
        TransactionState current = state.get();
        if (current instanceof Active active) {
            if (!active.isStarted()) {
                state.set(active.endedUnstarted());
                return;
            }
            end(active.ending(isCommit), deadline);
        } else if (current instanceof Ending ending && ending.isCommit() == isCommit) {
            end(ending, deadline); // Its answer did not come in time.
        } else {
            throw illegal(method);
        }
    }

    private void end(Ending ending, Deadline deadline) {
        state.set(ending);
        EndTxnResponse answer = calls.retrying(
                EndTxnResponse.class,
                new EndTxnRequest()
                        .setTransactionalId(transactionalId)
                        .setProducerId(ending.id().producerId())
                        .setProducerEpoch(ending.id().epoch())
                        .setCommitted(ending.isCommit()),
                response -> TransactionFailure.ofCoordination(Errors.forCode(response.errorCode())),
                deadline);
        Errors error = Errors.forCode(answer.errorCode());
        if (error == Errors.NONE) {
            state.set(ending.ended(new ProducerIdAndEpoch(answer.producerId(), answer.producerEpoch())));
            return;
        }
        RuntimeException reason = TransactionFailure.exceptionOf(error);
        boolean isFatal = TransactionFailure.ofCoordination(error) == TransactionFailure.FATAL;
        state.set(isFatal ? ending.fatal(reason) : ending.refused(reason));
        throw reason;
    }

    private void throwIfFatal() {
        if (state.get() instanceof Fatal fatal) {
            if (fatal.reason() instanceof ProducerFencedException) {
                throw new ProducerFencedException(
                        "Another producer has taken the transactional.id " + transactionalId + " over");
            }
            throwFailed(fatal.reason());
        }
    }

    private static void throwFailed(RuntimeException reason) {
        throw new KafkaException("The transaction has failed, it can only be aborted", reason);
    }

    private IllegalStateException illegal(String method) {
        return new IllegalStateException("No " + method + " for " + transactionalId + " while its state is "
                + state.get().getClass().getSimpleName());
    }
}
