// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

/**
 * What {@code flush.messages} keeps from being acknowledged until it is synced: from the append that completed the
 * number on. Owned by the log's owner.
 */
final class HeldBack {
    private static final long NOTHING = -1;

    private long from = NOTHING;
    private long to;
    private long lastCrossing;

    /** @param syncedEnd from where on messages count */
    HeldBack(long syncedEnd) {
        this.lastCrossing = syncedEnd;
    }

    /** Notes an append; answers whether it completes the number, so that a sync is due. */
    boolean onAppended(long baseOffset, long logEnd, long messages) {
        if (logEnd - lastCrossing < messages) {
            return false;
        }
        from = from == NOTHING ? baseOffset : from;
        to = logEnd;
        lastCrossing = logEnd;
        return true;
    }

    /** What may be acknowledged of a log that ends here. */
    long acknowledgeableEnd(long logEnd) {
        return from == NOTHING ? logEnd : from;
    }

    /** Whether anything waits for a sync. */
    boolean isAny() {
        return from != NOTHING;
    }

    void onSynced(long syncedEnd) {
        if (from != NOTHING) {
            from = syncedEnd >= to ? NOTHING : Math.max(from, syncedEnd);
        }
    }

    /** The log was cut, and ends here now. */
    void onTruncated(long logEnd) {
        to = Math.min(to, logEnd);
        from = from < to ? from : NOTHING;
        lastCrossing = Math.min(lastCrossing, logEnd);
    }

    /** The rule does not count any more. */
    void letGo() {
        from = NOTHING;
    }
}
