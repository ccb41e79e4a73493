// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import java.util.List;

/**
 * What one read of a shard's log brought.
 *
 * @param records in offset order; without control records and records without a key
 * @param nextOffset where to read on; beyond the offset that was asked for, unless the end of the log was reached
 */
public record LogChunk(List<Entry> records, long nextOffset) {
    public LogChunk {
        records = List.copyOf(records);
    }

    /**
     * A record at its place.
     *
     * @param offset in the log
     * @param record as bytes
     */
    public record Entry(long offset, KeyValue record) {}
}
