// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.producer;

import io.kaon.storage.producer.ProducerState.Written;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The idempotent producers of one partition. Owned by the log's owner, and while the log is being opened by the thread
 * that opens it. Bounded by expiration: as many producers as wrote within {@code producer.id.expiration.ms}.
 */
public final class ProducerStates {
    private final Map<Long, ProducerState> producers = new HashMap<>();
    private boolean remembersAll;

    /**
     * @param remembersAll whether every producer that ever wrote to the partition is, or will be, among these.
     *     Then one that is
     *     not must begin at sequence 0 (C33); otherwise it may have been forgotten, and any sequence is taken (KIP-360)
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

    /** Whether the batch may be appended. Changes nothing. */
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

    /** Takes note of a batch that is in the log now. */
    public void add(ProducerBatch batch, long lastOffset, long nowMs) {
        producers.computeIfAbsent(batch.producerId(), ProducerState::new).add(batch, lastOffset, nowMs);
    }

    /**
     * Takes over what a snapshot says. It has the last batch of each producer only; the ones before come from
     * {@code tail},
     * the producers as the batches before the snapshot show them, where it reaches back far enough.
     */
    public void load(Collection<ProducerEntry> entries, ProducerStates tail) {
        for (ProducerEntry entry : entries) {
            ProducerState state = new ProducerState(entry.producerId());
            Written last =
                    new Written(entry.lastSequence(), entry.lastOffset(), entry.offsetDelta(), entry.timestamp());
            ProducerState seen = tail.producers.get(entry.producerId());
            boolean isSeen = seen != null
                    && seen.epoch() == entry.epoch()
                    && seen.window().getLast().lastOffset() == entry.lastOffset();
            for (Written written : isSeen ? seen.window() : List.of(last)) {
                state.add(entry.epoch(), written, entry.timestamp());
            }
            producers.put(entry.producerId(), state);
        }
    }

    /** For a snapshot, ordered by producer id. */
    public List<ProducerEntry> entries() {
        List<ProducerEntry> entries = new ArrayList<>(producers.size());
        for (ProducerState state : producers.values()) {
            if (!state.window().isEmpty()) {
                Written last = state.window().getLast();
                entries.add(new ProducerEntry(
                        state.producerId(),
                        state.epoch(),
                        last.lastSequence(),
                        last.lastOffset(),
                        last.offsetDelta(),
                        state.lastSeenMs()));
            }
        }
        entries.sort(Comparator.comparingLong(ProducerEntry::producerId));
        return entries;
    }

    /** Forgets producers that were silent for too long. */
    public void expire(long nowMs, long expirationMs) {
        if (producers.values().removeIf(state -> nowMs - state.lastSeenMs() >= expirationMs)) {
            forgetAny();
        }
    }
}
