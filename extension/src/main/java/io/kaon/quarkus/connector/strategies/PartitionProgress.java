// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.strategies;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * How far the application has come with one partition: which records it has, since when, and up to where all of them are
 * processed. Any thread may use it; its monitor is held for a few instructions, never while something blocks.
 *
 * <p>Records wait in a ring, in the order of their offsets:
 *
 * <pre>
 *   offsets    | 17 | 18 | 20 | 21 |      gaps: compaction, markers of transactions
 *   records    |  – |  r |  – |  r |      – is processed; 18 is what a commit may reach
 *   dispatched |  t |  t |  t |  0 |      0 is still on its way to the application
 * </pre>
 *
 * A processed record leaves when all before it have. When the ring is full of processed ones behind one that is not, they
 * leave too, so its size follows what the application has at a time. The cost of a record is a few array accesses; only
 * behind gaps its place has to be searched for.
 *
 * @param <R> the record, kept until it is processed
 */
final class PartitionProgress<R> {
    private static final long WAITING = 0;
    private static final int INITIAL_CAPACITY = 64;
    /** What an empty ring may keep of a busy time. */
    private static final int KEPT_CAPACITY = 8_192;

    private static final long NONE = -1;

    /** A record that the application has had for long. */
    record Pending<R>(long offset, R record, long dispatchedNs) {}

    private long[] offsets = new long[INITIAL_CAPACITY];
    private long[] dispatchedNs = new long[INITIAL_CAPACITY];
    private Object[] records = new Object[INITIAL_CAPACITY];
    private int head;
    private int count;
    private int unprocessed;
    private long endOffset = NONE;
    /** Offsets from here up to the first one that was told have never been here. */
    private long unseenFrom;

    private long unseenTo;
    private final TreeSet<Long> held = new TreeSet<>();
    private long committedOffset = NONE;
    private boolean isCommittedKnown;
    private long lastDispatchNs;

    /**
     * A record has been fetched and will be dispatched later. To be told in the order of offsets; a record that comes
     * again, after somebody moved the position back, is told again.
     */
    synchronized void arrived(long offset, R record) {
        put(offset, record, WAITING);
    }

    /**
     * A record is given to the application.
     *
     * @param nowNs of a monotonous clock
     * @return how many records are not processed now
     */
    synchronized int dispatched(long offset, R record, long nowNs) {
        lastDispatchNs = nowNs;
        put(offset, record, nowNs == WAITING ? 1 : nowNs);
        return unprocessed;
    }

    /**
     * The application is done with a record.
     *
     * @return whether it was known, and not processed already
     */
    synchronized boolean processed(long offset) {
        int place = find(offset);
        if (place < 0 || records[at(place)] == null) {
            return false;
        }
        records[at(place)] = null;
        unprocessed--;
        if (place == 0) {
            dropProcessedHead();
        }
        return true;
    }

    /** Whether a record has come and is not processed. */
    synchronized boolean isPending(long offset) {
        int place = find(offset);
        return place >= 0 && records[at(place)] != null;
    }

    /** How many records the application, or the way to it, has and has not processed. */
    synchronized int unprocessed() {
        return unprocessed;
    }

    /** Whether the application has a record that is not processed; one that still waits for its turn does not count. */
    synchronized boolean isAnyDispatched() {
        for (int place = 0; place < count && unprocessed > 0; place++) {
            if (records[at(place)] != null && dispatchedNs[at(place)] != WAITING) {
                return true;
            }
        }
        return false;
    }

    /** Whether the committed offset of the group has been told, without which nothing is committed. */
    synchronized boolean isCommittedKnown() {
        return isCommittedKnown;
    }

    /** What the group has committed so far, or nothing: no commit goes below it. */
    synchronized void onCommittedKnown(OptionalLong offset) {
        isCommittedKnown = true;
        offset.ifPresent(this::onCommitted);
    }

    /** A commit has succeeded. */
    synchronized void onCommitted(long offset) {
        committedOffset = Math.max(committedOffset, offset);
    }

    /** The offset to commit: all below are processed. Empty if that is known to be committed already. */
    synchronized OptionalLong toCommit() {
        if (endOffset == NONE) {
            return OptionalLong.empty();
        }
        long processed = count == 0 ? endOffset : offsets[head];
        long next = held.isEmpty() ? processed : Math.min(held.first(), processed);
        return next > committedOffset ? OptionalLong.of(next) : OptionalLong.empty();
    }

    /** Lets no commit go past a record, whatever becomes of it: it is lost otherwise. */
    synchronized void hold(long offset) {
        held.add(offset);
    }

    /** Whether commits wait for a record that was held. */
    synchronized boolean isHeld(long offset) {
        return held.contains(offset);
    }

    /** The record that was held is safe now. */
    synchronized void release(long offset) {
        held.remove(offset);
    }

    /** Whether any record has been given to the application since then. */
    synchronized boolean isDispatchedSince(long sinceNs) {
        return endOffset != NONE && lastDispatchNs - sinceNs > 0;
    }

    /** Whether what has been polled, up to that position, goes beyond what has come this far. */
    synchronized boolean isBehind(long position) {
        return endOffset != NONE && position > endOffset;
    }

    /** Whether a record that has arrived still waits to be dispatched, and nothing before it is under way. */
    synchronized boolean isHeadWaiting() {
        return count > 0 && dispatchedNs[head] == WAITING;
    }

    /** The unprocessed record with the lowest offset, if it was dispatched before that time: nothing behind it is committed. */
    synchronized Optional<Pending<R>> blockingSince(long beforeNs) {
        if (count > 0 && dispatchedNs[head] != WAITING) {
            return isOlder(0, beforeNs) ? Optional.of(pending(0)) : Optional.empty();
        }
        for (int place = 0; place < count; place++) { // Those under way may be what the first one waits for.
            if (records[at(place)] != null && isOlder(place, beforeNs)) {
                return Optional.of(pending(place));
            }
        }
        return Optional.empty();
    }

    /**
     * Records that were dispatched before that time and are not processed. They count as dispatched now, so that the same
     * ones are not taken again at once.
     *
     * @param most how many to take
     */
    synchronized List<Pending<R>> takeOlder(long beforeNs, long nowNs, int most) {
        List<Pending<R>> older = new ArrayList<>();
        for (int place = 0; place < count && older.size() < most; place++) {
            if (records[at(place)] != null && isOlder(place, beforeNs)) {
                older.add(pending(place));
                dispatchedNs[at(place)] = nowNs == WAITING ? 1 : nowNs;
            }
        }
        return older;
    }

    /** How many records there is room for. */
    synchronized int capacity() {
        return offsets.length;
    }

    private boolean isOlder(int place, long beforeNs) {
        long since = dispatchedNs[at(place)];
        return since != WAITING && since - beforeNs < 0;
    }

    @SuppressWarnings("unchecked")
    private Pending<R> pending(int place) {
        int slot = at(place);
        return new Pending<>(offsets[slot], (R) records[slot], dispatchedNs[slot]);
    }

    private void put(long offset, R record, long since) {
        if (endOffset == NONE) {
            onCommitted(offset); // Until it is processed there is nothing to say about the partition.
            unseenTo = offset;
        }
        if (offset >= endOffset) {
            ensureRoom();
            set(count++, offset, record, since);
            unprocessed++;
            endOffset = offset + 1;
            return;
        }
        int place = find(offset);
        if (place >= 0) {
            again(place, record, since);
        } else if (count > 0 && offset > offsets[head]) {
            insert(-place - 1, offset, record, since);
        } else if (offset >= unseenFrom && offset < unseenTo) {
            // The position was moved back, or a record of the time before a rebalance came first.
            unseenFrom = offset + 1;
            insert(0, offset, record, since);
        }
        // Else all up to it have been processed before: it comes again, and a commit does not go back.
    }

    /** What was processed once stays so: a commit may have passed it. */
    private void again(int place, R record, long since) {
        int slot = at(place);
        if (records[slot] != null) {
            records[slot] = record;
            dispatchedNs[slot] = since == WAITING ? dispatchedNs[slot] : since;
        }
    }

    /** After a position was moved forward and then back into the gap: rare, so it may cost more. */
    private void insert(int place, long offset, R record, long since) {
        ensureRoom();
        for (int later = count++; later > place; later--) {
            int to = at(later);
            int from = at(later - 1);
            offsets[to] = offsets[from];
            dispatchedNs[to] = dispatchedNs[from];
            records[to] = records[from];
        }
        set(place, offset, record, since);
        unprocessed++;
    }

    private void set(int place, long offset, R record, long since) {
        int slot = at(place);
        offsets[slot] = offset;
        dispatchedNs[slot] = since;
        records[slot] = record;
    }

    private void dropProcessedHead() {
        while (count > 0 && records[head] == null) {
            head = (head + 1) & (offsets.length - 1);
            count--;
        }
        if (count == 0 && offsets.length > KEPT_CAPACITY) {
            allocate(INITIAL_CAPACITY);
        }
    }

    private void allocate(int capacity) {
        offsets = new long[capacity];
        dispatchedNs = new long[capacity];
        records = new Object[capacity];
        head = 0;
    }

    private void ensureRoom() {
        if (count < offsets.length) {
            return;
        }
        boolean isHalfProcessed = unprocessed <= count / 2;
        int capacity = isHalfProcessed ? offsets.length : offsets.length * 2;
        long[] oldOffsets = offsets;
        long[] oldDispatchedNs = dispatchedNs;
        Object[] oldRecords = records;
        int first = head;
        allocate(capacity);
        int kept = 0;
        for (int place = 0; place < count; place++) {
            int slot = (first + place) & (oldOffsets.length - 1);
            if (oldRecords[slot] != null) {
                offsets[kept] = oldOffsets[slot];
                dispatchedNs[kept] = oldDispatchedNs[slot];
                records[kept++] = oldRecords[slot];
            }
        }
        count = kept;
    }

    /** The place of an offset, from 0 at the head; if it has none, −(where it would be) − 1. */
    private int find(long offset) {
        if (count == 0 || offset < offsets[head]) {
            return -1;
        }
        int high = (int) Math.min(count - 1, offset - offsets[head]);
        if (offsets[at(high)] == offset) {
            return high; // Without gaps it is always there.
        }
        int low = 0;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long found = offsets[at(middle)];
            if (found == offset) {
                return middle;
            }
            if (found < offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    private int at(int place) {
        return (head + place) & (offsets.length - 1);
    }

    @Override
    public synchronized String toString() {
        return "PartitionProgress(" + unprocessed + " unprocessed of " + count + ", end " + endOffset + ", committed "
                + committedOffset + ", held " + held + ")";
    }
}
