// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.storage.LogView;
import io.kaon.storage.TimestampOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * ListOffsets version 0: a falling list of offsets, as Kafka 3.9 answers it. The places of a log that it knows are
 * where segments begin, and the end of what is committed:
 *
 * <pre>
 *  −1         the end, then the segments from the newest on
 *  −2         the log start offset
 *  timestamp  the segments that were last written not after it, from the newest on; the end before them when that is
 *             true of the last segment (Kafka: when the timestamp is in the future)
 * </pre>
 */
final class OldStyleOffsets {
    private OldStyleOffsets() {}

    /**
     * Blocks: it asks files when they were written.
     *
     * @param timestamp in ms, or the number of a place
     * @param maxOffsets how many the client wants at most
     */
    static List<Long> of(long timestamp, int maxOffsets, LogView view) {
        List<Long> falling = new ArrayList<>();
        if (timestamp == OffsetQuestion.EARLIEST) {
            falling.add(view.logStartOffset());
        } else {
            addFalling(timestamp, view, falling);
        }
        return new ArrayList<>(falling.subList(0, Math.min(Math.max(0, maxOffsets), falling.size())));
    }

    private static void addFalling(long timestamp, LogView view, List<Long> falling) {
        List<TimestampOffset> starts = view.segmentStarts();
        boolean isLatest = timestamp == OffsetQuestion.LATEST;
        long end = view.highWatermark();
        boolean isOlder =
                isLatest || starts.isEmpty() || starts.get(starts.size() - 1).timestamp() <= timestamp;
        if (isOlder) {
            falling.add(end);
        }
        for (int index = starts.size() - 1; index >= 0; index--) {
            isOlder |= starts.get(index).timestamp() <= timestamp;
            if (isOlder && starts.get(index).offset() < end) {
                falling.add(starts.get(index).offset());
            }
        }
    }
}
