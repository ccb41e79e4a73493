// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import static io.kaon.common.Checks.invariant;

import io.kaon.common.ErrorCode;
import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.exec.Cancellable;
import io.kaon.storage.producer.TransactionMarker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;
import org.jboss.logging.Logger;

/**
 * One leadership of one partition of a coordinator's topic: loads the log into a state machine, then serves it. Owned
 * by the partition's owner; {@link #ask} is for any thread.
 *
 * <pre>
 * LOADING ──end of log reached──▶ ACTIVE ──replay fails──▶ FAILED
 *    │ └──reading or replay fails──────────────────────────▶ │
 *    └───────────────────────resigned, from each of them─────┴──▶ CLOSED
 * </pre>
 *
 * <p>Loading reads and decodes chunks where blocking is allowed, one ahead of what the owner replays in tasks that do
 * not keep it for long. What was appended is replayed at once; answers wait for the commit. A state machine that could
 * not take in what stands in the log is not the log's any more: it answers nobody until the partition is led anew.
 *
 * @param <R> the records
 * @param <S> the state machine
 */
final class Shard<R, S extends ShardState<R>> implements ShardWriter<R> {
    private static final Logger LOG = Logger.getLogger(Shard.class);
    /** Replayed within one task of the owner while the shard loads: about a millisecond. */
    private static final int RECORDS_PER_TURN = 2_000;

    private enum Phase {
        LOADING(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS),
        ACTIVE(ErrorCode.NONE),
        FAILED(ErrorCode.NOT_COORDINATOR),
        CLOSED(ErrorCode.NOT_COORDINATOR);

        private final ErrorCode answer;

        Phase(ErrorCode answer) {
            this.answer = answer;
        }
    }

    private final String name;
    private final int leaderEpoch;
    private final ShardLog log;
    private final RecordCodec<R> codec;
    private final ShardClock time;
    private final ShardOptions options;
    private final ShardTimers timers;
    private final Timeline timeline = new Timeline();
    private final CommitQueue commits;
    private final S state;
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private Phase phase = Phase.LOADING;
    private Cancellable subscription = () -> {};
    private long writtenEndOffset;
    private int replaying;
    private boolean released;

    /** Inside the log's owner. */
    Shard(String name, int leaderEpoch, ShardLog log, ShardKind<R, S> kind) {
        this.name = name;
        this.leaderEpoch = leaderEpoch;
        this.log = log;
        this.codec = kind.codec();
        this.time = kind.time();
        this.options = kind.options();
        this.timers = new ShardTimers(time.scheduler(), time.clock(), this::inTurn);
        this.commits = new CommitQueue(timers, time, options.commitTimeoutMs());
        this.state = kind.factory().create(this, timers, timeline, log.owner());
    }

    /** Starts loading. Owner. */
    void load() {
        log.owner().assertInside();
        orFail(0, () -> {
            subscription = log.onCommitted(this::onCommittedElsewhere);
            long startNs = time.clock().nanos();
            // The subscription above may itself be a task behind this one; what moved before it is picked up here.
            log.owner().execute(() -> onCommitted(log.committedOffset()));
            loadFrom(log.startOffset(), startNs);
        });
    }

    /** Ends this leadership. Owner. */
    void close() {
        log.owner().assertInside();
        if (phase == Phase.CLOSED) {
            return;
        }
        phase = Phase.CLOSED;
        release();
        settled.complete(null);
    }

    /** Whoever waits hears that the coordinator is elsewhere. */
    private void release() {
        if (released) {
            return;
        }
        released = true;
        subscription.cancel();
        timers.close();
        commits.failAll(ErrorCode.NOT_COORDINATOR);
        state.onUnloaded(ErrorCode.NOT_COORDINATOR);
    }

    private void fail(String what, Throwable failure) {
        if (phase != Phase.LOADING && phase != Phase.ACTIVE) {
            return;
        }
        phase = Phase.FAILED;
        LOG.errorf(failure, "%s %s: its coordinator stays away until it is led anew", name, what);
        settled.complete(null);
        // Not from here: whoever writes may be in the middle of what is to be told that it is over.
        log.owner().execute(this::release);
    }

    /** A step of loading; what it throws must not leave the shard loading for ever. */
    private void orFail(long offset, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException failure) {
            fail("cannot be loaded from offset " + offset, failure);
        }
    }

    /** Completes, inside the owner, when this shard does not load any more, whatever came of it. */
    CompletionStage<Void> settled() {
        return settled;
    }

    /**
     * Runs the question inside the owner against the loaded state machine. Any thread.
     *
     * @param unavailable makes the answer while the shard loads, has failed, or is no longer led here
     */
    <T> CompletionStage<T> ask(Function<S, CompletionStage<T>> question, Function<ErrorCode, T> unavailable) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        inTurn(() -> askInside(question, unavailable, answer));
        return answer;
    }

    /** Runs what may write inside the owner, on a thread that may block if a write might have to. Any thread. */
    private void inTurn(Runnable task) {
        log.owner().execute(() -> {
            if (mayHaveToBlock()) {
                log.owner().continueAway(task);
            } else {
                task.run();
            }
        });
    }

    private boolean mayHaveToBlock() {
        return !log.owner().mayBlock() && log.needsDisk(options.maxBatchBytes());
    }

    private <T> void askInside(
            Function<S, CompletionStage<T>> question, Function<ErrorCode, T> unavailable, CompletableFuture<T> answer) {
        if (phase != Phase.ACTIVE) {
            answer.complete(unavailable.apply(phase.answer));
            return;
        }
        try {
            question.apply(state).whenComplete((value, failure) -> finish(answer, value, failure));
        } catch (RuntimeException failure) {
            answer.completeExceptionally(failure);
        }
    }

    @Override
    public int leaderEpoch() {
        return leaderEpoch;
    }

    @Override
    public CompletionStage<WriteResult> write(List<R> records) {
        log.owner().assertInside();
        if (phase != Phase.ACTIVE) {
            return failed(phase.answer);
        }
        if (records.isEmpty()) {
            return afterCommitOf(writtenEndOffset);
        }
        List<KeyValue> bytes = new ArrayList<>(records.size());
        if (!encode(records, bytes)) {
            return failed(ErrorCode.MESSAGE_TOO_LARGE);
        }
        return append(nowMs -> log.append(bytes, nowMs), base -> {
            long offset = base;
            for (R record : records) {
                state.replay(offset++, record);
            }
            return offset;
        });
    }

    @Override
    public CompletionStage<WriteResult> writeTransactional(ProducerIdAndEpoch producer, List<R> records) {
        log.owner().assertInside();
        invariant(!records.isEmpty(), "%s has nothing to write for %s", name, producer);
        if (phase != Phase.ACTIVE) {
            return failed(phase.answer);
        }
        List<KeyValue> bytes = new ArrayList<>(records.size());
        if (!encode(records, bytes)) {
            return failed(ErrorCode.MESSAGE_TOO_LARGE);
        }
        return append(nowMs -> log.appendTransactional(producer, bytes, nowMs), base -> {
            long offset = base;
            for (R record : records) {
                state.replayTransactional(offset++, producer, record);
            }
            return offset;
        });
    }

    @Override
    public CompletionStage<WriteResult> writeMarker(TransactionMarker marker, boolean bumpsEpoch) {
        log.owner().assertInside();
        if (phase != Phase.ACTIVE) {
            return failed(phase.answer);
        }
        return append(nowMs -> log.appendMarker(marker, bumpsEpoch, nowMs), offset -> {
            state.replayMarker(offset, marker.producerId(), marker.producerEpoch(), !marker.isAbort());
            return offset + 1;
        });
    }

    /** False when the batch would be larger than the topic takes. */
    private boolean encode(List<R> records, List<KeyValue> bytes) {
        long size = 0;
        for (R record : records) {
            KeyValue encoded = codec.encode(record);
            size += encoded.sizeInBytes();
            bytes.add(encoded);
        }
        return size <= options.maxBatchBytes();
    }

    /** @param replay takes the offset of the first record, answers with the one after the last */
    private CompletionStage<WriteResult> append(LongFunction<ShardAppend> write, LongUnaryOperator replay) {
        // The log may tell us of the commit before it returns: the listener waits until the records are replayed.
        replaying++;
        try {
            ShardAppend result = write.apply(time.clock().wallMs());
            if (result instanceof ShardAppend.Refused refused) {
                LOG.warnf("%s could not write: %s %s", name, refused.error(), refused.message());
                return failed(refused.error());
            }
            replay(replay, ((ShardAppend.Appended) result).baseOffset());
        } finally {
            replaying--;
        }
        if (phase == Phase.FAILED) {
            return failed(phase.answer);
        }
        long endOffset = writtenEndOffset;
        onCommitted(log.committedOffset());
        return afterCommitOf(endOffset);
    }

    private void replay(LongUnaryOperator replay, long baseOffset) {
        try {
            writtenEndOffset = replay.applyAsLong(baseOffset);
        } catch (RuntimeException failure) {
            fail("does not know any more what its log says from offset " + baseOffset + " on", failure);
        }
    }

    private CompletionStage<WriteResult> afterCommitOf(long endOffset) {
        if (timeline.committedOffset() >= endOffset) {
            return CompletableFuture.completedStage(WriteResult.Committed.INSTANCE);
        }
        return commits.await(endOffset);
    }

    /** Within somebody else's task: what goes on after the commit may write. */
    private void onCommittedElsewhere(long offset) {
        if (replaying == 0 && offset > timeline.committedOffset() && mayHaveToBlock()) {
            inTurn(() -> onCommitted(offset));
        } else {
            onCommitted(offset);
        }
    }

    private void onCommitted(long offset) {
        if (phase == Phase.CLOSED || phase == Phase.FAILED || replaying > 0 || offset <= timeline.committedOffset()) {
            return;
        }
        timeline.commit(offset);
        state.onCommitted(offset);
        commits.onCommitted(offset);
    }

    private void loadFrom(long offset, long startNs) {
        if (phase != Phase.LOADING) {
            return;
        }
        if (offset >= log.endOffset()) {
            activate(offset, startNs);
        } else {
            replayWhenRead(offset, read(offset), startNs);
        }
    }

    private CompletionStage<Decoded<R>> read(long offset) {
        return log.read(offset, options.loadChunkBytes())
                .thenApply(chunk -> new Decoded<>(Replayable.decode(chunk, codec), chunk.nextOffset()));
    }

    private void replayWhenRead(long offset, CompletionStage<Decoded<R>> read, long startNs) {
        read.whenComplete((decoded, failure) -> inTurn(() -> {
            if (phase != Phase.LOADING) {
                return;
            }
            if (failure != null || decoded.nextOffset() <= offset) {
                fail("cannot be loaded: reading from offset " + offset + " failed", failure);
                return;
            }
            orFail(offset, () -> replayAndGoOn(decoded, startNs));
        }));
    }

    private void replayAndGoOn(Decoded<R> decoded, long startNs) {
        long next = decoded.nextOffset();
        if (next < log.endOffset()) {
            // Read and decoded on another thread while this one replays.
            CompletionStage<Decoded<R>> ahead = read(next);
            replay(decoded.records(), 0, () -> replayWhenRead(next, ahead, startNs));
        } else {
            replay(decoded.records(), 0, () -> loadFrom(next, startNs));
        }
    }

    /** In slices: the owner may be an event loop, on which other partitions wait. */
    private void replay(List<Replayable<R>> records, int from, Runnable then) {
        if (phase != Phase.LOADING) {
            return;
        }
        int to = Math.min(from + RECORDS_PER_TURN, records.size());
        for (int index = from; index < to; index++) {
            records.get(index).into(state);
        }
        if (to < records.size()) {
            log.owner().execute(() -> orFail(records.get(to).offset(), () -> replay(records, to, then)));
        } else {
            then.run();
        }
    }

    private void activate(long endOffset, long startNs) {
        phase = Phase.ACTIVE;
        writtenEndOffset = endOffset;
        onCommitted(log.committedOffset());
        state.onLoaded();
        settled.complete(null);
        LOG.debugf(
                "%s is loaded up to offset %d in %d ms",
                name, endOffset, (time.clock().nanos() - startNs) / 1_000_000);
    }

    private static CompletionStage<WriteResult> failed(ErrorCode error) {
        return CompletableFuture.completedStage(new WriteResult.Failed(error));
    }

    private static <T> void finish(CompletableFuture<T> answer, T value, Throwable failure) {
        if (failure == null) {
            answer.complete(value);
        } else {
            answer.completeExceptionally(failure);
        }
    }

    private record Decoded<R>(List<Replayable<R>> records, long nextOffset) {}
}
