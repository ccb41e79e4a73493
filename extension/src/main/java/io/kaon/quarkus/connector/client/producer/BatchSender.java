// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.quarkus.connector.client.ApiCaller;
import io.kaon.quarkus.connector.client.producer.Lane.Batch;
import io.kaon.record.Compression;
import io.kaon.wire.message.ProduceResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidMetadataException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.protocol.Errors;
import org.jboss.logging.Logger;

/**
 * Turns the records of each partition into batches, one after the other: the next batch leaves when the one before has
 * its answer, and takes along what has come meanwhile. So records stay in their order, whatever is sent again: a batch
 * that meets an error that passes, until {@code delivery.timeout.ms} is over or {@code retries} are used up. It keeps
 * its sequence number, so that it is in the log once: that of its transaction or of the {@link ProducerIdentity}.
 *
 * <p>Owned by the producer's thread: everything but {@link #isBatching} runs there, {@link #close} last.
 */
final class BatchSender {
    private static final Logger LOG = Logger.getLogger(BatchSender.class);
    /** What makes a batch worth its way at once, so that the broker writes while the next records are prepared. */
    private static final int EAGER_BYTES = 32 << 10;
    /** How exactly {@code delivery.timeout.ms} is kept. */
    private static final long LONGEST_SWEEP_MS = 1_000;

    private static final int SWEEPS = 4;
    private static final long IDENTITY_RETRY_MS = 50;

    private final BatchCalls calls;
    private final Executor owner;
    private final Consumer<String> onStaleTopic;
    private final DeliveryLimits limits;
    private final Optional<ProducerTransaction> transaction;
    private final RecordOutcomes outcomes;
    private final LastingTrouble trouble;
    private final ProducerMeter meter;
    private final Map<TopicPartition, Lane> lanes = new ConcurrentHashMap<>();
    private final List<Lane> touched = new ArrayList<>();
    private final Flushes flushes = new Flushes();
    private final Optional<ProducerIdentity> identity;
    private boolean isFlushScheduled;
    private boolean isSweepScheduled;
    private boolean isClosed;

    /**
     * Where a sender's batches go and who is told.
     *
     * @param owner the producer's thread
     * @param release is told how many bytes of records are done
     * @param onStaleTopic is told of a topic that is not as it was, by its name
     */
    record Surroundings(ApiCaller calls, Executor owner, IntConsumer release, Consumer<String> onStaleTopic) {}

    BatchSender(
            Surroundings around,
            DeliveryLimits limits,
            Compression compression,
            Optional<ProducerTransaction> transaction,
            ProducerMeter meter) {
        this.calls = new BatchCalls(around.calls(), limits, compression, transaction, meter);
        this.owner = around.owner();
        this.outcomes = new RecordOutcomes(meter, around.release());
        this.onStaleTopic = around.onStaleTopic();
        this.limits = limits;
        this.trouble = new LastingTrouble(limits.delivery().timeoutMs());
        this.transaction = transaction;
        this.meter = meter;
        this.identity = limits.isIdempotent() && transaction.isEmpty()
                ? Optional.of(new ProducerIdentity(
                        around.calls(),
                        new ProducerIdentity.Surroundings(
                                this::whileOpen, task -> later(IDENTITY_RETRY_MS, task), () -> lanes.values()
                                        .forEach(this::maybeSend))))
                : Optional.empty();
    }

    /** Whether a record for this partition would wait for others. Any thread; a hint. */
    boolean isBatching(TopicPartition target) {
        Lane lane = lanes.get(target);
        return lane != null && lane.isBatching();
    }

    void accept(TopicPartition target, PendingRecord record) {
        outcomes.expectOne();
        if (isClosed) {
            outcomes.fail(record, new KafkaException("The producer is closed"));
            return;
        }
        if (transaction.isPresent()) {
            Optional<RuntimeException> refusal = transaction.get().refusal();
            if (refusal.isPresent()) {
                outcomes.fail(record, refusal.get());
                return;
            }
        }
        Lane lane = lanes.get(target);
        if (lane == null) {
            lane = new Lane(target);
            lanes.put(target, lane);
        }
        lane.add(record);
        if (!lane.isBusy() && lane.waitingBytes() >= EAGER_BYTES) {
            maybeSend(lane);
        } else if (lane.touch()) {
            touched.add(lane);
            if (!isFlushScheduled) {
                // After the calls that are queued already, so that a burst becomes one batch.
                isFlushScheduled = true;
                whileOpen(this::flush);
            }
        }
        maybeSweepLater();
    }

    /** A record will be accepted, or not, but it is not ready yet: flushes wait for it. */
    void hold() {
        flushes.hold();
    }

    /** What was held was accepted, or never will be. */
    void unhold() {
        flushes.unhold(lanes.values());
    }

    /** Runs the task when all that was accepted or held before is finished; nothing lingers meanwhile. */
    void whenSent(Runnable task) {
        flushes.add(task, lanes.values());
        lanes.values().forEach(this::maybeSend);
    }

    /** Fails what waits; what is under way is answered still. */
    void failAll(RuntimeException reason) {
        for (Lane lane : lanes.values()) {
            while (lane.hasWaiting()) {
                outcomes.fail(lane, lane.remove(), reason);
            }
        }
    }

    /** Fails what waits, what is under way and what still comes: this is the end. */
    void close(RuntimeException reason) {
        isClosed = true;
        failAll(reason);
        for (Lane lane : lanes.values()) {
            lane.underWay().ifPresent(batch -> outcomes.fail(batch, reason));
            lane.giveUp();
        }
    }

    private void flush() {
        isFlushScheduled = false;
        for (Lane lane : touched) {
            lane.touchEnded();
            maybeSend(lane);
        }
        touched.clear();
    }

    private void maybeSend(Lane lane) {
        if (lane.isBusy() || !lane.hasWaiting() || !hasLingered(lane)) {
            return;
        }
        if (identity.isPresent() && !identity.get().isKnown()) {
            return;
        }
        Optional<ProducerIdAndEpoch> producer = stamp();
        if (transaction.isPresent() && producer.isEmpty()) {
            transaction.flatMap(ProducerTransaction::refusal).ifPresent(this::failAll);
            return;
        }
        send(lane.depart(lane.take(limits.batchBytes()), producer));
    }

    private Optional<ProducerIdAndEpoch> stamp() {
        return transaction.isPresent() ? transaction.get().stamp() : identity.flatMap(ProducerIdentity::current);
    }

    private boolean hasLingered(Lane lane) {
        if (limits.lingerMs() == 0 || flushes.isAwaited() || lane.waitingBytes() >= limits.batchBytes()) {
            return true;
        }
        long leftMs = limits.lingerMs() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lane.oldestNs());
        if (leftMs <= 0) {
            return true;
        }
        if (lane.scheduleWake()) {
            later(leftMs, () -> {
                lane.wakeEnded();
                maybeSend(lane);
            });
        }
        return false;
    }

    private void send(Batch batch) {
        calls.call(batch).whenComplete((response, failure) -> whileOpen(() -> onAnswer(batch, response, failure)));
    }

    private void onAnswer(Batch batch, ProduceResponse response, Throwable failure) {
        if (failure == null) {
            var answer = response.responses().get(0).partitionResponses().get(0);
            Errors error = Errors.forCode(answer.errorCode());
            if (error.exception() instanceof InvalidMetadataException) {
                onStaleTopic.accept(batch.lane().target().topic());
            }
            if (isWorthAnotherTry(batch, error)) {
                meter.onRetry(batch.records().size());
                trouble.onRetry(batch, error);
                boolean isStrange = identity.isPresent() && ProducerIdentity.isStrange(error);
                later(limits.delivery().backoffMs(batch.lane().attempts()), () -> {
                    if (isStrange) {
                        againUnderNewNumbers(batch);
                    } else {
                        again(batch);
                    }
                });
                return;
            }
            renumber(batch, error);
            answer(batch, error, answer);
        } else {
            lose(batch, new KafkaException("The broker in this application took no records", failure));
        }
        leave(batch);
    }

    /** What was given up or refused has used up numbers, which the broker may have seen or not. */
    private void renumber(Batch batch, Errors error) {
        if (identity.isEmpty() || error == Errors.NONE) {
            return;
        }
        boolean isSurelyRefused = batch.lane().attempts() == 1
                && !(error.exception() instanceof RetriableException)
                && !ProducerIdentity.isStrange(error);
        if (isSurelyRefused) {
            batch.lane().rewind(batch);
        } else {
            batch.producer().ifPresent(identity.get()::renew);
        }
    }

    private void again(Batch batch) {
        if (batch.lane().isGivenUp()) {
            leave(batch);
        } else {
            batch.lane().nextAttempt();
            send(batch);
        }
    }

    private void againUnderNewNumbers(Batch batch) {
        batch.producer().ifPresent(identity.orElseThrow()::renew);
        again(batch.lane().depart(batch, identity.get().current()));
    }

    private void leave(Batch batch) {
        batch.lane().arrive();
        // What follows a record that was lost must not be in the log without it.
        transaction.flatMap(ProducerTransaction::refusal).ifPresent(this::failAll);
        maybeSend(batch.lane());
    }

    private boolean isWorthAnotherTry(Batch batch, Errors error) {
        boolean passes = transaction
                .map(own ->
                        own.refusal().isEmpty() && TransactionFailure.ofProduce(error) == TransactionFailure.RETRIABLE)
                .orElseGet(() -> error.exception() instanceof RetriableException
                        || identity.isPresent() && ProducerIdentity.isStrange(error));
        return passes
                && !batch.lane().isGivenUp()
                && batch.lane().attempts() <= limits.delivery().retries()
                && !limits.delivery().isOver(batch.acceptedNs(), System.nanoTime());
    }

    private void answer(Batch batch, Errors error, ProduceResponse.PartitionProduceResponse answer) {
        if (error != Errors.NONE) {
            transaction.ifPresent(own -> own.onSendFailure(error));
            outcomes.fail(batch, error.exception(answer.errorMessage()));
            return;
        }
        outcomes.succeed(batch, answer);
    }

    private void lose(Batch batch, RuntimeException reason) {
        identity.ifPresent(own -> batch.producer().ifPresent(own::renew)); // It may be in the log, or not.
        transaction.ifPresent(own -> own.onSendFailure(reason));
        outcomes.fail(batch, reason);
    }

    private void maybeSweepLater() {
        if (!isSweepScheduled && outcomes.areExpected()) {
            isSweepScheduled = true;
            later(Math.min(LONGEST_SWEEP_MS, 1 + limits.delivery().timeoutMs() / SWEEPS), this::sweep);
        }
    }

    /** Fails what is older than {@code delivery.timeout.ms}. */
    private void sweep() {
        isSweepScheduled = false;
        long nowNs = System.nanoTime();
        for (Lane lane : lanes.values()) {
            lane.underWay()
                    .filter(batch -> !lane.isGivenUp() && limits.delivery().isOver(batch.acceptedNs(), nowNs))
                    .ifPresent(batch -> {
                        lose(batch, tooLate(lane, batch.records().size()));
                        lane.giveUp();
                    });
            while (lane.hasWaiting() && limits.delivery().isOver(lane.oldestNs(), nowNs)) {
                RuntimeException reason = tooLate(lane, 1);
                transaction.ifPresent(own -> own.onSendFailure(reason));
                outcomes.fail(lane, lane.remove(), reason);
            }
        }
        maybeSweepLater();
    }

    private TimeoutException tooLate(Lane lane, int records) {
        return new TimeoutException(records + " record(s) for " + lane.target() + " were not acknowledged within "
                + limits.delivery().timeoutMs() + " ms, delivery.timeout.ms");
    }

    private void later(long ms, Runnable task) {
        CompletableFuture.delayedExecutor(ms, TimeUnit.MILLISECONDS, this::whileOpen)
                .execute(task);
    }

    private void whileOpen(Runnable task) {
        try {
            owner.execute(task);
        } catch (RejectedExecutionException closed) {
            LOG.debug("The producer was closed meanwhile, and all its records have their answer");
        }
    }
}
