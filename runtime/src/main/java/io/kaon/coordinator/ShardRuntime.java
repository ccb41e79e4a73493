// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import io.kaon.common.ErrorCode;
import io.kaon.exec.Cancellable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jboss.logging.Logger;

/**
 * The shards of one coordinator on this broker, by partition. Any thread. A partition's entry is replaced as a whole
 * and only by elections, which come in order; everything inside a shard belongs to the partition's owner.
 *
 * @param <R> the records
 * @param <S> the state machine
 */
public final class ShardRuntime<R, S extends ShardState<R>> {
    /** How long a shard that nobody asks for waits with its loading. */
    static final int BACKGROUND_LOAD_DELAY_MS = 200;

    /** After what time a log that could not be opened is tried again: a full disk, say, may have room then. */
    static final int RETRY_DELAY_MS = 15_000;

    private static final Logger LOG = Logger.getLogger(ShardRuntime.class);

    private final ShardKind<R, S> kind;
    private final IntFunction<CompletionStage<ShardLog>> logs;
    private final ConcurrentMap<Integer, Tenure<R, S>> tenures = new ConcurrentHashMap<>();

    /**
     * @param logs opens the log of a partition that this broker leads; fails when it cannot
     */
    public ShardRuntime(ShardKind<R, S> kind, IntFunction<CompletionStage<ShardLog>> logs) {
        this.kind = kind;
        this.logs = logs;
    }

    /**
     * This broker leads the partition in this epoch. Its shard loads with the first question, or a moment later by
     * itself: a topic that was just created has many partitions, of which the first client waits for one. An epoch that
     * is not newer is ignored.
     */
    public void onLeader(int partition, int leaderEpoch) {
        Tenure<R, S> current = tenures.get(partition);
        if (current != null && current.leaderEpoch >= leaderEpoch) {
            return;
        }
        Tenure<R, S> tenure = new Tenure<>(leaderEpoch);
        tenures.put(partition, tenure);
        if (current != null) {
            current.end();
        }
        Cancellable background =
                kind.time().scheduler().schedule(BACKGROUND_LOAD_DELAY_MS, () -> begin(partition, tenure));
        tenure.onEnd(background::cancel);
        tenure.onEnd(tenure::closeUnlessBegun);
    }

    private void begin(int partition, Tenure<R, S> tenure) {
        if (tenure.hasEnded() || !tenure.begun.compareAndSet(false, true)) {
            return;
        }
        logs.apply(partition).whenComplete((log, failure) -> {
            if (failure == null) {
                log.owner().execute(() -> start(partition, tenure, log));
            } else if (tenure.hasEnded()) {
                tenure.ready.completeExceptionally(failure);
            } else {
                LOG.errorf(
                        failure,
                        "The log of %s-%d cannot be opened: its coordinator stays away, and tries again in %d ms",
                        kind.topic(),
                        partition,
                        RETRY_DELAY_MS);
                tenure.ready.completeExceptionally(failure);
                Cancellable retry = kind.time().scheduler().schedule(RETRY_DELAY_MS, () -> retry(partition, tenure));
                tenure.onEnd(retry::cancel);
            }
        });
    }

    /** Begins the same leadership anew, unless it has ended meanwhile. */
    private void retry(int partition, Tenure<R, S> failed) {
        Tenure<R, S> next = new Tenure<>(failed.leaderEpoch);
        if (tenures.replace(partition, failed, next)) {
            begin(partition, next);
        }
    }

    /** This broker does not lead the partition any more. */
    public void onResigned(int partition) {
        Tenure<R, S> tenure = tenures.remove(partition);
        if (tenure != null) {
            tenure.end();
        }
    }

    /** Ends every shard, as when the broker closes. */
    public void close() {
        List.copyOf(tenures.keySet()).forEach(this::onResigned);
    }

    /** The partitions that have a shard here, loaded or not. */
    public List<Integer> partitions() {
        return new ArrayList<>(tenures.keySet());
    }

    /**
     * Runs a question inside the shard's owner. While the shard loads it waits a moment for that.
     *
     * @param unavailable makes the answer when there is no loaded shard here: NOT_COORDINATOR or
     *     COORDINATOR_LOAD_IN_PROGRESS
     */
    public <T> CompletionStage<T> ask(
            int partition, Function<S, CompletionStage<T>> question, Function<ErrorCode, T> unavailable) {
        Tenure<R, S> tenure = tenures.get(partition);
        if (tenure == null) {
            return CompletableFuture.completedStage(unavailable.apply(ErrorCode.NOT_COORDINATOR));
        }
        begin(partition, tenure);
        if (tenure.ready.isDone()) {
            return askReady(tenure, question, unavailable);
        }
        CompletableFuture<ErrorCode> turn = new CompletableFuture<>();
        Cancellable timeout = kind.time()
                .scheduler()
                .schedule(kind.options().loadGraceMs(), () -> turn.complete(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS));
        tenure.ready.whenComplete((shard, failure) -> {
            timeout.cancel();
            turn.complete(ErrorCode.NONE);
        });
        return turn.thenCompose(error -> error == ErrorCode.NONE
                ? askReady(tenure, question, unavailable)
                : CompletableFuture.completedStage(unavailable.apply(error)));
    }

    private static <R, S extends ShardState<R>, T> CompletionStage<T> askReady(
            Tenure<R, S> tenure, Function<S, CompletionStage<T>> question, Function<ErrorCode, T> unavailable) {
        return tenure.ready.isCompletedExceptionally()
                ? CompletableFuture.completedStage(unavailable.apply(ErrorCode.NOT_COORDINATOR))
                : tenure.ready.join().ask(question, unavailable);
    }

    /** Tells every shard something, inside its owner, as soon as it has loaded. */
    public void tell(Consumer<S> message) {
        for (Map.Entry<Integer, Tenure<R, S>> entry : tenures.entrySet()) {
            begin(entry.getKey(), entry.getValue());
            entry.getValue()
                    .ready
                    .thenAccept(shard -> shard.ask(
                            state -> {
                                message.accept(state);
                                return CompletableFuture.completedStage(ErrorCode.NONE);
                            },
                            error -> error));
        }
    }

    private void start(int partition, Tenure<R, S> tenure, ShardLog log) {
        Shard<R, S> shard = new Shard<>(kind.topic() + "-" + partition, tenure.leaderEpoch, log, kind);
        tenure.onEnd(() -> log.owner().execute(shard::close));
        shard.settled().thenRun(() -> tenure.ready.complete(shard));
        shard.load();
    }

    /** One leadership of one partition. */
    private static final class Tenure<R, S extends ShardState<R>> {
        private final int leaderEpoch;
        /** The shard once it has loaded, or failed to: the shard itself says which. */
        private final CompletableFuture<Shard<R, S>> ready = new CompletableFuture<>();

        private final CompletableFuture<Void> ended = new CompletableFuture<>();

        Tenure(int leaderEpoch) {
            this.leaderEpoch = leaderEpoch;
        }

        private final AtomicBoolean begun = new AtomicBoolean();

        /** Nobody is to wait for a shard that will never load. */
        void closeUnlessBegun() {
            if (begun.compareAndSet(false, true)) {
                ready.completeExceptionally(new CancellationException("resigned"));
            }
        }

        boolean hasEnded() {
            return ended.isDone();
        }

        void end() {
            ended.complete(null);
        }

        /** At once if it has ended already. */
        void onEnd(Runnable action) {
            ended.thenRun(action);
        }
    }
}
