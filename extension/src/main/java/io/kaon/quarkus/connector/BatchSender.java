// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import io.kaon.record.Compression;
import io.kaon.record.RecordBatchBuilder;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidMetadataException;
import org.apache.kafka.common.protocol.Errors;
import org.jboss.logging.Logger;

/**
 * Turns the records of each partition into batches, one after the other: the next batch leaves when the one before has
 * its answer, and takes along what has come meanwhile. Owned by the producer's thread: everything but {@link
 * #isBatching} runs there.
 */
final class BatchSender {
    private static final Logger LOG = Logger.getLogger(BatchSender.class);
    private static final StandardCodecs CODECS = new StandardCodecs();

    /**
     * @param acks Kafka's {@code acks}: 1 or −1
     * @param timeoutMs how long the broker may wait for replicas
     * @param batchBytes records of one batch, before compression
     */
    record Limits(short acks, int timeoutMs, int batchBytes) {}

    private final BrokerCalls calls;
    private final Executor owner;
    private final IntConsumer release;
    private final Consumer<String> onStaleTopic;
    private final Limits limits;
    private final Compression compression;
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
            BrokerCalls calls,
            Executor owner,
            IntConsumer release,
            Consumer<String> onStaleTopic,
            Limits limits,
            Compression compression) {
        this.calls = calls;
        this.owner = owner;
        this.release = release;
        this.onStaleTopic = onStaleTopic;
        this.limits = limits;
        this.compression = compression;
    }

    /** The records of one partition that wait, and whether a batch is under way. */
    private static final class Lane {
        final Deque<PendingRecord> waiting = new ArrayDeque<>();
        volatile boolean isBusy;
    }

    /** Whether a record for this partition would wait for others. Any thread; a hint. */
    boolean isBatching(TopicPartition target) {
        Lane lane = lanes.get(target);
        return lane != null && lane.isBusy;
    }

    void accept(TopicPartition target, PendingRecord record) {
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
        List<PendingRecord> records = new ArrayList<>();
        RecordBatchBuilder builder = RecordBatchBuilder.compressed(CODECS, compression);
        int bytes = 0;
        while (!lane.waiting.isEmpty()
                && (records.isEmpty() || bytes + lane.waiting.peek().sizeInBytes() <= limits.batchBytes())) {
            PendingRecord record = lane.waiting.remove();
            builder.append(record.timestampMs(), wrap(record.key()), wrap(record.value()), record.headers());
            bytes += record.sizeInBytes();
            records.add(record);
        }
        lane.isBusy = true;
        inFlight++;
        calls.call(ProduceResponse.class, request(target, builder.build()))
                .whenComplete((response, failure) -> inOwner(() -> onAnswer(target, lane, records, response, failure)));
    }

    private ProduceRequest request(TopicPartition target, ByteBuffer batch) {
        var partition = new ProduceRequest.PartitionProduceData()
                .setIndex(target.partition())
                .setRecords(new BufferRecords(batch));
        var topic = new ProduceRequest.TopicProduceData()
                .setName(target.topic())
                .setPartitionData(new ArrayList<>(List.of(partition)));
        return new ProduceRequest()
                .setAcks(limits.acks())
                .setTimeoutMs(limits.timeoutMs())
                .setTopicData(new ArrayList<>(List.of(topic)));
    }

    private void onAnswer(
            TopicPartition target,
            Lane lane,
            List<PendingRecord> records,
            ProduceResponse response,
            Throwable failure) {
        lane.isBusy = false;
        inFlight--;
        if (failure != null) {
            RuntimeException reason = new KafkaException("The broker in this application took no records", failure);
            records.forEach(record -> finish(record, () -> record.fail(reason)));
        } else {
            answer(
                    target,
                    records,
                    response.responses().get(0).partitionResponses().get(0));
        }
        maybeSend(target, lane);
        maybeIdle();
    }

    private void answer(
            TopicPartition target, List<PendingRecord> records, ProduceResponse.PartitionProduceResponse answer) {
        Errors error = Errors.forCode(answer.errorCode());
        if (error.exception() instanceof InvalidMetadataException) {
            onStaleTopic.accept(target.topic());
        }
        for (int index = 0; index < records.size(); index++) {
            PendingRecord record = records.get(index);
            int place = index;
            finish(record, () -> {
                if (error == Errors.NONE) {
                    record.succeed(target, answer.baseOffset(), place, answer.logAppendTimeMs());
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

    private void inOwner(Runnable task) {
        try {
            owner.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debugf(e, "An answer came after the producer was closed");
        }
    }

    private static ByteBuffer wrap(byte[] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }
}
