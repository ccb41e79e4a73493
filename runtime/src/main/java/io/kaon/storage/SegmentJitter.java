// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import java.util.SplittableRandom;

/**
 * By how much each segment of a log ends before {@code segment.ms} is over, so that logs which began together do not
 * all roll at once ({@code segment.jitter.ms}). The random share of a segment is drawn from what it is: it stays the
 * same over a restart, and a new setting changes its scale at once. Immutable; any thread.
 */
final class SegmentJitter {
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final long seed;

    private SegmentJitter(long seed) {
        this.seed = seed;
    }

    /** That of the partition whose folder this is. */
    static SegmentJitter of(PartitionFolder folder) {
        return new SegmentJitter(
                folder.topicId().hashCode() * SPREAD + folder.name().hashCode());
    }

    /** Milliseconds of one segment: from 0, less than {@code segment.jitter.ms}, and less than {@code segment.ms}. */
    long ofMs(long baseOffset, SegmentOptions options) {
        long bound = Math.min(options.segmentJitterMs(), options.segmentMs());
        return bound == 0 ? 0 : new SplittableRandom(seed ^ baseOffset * SPREAD).nextLong(bound);
    }
}
