// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.coordinator.transaction.TransactionPhase.Ongoing;
import org.jboss.logging.Logger;

/**
 * Aborts transactions that run longer than their producer said: one timer per transactional id, which a new transaction
 * moves out. An ended one leaves its timer where it is; it finds nothing to do. Owned by the shard.
 */
final class Deadlines {
    private static final Logger LOG = Logger.getLogger(Deadlines.class);
    /** Two-phase commits (KIP-939) have no timeout. We do not serve them, but a log of Kafka may hold one. */
    private static final int NEVER = Integer.MAX_VALUE;

    private final TransactionContext context;
    private final Transactions transactions;
    private final Asking asking;

    Deadlines(TransactionContext context, Transactions transactions, Asking asking) {
        this.context = context;
        this.transactions = transactions;
        this.asking = asking;
    }

    /** The transaction has begun, or was found in the log. */
    void watch(String transactionalId, Transaction transaction, Ongoing ongoing) {
        if (transaction.timeoutMs() == NEVER) {
            return;
        }
        // The clock on the wall may have jumped since, or be another broker's.
        long leftMs =
                ongoing.startMs() + transaction.timeoutMs() - context.clock().wallMs();
        long delayMs = Math.max(0, Math.min(leftMs, transaction.timeoutMs()));
        schedule(transactionalId, ongoing.startMs(), delayMs);
    }

    private void schedule(String transactionalId, long startMs, long delayMs) {
        context.timers().schedule(new Deadline(transactionalId), delayMs, () -> expire(transactionalId, startMs));
    }

    private void expire(String transactionalId, long startMs) {
        if (!isOpen(transactionalId, startMs)) {
            return;
        }
        LOG.infof("The transaction of %s has timed out and is aborted", transactionalId);
        // Before the answer, which may never come, or when the timer is that of a transaction that has begun meanwhile.
        schedule(transactionalId, startMs, context.options().abortTimedOutIntervalMs());
        asking.ask(transactionalId, new Fence(startMs, context.level())).whenComplete((reply, failure) -> {
            if (isOpen(transactionalId, startMs)) {
                LOG.warnf(
                        "The transaction of %s could not be aborted now: %s",
                        transactionalId, failure == null ? reply.error() : failure);
            }
        });
    }

    private boolean isOpen(String transactionalId, long startMs) {
        return transactions
                .latest(transactionalId)
                .filter(transaction -> transaction.phase() instanceof Ongoing ongoing && ongoing.startMs() == startMs)
                .isPresent();
    }

    /** The name of a timer. */
    private record Deadline(String transactionalId) {}
}
