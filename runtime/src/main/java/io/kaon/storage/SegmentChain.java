// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.record.RecordBatch;
import io.kaon.storage.segment.BatchPlace;
import io.kaon.storage.segment.RecentBatches;
import io.kaon.storage.segment.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The segments of one log in their order; the last one is written to. Owned by the log's owner. */
final class SegmentChain {
    private static final long UNKNOWN = Long.MAX_VALUE;

    private final SegmentJitter jitter;
    private List<Segment> segments;
    private RecentBatches recent;
    /** Wall-clock time in ms since when the last segment is written to, in this life. */
    private long activeSinceMs = UNKNOWN;

    /**
     * @param logEndOffset the offset of the next record
     * @param jitter by how much segments end early
     */
    SegmentChain(List<Segment> segments, long logEndOffset, SegmentJitter jitter) {
        this.jitter = jitter;
        this.segments = List.copyOf(segments);
        this.recent = RecentBatches.from(logEndOffset);
    }

    /** As of now; the list never changes. */
    List<Segment> segments() {
        return segments;
    }

    RecentBatches recent() {
        return recent;
    }

    boolean isEmpty() {
        return segments.isEmpty();
    }

    Segment active() {
        return segments.get(segments.size() - 1);
    }

    /** Where the written part of the last segment ends, in bytes. */
    int endPosition() {
        return segments.isEmpty() ? 0 : active().sizeInBytes();
    }

    /**
     * Kafka's rules: by size, by time, by what the indexes can hold. An empty segment is never followed. The time is
     * the records' own; where the segment begins without one, as all do whose producers speak the oldest format, the
     * clock's.
     */
    boolean mustRoll(int bytes, long lastOffset, long timestamp, long nowMs, SegmentOptions limits) {
        activeSinceMs = Math.min(activeSinceMs, nowMs);
        Segment active = active();
        if (active.sizeInBytes() == 0) {
            return false;
        }
        long waitedMs = active.firstTimestamp() < 0
                ? nowMs - activeSinceMs
                : Math.max(timestamp, active.firstTimestamp()) - active.firstTimestamp();
        boolean isOld = waitedMs > limits.segmentMs() - jitter.ofMs(active.baseOffset(), limits);
        return active.sizeInBytes() > limits.segmentBytes() - bytes
                || isOld
                || !active.hasRoomFor(lastOffset, limits.segmentIndexBytes());
    }

    /** When the last segment began, in ms: by its first record if that says so. */
    long activeBeganMs() {
        return active().firstTimestamp() < 0 ? activeSinceMs : active().firstTimestamp();
    }

    /** From now on this one is written to. */
    void add(Segment next, long nowMs) {
        activeSinceMs = nowMs;
        List<Segment> longer = new ArrayList<>(segments);
        longer.add(next);
        segments = List.copyOf(longer);
        recent = RecentBatches.from(next.baseOffset());
    }

    /** Takes note of the batch that was written behind the last one. */
    void note(RecordBatch batch, int indexIntervalBytes) throws IOException {
        BatchPlace place = new BatchPlace(active().sizeInBytes(), batch.sizeInBytes(), batch.lastOffset());
        active().note(place, batch.maxTimestamp(), indexIntervalBytes);
        recent = recent.with(place);
    }

    /** Forgets the segments that lie wholly below the offset, never the last one, and answers them. */
    List<Segment> dropBelow(long offset) {
        int unneeded = 0;
        while (unneeded + 1 < segments.size() && segments.get(unneeded + 1).baseOffset() <= offset) {
            unneeded++;
        }
        List<Segment> dropped = List.copyOf(segments.subList(0, unneeded));
        segments = List.copyOf(segments.subList(unneeded, segments.size()));
        return dropped;
    }

    /**
     * Puts one segment into the place of several that follow each other, never of the last one; false, and nothing
     * happens, when they are not all here any more.
     */
    boolean replace(List<Segment> old, Segment replacement) {
        int first = segments.indexOf(old.get(0));
        int end = first + old.size();
        if (first < 0 || end >= segments.size() || !segments.subList(first, end).equals(old)) {
            return false;
        }
        List<Segment> shorter = new ArrayList<>(segments.subList(0, first));
        shorter.add(replacement);
        shorter.addAll(segments.subList(end, segments.size()));
        segments = List.copyOf(shorter);
        return true;
    }
}
