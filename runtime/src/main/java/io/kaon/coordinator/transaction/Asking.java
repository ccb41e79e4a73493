// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.WriteResult;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Takes questions to their answers: decides, writes, waits for the commit, and decides again where something had to
 * come first. Owned by the shard.
 *
 * <pre>
 *            ┌────────────── with a new producer id ◀── NeedsProducerId
 *            ▼
 *  ask ──▶ decide ──▶ Answer, Step ──▶ written and committed ──▶ reply
 *            ▲  └──▶ AbortFirst ──▶ written and committed ─┐
 *            │  └──▶ AfterEnding ─────────────────────────┤
 *            └─────────────── the transaction has ended ◀─┘──▶ too slow: CONCURRENT_TRANSACTIONS
 * </pre>
 */
final class Asking {
    private static final Logger LOG = Logger.getLogger(Asking.class);

    private final TransactionContext context;
    private final Transactions transactions;
    private final EndingWaiters waiters;

    Asking(TransactionContext context, Transactions transactions, EndingWaiters waiters) {
        this.context = context;
        this.transactions = transactions;
        this.waiters = waiters;
    }

    /** Inside the owner; the answer comes there, too. */
    CompletionStage<Reply> ask(String transactionalId, Question question) {
        CompletableFuture<Reply> answer = new CompletableFuture<>();
        decide(new Asked(transactionalId, question, answer), OptionalLong.empty());
        return answer;
    }

    /** The same answer once everything that was written before is committed, or a failure. Inside the owner. */
    <T> CompletionStage<T> afterCommit(T answer, Function<ErrorCode, T> failure) {
        return context.writer()
                .write(List.of())
                .thenApply(result -> result instanceof WriteResult.Failed failed
                        ? failure.apply(TransactionErrors.ofWrite(failed.error()))
                        : answer);
    }

    private void decide(Asked asked, OptionalLong freshId) {
        try {
            Decision decision = asked.question.decide(
                    transactions.latest(asked.id), freshId, context.clock().wallMs());
            if (decision instanceof Decision.Answer answer) {
                write(List.of(), asked, () -> asked.answer.complete(answer.reply()));
            } else if (decision instanceof Decision.Step step) {
                write(stored(asked.id, step.next()), asked, () -> asked.answer.complete(step.reply()));
            } else if (decision instanceof Decision.AbortFirst abort) {
                write(stored(asked.id, abort.next()), asked, () -> decideAfterEnding(asked));
            } else if (decision instanceof Decision.AfterEnding) {
                decideAfterEnding(asked);
            } else {
                decideWithProducerId(asked);
            }
        } catch (RuntimeException failure) {
            asked.answer.completeExceptionally(failure);
        }
    }

    private static List<TransactionRecord> stored(String transactionalId, Transaction transaction) {
        return List.of(new TransactionRecord.Stored(transactionalId, transaction));
    }

    private void write(List<TransactionRecord> records, Asked asked, Runnable then) {
        context.writer()
                .write(records)
                .thenAccept(result -> {
                    if (result instanceof WriteResult.Failed failed) {
                        asked.fail(TransactionErrors.ofWrite(failed.error()));
                    } else {
                        then.run();
                    }
                })
                .exceptionally(failure -> {
                    asked.answer.completeExceptionally(failure);
                    return null;
                });
    }

    private void decideAfterEnding(Asked asked) {
        if (transactions.latest(asked.id).filter(Transaction::isEnding).isPresent()) {
            waiters.await(asked.id, () -> decide(asked, OptionalLong.empty()), asked::fail);
        } else {
            decide(asked, OptionalLong.empty());
        }
    }

    private void decideWithProducerId(Asked asked) {
        if (transactions.isFull() && transactions.latest(asked.id).isEmpty()) {
            LOG.debugf("%s is one transactional id too many", asked.id);
            asked.fail(ErrorCode.POLICY_VIOLATION);
            return;
        }
        context.ports().producerIds().get().whenComplete((id, failure) -> context.timers()
                .runInTurn(() -> {
                    if (failure == null) {
                        decide(asked, OptionalLong.of(id));
                    } else {
                        LOG.warnf("There is no producer id for %s now: %s", asked.id, failure.getMessage());
                        // As Kafka says it: the client comes again.
                        asked.fail(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
                    }
                }));
    }

    private record Asked(String id, Question question, CompletableFuture<Reply> answer) {
        void fail(ErrorCode error) {
            answer.complete(Reply.failed(error));
        }
    }
}
