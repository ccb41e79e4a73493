// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.storage.segment.NothingWrittenException;
import io.kaon.storage.segment.Segment;
import java.io.IOException;
import java.util.List;
import org.jboss.logging.Logger;

/** Moves the beginning of one log, by request and by the rules of retention. Owned by the log's owner. */
final class LogStart {
    private static final Logger LOG = Logger.getLogger(PartitionLog.class);

    private final LogCore core;
    private final LogRoller roller;

    LogStart(LogCore core, LogRoller roller) {
        this.core = core;
        this.roller = roller;
    }

    /** The log begins at this offset now; segments that lie below go. */
    void moveTo(long offset) {
        List<Segment> deleted = core.state().moveStart(offset);
        core.files().writeEpochs(core.state().epochs());
        core.state().publish();
        if (!deleted.isEmpty()) {
            core.files().delete(deleted, core.state().options().retention().fileDeleteDelayMs());
        }
    }

    /**
     * Deletes segments that no rule keeps any longer, and forgets producers that were silent for too long.
     *
     * @param deletable how many of the oldest segments of {@code seen}, worked out by {@link Retention}
     */
    void onRetention(LogView seen, int deletable) {
        LogState state = core.state();
        state.producers()
                .expire(core.context().clock().wallMs(), state.options().producerIdExpirationMs());
        List<Segment> segments = state.chain().segments();
        boolean isStale = deletable == 0
                || segments.get(0) != seen.segments().get(0)
                || (deletable == segments.size() && seen.logEndOffset() != state.logEnd());
        if (!isStale && core.health().isOnline()) {
            deleteOldest(deletable);
        }
    }

    private void deleteOldest(int deletable) {
        SegmentChain chain = core.state().chain();
        try {
            if (deletable == chain.segments().size()) {
                roller.roll();
            }
            // Not back: the log may begin behind segments that a crash has brought back.
            long newStart = Math.max(
                    chain.segments().get(deletable).baseOffset(),
                    core.state().offsets().logStart());
            if (newStart <= core.state().offsets().highWatermark()) {
                LOG.infof("Retention: %s begins at %s now, %s segments go", core.name(), newStart, deletable);
                moveTo(newStart);
            }
        } catch (NothingWrittenException full) {
            core.health().onRefused(full);
        } catch (IOException failure) {
            core.health().onFailure(failure);
        }
    }
}
