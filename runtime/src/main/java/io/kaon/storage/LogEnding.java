// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Ends the life of one log: closes or deletes it. Owned by the log's owner. */
final class LogEnding {
    private final LogCore core;
    private final LogSyncer syncer;

    LogEnding(LogCore core, LogSyncer syncer) {
        this.core = core;
        this.syncer = syncer;
    }

    /** Syncs everything, writes the producers down and lets go of the files. Does not fail. */
    CompletableFuture<Void> close() {
        boolean wasOnline = core.health().isOnline();
        core.health().end();
        CompletableFuture<Void> synced = CompletableFuture.completedFuture(null);
        SegmentChain chain = core.state().chain();
        if (wasOnline && !chain.isEmpty()) {
            try {
                chain.active().completeTimeIndex();
                synced = syncer.sealLast(chain.active());
            } catch (IOException failure) {
                core.health().onFailure(failure);
            }
        }
        return synced.handle((ignored, failure) -> null)
                .thenRunAsync(syncer::end, core.owner())
                .thenCombine(core.files().close(chain.segments()), (first, second) -> (Void) null);
    }

    /** Takes the folder away. */
    CompletableFuture<Void> delete() {
        core.health().end();
        syncer.end();
        return core.files()
                .deleteFolder(
                        core.state().chain().segments(),
                        core.state().options().retention().fileDeleteDelayMs());
    }
}
