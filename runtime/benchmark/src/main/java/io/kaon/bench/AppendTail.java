// SPDX-License-Identifier: Apache-2.0
package io.kaon.bench;

import io.kaon.storage.LogOptions;
import io.kaon.storage.SegmentOptions;
import java.util.Locale;

/**
 * {@code AppendTail [MB_PER_SECOND [SECONDS]]}: how long the slowest appends of 16 KiB take, in a log that never rolls and in
 * one that rolls every 16 MiB.
 */
public final class AppendTail {
    private static final int SMALL_SEGMENT_BYTES = 16 << 20;
    private static final int WARM_UP_SECONDS = 3;

    private AppendTail() {}

    public static void main(String[] arguments) {
        int megabytesPerSecond = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 80;
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20;
        SegmentOptions usual = SegmentOptions.DEFAULT;
        SegmentOptions small = new SegmentOptions(
                SMALL_SEGMENT_BYTES, usual.segmentMs(), usual.segmentIndexBytes(), usual.indexIntervalBytes());
        measure("no roll", usual, megabytesPerSecond, seconds);
        measure("rolls every 16 MiB", small, megabytesPerSecond, seconds);
    }

    private static void measure(String what, SegmentOptions segments, int megabytesPerSecond, int seconds) {
        BenchLog log = new BenchLog(Scratch.make(), LogOptions.DEFAULT.withSegments(segments));
        try {
            Paced paced = new Paced(log, segments.segmentBytes(), megabytesPerSecond);
            paced.runFor(WARM_UP_SECONDS, new Latencies());
            Latencies all = new Latencies();
            paced.runFor(seconds, all);
            System.out.printf(Locale.ROOT, "%s: %s%n", what, all.summary());
            if (paced.rolled().count() > 0) {
                System.out.printf(
                        Locale.ROOT, "  of them rolled: %s%n", paced.rolled().summary());
            }
        } finally {
            log.discard();
        }
    }
}
