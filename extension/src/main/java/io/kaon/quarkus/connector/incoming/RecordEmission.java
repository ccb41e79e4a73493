// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

import io.kaon.quarkus.pause.ChannelPause;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.Subscriptions;
import io.smallrye.mutiny.subscription.MultiSubscriber;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Gives what waits to the application, as much as it asks for, in slices: one switch to the right thread for many
 * records. A request that comes while a record is being given (as it does from a method that is done at once) only
 * counts; the loop that gives is the one that goes on, so the stack does not grow.
 *
 * <p>Any thread requests, cancels and fails. One thread at a time emits, in its {@link EmissionTurn}; {@code work}
 * passes it from one to the next, with what was written before.
 *
 * @param <T> what waits
 * @param <M> the message that is made of it
 */
final class RecordEmission<T, M> implements Flow.Subscription {
    /** Makes messages. Called by the thread that emits. */
    interface Gate<T, M> {
        /** The message, if it may be given at once; null if {@link #passSlowly} has to be asked. */
        M pass(T item);

        /** The message when it may be given, or null when it never may; what comes behind it waits. */
        Uni<M> passSlowly(T item);
    }

    /** Is told what happens to the subscription. Any thread, but for {@code onDemand}, which is not reentrant. */
    interface Upstream {
        void onFirstRequest();

        /** Something was taken; what waits has become less. Called by the thread that emits, once per slice. */
        void onTaken();

        void onCancel();
    }

    /** After so many, others that wait for the thread get their turn. */
    static final int MAX_PER_TURN = 256;

    private static final int NEW = 0;
    private static final int ACTIVE = 1;
    private static final int ENDED = 2;

    private final WaitingRecords<T> waiting;
    private final Gate<T, M> gate;
    private final EmissionTurn turn;
    private final Upstream upstream;
    private final ChannelPause pause;
    private final MultiSubscriber<? super M> downstream;
    private final AtomicLong requested = new AtomicLong();
    private final AtomicInteger work = new AtomicInteger();
    private final AtomicInteger state = new AtomicInteger(NEW);
    private final Runnable emit = this::emit;
    private volatile boolean isAtGate;
    private volatile M passed;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    RecordEmission(
            WaitingRecords<T> waiting,
            Gate<T, M> gate,
            EmissionTurn turn,
            Upstream upstream,
            ChannelPause pause,
            MultiSubscriber<? super M> downstream) {
        this.waiting = waiting;
        this.gate = gate;
        this.turn = turn;
        this.upstream = upstream;
        this.pause = pause;
        this.downstream = downstream;
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            throw new IllegalArgumentException("At least one record has to be requested, not " + n);
        }
        if (state.get() == ENDED) {
            return;
        }
        Subscriptions.add(requested, n);
        if (state.compareAndSet(NEW, ACTIVE)) {
            upstream.onFirstRequest();
        } else {
            go();
        }
    }

    /** There is something to give, or to give again. Any thread. */
    void go() {
        if (work.getAndIncrement() != 0) {
            return;
        }
        if (turn.isHere()) {
            turn.now(emit);
        } else {
            turn.later(emit);
        }
    }

    private void emit() {
        int left = MAX_PER_TURN;
        boolean isAnyTaken = false;
        int seen = work.get();
        while (seen != 0) {
            tellFailure();
            while (mayGive()) {
                if (left-- == 0 || turn.isOver()) {
                    upstream.onTaken();
                    turn.later(emit); // The work is still this one's.
                    return;
                }
                if (!giveNext()) {
                    break;
                }
                isAnyTaken = true;
            }
            if (isAnyTaken) {
                upstream.onTaken();
            }
            seen = work.addAndGet(-seen);
        }
    }

    private boolean mayGive() {
        // What has passed the gate counts as given, so a pause does not hold it.
        return requested.get() > 0 && state.get() == ACTIVE && (isAtGate ? passed != null : !pause.isPaused());
    }

    /** Whether there was one. */
    private boolean giveNext() {
        try {
            return passed != null ? givePassed() : giveWaiting();
        } catch (RuntimeException | Error e) { // Whatever it is: nobody would go on, and nobody would know.
            end(e);
            return true;
        }
    }

    private boolean givePassed() {
        M message = passed;
        passed = null;
        isAtGate = false;
        deliver(message);
        return true;
    }

    private boolean giveWaiting() {
        T item = waiting.take();
        if (item == null) {
            return false;
        }
        M message = gate.pass(item);
        if (message != null) {
            deliver(message);
        } else {
            isAtGate = true;
            gate.passSlowly(item).subscribe().with(this::onPassed, this::fail);
        }
        return true;
    }

    private void deliver(M message) {
        Subscriptions.produced(requested, 1);
        downstream.onItem(message);
    }

    private void onPassed(M message) {
        if (message == null) {
            isAtGate = false;
        } else {
            passed = message;
        }
        go(); // It goes on where records are given, not where the handler was done.
    }

    /** Nothing more comes. Any thread; only the first end counts. It is told where records are given, not beside one. */
    void fail(Throwable cause) {
        if (failure.compareAndSet(null, cause)) {
            go();
        }
    }

    private void tellFailure() {
        Throwable cause = failure.get();
        if (cause != null) {
            end(cause);
        }
    }

    private void end(Throwable cause) {
        if (state.getAndSet(ENDED) != ENDED) {
            downstream.onFailure(cause);
        }
    }

    @Override
    public void cancel() {
        if (state.getAndSet(ENDED) != ENDED) {
            upstream.onCancel();
        }
    }

    boolean hasEnded() {
        return state.get() == ENDED;
    }
}
