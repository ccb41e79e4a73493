// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.common.Checks.invariant;

import io.kaon.storage.segment.Segment;
import io.kaon.storage.segment.SegmentLoader;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Takes the end of one log away, for followers; {@link LogTruncation} does that to the files. Owned by the log's owner.
 */
final class LogShortening {
    private final LogCore core;
    private final LogSyncer syncer;
    private final LogStart start;

    LogShortening(LogCore core, LogSyncer syncer, LogStart start) {
        this.core = core;
        this.syncer = syncer;
        this.start = start;
    }

    /** Until the result completes the log takes no appends. */
    CompletionStage<Void> truncateTo(long offset) {
        long logStart = core.state().offsets().logStart();
        invariant(offset >= logStart, "%s begins at %s and cannot end at %s", core.name(), logStart, offset);
        if (offset >= core.state().logEnd() || core.state().chain().isEmpty()) {
            return CompletableFuture.completedStage(null);
        }
        core.health().pause();
        LogTruncation truncation =
                new LogTruncation(core.context(), core.folder(), core.state().options());
        CompletableFuture<Void> result = new CompletableFuture<>();
        LogView before = core.state().view();
        syncer.beforeCut(before.segments().get(before.segmentIndex(offset)).baseOffset());
        core.context()
                .listener()
                .onRecoveryPointLowered(core.name())
                .thenCompose(written -> core.files().cut(before.segments(), () -> truncation.cut(before, offset)))
                .whenComplete((ignored, failure) -> core.owner().execute(() -> {
                    if (failure == null) {
                        onTruncated(truncation.result());
                        result.complete(null);
                    } else {
                        // If the disk failed, it stays offline for that; else nothing was cut.
                        core.health().resume();
                        result.completeExceptionally(failure);
                    }
                }));
        return result;
    }

    private void onTruncated(LoadedLog left) {
        List<Segment> old = core.state().chain().segments();
        long logStart =
                Math.min(core.state().offsets().logStart(), left.offsets().logEnd());
        core.state().adopt(left);
        if (logStart > core.state().offsets().logStart()) {
            // Records were deleted meanwhile.
            start.moveTo(logStart);
        }
        // Who reads finishes; who comes later with an older view finds that it must take the new one.
        old.forEach(SegmentLoader::giveUp);
        if (core.health().hasEnded()) {
            // Closed or deleted meanwhile: nobody else lets go of these.
            left.segments().forEach(SegmentLoader::close);
            return;
        }
        core.health().resume();
        syncer.onTruncated(left.recoveryPoint());
    }
}
