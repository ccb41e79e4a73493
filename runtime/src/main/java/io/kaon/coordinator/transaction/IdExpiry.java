// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.coordinator.WriteResult;
import io.kaon.coordinator.transaction.TransactionPhase.Idle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Forgets transactional ids that have not had a transaction for long, some per task of the owner, so that a shard with
 * very many of them goes on answering meanwhile. Owned by the shard.
 */
final class IdExpiry {
    private static final int IDS_PER_TASK = 500;
    /** Keeps each batch of tombstones far below the topic's {@code max.message.bytes}, however long ids are. */
    private static final int BYTES_PER_TASK = 65_536;

    private static final Logger LOG = Logger.getLogger(IdExpiry.class);

    private final TransactionContext context;
    private final Transactions transactions;
    private boolean closed;

    IdExpiry(TransactionContext context, Transactions transactions) {
        this.context = context;
        this.transactions = transactions;
    }

    void start() {
        context.timers()
                .schedule(
                        Sweep.TIMER,
                        context.options().removeExpiredIntervalMs(),
                        () -> sweep(new ArrayDeque<>(transactions.ids())));
    }

    void close() {
        closed = true;
    }

    private void sweep(Deque<String> ids) {
        if (closed) {
            return;
        }
        long nowMs = context.clock().wallMs();
        List<TransactionRecord> removals = new ArrayList<>();
        int bytes = 0;
        for (int i = 0; i < IDS_PER_TASK && bytes < BYTES_PER_TASK && !ids.isEmpty(); i++) {
            String id = ids.poll();
            bytes += TransactionRecord.maxBytesOfId(id);
            if (transactions
                    .latest(id)
                    .filter(present -> isExpired(present, nowMs))
                    .isPresent()) {
                removals.add(new TransactionRecord.Removed(id));
            }
        }
        if (!removals.isEmpty()) {
            context.writer().write(removals).thenAccept(result -> {
                if (result instanceof WriteResult.Failed failed) {
                    LOG.warnf("%d transactional ids could not be forgotten: %s", removals.size(), failed.error());
                }
            });
        }
        if (ids.isEmpty()) {
            start();
        } else {
            context.timers().runInTurn(() -> sweep(ids));
        }
    }

    private boolean isExpired(Transaction transaction, long nowMs) {
        return transaction.phase() instanceof Idle
                && transaction.updatedMs() <= nowMs - context.options().idExpirationMs();
    }

    private enum Sweep {
        TIMER
    }
}
