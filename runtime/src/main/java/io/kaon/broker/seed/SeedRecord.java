// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker.seed;

import io.kaon.record.RecordHeader;
import java.util.List;

/**
 * One record of a records file.
 *
 * @param line where it stands, from 1
 * @param partition where it goes, −1 to leave it to the key
 * @param timestampMs its timestamp, −1 for the time at which it is sent
 * @param key may be null: the protocol knows records without a key
 * @param value may be null: a tombstone
 */
record SeedRecord(int line, int partition, long timestampMs, byte[] key, byte[] value, List<RecordHeader> headers) {
    static final int NO_PARTITION = -1;
    static final long NO_TIMESTAMP = -1;
    /** Lengths, deltas and attributes of a record at their longest. */
    private static final int FIXED_BYTES = 32;

    /** About what the record takes in memory and in a batch. */
    int sizeInBytes() {
        int size = FIXED_BYTES + sizeOf(key) + sizeOf(value);
        for (RecordHeader header : headers) {
            size += FIXED_BYTES + header.key().length() * 2;
            size += header.hasValue() ? header.value().remaining() : 0;
        }
        return size;
    }

    private static int sizeOf(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
