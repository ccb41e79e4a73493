// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import io.kaon.common.ErrorCode;
import io.kaon.wire.message.FetchResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The partitions that a client goes on fetching, and what it was last told of each (KIP-227). Owned by its connection;
 * the fetches of one session do not overlap, and the one that runs may touch it from the thread that has read its
 * records.
 */
final class FetchSession {
    private static final long NOTHING_TOLD = -1;

    private final int id;
    private final boolean usesTopicIds;
    private final Map<FetchKey, Told> partitions = new LinkedHashMap<>();
    private int epoch = FetchSessions.nextEpoch(FetchSessions.INITIAL_EPOCH);

    FetchSession(int id, boolean usesTopicIds) {
        this.id = id;
        this.usesTopicIds = usesTopicIds;
    }

    int id() {
        return id;
    }

    /** The epoch that the next request must carry. */
    int epoch() {
        return epoch;
    }

    boolean usesTopicIds() {
        return usesTopicIds;
    }

    int size() {
        return partitions.size();
    }

    /** Adds what is new, replaces what changed, drops what the client forgets; then expects the next epoch. */
    void update(List<FetchTarget> changed, List<FetchKey> forgotten) {
        for (FetchTarget target : changed) {
            Told told = partitions.get(target.key());
            if (told == null) {
                partitions.put(target.key(), new Told(target));
            } else {
                told.target = target;
            }
        }
        forgotten.forEach(partitions::remove);
    }

    void advanceEpoch() {
        epoch = FetchSessions.nextEpoch(epoch);
    }

    List<FetchTarget> targets() {
        List<FetchTarget> targets = new ArrayList<>(partitions.size());
        for (Told told : partitions.values()) {
            targets.add(told.target);
        }
        return targets;
    }

    /**
     * Notes what the client is about to be told and says whether that is news. A partition with records moves to the
     * end, so that the others get their turn first next time.
     */
    boolean isNews(FetchKey key, FetchResponse.PartitionData data) {
        Told told = partitions.get(key);
        if (told == null) {
            return true;
        }
        boolean hasRecords = data.records() != null && data.records().sizeInBytes() > 0;
        if (hasRecords) {
            partitions.remove(key);
            partitions.put(key, told);
        }
        boolean hasDiverged = data.divergingEpoch().epoch() >= 0;
        return told.update(data) || hasRecords || hasDiverged;
    }

    private static final class Told {
        private FetchTarget target;
        private long highWatermark = NOTHING_TOLD;
        private long logStartOffset = NOTHING_TOLD;

        private Told(FetchTarget target) {
            this.target = target;
        }

        /** After an error the high watermark counts as not told, so that the recovery is told once. */
        private boolean update(FetchResponse.PartitionData data) {
            if (data.errorCode() != ErrorCode.NONE.code()) {
                highWatermark = NOTHING_TOLD;
                return true;
            }
            boolean changed = highWatermark != data.highWatermark() || logStartOffset != data.logStartOffset();
            highWatermark = data.highWatermark();
            logStartOffset = data.logStartOffset();
            return changed;
        }
    }
}
