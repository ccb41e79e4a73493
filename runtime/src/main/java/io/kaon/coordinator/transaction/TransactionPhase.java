// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.common.TopicPartition;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Where a transactional id stands. Each case offers its legal next steps only.
 *
 * <pre>
 *                    InitProducerId
 *                      ┌──────┐
 *                      ▼      │        partitions added        end asked for, or timed out
 *   (not known) ──▶ ┌──────────┴──┐ ─────────────────────▶ ┌─────────┐ ──────────────▶ ┌────────────────┐
 *                   │ Idle        │                        │ Ongoing │◀┐ more          │ Ending         │
 *                   │ Empty       │                        └─────────┘─┘ partitions    │ PrepareCommit  │
 *                   │ CompleteCommit                                                   │ PrepareAbort   │
 *   (not known) ◀── │ CompleteAbort│ ─────── abort of nothing (KIP-890) ─────────────▶ └───────┬────────┘
 *        expired    └─────────────┘ ◀──────────── every partition has its marker ─────────────┘
 * </pre>
 *
 * <p>Kafka's Dead and PrepareEpochFence are moments between two decisions and are never written. Here a decision is
 * one step, so they do not exist.
 */
sealed interface TransactionPhase {
    /** No moment. */
    long NO_TIME = -1;

    TransactionState state();

    /** Wall time in ms at which the transaction began, or the last one if there is none now; {@link #NO_TIME}. */
    long startMs();

    /** The partitions that need a marker at the end; unmodifiable. */
    SortedSet<TopicPartition> partitions();

    private static SortedSet<TopicPartition> copyOf(Collection<TopicPartition> partitions) {
        return Collections.unmodifiableSortedSet(new TreeSet<>(partitions));
    }

    /**
     * No transaction.
     *
     * @param state Empty, or how the last one ended
     * @param startMs of the last one
     */
    record Idle(TransactionState state, long startMs) implements TransactionPhase {
        static final Idle EMPTY = new Idle(TransactionState.EMPTY, NO_TIME);

        @Override
        public SortedSet<TopicPartition> partitions() {
            return Collections.emptySortedSet();
        }

        Ongoing begin(Collection<TopicPartition> partitions, long nowMs) {
            return new Ongoing(new TreeSet<>(partitions), nowMs);
        }

        /** Of a producer that cannot know whether it has written anything. */
        Ending abortNothing(long nowMs) {
            return new Ending(false, Collections.emptySortedSet(), nowMs);
        }
    }

    /** A transaction that can still go either way. */
    record Ongoing(SortedSet<TopicPartition> partitions, long startMs) implements TransactionPhase {
        public Ongoing {
            partitions = copyOf(partitions);
        }

        @Override
        public TransactionState state() {
            return TransactionState.ONGOING;
        }

        Ongoing with(Collection<TopicPartition> added) {
            SortedSet<TopicPartition> all = new TreeSet<>(partitions);
            all.addAll(added);
            return new Ongoing(all, startMs);
        }

        Ending end(boolean commit) {
            return new Ending(commit, partitions, startMs);
        }
    }

    /** How it ends is decided for good; the partitions are being told. */
    record Ending(boolean commit, SortedSet<TopicPartition> partitions, long startMs) implements TransactionPhase {
        public Ending {
            partitions = copyOf(partitions);
        }

        @Override
        public TransactionState state() {
            return commit ? TransactionState.PREPARE_COMMIT : TransactionState.PREPARE_ABORT;
        }

        Idle complete() {
            return new Idle(commit ? TransactionState.COMPLETE_COMMIT : TransactionState.COMPLETE_ABORT, startMs);
        }
    }
}
