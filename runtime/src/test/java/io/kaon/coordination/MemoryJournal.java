// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordination;

import io.kaon.exec.SerialExecutor;
import io.kaon.wire.StateMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A journal in memory that commits late if asked to: what is appended becomes durable at {@link #commit}. */
public final class MemoryJournal implements Journal {
    private final SerialExecutor owner;
    private final List<List<StateMessage>> entries = new ArrayList<>();
    private final ArrayDeque<CompletableFuture<Long>> pending = new ArrayDeque<>();
    private JournalListener listener;
    private JournalException failure;
    private boolean isLate;
    private int committed;

    public MemoryJournal(SerialExecutor owner) {
        this.owner = owner;
    }

    /** A journal that holds what another one has committed: as after a restart. */
    public static MemoryJournal after(MemoryJournal before, SerialExecutor owner) {
        MemoryJournal journal = new MemoryJournal(owner);
        journal.entries.addAll(before.entries.subList(0, before.committed));
        journal.committed = before.committed;
        return journal;
    }

    /** From now on nothing commits by itself. */
    public MemoryJournal late() {
        isLate = true;
        return this;
    }

    /** Commits what waits. */
    public void commit() {
        owner.execute(() -> {
            while (!pending.isEmpty()) {
                commitNext();
            }
        });
    }

    /** What waits fails, as does everything later. */
    public void fail() {
        owner.execute(() -> {
            failure = new JournalException("the disk is gone");
            while (!pending.isEmpty()) {
                pending.poll().completeExceptionally(failure);
            }
        });
    }

    /** All records that were committed. */
    public List<StateMessage> records() {
        return entries.subList(0, committed).stream().flatMap(List::stream).toList();
    }

    /** How many entries were appended, committed or not. */
    public int size() {
        return entries.size();
    }

    @Override
    public CompletionStage<Void> follow(JournalListener newListener) {
        owner.assertInside();
        listener = newListener;
        for (int offset = 0; offset < committed; offset++) {
            listener.onRecords(offset, entries.get(offset));
        }
        listener.onCaughtUp();
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Long> append(List<StateMessage> records) {
        owner.assertInside();
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        CompletableFuture<Long> done = new CompletableFuture<>();
        entries.add(List.copyOf(records));
        pending.add(done);
        if (!isLate) {
            commitNext();
        }
        return done;
    }

    @Override
    public long endOffset() {
        return entries.size();
    }

    @Override
    public CompletionStage<Void> close() {
        return CompletableFuture.completedStage(null);
    }

    private void commitNext() {
        long offset = committed++;
        listener.onRecords(offset, entries.get((int) offset));
        pending.poll().complete(offset);
    }
}
