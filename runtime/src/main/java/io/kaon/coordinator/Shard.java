// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import io.kaon.common.ErrorCode;
import io.kaon.exec.Cancellable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * One leadership of one partition of a coordinator's topic: loads the log into a state machine, then serves it. Owned
 * by the partition's owner; {@link #ask} is for any thread.
 *
 * <pre>
 * LOADING ──end of log reached──▶ ACTIVE
 *    │ └──reading fails──▶ FAILED   │
 *    └───────────resigned───────────┴──▶ CLOSED
 * </pre>
 *
 * <p>Loading reads and decodes chunks where blocking is allowed and replays each in a task of its own, so that the
 * owner is never kept for long. What was appended is replayed at once; answers wait for the commit.
 *
 * @param <R> the records
 * @param <S> the state machine
 */
final class Shard<R, S extends ShardState<R>> implements ShardWriter<R> {
    private static final Logger LOG = Logger.getLogger(Shard.class);

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

    /** Inside the log's owner. */
    Shard(String name, ShardLog log, ShardKind<R, S> kind) {
        this.name = name;
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
        subscription = log.onCommitted(this::onCommittedElsewhere);
        long startNs = time.clock().nanos();
        // The subscription above may itself be a task behind this one; what moved before it is picked up here.
        log.owner().execute(() -> onCommitted(log.committedOffset()));
        loadFrom(log.startOffset(), startNs);
    }

    /** Ends this leadership. Owner. */
    void close() {
        log.owner().assertInside();
        if (phase == Phase.CLOSED) {
            return;
        }
        phase = Phase.CLOSED;
        subscription.cancel();
        timers.close();
        commits.failAll(ErrorCode.NOT_COORDINATOR);
        state.onUnloaded(ErrorCode.NOT_COORDINATOR);
        settled.complete(null);
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
    public CompletionStage<WriteResult> write(List<R> records) {
        log.owner().assertInside();
        if (phase != Phase.ACTIVE) {
            return failed(phase.answer);
        }
        if (!records.isEmpty()) {
            List<KeyValue> bytes = new ArrayList<>(records.size());
            long size = 0;
            for (R record : records) {
                KeyValue encoded = codec.encode(record);
                size += encoded.sizeInBytes();
                bytes.add(encoded);
            }
            if (size > options.maxBatchBytes()) {
                return failed(ErrorCode.MESSAGE_TOO_LARGE);
            }
            Optional<ErrorCode> refusal = append(records, bytes);
            if (refusal.isPresent()) {
                return failed(refusal.get());
            }
        }
        return afterCommitOf(writtenEndOffset);
    }

    private Optional<ErrorCode> append(List<R> records, List<KeyValue> bytes) {
        // The log may tell us of the commit before it returns: the listener waits until the records are replayed.
        replaying++;
        try {
            ShardAppend result = log.append(bytes, time.clock().wallMs());
            if (result instanceof ShardAppend.Refused refused) {
                LOG.warnf("%s could not write: %s %s", name, refused.error(), refused.message());
                return Optional.of(refused.error());
            }
            long offset = ((ShardAppend.Appended) result).baseOffset();
            for (R record : records) {
                state.replay(offset++, record);
            }
            writtenEndOffset = offset;
        } finally {
            replaying--;
        }
        onCommitted(log.committedOffset());
        return Optional.empty();
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
        if (phase == Phase.CLOSED || replaying > 0 || offset <= timeline.committedOffset()) {
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
            return;
        }
        log.read(offset, options.loadChunkBytes())
                .thenApply(chunk -> new Decoded<>(decode(chunk), chunk.nextOffset()))
                .whenComplete((decoded, failure) -> inTurn(() -> {
                    if (failure == null && decoded.nextOffset() > offset) {
                        replay(decoded);
                        loadFrom(decoded.nextOffset(), startNs);
                    } else {
                        onLoadFailed(offset, failure);
                    }
                }));
    }

    /** On the thread that read. */
    private List<Replayable<R>> decode(LogChunk chunk) {
        List<Replayable<R>> decoded = new ArrayList<>(chunk.records().size());
        for (LogChunk.Entry entry : chunk.records()) {
            Optional<R> record = codec.decode(entry.record());
            if (record.isPresent()) {
                decoded.add(new Replayable<>(entry.offset(), record.get()));
            }
        }
        return decoded;
    }

    private void replay(Decoded<R> decoded) {
        if (phase != Phase.LOADING) {
            return;
        }
        for (Replayable<R> replayable : decoded.records()) {
            state.replay(replayable.offset(), replayable.record());
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

    private void onLoadFailed(long offset, Throwable failure) {
        if (phase == Phase.LOADING) {
            phase = Phase.FAILED;
            settled.complete(null);
            LOG.errorf(failure, "%s cannot be loaded: reading from offset %d failed", name, offset);
        }
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

    private record Replayable<R>(long offset, R record) {}

    private record Decoded<R>(List<Replayable<R>> records, long nextOffset) {}
}
