// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.record.BatchFormat;
import io.kaon.record.TimestampType;
import io.kaon.storage.segment.Segment;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Decides which segment takes an append, and begins new ones. Owned by the log's owner. */
final class LogRoller {
    private final LogCore core;
    private final LogSyncer syncer;

    LogRoller(LogCore core, LogSyncer syncer) {
        this.core = core;
        this.syncer = syncer;
    }

    /** Makes sure that the active segment can take what is to be written. */
    void prepare(int bytes, long lastOffset, long timestamp) throws IOException {
        SegmentChain chain = core.state().chain();
        if (chain.isEmpty()) {
            begin();
        } else if (chain.mustRoll(bytes, lastOffset, timestamp, nowMs(), options())
                && (core.files().isNamed() || isFull(chain.active(), bytes, lastOffset))) {
            roll();
        }
    }

    /** A segment that has to wait for its name grows past {@code segment.bytes}; the format's own limits it keeps. */
    private static boolean isFull(Segment active, int bytes, long lastOffset) {
        return active.sizeInBytes() > Integer.MAX_VALUE - bytes || !active.hasRoomFor(lastOffset, Integer.MAX_VALUE);
    }

    /** Whether {@link #prepare} would have to make a file, or open one. */
    boolean needsDisk(ByteBuffer records) {
        return hasClosedFiles() || (!core.files().hasSpare() && mustRoll(records));
    }

    /** The same for records of which only the size is known, at most. */
    boolean needsDisk(int bytes) {
        boolean mayRoll = core.state().chain().endPosition() > options().segmentBytes() - bytes;
        return hasClosedFiles() || (mayRoll && !core.files().hasSpare());
    }

    private boolean hasClosedFiles() {
        SegmentChain chain = core.state().chain();
        return chain.isEmpty() || !chain.active().isOpen() || !chain.active().isOpenToNote();
    }

    /** Judged by the headers, of which nothing is known to be right yet: batches that are not will be refused. */
    private boolean mustRoll(ByteBuffer records) {
        long lastOffset = core.state().logEnd() - 1;
        long timestamp = -1;
        int position = records.position();
        while (records.limit() - position >= BatchFormat.RECORDS_AT) {
            int bytes = records.getInt(position + BatchFormat.LENGTH_AT);
            if (bytes < 0 || bytes > records.limit() - position - BatchFormat.LOG_OVERHEAD) {
                break;
            }
            lastOffset += records.getInt(position + BatchFormat.LAST_OFFSET_DELTA_AT) + 1L;
            timestamp = Math.max(timestamp, records.getLong(position + BatchFormat.MAX_TIMESTAMP_AT));
            position += BatchFormat.LOG_OVERHEAD + bytes;
        }
        if (core.state().options().rules().timestampType() == TimestampType.LOG_APPEND_TIME) {
            timestamp = nowMs();
        }
        return core.state().chain().mustRoll(records.remaining(), lastOffset, timestamp, nowMs(), options());
    }

    /** Ends the active segment and begins the next. */
    void roll() throws IOException {
        SegmentChain chain = core.state().chain();
        Segment sealed = chain.active();
        sealed.completeTimeIndex();
        begin();
        syncer.seal(sealed);
    }

    /** Has the next segment's file made in time. */
    void maybeOrderSpare() {
        if (core.state().chain().endPosition() > options().segmentBytes() / 2) {
            core.files().orderSpare(options());
        }
    }

    private void begin() throws IOException {
        LogState state = core.state();
        state.chain().add(core.files().create(state.logEnd(), state.epochs(), options()), nowMs());
    }

    private long nowMs() {
        return core.context().clock().wallMs();
    }

    private SegmentOptions options() {
        return core.state().options().segments();
    }
}
