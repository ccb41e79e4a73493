// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.ShardTimers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Requests that came while a transaction was ending: they are decided again when it has, which is soon, and refused
 * with CONCURRENT_TRANSACTIONS when it takes longer. Kafka refuses at once and lets the client come again after its
 * backoff, which is most of the time that a short transaction takes. Owned by the shard.
 */
final class EndingWaiters {
    /** How long a request waits. */
    static final int PATIENCE_MS = 50;
    /** More at a time for one transactional id are refused at once. */
    static final int MAX_PER_ID = 16;

    private final ShardTimers timers;
    private final Map<String, List<Waiting>> waiting = new HashMap<>();
    private boolean closed;

    EndingWaiters(ShardTimers timers) {
        this.timers = timers;
    }

    /** Runs exactly one of the two, later or, when there are too many, now. */
    void await(String transactionalId, Runnable ended, Consumer<ErrorCode> givenUp) {
        if (closed) {
            givenUp.accept(ErrorCode.NOT_COORDINATOR);
            return;
        }
        List<Waiting> others = waiting.computeIfAbsent(transactionalId, id -> new ArrayList<>(1));
        if (others.size() >= MAX_PER_ID) {
            givenUp.accept(ErrorCode.CONCURRENT_TRANSACTIONS);
            return;
        }
        if (others.isEmpty()) {
            timers.schedule(
                    new Patience(transactionalId),
                    PATIENCE_MS,
                    () -> giveUp(transactionalId, ErrorCode.CONCURRENT_TRANSACTIONS));
        }
        others.add(new Waiting(ended, givenUp));
    }

    /** The transaction has ended. Those who waited for that go on after the task that runs. */
    void release(String transactionalId) {
        List<Waiting> released = waiting.remove(transactionalId);
        if (released != null) {
            timers.cancel(new Patience(transactionalId));
            released.forEach(one -> timers.runInTurn(one.ended));
        }
    }

    /** The shard is gone: whoever waits, or comes late, hears NOT_COORDINATOR. */
    void close() {
        closed = true;
        List.copyOf(waiting.keySet()).forEach(id -> giveUp(id, ErrorCode.NOT_COORDINATOR));
    }

    private void giveUp(String transactionalId, ErrorCode error) {
        List<Waiting> impatient = waiting.remove(transactionalId);
        if (impatient != null) {
            impatient.forEach(one -> one.givenUp.accept(error));
        }
    }

    private record Waiting(Runnable ended, Consumer<ErrorCode> givenUp) {}

    /** The name of a timer. */
    private record Patience(String transactionalId) {}
}
