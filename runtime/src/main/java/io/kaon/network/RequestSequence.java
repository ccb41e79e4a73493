// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import static io.kaon.common.Checks.invariant;

import io.kaon.server.Pipelining;
import io.kaon.server.Reply;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The order of one connection's requests (design, D4): which may start, and in which order answers leave. Owned by the
 * connection's event loop; knows nothing of sockets.
 *
 * <p>Requests start in the order of their arrival. A barrier waits until everything before it but fetches is answered,
 * and nothing passes it. One exclusive request (a fetch) runs at a time; those behind it wait aside and let others
 * pass. Where answers leave in the order of arrival, the answer of a later request hurries a fetch that stands before
 * it.
 */
final class RequestSequence<E extends Exchange> {
    private final AnswerOrder answerOrder;
    private final Consumer<E> starter;
    private final Consumer<E> leave;
    private final BooleanSupplier mayStart;
    private final ArrayDeque<E> inOrder = new ArrayDeque<>();
    private final ArrayDeque<E> waiting = new ArrayDeque<>();
    private final ArrayDeque<E> waitingExclusive = new ArrayDeque<>();
    private E exclusive;
    private E barrier;
    private int running;
    private long arrived;
    private long lastAnswered = -1;
    private boolean advancing;

    /**
     * @param answerOrder whether answers wait for those before them
     * @param starter hands a request to the router; {@link #answered} follows, perhaps before it returns
     * @param leave sends an answer, or does not, as its reply says
     * @param mayStart whether requests may start now; {@link #advance} must follow when that changes to yes
     */
    RequestSequence(AnswerOrder answerOrder, Consumer<E> starter, Consumer<E> leave, BooleanSupplier mayStart) {
        this.answerOrder = answerOrder;
        this.starter = starter;
        this.leave = leave;
        this.mayStart = mayStart;
    }

    /** Puts a request at the end. */
    void add(E exchange) {
        exchange.number(arrived++);
        inOrder.add(exchange);
        if (exchange.isAnswered()) {
            noteAnswer(exchange);
        } else if (exchange.pipelining() == Pipelining.EXCLUSIVE) {
            waitingExclusive.add(exchange);
        } else {
            waiting.add(exchange);
        }
    }

    /** A request that was started has its reply. */
    void answered(E exchange, Reply reply) {
        invariant(!exchange.isAnswered(), "request %s was answered twice", exchange.number());
        exchange.answered(reply);
        if (exchange == exclusive) {
            exclusive = null;
        } else {
            running--;
            barrier = exchange == barrier ? null : barrier;
        }
        if (answerOrder == AnswerOrder.AS_READY) {
            inOrder.remove(exchange);
            leave.accept(exchange);
        } else {
            noteAnswer(exchange);
        }
        advance();
    }

    /** Starts what may start and lets leave what is answered, as far as it goes. */
    void advance() {
        if (advancing) {
            return; // A request was answered while it started: the loop below goes on with it.
        }
        advancing = true;
        try {
            boolean progress = true;
            while (progress) {
                progress = maybeLeave() | maybeStart() | maybeStartExclusive();
            }
        } finally {
            advancing = false;
        }
    }

    /** Requests whose answer has not left yet. */
    int size() {
        return inOrder.size();
    }

    /** Whether a request was handed to the router and is not answered. */
    boolean isRunning() {
        return running > 0 || exclusive != null;
    }

    /** Asks a waiting fetch to answer with what it has. */
    void hurry() {
        if (exclusive != null) {
            exclusive.hurryUp();
        }
    }

    /** Gives up the requests that have not started, telling each to {@code abandoned}. */
    void abandonWaiting(Consumer<E> abandoned) {
        inOrder.removeAll(new HashSet<>(waiting));
        inOrder.removeAll(new HashSet<>(waitingExclusive));
        waiting.forEach(abandoned);
        waitingExclusive.forEach(abandoned);
        waiting.clear();
        waitingExclusive.clear();
    }

    private void noteAnswer(E exchange) {
        lastAnswered = Math.max(lastAnswered, exchange.number());
        if (exclusive != null && exclusive.number() < lastAnswered) {
            exclusive.hurryUp();
        }
    }

    private boolean maybeLeave() {
        E first = inOrder.peek();
        if (first == null || !first.isAnswered()) {
            return false;
        }
        inOrder.remove();
        leave.accept(first);
        return true;
    }

    private boolean maybeStart() {
        E next = waiting.peek();
        if (next == null || barrier != null || !mayStart.getAsBoolean()) {
            return false;
        }
        if (next.pipelining() == Pipelining.BARRIER) {
            if (running > 0) {
                return false;
            }
            barrier = next;
        }
        waiting.remove();
        running++;
        starter.accept(next);
        return true;
    }

    private boolean maybeStartExclusive() {
        E next = waitingExclusive.peek();
        if (next == null || exclusive != null || barrier != null || !mayStart.getAsBoolean()) {
            return false;
        }
        if (!waiting.isEmpty() && waiting.peek().number() < next.number()) {
            return false;
        }
        waitingExclusive.remove();
        exclusive = next;
        if (next.number() < lastAnswered) {
            next.hurryUp();
        }
        starter.accept(next);
        return true;
    }
}
