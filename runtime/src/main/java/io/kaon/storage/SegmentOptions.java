// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.common.Checks.require;

/**
 * When a new segment begins, and how densely one is indexed.
 *
 * @param segmentBytes {@code segment.bytes}
 * @param segmentMs {@code segment.ms}: by the records' timestamps, as in Kafka
 * @param segmentJitterMs {@code segment.jitter.ms}: each segment ends earlier in time by a random share of this
 * @param segmentIndexBytes {@code segment.index.bytes}: largest size of an index
 * @param indexIntervalBytes {@code index.interval.bytes}: bytes of log per index entry
 * @param preallocate {@code preallocate}: whether a new segment's file has its full size at once
 */
public record SegmentOptions(
        int segmentBytes,
        long segmentMs,
        long segmentJitterMs,
        int segmentIndexBytes,
        int indexIntervalBytes,
        boolean preallocate) {
    /** Kafka's defaults: 1 GiB, 7 days, no jitter, 10 MiB, 4 KiB. */
    public static final SegmentOptions DEFAULT = new SegmentOptions(1 << 30, 604_800_000L, 0, 10 << 20, 4096, false);

    /** One entry of each index. */
    private static final int MIN_INDEX_BYTES = 12;

    /** Without jitter, and with files that grow. */
    public SegmentOptions(int segmentBytes, long segmentMs, int segmentIndexBytes, int indexIntervalBytes) {
        this(segmentBytes, segmentMs, 0, segmentIndexBytes, indexIntervalBytes, false);
    }

    /** Bytes that the file of a new segment has from the start; the zeros behind its batches are nobody's to read. */
    int initialBytes() {
        return preallocate ? segmentBytes : 0;
    }

    public SegmentOptions {
        require(segmentBytes >= 1, "segment.bytes must be at least 1, was %s", segmentBytes);
        require(segmentMs >= 1, "segment.ms must be at least 1, was %s", segmentMs);
        require(segmentJitterMs >= 0, "segment.jitter.ms must be at least 0, was %s", segmentJitterMs);
        require(
                segmentIndexBytes >= MIN_INDEX_BYTES,
                "segment.index.bytes must be at least %s, was %s",
                MIN_INDEX_BYTES,
                segmentIndexBytes);
        require(indexIntervalBytes >= 0, "index.interval.bytes must be at least 0, was %s", indexIntervalBytes);
    }
}
