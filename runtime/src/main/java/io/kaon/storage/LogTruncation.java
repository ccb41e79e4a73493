// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.storage.segment.BatchPlace;
import io.kaon.storage.segment.Segment;
import io.kaon.storage.segment.SegmentLoader;
import java.io.IOException;
import java.util.Optional;

/** Shortens a log's files and reads again what is left. Blocks; runs on the log's disk lane, once. */
final class LogTruncation {
    private final LogContext context;
    private final PartitionFolder folder;
    private final LogOptions options;
    private LoadedLog result = LoadedLog.empty();

    LogTruncation(LogContext context, PartitionFolder folder, LogOptions options) {
        this.context = context;
        this.folder = folder;
        this.options = options;
    }

    /** What is left, after {@link #cut}. */
    LoadedLog result() {
        return result;
    }

    void cut(LogView view, long offset) throws IOException {
        SegmentLoader loader = folder.segments();
        int last = view.segmentIndex(offset);
        for (int index = view.segments().size() - 1; index > last; index--) {
            Segment gone = view.segments().get(index);
            loader.markDeleted(gone);
            loader.remove(gone);
            // One after the other: a crash in between must not leave a hole.
            context.disk().syncDirectory(folder.path());
        }
        Segment segment = view.segments().get(last);
        Optional<BatchPlace> first = segment.locate(offset, view.endPosition(last));
        // Also where nothing goes: a preallocated file ends behind its batches.
        loader.cutAt(segment, first.map(BatchPlace::position).orElse(view.endPosition(last)), offset);
        context.disk().syncDirectory(folder.path());
        Checkpointed kept = new Checkpointed(0, view.logStartOffset(), view.highWatermark());
        result = new LogLoader(context, folder, options, kept, true).loadAgain();
    }
}
