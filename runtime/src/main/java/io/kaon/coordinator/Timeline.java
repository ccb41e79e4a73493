// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import static io.kaon.common.Checks.invariant;

import java.util.ArrayDeque;

/**
 * Where the persisted state of a shard stands: what is committed, and the changes that were replayed but are not
 * committed yet, in offset order. A committed map costs nothing extra; only changes on their way are held twice. Owned
 * by the shard.
 */
public final class Timeline {
    private final ArrayDeque<Change> pending = new ArrayDeque<>();
    private long committedOffset;

    /** Everything below this offset is committed. */
    public long committedOffset() {
        return committedOffset;
    }

    /** Makes the changes below {@code offset} part of the committed state. Offsets that go back are ignored. */
    public void commit(long offset) {
        if (offset <= committedOffset) {
            return;
        }
        committedOffset = offset;
        while (!pending.isEmpty() && pending.peek().offset < offset) {
            pending.poll().settle();
        }
    }

    /** How many changes wait for their commit. */
    public int pendingCount() {
        return pending.size();
    }

    boolean isCommitted(long offset) {
        return offset < committedOffset;
    }

    void add(Change change) {
        invariant(
                pending.isEmpty() || pending.peekLast().offset <= change.offset,
                "replay went back to %s",
                change.offset);
        pending.add(change);
    }

    /** A change on its way. */
    abstract static class Change {
        private final long offset;

        Change(long offset) {
            this.offset = offset;
        }

        /** The change has been committed. */
        abstract void settle();
    }
}
