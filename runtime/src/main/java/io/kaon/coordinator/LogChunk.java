// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import io.kaon.common.ProducerIdAndEpoch;
import java.util.List;

/**
 * What one read of a shard's log brought.
 *
 * @param entries in offset order; without records that have no key, and without control records of other kinds
 * @param nextOffset where to read on; beyond the offset that was asked for, unless the end of the log was reached
 */
public record LogChunk(List<Entry> entries, long nextOffset) {
    public LogChunk {
        entries = List.copyOf(entries);
    }

    /** Something at its place in the log. */
    public sealed interface Entry {
        /** Where it stands. */
        long offset();
    }

    /**
     * A record that counts as soon as it is committed.
     *
     * @param offset in the log
     * @param record as bytes
     */
    public record Plain(long offset, KeyValue record) implements Entry {}

    /**
     * A record that counts when its producer's transaction ends well.
     *
     * @param offset in the log
     * @param producer whose transaction
     * @param record as bytes
     */
    public record Transactional(long offset, ProducerIdAndEpoch producer, KeyValue record) implements Entry {}

    /**
     * The end of a producer's transaction in this log.
     *
     * @param offset in the log
     * @param producer the epoch is the marker's, with transaction.version 2 one more than that of the records
     * @param committed false if the transaction was aborted
     */
    public record Marker(long offset, ProducerIdAndEpoch producer, boolean committed) implements Entry {}
}
