// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * From which offset on the log was written by this process and lies within a distance of its end: what is expected
 * in the
 * page cache (D2). Known in steps of a sixteenth of the distance. Owned by the log's owner.
 */
final class HotRange {
    private static final int STEPS = 16;

    private final Deque<Mark> marks = new ArrayDeque<>();
    private long writtenBytes;

    private record Mark(long offset, long writtenBytes) {}

    /** Nothing is hot that lies below the offset. */
    HotRange(long logEndOffset) {
        marks.add(new Mark(logEndOffset, 0));
    }

    /** Takes note of an append and answers the first hot offset. */
    long onAppend(long baseOffset, int bytes, long distance) {
        if (writtenBytes - marks.getLast().writtenBytes() >= Math.max(1, distance / STEPS)) {
            marks.addLast(new Mark(baseOffset, writtenBytes));
        }
        writtenBytes += bytes;
        while (marks.size() > 1 && writtenBytes - marks.getFirst().writtenBytes() > distance) {
            marks.removeFirst();
        }
        return marks.getFirst().offset();
    }

    long from() {
        return marks.getFirst().offset();
    }
}
