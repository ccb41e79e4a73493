// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * All records and transaction markers that a log was ever given, and what compaction, retention and a loss of power may
 * leave of them.
 */
final class TableModel {
    /** One record. @param producer of a transaction; −1 outside of any */
    record Written(String key, String value, long timestamp, long producer, short epoch) {
        boolean isTombstone() {
            return value == null;
        }
    }

    private record Marker(long producer, boolean commits) {}

    /** What became of a record's transaction. */
    enum Fate {
        OPEN,
        COMMITTED,
        ABORTED
    }

    private final TreeMap<Long, Written> records = new TreeMap<>();
    private final TreeMap<Long, Marker> markers = new TreeMap<>();
    private final Set<Long> batchStarts = new HashSet<>();
    private long start;
    private long end;
    private long syncedStart;
    private long syncedEnd;
    /** The furthest ever, also of what a loss of power took back. */
    private long farthestStart;

    private long highWatermark;
    private long stableEnd;
    private int cuts;
    private boolean isWhole = true;

    TreeMap<Long, Written> records() {
        return records;
    }

    long start() {
        return start;
    }

    long end() {
        return end;
    }

    long syncedEnd() {
        return syncedEnd;
    }

    long highWatermark() {
        return highWatermark;
    }

    long farthestStart() {
        return farthestStart;
    }

    int cuts() {
        return cuts;
    }

    /** Everything from here on was never to be compacted. */
    long stableEnd() {
        return Math.min(stableEnd, end);
    }

    boolean isBatchStart(long offset) {
        return offset == end || batchStarts.contains(offset);
    }

    /** A batch that was written, or it is not known whether it was. */
    void beginBatch() {
        batchStarts.add(end);
    }

    void add(Written record) {
        records.put(end++, record);
    }

    void addMarker(long producer, boolean commits) {
        batchStarts.add(end);
        markers.put(end++, new Marker(producer, commits));
    }

    Fate fateOf(long offset) {
        Written record = records.get(offset);
        if (record.producer() < 0) {
            return Fate.COMMITTED;
        }
        for (Marker marker : markers.tailMap(offset).values()) {
            if (marker.producer() == record.producer()) {
                return marker.commits() ? Fate.COMMITTED : Fate.ABORTED;
            }
        }
        return Fate.OPEN;
    }

    /** Producers with open transactions, and the epoch of their last record. */
    Map<Long, Short> openTransactions() {
        Map<Long, Short> open = new TreeMap<>();
        records.forEach((offset, record) -> {
            if (record.producer() >= 0) {
                open.put(record.producer(), record.epoch());
            }
        });
        open.keySet().removeIf(producer -> firstUnended(producer, 0, end) < 0);
        return open;
    }

    /** The first record from an offset on of the producer's transaction without a marker below another; −1 for none. */
    private long firstUnended(long producer, long from, long offset) {
        long ended = -1;
        for (Map.Entry<Long, Marker> entry : markers.headMap(offset).entrySet()) {
            ended = entry.getValue().producer() == producer ? entry.getKey() : ended;
        }
        long first = Math.max(from, ended + 1);
        for (Map.Entry<Long, Written> entry :
                records.subMap(first, Math.max(first, offset)).entrySet()) {
            if (entry.getValue().producer() == producer) {
                return entry.getKey();
            }
        }
        return -1;
    }

    /** Up to where no transaction is open that has a record at or behind the first offset. */
    long stableLimit(long from, long upTo) {
        Set<Long> producers = new HashSet<>();
        records.values().forEach(record -> producers.add(record.producer()));
        producers.remove(-1L);
        long limit = upTo;
        for (long producer : producers) {
            long first = firstUnended(producer, from, upTo);
            limit = first < 0 ? limit : Math.min(limit, first);
        }
        return limit;
    }

    /** The newest committed record of each key from the log start to an offset, by key. */
    Map<String, Long> newest(long upTo) {
        Map<String, Long> newest = new HashMap<>();
        records.subMap(start, Math.max(start, upTo)).forEach((offset, record) -> {
            if (fateOf(offset) == Fate.COMMITTED) {
                newest.put(record.key(), offset);
            }
        });
        return newest;
    }

    void startedAt(long offset) {
        assertThat(offset).as("log start offset").isBetween(start, highWatermark);
        start = offset;
        farthestStart = Math.max(farthestStart, start);
    }

    void committed(long offset) {
        highWatermark = Math.max(highWatermark, offset);
    }

    void stable(long offset) {
        stableEnd = Math.max(stableEnd, offset);
    }

    void synced(long offset) {
        assertThat(offset).isLessThanOrEqualTo(end);
        syncedEnd = Math.max(syncedEnd, offset);
    }

    void syncedUnlessCut(long offset, int cutsBefore) {
        if (cuts == cutsBefore) {
            synced(Math.min(offset, end));
        }
    }

    void syncedStart() {
        syncedStart = start;
    }

    /** It is being cut off from this offset on, where a batch begins. */
    void cutting(long offset) {
        syncedEnd = Math.min(syncedEnd, offset);
        cuts++;
        isWhole = false;
    }

    void cut(long logEnd) {
        assertThat(logEnd).isBetween(Math.max(start, syncedEnd), end);
        endAt(logEnd);
    }

    void lostPower() {
        isWhole = false;
    }

    /** The log is open again, and what it holds from now on counts. */
    void reopened(LogView view) {
        assertThat(view.logEndOffset())
                .as("log end offset")
                .isBetween(isWhole ? Math.max(end, start) : syncedEnd, Math.max(end, start));
        boolean isGone = syncedEnd == 0 && view.logEndOffset() == 0;
        assertThat(view.logStartOffset()).as("log start offset").isBetween(isGone ? 0 : syncedStart, start);
        start = view.logStartOffset();
        assertThat(view.logEndOffset() == start || isBatchStart(view.logEndOffset()))
                .as("%s is where a batch begins", view.logEndOffset())
                .isTrue();
        endAt(view.logEndOffset());
    }

    private void endAt(long logEnd) {
        end = logEnd;
        records.tailMap(logEnd).clear();
        markers.tailMap(logEnd).clear();
        batchStarts.removeIf(offset -> offset >= logEnd);
        isWhole = true;
    }

    @Override
    public String toString() {
        return "from " + start + " to " + end + ", " + records + ", " + markers;
    }
}
