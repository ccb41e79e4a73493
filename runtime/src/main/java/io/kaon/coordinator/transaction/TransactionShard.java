// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.coordinator.ShardState;
import io.kaon.coordinator.Timeline;
import io.kaon.coordinator.transaction.TransactionPhase.Ending;
import io.kaon.coordinator.transaction.TransactionPhase.Ongoing;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;

/**
 * The transactional ids of one partition of {@code __transaction_state}. Questions come in here; their decisions are
 * pure; {@link #replay} is the only way in which transactions change. Owned by the partition's owner.
 *
 * <p>Timers, waiting requests and markers under way are soft: they follow from what is replayed, here and on the next
 * leader.
 */
final class TransactionShard implements ShardState<TransactionRecord> {
    private static final Logger LOG = Logger.getLogger(TransactionShard.class);

    private final TransactionContext context;
    private final Timeline timeline;
    private final Transactions transactions;
    private final EndingWaiters waiters;
    private final Asking asking;
    private final Deadlines deadlines;
    private final MarkerDelivery markers;
    private final IdExpiry expiry;
    private final TransactionViews views;
    /** Ends whose markers may not be sent yet, by the offsets of their records, in that order. */
    private final Map<String, Long> uncommittedEnds = new LinkedHashMap<>();

    private boolean loaded;

    TransactionShard(TransactionContext context, Timeline timeline) {
        this.context = context;
        this.timeline = timeline;
        transactions = new Transactions(timeline);
        waiters = new EndingWaiters(context.timers());
        asking = new Asking(context, transactions, waiters);
        deadlines = new Deadlines(context, transactions, asking);
        markers = new MarkerDelivery(context, transactions);
        expiry = new IdExpiry(context, transactions);
        views = new TransactionViews(transactions);
    }

    CompletionStage<Reply> ask(String transactionalId, Question question) {
        return asking.ask(transactionalId, question);
    }

    /** Whether the partitions are in the producer's transaction; answers when what it saw is committed. */
    CompletionStage<PartitionCheck.Result> check(
            String transactionalId, PartitionCheck check, SortedSet<TopicPartition> partitions) {
        PartitionCheck.Result result = check.of(transactions.latest(transactionalId), partitions);
        return asking.afterCommit(result, error -> PartitionCheck.Result.failed(error));
    }

    TransactionViews views() {
        return views;
    }

    @Override
    public void replay(long offset, TransactionRecord record) {
        String id = record.transactionalId();
        transactions.replay(offset, record);
        uncommittedEnds.remove(id);
        if (!(record instanceof TransactionRecord.Stored stored)) {
            return;
        }
        Transaction transaction = stored.transaction();
        if (transaction.isEnding()) {
            uncommittedEnds.put(id, offset);
        } else if (loaded) {
            waiters.release(id);
            watch(id, transaction);
        }
    }

    private void watch(String id, Transaction transaction) {
        if (transaction.phase() instanceof Ongoing ongoing) {
            deadlines.watch(id, transaction, ongoing);
        }
    }

    @Override
    public void onCommitted(long offset) {
        if (!loaded) {
            return;
        }
        Iterator<Map.Entry<String, Long>> ends = uncommittedEnds.entrySet().iterator();
        while (ends.hasNext()) {
            Map.Entry<String, Long> end = ends.next();
            if (end.getValue() >= offset) {
                return;
            }
            ends.remove();
            String id = end.getKey();
            transactions.committed(id).ifPresent(transaction -> {
                if (transaction.phase() instanceof Ending ending) {
                    markers.begin(id, transaction, ending);
                }
            });
        }
    }

    @Override
    public void onLoaded() {
        loaded = true;
        transactions.forEachLatest(this::watch);
        onCommitted(timeline.committedOffset());
        expiry.start();
        LOG.debugf("A transaction shard is loaded in epoch %d", context.writer().leaderEpoch());
    }

    @Override
    public void onUnloaded(ErrorCode reason) {
        markers.close();
        expiry.close();
        waiters.close();
    }
}
