// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import java.nio.ByteBuffer;

/**
 * A header of a record.
 *
 * @param key its name, UTF-8 on the wire
 * @param value its bytes from position to limit, or null: the protocol knows headers without a value
 */
public record RecordHeader(String key, ByteBuffer value) {
    public boolean hasValue() {
        return value != null;
    }
}
