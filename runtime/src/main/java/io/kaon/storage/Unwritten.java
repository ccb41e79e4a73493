// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.storage.checkpoint.LeaderEpochs;
import io.kaon.storage.segment.Segment;
import io.kaon.storage.segment.SegmentLoader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;

/**
 * What a log's files do not say yet, or not durably: it stays here when writing it failed, for lack of room say, until it
 * succeeds. Before that the recovery point must not pass it. Of the log's disk lane.
 */
final class Unwritten {
    private final PartitionFolder folder;
    /** Their last records may not be synced: nobody else will sync them. */
    private final Deque<Segment> ended = new ArrayDeque<>();
    /** Their records are synced, and their indexes are in memory. */
    private final Deque<Segment> sealed = new ArrayDeque<>();

    private Optional<LeaderEpochs> epochs = Optional.empty();

    Unwritten(PartitionFolder folder) {
        this.folder = folder;
    }

    /** The checkpoint of the epochs is to say this. */
    void addEpochs(LeaderEpochs newest) {
        epochs = Optional.of(newest);
    }

    /** Nothing is added to the segment any more: its records are to be synced, then its indexes written. */
    void addEnded(Segment segment) {
        ended.add(segment);
    }

    /** These segments are not the log's any more. */
    void forget(Collection<Segment> segments) {
        ended.removeAll(segments);
        sealed.removeAll(segments);
    }

    /** Syncs the records of segments that have ended. Before that, no sync of a later one says anything. */
    void syncRecords() throws IOException {
        while (!ended.isEmpty()) {
            SegmentLoader.sealRecords(ended.peek());
            sealed.add(ended.poll());
        }
    }

    /** Syncs and writes everything; what fails stays. */
    void write() throws IOException {
        syncRecords();
        if (epochs.isPresent()) {
            folder.writeEpochs(epochs.get());
            epochs = Optional.empty();
        }
        while (!sealed.isEmpty()) {
            SegmentLoader.sealIndexes(sealed.peek());
            sealed.poll();
        }
    }
}
