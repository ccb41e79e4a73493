// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.exec.Cancellable;
import io.kaon.exec.Scheduler;
import io.kaon.exec.SerialExecutor;
import io.kaon.record.legacy.LegacySets;
import io.kaon.storage.AppendOrigin;
import io.kaon.storage.AppendResult;
import io.kaon.storage.AppendTakesLongException;
import io.kaon.storage.Appended;
import io.kaon.storage.LogOptions;
import io.kaon.storage.LogView;
import io.kaon.storage.PartitionLog;
import io.kaon.storage.Rejected;
import io.kaon.storage.producer.ProducerBatch;
import io.kaon.storage.producer.ProducerEntry;
import io.kaon.storage.producer.VerificationGuard;
import io.kaon.telemetry.TopicMeter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * One partition that this broker leads: its log, its high watermark, and who waits for either.
 *
 * <p>Owned by {@link #owner()}. The log opens when it is first needed; what comes in before waits in order, so that a
 * caller sees one thing only: operations happen in the order of the calls. Methods are for any thread unless they say
 * that they run inside the owner.
 */
public final class Partition {
    private final TopicPartition name;
    private final Uuid topicId;
    private final SerialExecutor owner;
    private final int leaderEpoch;
    private final TopicMeter meter;

    private final LazyLog log;
    private final AppendAnswers answers;
    private final VerifiedAppends verified = new VerifiedAppends(new VerifiedAppends.Port() {
        @Override
        public void later(Runnable task) {
            owner().execute(task);
        }

        @Override
        public void append(TransactionalBatch batch, VerificationGuard guard, Runnable then) {
            owner().execute(() -> appendVerified(batch, guard, then));
        }
    });
    private final List<LongConsumer> commitListeners = new ArrayList<>();
    private final Set<Runnable> readers = ConcurrentHashMap.newKeySet();

    /**
     * @param meters what this broker counts of its partitions
     * @param opener opens the log on disk threads, called inside the owner, and again only after a failure
     * @param leaderEpoch the epoch of this leadership; a later one is another object
     */
    Partition(
            PartitionKey key,
            int leaderEpoch,
            SerialExecutor owner,
            Scheduler scheduler,
            PartitionMeters meters,
            Supplier<CompletionStage<PartitionLog>> opener) {
        this.name = key.name();
        this.topicId = key.topicId();
        this.leaderEpoch = leaderEpoch;
        this.owner = owner;
        this.meter = meters.topics().of(key.name().topic());
        this.answers = new AppendAnswers(scheduler, meters.waitingProduces());
        this.log = new LazyLog(key.name(), owner, scheduler, opener, new LazyLog.Listener() {
            @Override
            public void onOpening(PartitionLog opened) {
                opened.beginLeaderEpoch(leaderEpoch);
                opened.commitAlone();
                opened.onProgress(Partition.this::onProgress);
            }

            @Override
            public void onOpened(PartitionLog opened) {
                advanceHighWatermark(opened);
            }
        });
    }

    public TopicPartition name() {
        return name;
    }

    public Uuid topicId() {
        return topicId;
    }

    public SerialExecutor owner() {
        return owner;
    }

    public int leaderEpoch() {
        return leaderEpoch;
    }

    /** What the traffic of the topic is counted with. */
    public TopicMeter meter() {
        return meter;
    }

    /** Whether the log is open now; it may be closed before the next call. */
    public boolean isOpen() {
        return log.ifOpen().isPresent();
    }

    /**
     * What is readable now. Only once the log is open; throws {@link PartitionUnavailable} when the partition was
     * deleted since.
     */
    public LogView view() {
        return viewIfOpen().orElseThrow(() -> new PartitionUnavailable(name, refusal()));
    }

    /** What is readable now; empty when the log is not open, or not any more. */
    Optional<LogView> viewIfOpen() {
        return log.ifOpen().map(PartitionLog::view);
    }

    /** Why there is nothing to read, when there is nothing. */
    ErrorCode refusal() {
        return log.refusal();
    }

    /** Exclusive end of what is committed. Only once the log is open. */
    public long highWatermark() {
        return view().highWatermark();
    }

    /** Opens the log unless it is open. Fails with {@link PartitionUnavailable}. */
    public CompletionStage<LogView> open() {
        CompletableFuture<LogView> opened = new CompletableFuture<>();
        log.submit(new LazyLog.Operation(
                open -> opened.complete(open.view()),
                error -> opened.completeExceptionally(new PartitionUnavailable(name, error)),
                opened));
        return opened;
    }

    /**
     * Appends record batches. The call takes its place in the order of this partition's appends before it returns.
     *
     * @param records the batches; offsets and epoch are written into them in place, so they belong to the log until the answer
     * @param timeoutMs how long {@code acks=all} may wait for the high watermark
     * @return what the log said; {@code Rejected} with REQUEST_TIMED_OUT when the records are written but not committed in time
     */
    public CompletionStage<AppendResult> append(ByteBuffer records, Acks acks, int timeoutMs, AppendOrigin origin) {
        CompletableFuture<AppendResult> answer = new CompletableFuture<>();
        log.submit(new LazyLog.Operation(
                open -> open.needsDisk(records),
                open -> answerWhenSafe(
                        open, appendInside(open, records, origin, VerificationGuard.NONE), acks, timeoutMs, answer),
                error -> answer.complete(rejected(error)),
                answer));
        return answer;
    }

    /**
     * The same for a producer's batch of a transaction. One that would begin the transaction here waits, with what comes
     * behind it from the same producer, until the coordinator has said through the gate that it knows of it (KIP-890).
     *
     * @param header what the batch says of its producer; need not be checked
     */
    public CompletionStage<AppendResult> append(
            ByteBuffer records, Acks acks, int timeoutMs, ProducerBatch header, TransactionGate gate) {
        CompletableFuture<AppendResult> answer = new CompletableFuture<>();
        TransactionalBatch batch = new TransactionalBatch(records, header, acks, timeoutMs, gate, answer);
        log.submit(new LazyLog.Operation(
                open -> {
                    if (verified.admits(open, batch)) {
                        appendVerified(batch, VerificationGuard.NONE, () -> {});
                    }
                },
                error -> {
                    gate.pass();
                    answer.complete(rejected(error));
                },
                answer));
        return answer;
    }

    /** In a task of its own: it may have to go where it may block. What comes later of the producer waits for it. */
    private void appendVerified(TransactionalBatch batch, VerificationGuard guard, Runnable then) {
        log.run(new LazyLog.Operation(
                open -> open.needsDisk(batch.records()),
                open -> {
                    try {
                        AppendResult result = appendInside(open, batch.records(), AppendOrigin.CLIENT, guard);
                        answerWhenSafe(open, result, batch.acks(), batch.timeoutMs(), batch.answer());
                    } catch (AppendTakesLongException here) {
                        throw here;
                    } catch (RuntimeException failure) {
                        then.run();
                        throw failure;
                    }
                    then.run();
                },
                error -> {
                    batch.answer().complete(rejected(error));
                    then.run();
                },
                batch.answer()));
    }

    private void answerWhenSafe(
            PartitionLog open, AppendResult result, Acks acks, int timeoutMs, CompletableFuture<AppendResult> answer) {
        if (result instanceof Appended appended && safeEnd(open, acks) <= appended.lastOffset()) {
            answers.add(appended, acks, timeoutMs, answer);
        } else {
            answer.complete(result);
        }
    }

    /** Appends from inside the owner: for the coordinator shard that lives on this partition. */
    public AppendResult appendInside(ByteBuffer records, AppendOrigin origin) {
        owner.assertInside();
        Optional<PartitionLog> open = log.ifOpen();
        return open.isPresent()
                ? appendInside(open.get(), records, origin, VerificationGuard.NONE)
                : rejected(refusal());
    }

    private AppendResult appendInside(
            PartitionLog open, ByteBuffer records, AppendOrigin origin, VerificationGuard guard) {
        long before = open.view().highWatermark();
        int bytes = records.remaining();
        boolean isLegacy = LegacySets.isLegacy(records);
        AppendResult result = open.append(records, origin, leaderEpoch, guard);
        count(result, bytes, isLegacy);
        long highWatermark = open.view().highWatermark();
        if (highWatermark > before) {
            onHighWatermark(highWatermark);
        }
        return result;
    }

    private void count(AppendResult result, int bytes, boolean isLegacy) {
        if (result instanceof Appended appended) {
            long records = appended.lastOffset() - appended.baseOffset() + 1;
            if (!appended.duplicate()) {
                meter.appended(records, bytes);
            }
            if (isLegacy) {
                meter.produceConverted(records);
            }
        } else if (isTooLarge(((Rejected) result).code())) {
            meter.rejected(bytes);
        }
    }

    private static boolean isTooLarge(ErrorCode error) {
        return error == ErrorCode.MESSAGE_TOO_LARGE || error == ErrorCode.RECORD_LIST_TOO_LARGE;
    }

    /** Whether {@link #appendInside} of up to so many bytes may have to wait for the disk. Owner. */
    public boolean needsDisk(int bytes) {
        owner.assertInside();
        return log.ifOpen().filter(open -> open.needsDisk(bytes)).isPresent();
    }

    /**
     * Moves the log start offset (DeleteRecords).
     *
     * @param offset the new start; −1 for the high watermark
     */
    public CompletionStage<DeleteRecordsOutcome> deleteRecords(long offset) {
        CompletableFuture<DeleteRecordsOutcome> answer = new CompletableFuture<>();
        log.submit(new LazyLog.Operation(
                open -> {
                    LogView view = open.view();
                    long target = offset == -1 ? view.highWatermark() : offset;
                    if (target < 0 || target > view.highWatermark()) {
                        answer.complete(DeleteRecordsOutcome.failed(ErrorCode.OFFSET_OUT_OF_RANGE));
                        return;
                    }
                    // Kafka answers before the new start is on disk; here a loss of power brings nothing back.
                    open.advanceLogStartOffset(Math.max(target, view.logStartOffset()))
                            .whenComplete((done, failure) -> answer.complete(
                                    failure == null
                                            ? new DeleteRecordsOutcome(
                                                    ErrorCode.NONE, open.view().logStartOffset())
                                            : DeleteRecordsOutcome.failed(ErrorCode.KAFKA_STORAGE_ERROR)));
                },
                error -> answer.complete(DeleteRecordsOutcome.failed(error)),
                answer));
        return answer;
    }

    /** The producers that are known, with their open transactions. Fails with {@link PartitionUnavailable}. */
    public CompletionStage<List<ProducerEntry>> producers() {
        CompletableFuture<List<ProducerEntry>> answer = new CompletableFuture<>();
        log.submit(new LazyLog.Operation(
                open -> open.producers().whenComplete((producers, failure) -> {
                    if (failure == null) {
                        answer.complete(producers);
                    } else {
                        answer.completeExceptionally(failure);
                    }
                }),
                error -> answer.completeExceptionally(new PartitionUnavailable(name, error)),
                answer));
        return answer;
    }

    /** Calls the listener, inside the owner, each time the high watermark moves. */
    public Cancellable onCommitted(LongConsumer listener) {
        owner.execute(() -> commitListeners.add(listener));
        return () -> owner.execute(() -> commitListeners.remove(listener));
    }

    /** Wakes the reader whenever there is more to read, or the partition is gone. The reader must not block. */
    void addReader(Runnable reader) {
        readers.add(reader);
    }

    void removeReader(Runnable reader) {
        readers.remove(reader);
    }

    /** Gives the log new settings, if it is open; one that opens later gets them then. */
    void reconfigure(LogOptions options) {
        owner.execute(() -> log.ifOpen().ifPresent(open -> open.reconfigure(options)));
    }

    /**
     * Ends this leadership: whoever waits and whoever comes later gets the error. The result has the log, if it was
     * opened, so that the caller deletes or keeps it.
     */
    CompletionStage<Optional<PartitionLog>> retire(ErrorCode error) {
        CompletableFuture<Optional<PartitionLog>> ended = new CompletableFuture<>();
        log.end(error, last -> {
            answers.refuseAll(rejected(error));
            verified.refuseAll(rejected(error));
            readers.forEach(Runnable::run);
            ended.complete(last);
        });
        return ended;
    }

    /** The in-sync replicas are this broker alone: what it counts as synced meanwhile is committed. */
    private void advanceHighWatermark(PartitionLog open) {
        long committable = open.committableEnd();
        if (open.view().highWatermark() < committable) {
            open.advanceHighWatermark(committable);
            onHighWatermark(committable);
        }
    }

    /** A sync came to its end, or the log did. */
    private void onProgress() {
        log.ifOpen().ifPresent(this::onProgress);
    }

    private void onProgress(PartitionLog open) {
        advanceHighWatermark(open);
        answers.onAcknowledgeable(open.acknowledgeableEnd());
        if (open.isOver()) {
            answers.refuseAll(
                    new Rejected(ErrorCode.KAFKA_STORAGE_ERROR, "the records could not be synced to disk", List.of()));
        }
    }

    private void onHighWatermark(long highWatermark) {
        answers.onHighWatermark(highWatermark);
        for (LongConsumer listener : commitListeners) {
            listener.accept(highWatermark);
        }
        if (!readers.isEmpty()) {
            readers.forEach(Runnable::run);
        }
    }

    /** Up to where records are as safe as is asked. */
    private static long safeEnd(PartitionLog open, Acks acks) {
        return switch (acks) {
            case ALL -> open.view().highWatermark();
            case LEADER -> open.acknowledgeableEnd();
            case NONE -> Long.MAX_VALUE;
        };
    }

    private static Rejected rejected(ErrorCode error) {
        return new Rejected(error, "this broker does not serve the partition now", List.of());
    }

    @Override
    public String toString() {
        return name + " (id " + topicId + ", leader epoch " + leaderEpoch + ")";
    }
}
