// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.records;

import io.kaon.record.RecordHeader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A record that is to be written.
 *
 * @param partition where to; without it the key decides as in Kafka's clients, and without a key they take turns
 * @param timestampMs since 1970; now without it
 * @param key null for none
 * @param value null for a tombstone
 */
public record NewRecord(
        OptionalInt partition, OptionalLong timestampMs, ByteBuffer key, ByteBuffer value, List<RecordHeader> headers) {
    public NewRecord {
        headers = List.copyOf(headers);
    }
}
