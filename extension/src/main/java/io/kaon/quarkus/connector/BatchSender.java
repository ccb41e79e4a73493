// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.record.Compression;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.record.Sequences;
import io.kaon.record.codec.StandardCodecs;
import io.kaon.wire.BufferRecords;
import io.kaon.wire.message.ProduceRequest;
import io.kaon.wire.message.ProduceResponse;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
import org.apache.kafka.common.protocol.Errors;
import org.jboss.logging.Logger;

/**
 * Turns the records of each partition into batches, one after the other: the next batch leaves when the one before has
 * its answer, and takes along what has come meanwhile. In a transaction a batch that meets an error that passes is
 * sent again, under the same sequence number, so that it is in the log once; else the application is told. Owned by
 * the producer's thread: everything but {@link #isBatching} runs there.
 */
final class BatchSender {
    private static final Logger LOG = Logger.getLogger(BatchSender.class);
    private static final StandardCodecs CODECS = new StandardCodecs();
    private static final long RETRY_MS = 20;

    /**
     * @param acks Kafka's {@code acks}: 1 or −1
     * @param timeoutMs how long the broker may wait for replicas
     * @param batchBytes records of one batch, before compression
     * @param deliveryMs how long a batch of a transaction is tried
     */
    record Limits(short acks, int timeoutMs, int batchBytes, long deliveryMs) {}

    private final ApiCaller calls;
    private final Executor owner;
    private final IntConsumer release;
    private final Consumer<String> onStaleTopic;
    private final Limits limits;
    private final Compression compression;
    private final Optional<ProducerTransaction> transaction;
    private final Map<TopicPartition, Lane> lanes = new ConcurrentHashMap<>();
    private final Deque<Runnable> whenIdle = new ArrayDeque<>();
    private boolean isFlushScheduled;
    private int inFlight;

    /**
     * @param owner the producer's thread
     * @param release is told how many bytes of records are done
     * @param onStaleTopic is told of a topic that is not as it was, by its name
     */
    BatchSender(
            ApiCaller calls,
            Executor owner,
            IntConsumer release,
            Consumer<String> onStaleTopic,
            Limits limits,
            Compression compression,
            Optional<ProducerTransaction> transaction) {
        this.calls = calls;
        this.owner = owner;
        this.release = release;
        this.onStaleTopic = onStaleTopic;
        this.limits = limits;
        this.compression = compression;
        this.transaction = transaction;
    }

    /** The records of one partition that wait, and whether a batch is under way. */
    private static final class Lane {
        final Deque<PendingRecord> waiting = new ArrayDeque<>();
        volatile boolean isBusy;
        /** Of the next record in a transaction; begins anew with each epoch. */
        int sequence;

        Optional<ProducerIdAndEpoch> producer = Optional.empty();

        int nextSequence(ProducerIdAndEpoch id, int records) {
            if (!producer.equals(Optional.of(id))) {
                producer = Optional.of(id);
                sequence = 0;
            }
            int first = sequence;
            sequence = Sequences.add(first, records);
            return first;
        }
    }

    /**
     * Records on their way.
     *
     * @param producer who sends them, in a transaction
     * @param sequence of the first of them, in a transaction
     * @param until when it is worth sending them again
     */
    private record Batch(
            TopicPartition target,
            Lane lane,
            List<PendingRecord> records,
            Optional<ProducerIdAndEpoch> producer,
            int sequence,
            Deadline until) {}

    /** Whether a record for this partition would wait for others. Any thread; a hint. */
    boolean isBatching(TopicPartition target) {
        Lane lane = lanes.get(target);
        return lane != null && lane.isBusy;
    }

    void accept(TopicPartition target, PendingRecord record) {
        Optional<RuntimeException> refusal = transaction.flatMap(ProducerTransaction::refusal);
        if (refusal.isPresent()) {
            finish(record, () -> record.fail(refusal.get()));
            return;
        }
        lanes.computeIfAbsent(target, ignored -> new Lane()).waiting.add(record);
        if (!isFlushScheduled) {
            // After the calls that are queued already, so that a burst becomes one batch.
            isFlushScheduled = true;
            owner.execute(this::flush);
        }
    }

    /** Runs the task when nothing waits or is under way any more. */
    void whenIdle(Runnable task) {
        whenIdle.add(task);
        maybeIdle();
    }

    /** Fails what waits; what is under way is answered still. */
    void failAll(RuntimeException reason) {
        for (Lane lane : lanes.values()) {
            List<PendingRecord> records = new ArrayList<>(lane.waiting);
            lane.waiting.clear();
            records.forEach(record -> finish(record, () -> record.fail(reason)));
        }
        maybeIdle();
    }

    private void flush() {
        isFlushScheduled = false;
        lanes.forEach(this::maybeSend);
        maybeIdle();
    }

    private void maybeSend(TopicPartition target, Lane lane) {
        if (lane.isBusy || lane.waiting.isEmpty()) {
            return;
        }
        Optional<ProducerIdAndEpoch> producer = transaction.flatMap(ProducerTransaction::stamp);
        if (transaction.isPresent() && producer.isEmpty()) {
            transaction.flatMap(ProducerTransaction::refusal).ifPresent(this::failAll);
            return;
        }
        List<PendingRecord> records = new ArrayList<>();
        int bytes = 0;
        while (!lane.waiting.isEmpty()
                && (records.isEmpty() || bytes + lane.waiting.peek().sizeInBytes() <= limits.batchBytes())) {
            PendingRecord record = lane.waiting.remove();
            bytes += record.sizeInBytes();
            records.add(record);
        }
        int sequence = producer.map(id -> lane.nextSequence(id, records.size())).orElse(0);
        lane.isBusy = true;
        inFlight++;
        send(new Batch(target, lane, records, producer, sequence, Deadline.inMs(limits.deliveryMs())));
    }

    private void send(Batch batch) {
        calls.call(ProduceResponse.class, request(batch.target(), encode(batch)))
                .whenComplete((response, failure) -> inOwner(batch, () -> onAnswer(batch, response, failure)));
    }

    private ByteBuffer encode(Batch batch) {
        RecordBatchBuilder builder = RecordBatchBuilder.compressed(CODECS, compression);
        batch.producer().ifPresent(id -> builder.producer(id.producerId(), id.epoch(), batch.sequence())
                .transactional());
        for (PendingRecord record : batch.records()) {
            builder.append(record.timestampMs(), wrap(record.key()), wrap(record.value()), record.headers());
        }
        return builder.build();
    }

    private ProduceRequest request(TopicPartition target, ByteBuffer batch) {
        var partition = new ProduceRequest.PartitionProduceData()
                .setIndex(target.partition())
                .setRecords(new BufferRecords(batch));
        var topic = new ProduceRequest.TopicProduceData()
                .setName(target.topic())
                .setPartitionData(new ArrayList<>(List.of(partition)));
        return new ProduceRequest()
                .setTransactionalId(
                        transaction.map(ProducerTransaction::transactionalId).orElse(null))
                .setAcks(limits.acks())
                .setTimeoutMs(limits.timeoutMs())
                .setTopicData(new ArrayList<>(List.of(topic)));
    }

    private void onAnswer(Batch batch, ProduceResponse response, Throwable failure) {
        if (failure == null) {
            var answer = response.responses().get(0).partitionResponses().get(0);
            Errors error = Errors.forCode(answer.errorCode());
            if (error.exception() instanceof InvalidMetadataException) {
                onStaleTopic.accept(batch.target().topic());
            }
            if (isWorthAnotherTry(batch, error)) {
                CompletableFuture.delayedExecutor(RETRY_MS, TimeUnit.MILLISECONDS, task -> inOwner(batch, task))
                        .execute(() -> send(batch));
                return;
            }
            answer(batch, error, answer);
        } else {
            RuntimeException reason = new KafkaException("The broker in this application took no records", failure);
            transaction.ifPresent(own -> own.onSendFailure(reason));
            batch.records().forEach(record -> finish(record, () -> record.fail(reason)));
        }
        batch.lane().isBusy = false;
        inFlight--;
        // What follows a record that was lost must not be in the log without it.
        transaction.flatMap(ProducerTransaction::refusal).ifPresent(this::failAll);
        maybeSend(batch.target(), batch.lane());
        maybeIdle();
    }

    private boolean isWorthAnotherTry(Batch batch, Errors error) {
        return transaction.filter(own -> own.refusal().isEmpty()).isPresent()
                && TransactionFailure.ofProduce(error) == TransactionFailure.RETRIABLE
                && !batch.until().hasPassed();
    }

    private void answer(Batch batch, Errors error, ProduceResponse.PartitionProduceResponse answer) {
        if (error != Errors.NONE) {
            transaction.ifPresent(own -> own.onSendFailure(error));
        }
        List<PendingRecord> records = batch.records();
        for (int index = 0; index < records.size(); index++) {
            PendingRecord record = records.get(index);
            int place = index;
            finish(record, () -> {
                if (error == Errors.NONE) {
                    record.succeed(batch.target(), answer.baseOffset(), place, answer.logAppendTimeMs());
                } else {
                    record.fail(error.exception(answer.errorMessage()));
                }
            });
        }
    }

    /** Callbacks are the application's: what they throw must not keep the others waiting. */
    private void finish(PendingRecord record, Runnable outcome) {
        release.accept(record.sizeInBytes());
        try {
            outcome.run();
        } catch (RuntimeException e) {
            LOG.warnf(e, "The callback of a sent record failed");
        }
    }

    private void maybeIdle() {
        boolean isIdle =
                inFlight == 0 && !isFlushScheduled && lanes.values().stream().allMatch(lane -> lane.waiting.isEmpty());
        while (isIdle && !whenIdle.isEmpty()) {
            whenIdle.remove().run();
        }
    }

    private void inOwner(Batch batch, Runnable task) {
        try {
            owner.execute(task);
        } catch (RejectedExecutionException e) {
            RuntimeException reason = new KafkaException("The producer was closed before the broker's answer came", e);
            batch.records().forEach(record -> finish(record, () -> record.fail(reason)));
        }
    }

    private static ByteBuffer wrap(byte[] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }
}
