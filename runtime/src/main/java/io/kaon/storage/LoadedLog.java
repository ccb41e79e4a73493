// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.storage.checkpoint.LeaderEpochs;
import io.kaon.storage.producer.ProducerStates;
import io.kaon.storage.segment.Segment;
import java.util.List;

/**
 * What was found on disk of a log.
 *
 * @param exists whether it has a folder
 * @param segments in order; the last one is written to
 * @param producers as of the log's end
 * @param epochs as of the log's end
 * @param offsets where it begins and ends, and what of it was committed
 * @param recoveryPoint everything below is synced
 * @param isNamed whether the names under which all of it is found are on disk, too
 */
record LoadedLog(
        boolean exists,
        List<Segment> segments,
        ProducerStates producers,
        LeaderEpochs epochs,
        LogView.Offsets offsets,
        long recoveryPoint,
        boolean isNamed) {
    /** A partition without data. */
    static LoadedLog empty() {
        return new LoadedLog(
                false, List.of(), new ProducerStates(true), LeaderEpochs.NONE, new LogView.Offsets(0, 0, 0), 0, true);
    }
}
