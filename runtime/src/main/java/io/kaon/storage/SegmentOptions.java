// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.common.Checks.require;

/**
 * When a new segment begins, and how densely one is indexed.
 *
 * @param segmentBytes {@code segment.bytes}
 * @param segmentMs {@code segment.ms}: by the records' timestamps, as in Kafka
 * @param segmentIndexBytes {@code segment.index.bytes}: largest size of an index
 * @param indexIntervalBytes {@code index.interval.bytes}: bytes of log per index entry
 */
public record SegmentOptions(int segmentBytes, long segmentMs, int segmentIndexBytes, int indexIntervalBytes) {
    /** Kafka's defaults: 1 GiB, 7 days, 10 MiB, 4 KiB. */
    public static final SegmentOptions DEFAULT = new SegmentOptions(1 << 30, 604_800_000L, 10 << 20, 4096);

    /** One entry of each index. */
    private static final int MIN_INDEX_BYTES = 12;

    public SegmentOptions {
        require(segmentBytes >= 1, "segment.bytes must be at least 1, was %s", segmentBytes);
        require(segmentMs >= 1, "segment.ms must be at least 1, was %s", segmentMs);
        require(
                segmentIndexBytes >= MIN_INDEX_BYTES,
                "segment.index.bytes must be at least %s, was %s",
                MIN_INDEX_BYTES,
                segmentIndexBytes);
        require(indexIntervalBytes >= 0, "index.interval.bytes must be at least 0, was %s", indexIntervalBytes);
    }
}
