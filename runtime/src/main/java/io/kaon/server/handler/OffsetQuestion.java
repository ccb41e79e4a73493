// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.replication.Partition;
import io.kaon.storage.LogView;
import io.kaon.storage.OutdatedViewException;
import io.kaon.storage.TimestampOffset;

/**
 * What ListOffsets asks of one partition: a timestamp, or one of the numbers that stand for a place in the log.
 *
 * <pre>
 *  −1   latest: the end of what the reader may see
 *  −2   earliest: the log start offset
 *  −3   the record with the largest timestamp                    from version 7
 *  −4   earliest local: the log start offset, without tiers      from version 8
 *  −5   latest in a remote tier: none                            from version 9
 *  −6   earliest that waits for upload to it: none               from version 11
 * </pre>
 *
 * @param timestamp the timestamp or number
 * @param readCommitted whether the reader sees only what is below the last stable offset
 */
record OffsetQuestion(long timestamp, boolean readCommitted) {
    static final long LATEST = -1;
    static final long EARLIEST = -2;
    private static final long MAX_TIMESTAMP = -3;
    private static final long EARLIEST_LOCAL = -4;
    private static final long LATEST_TIERED = -5;
    private static final long EARLIEST_PENDING_UPLOAD = -6;

    private static final TimestampOffset NOTHING = new TimestampOffset(-1, -1, -1);
    private static final long NO_TIMESTAMP = -1;
    /** How often a search is tried again under which segments were compacted. */
    private static final int MAX_ATTEMPTS = 5;

    /** UNSUPPORTED_VERSION for a number that the request's version does not know. */
    ErrorCode problem(short version) {
        if (timestamp >= EARLIEST) {
            return ErrorCode.NONE;
        }
        return version >= firstVersion() ? ErrorCode.NONE : ErrorCode.UNSUPPORTED_VERSION;
    }

    private int firstVersion() {
        if (timestamp == MAX_TIMESTAMP) {
            return 7;
        }
        if (timestamp == EARLIEST_LOCAL) {
            return 8;
        }
        if (timestamp == LATEST_TIERED) {
            return 9;
        }
        return timestamp == EARLIEST_PENDING_UPLOAD ? 11 : Integer.MAX_VALUE;
    }

    /** Whether the answer needs a look into the log's files, which may block. */
    boolean isSearch() {
        return timestamp >= 0 || timestamp == MAX_TIMESTAMP;
    }

    /** The exclusive end of what the reader may see. */
    long end(LogView view) {
        return readCommitted ? Math.min(view.lastStableOffset(), view.highWatermark()) : view.highWatermark();
    }

    /** The answer; −1 everywhere when there is no such record. Blocks when {@link #isSearch}. */
    TimestampOffset answer(Partition partition, LogView view) {
        LogView current = view;
        for (int attempt = 1; ; attempt++) {
            try {
                return look(partition, current);
            } catch (OutdatedViewException outdated) {
                LogView newest = partition.view();
                if (attempt == MAX_ATTEMPTS || newest == current) {
                    throw outdated;
                }
                current = newest;
            }
        }
    }

    private TimestampOffset look(Partition partition, LogView view) {
        if (timestamp == LATEST) {
            return new TimestampOffset(NO_TIMESTAMP, end(view), partition.leaderEpoch());
        }
        if (timestamp == EARLIEST || timestamp == EARLIEST_LOCAL) {
            return new TimestampOffset(NO_TIMESTAMP, view.logStartOffset(), epochOfStart(partition, view));
        }
        if (timestamp == MAX_TIMESTAMP) {
            return view.maxTimestamp(end(view)).orElse(NOTHING);
        }
        return timestamp >= 0 ? view.offsetForTimestamp(timestamp, end(view)).orElse(NOTHING) : NOTHING;
    }

    /** The epoch of the first record; of the leader while there is none: a real one in any case (C15). */
    private static int epochOfStart(Partition partition, LogView view) {
        int epoch = view.logStartOffset() < view.logEndOffset() ? view.epochAt(view.logStartOffset()) : -1;
        return epoch >= 0 ? epoch : partition.leaderEpoch();
    }
}
