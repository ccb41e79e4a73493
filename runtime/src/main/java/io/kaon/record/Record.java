// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * One record of a batch. Key and value are views of the batch's buffer, or of a copy if the batch was compressed; they
 * are not to be written to.
 *
 * @param offset its place in the partition
 * @param timestamp in ms, −1 for none
 * @param sequence its number among the producer's records, −1 for none
 * @param key from position to limit, or null: the protocol knows records without a key
 * @param value from position to limit, or null: a tombstone
 * @param headers in their order; a key may appear more than once
 */
public record Record(
        long offset, long timestamp, int sequence, ByteBuffer key, ByteBuffer value, List<RecordHeader> headers) {
    public boolean hasKey() {
        return key != null;
    }

    public boolean hasValue() {
        return value != null;
    }

    /** For messages and logs: place and sizes, never contents. */
    @Override
    public String toString() {
        return "record(offset " + offset + ", timestamp " + timestamp + ", key " + size(key) + ", value " + size(value)
                + ", " + headers.size() + " headers)";
    }

    private static String size(ByteBuffer bytes) {
        return bytes == null ? "null" : bytes.remaining() + " bytes";
    }
}
