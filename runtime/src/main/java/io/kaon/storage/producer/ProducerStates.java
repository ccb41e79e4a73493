// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.producer;

import io.kaon.common.ErrorCode;
import io.kaon.storage.producer.ProducerState.Written;
import io.kaon.storage.segment.AbortedTransaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The idempotent and transactional producers of one partition. Owned by the log's owner, and while the log is being
 * opened by the thread that opens it. Bounded by expiration: as many producers as wrote within
 * {@code producer.id.expiration.ms}, and those with an open transaction.
 */
public final class ProducerStates {
    /** No transaction holds the last stable offset back. */
    public static final long NO_UNSTABLE_OFFSET = Long.MAX_VALUE;

    private final Map<Long, ProducerState> producers = new HashMap<>();
    private final UnstableTransactions unstable = new UnstableTransactions();
    private final Verifications verifications = new Verifications();
    private boolean remembersAll;

    /**
     * @param remembersAll whether every producer that ever wrote to the partition is, or will be, among these. Then one
     *     that is not must begin at sequence 0 (C33); otherwise it may have been forgotten, and any sequence is taken
     *     (KIP-360)
     */
    public ProducerStates(boolean remembersAll) {
        this.remembersAll = remembersAll;
    }

    public int size() {
        return producers.size();
    }

    /** From now on there may be producers that wrote and are not known: data was dropped. */
    public void forgetAny() {
        remembersAll = false;
    }

    /** Whether the producer's own batch may be appended. Changes nothing. */
    public ProducerVerdict check(ProducerBatch batch) {
        ProducerState known = producers.get(batch.producerId());
        if (known != null) {
            return known.check(batch);
        }
        return batch.baseSequence() == 0 || !remembersAll
                ? ProducerVerdict.NEXT
                : ProducerState.outOfOrder(
                        batch, "the partition knows nothing of this producer and never dropped data");
    }

    /**
     * Whether a transactional batch must wait until the coordinator says that the partition belongs to the transaction
     * (KIP-890): when it would begin one here. What is refused anyway, was there before or goes on with an open
     * transaction need not. Changes nothing.
     */
    public boolean needsVerification(ProducerBatch batch) {
        return !hasOpenTransaction(batch) && check(batch) == ProducerVerdict.NEXT;
    }

    private boolean hasOpenTransaction(ProducerBatch batch) {
        ProducerState known = producers.get(batch.producerId());
        return known != null && known.epoch() == batch.epoch() && known.hasOpenTransaction();
    }

    /**
     * The coordinator is being asked about the batch.
     *
     * @param hasOwnEpoch whether each transaction of the producer has an epoch of its own (transaction.version 2)
     */
    public VerificationGuard beginVerification(ProducerBatch batch, boolean hasOwnEpoch) {
        return verifications.begin(batch, hasOwnEpoch);
    }

    /** The batches that waited for the answer are appended or refused. */
    public void endVerification(VerificationGuard guard) {
        verifications.end(guard);
    }

    /**
     * Whether a batch may be appended for which the guard was given. Changes nothing.
     *
     * @param guard {@link VerificationGuard#NONE} when nobody has to vouch for the batch
     */
    public ProducerVerdict check(ProducerBatch batch, VerificationGuard guard) {
        ProducerVerdict verdict = check(batch);
        boolean begins = guard != VerificationGuard.NONE && batch.isTransactional() && !hasOpenTransaction(batch);
        return begins && verdict == ProducerVerdict.NEXT ? checkBeginning(batch, guard) : verdict;
    }

    private ProducerVerdict checkBeginning(ProducerBatch batch, VerificationGuard guard) {
        if (guard.isStale()) {
            return new ProducerVerdict.Refused(
                    ErrorCode.INVALID_TXN_STATE,
                    "the transaction of producer " + batch.producerId() + " that the batch belongs to has ended here");
        }
        if (verifications.overtakes(batch)) {
            return ProducerState.outOfOrder(batch, "an earlier batch was refused and has not come again");
        }
        boolean isUnknown = !producers.containsKey(batch.producerId());
        return isUnknown && guard.hasOwnEpoch() && batch.baseSequence() != 0
                ? ProducerState.outOfOrder(batch, "a transaction with an epoch of its own begins with 0")
                : ProducerVerdict.NEXT;
    }

    /** Whether a batch may be appended that a coordinator writes for the producer: its sequence says nothing. */
    public ProducerVerdict checkWithoutSequence(ProducerBatch batch) {
        ProducerState known = producers.get(batch.producerId());
        return known == null ? ProducerVerdict.NEXT : known.checkWithoutSequence(batch);
    }

    /** Whether the end of a transaction may be appended. Of a producer that is not known it may. Changes nothing. */
    public ProducerVerdict check(TransactionMarker marker, MarkerEpochs epochs) {
        ProducerState known = producers.get(marker.producerId());
        return known == null ? ProducerVerdict.NEXT : known.check(marker, epochs);
    }

    /** Takes note of a batch that is in the log now. */
    public void add(ProducerBatch batch, long lastOffset, long nowMs) {
        ProducerState state = producers.computeIfAbsent(batch.producerId(), ProducerState::new);
        if (state.add(batch, lastOffset, nowMs)) {
            unstable.begin(batch.producerId(), state.openTransaction());
            verifications.onBegun(batch.producerId());
        }
    }

    /** Takes note of a marker that is in the log now; answers with the transaction that it has aborted. */
    public Optional<AbortedTransaction> end(TransactionMarker marker, long offset, long nowMs) {
        ProducerState state = producers.computeIfAbsent(marker.producerId(), ProducerState::new);
        long firstOffset = state.openTransaction();
        state.end(marker, nowMs);
        verifications.onEnded(marker.producerId(), marker.producerEpoch());
        if (firstOffset == ProducerEntry.NO_OFFSET) {
            return Optional.empty();
        }
        unstable.end(firstOffset, offset);
        return marker.isAbort()
                ? Optional.of(new AbortedTransaction(
                        marker.producerId(), firstOffset, offset, unstable.firstOpen(offset + 1)))
                : Optional.empty();
    }

    /**
     * Where the first transaction begins whose end is not committed; {@link #NO_UNSTABLE_OFFSET} when there is none.
     * It may lie below the log start offset.
     */
    public long firstUnstableOffset() {
        return unstable.firstOffset();
    }

    /** Markers below are committed. */
    public void onHighWatermark(long highWatermark) {
        unstable.onHighWatermark(highWatermark);
    }

    /**
     * Takes over what a snapshot says. It has the last batch of each producer only; the ones before come from
     * {@code tail}, the producers as the batches before the snapshot show them, where it reaches back far enough.
     */
    public void load(Collection<ProducerEntry> entries, ProducerStates tail) {
        for (ProducerEntry entry : entries) {
            ProducerState state = ProducerState.of(entry, tail.windowOf(entry));
            producers.put(entry.producerId(), state);
            if (state.hasOpenTransaction()) {
                unstable.begin(entry.producerId(), state.openTransaction());
            }
        }
    }

    private Collection<Written> windowOf(ProducerEntry entry) {
        if (entry.lastOffset() < 0) {
            return List.of();
        }
        ProducerState seen = producers.get(entry.producerId());
        boolean isSeen = seen != null
                && seen.epoch() == entry.epoch()
                && !seen.window().isEmpty()
                && seen.window().getLast().lastOffset() == entry.lastOffset();
        // Kafka keeps the records' time here, Kaon that of the append: for a batch that is repeated either will do.
        return isSeen
                ? seen.window()
                : List.of(
                        new Written(entry.lastSequence(), entry.lastOffset(), entry.offsetDelta(), entry.timestamp()));
    }

    /** For a snapshot, and for who asks what producers there are; ordered by producer id. */
    public List<ProducerEntry> entries() {
        List<ProducerEntry> entries = new ArrayList<>(producers.size());
        for (ProducerState state : producers.values()) {
            entries.add(state.toEntry());
        }
        entries.sort(Comparator.comparingLong(ProducerEntry::producerId));
        return entries;
    }

    /** Forgets producers that were silent for too long and have no transaction open. */
    public void expire(long nowMs, long expirationMs) {
        boolean isAnyForgotten = producers
                .values()
                .removeIf(state -> !state.hasOpenTransaction() && nowMs - state.lastSeenMs() >= expirationMs);
        if (isAnyForgotten) {
            forgetAny();
        }
    }
}
