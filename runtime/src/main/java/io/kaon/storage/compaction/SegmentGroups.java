// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.compaction;

import io.kaon.storage.segment.Segment;
import java.util.ArrayList;
import java.util.List;

/**
 * Which segments become one: those that follow each other and, as large as they are now, fit into one.
 *
 * @param segmentBytes {@code segment.bytes}
 * @param indexBytes {@code segment.index.bytes}
 */
public record SegmentGroups(int segmentBytes, int indexBytes) {
    /** Groups in the order of the log. @param endOffset where the last segment ends */
    List<List<Segment>> of(List<Segment> segments, long endOffset) {
        List<List<Segment>> groups = new ArrayList<>();
        int first = 0;
        while (first < segments.size()) {
            int end = first + 1;
            long logBytes = segments.get(first).sizeInBytes();
            long ofIndexes = segments.get(first).indexBytes();
            while (end < segments.size()) {
                Segment next = segments.get(end);
                logBytes += next.sizeInBytes();
                ofIndexes += next.indexBytes();
                long nextEnd = end + 1 < segments.size() ? segments.get(end + 1).baseOffset() : endOffset;
                boolean isNear = nextEnd - 1 - segments.get(first).baseOffset() <= Integer.MAX_VALUE;
                if (logBytes > segmentBytes || ofIndexes > indexBytes || !isNear) {
                    break;
                }
                end++;
            }
            groups.add(List.copyOf(segments.subList(first, end)));
            first = end;
        }
        return groups;
    }
}
