// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.exec.Scheduler;
import io.kaon.exec.SerialExecutor;
import io.kaon.storage.AppendTakesLongException;
import io.kaon.storage.PartitionLog;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * A partition's log, opened when it is first needed: operations happen in the order of the calls, and those that come
 * before it is open wait. Owned by the partition; methods are for the owner unless they say otherwise.
 *
 * <pre>
 *            first operation          opened
 *  closed ──────────────────▶ opening ──────▶ open
 *     ▲                          │ failed       │ end
 *     └──── some time later ── refusing ◀───────┘ for good
 * </pre>
 */
final class LazyLog {
    /** How long a partition whose log could not be opened refuses before it tries again. */
    static final int REOPEN_DELAY_MS = 10_000;

    private static final Logger LOG = Logger.getLogger(LazyLog.class);

    private final TopicPartition name;
    private final SerialExecutor owner;
    private final Scheduler scheduler;
    private final Supplier<CompletionStage<PartitionLog>> opener;
    private final Listener listener;
    private final OpeningTrouble trouble;
    private final Deque<Operation> untilOpen = new ArrayDeque<>();
    private boolean isOpening;
    private boolean hasEnded;
    private volatile ErrorCode refusal = ErrorCode.NONE;
    private volatile PartitionLog log;

    /**
     * Something to do once the log is open, and what to answer when it never will be.
     *
     * @param needsDisk whether it belongs on a thread that may block
     * @param answer fails when the operation throws
     */
    record Operation(
            Predicate<PartitionLog> needsDisk,
            Consumer<PartitionLog> onOpen,
            Consumer<ErrorCode> onRefused,
            CompletableFuture<?> answer) {
        /** One that never blocks. */
        Operation(Consumer<PartitionLog> onOpen, Consumer<ErrorCode> onRefused, CompletableFuture<?> answer) {
            this(open -> false, onOpen, onRefused, answer);
        }
    }

    /** Whose log it is. Both inside the owner. */
    interface Listener {
        /** The log is open, and nobody has seen it yet. */
        void onOpening(PartitionLog opened);

        /** It can be seen; the first operation comes next. */
        void onOpened(PartitionLog opened);
    }

    /** @param opener opens the log on disk threads, called inside the owner, and again only after a failure */
    LazyLog(
            TopicPartition name,
            SerialExecutor owner,
            Scheduler scheduler,
            Supplier<CompletionStage<PartitionLog>> opener,
            Listener listener) {
        this.name = name;
        this.owner = owner;
        this.scheduler = scheduler;
        this.opener = opener;
        this.listener = listener;
        this.trouble = new OpeningTrouble(name);
    }

    /** The log, if it is open now; it may be gone before the next call. Any thread. */
    Optional<PartitionLog> ifOpen() {
        return Optional.ofNullable(log);
    }

    /** Why there is no log, when there is none. Any thread. */
    ErrorCode refusal() {
        ErrorCode error = refusal;
        return error == ErrorCode.NONE ? ErrorCode.NOT_LEADER_OR_FOLLOWER : error;
    }

    /** Puts the operation at the end, and opens the log for it if need be. Any thread. */
    void submit(Operation operation) {
        owner.execute(() -> {
            if (log != null || refusal != ErrorCode.NONE) {
                run(operation);
            } else {
                untilOpen.add(operation);
                startOpening();
            }
        });
    }

    /**
     * Runs the operation here and now, if the log is open or gone. What breaks in it is its caller's to hear, who would
     * wait for ever, and must not stop others.
     */
    void run(Operation operation) {
        try {
            if (log != null && !owner.mayBlock() && operation.needsDisk.test(log)) {
                owner.continueAway(() -> run(operation));
            } else if (log != null) {
                operation.onOpen.accept(log);
            } else {
                operation.onRefused.accept(refusal());
            }
        } catch (AppendTakesLongException here) {
            owner.continueAway(() -> run(operation));
        } catch (RuntimeException failure) {
            LOG.errorf(failure, "An operation on %s failed", name);
            operation.answer.completeExceptionally(failure);
        }
    }

    /**
     * Refuses from now on, for good; a log that is being opened is waited for. Any thread.
     *
     * @param onEnded runs inside the owner, with the log if it was open
     */
    void end(ErrorCode error, Consumer<Optional<PartitionLog>> onEnded) {
        owner.execute(() -> {
            if (isOpening && log == null && refusal == ErrorCode.NONE) {
                untilOpen.add(new Operation(
                        ignored -> endNow(error, onEnded),
                        refused -> endNow(error, onEnded),
                        new CompletableFuture<>()));
            } else {
                endNow(error, onEnded);
            }
        });
    }

    private void endNow(ErrorCode error, Consumer<Optional<PartitionLog>> onEnded) {
        Optional<PartitionLog> last = ifOpen();
        hasEnded = true;
        // Before the log goes: who finds none looks here for the reason.
        refusal = error;
        log = null;
        refuseAll(error);
        onEnded.accept(last);
    }

    private void startOpening() {
        if (!isOpening) {
            isOpening = true;
            opened().whenComplete((result, failure) -> owner.executeAway(() -> onLogOpened(result, failure)));
        }
    }

    private CompletionStage<PartitionLog> opened() {
        try {
            return opener.get();
        } catch (RuntimeException failure) {
            return CompletableFuture.failedStage(failure);
        }
    }

    private void onLogOpened(PartitionLog result, Throwable failure) {
        if (failure != null) {
            trouble.onFailure(failure);
            refuseAll(ErrorCode.KAFKA_STORAGE_ERROR);
            scheduler.schedule(REOPEN_DELAY_MS, () -> owner.execute(this::mayOpenAgain));
            return;
        }
        trouble.onOpened();
        listener.onOpening(result);
        log = result;
        listener.onOpened(result);
        while (!untilOpen.isEmpty()) {
            run(untilOpen.poll());
        }
    }

    /** What failed may have been a lack of room or of file handles: the next caller tries again. */
    private void mayOpenAgain() {
        if (log == null && !hasEnded) {
            refusal = ErrorCode.NONE;
            isOpening = false;
        }
    }

    private void refuseAll(ErrorCode error) {
        refusal = error;
        while (!untilOpen.isEmpty()) {
            run(untilOpen.poll());
        }
    }
}
