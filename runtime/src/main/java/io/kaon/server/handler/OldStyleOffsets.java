// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.storage.LogView;
import io.kaon.storage.TimestampOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * ListOffsets version 0: a list of offsets, falling, before which everything is older than the time asked for. Kafka
 * answers with the bases of its segments; where segments begin is no promise, so we answer with the place itself and
 * the log's start. Clients use the first entry.
 */
final class OldStyleOffsets {
    private OldStyleOffsets() {}

    /**
     * @param maxOffsets how many the client wants at most
     * @param found the modern answer to the same question
     */
    static List<Long> of(int maxOffsets, OffsetQuestion question, TimestampOffset found, LogView view) {
        List<Long> offsets = new ArrayList<>();
        long start = view.logStartOffset();
        if (question.timestamp() == OffsetQuestion.EARLIEST) {
            offsets.add(start);
        } else {
            long place = found.offset() >= 0 ? found.offset() : question.end(view);
            if (place > start || question.timestamp() == OffsetQuestion.LATEST) {
                offsets.add(place);
            }
            if (place > start) {
                offsets.add(start);
            }
        }
        return new ArrayList<>(offsets.subList(0, Math.min(Math.max(0, maxOffsets), offsets.size())));
    }
}
