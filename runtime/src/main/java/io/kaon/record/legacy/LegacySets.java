// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.legacy;

import java.nio.ByteBuffer;

/** Tells message sets of the old formats from batches. */
public final class LegacySets {
    private LegacySets() {}

    /**
     * Whether the bytes begin with a message of magic 0 or 1, so that they need an {@link UpConverter}.
     *
     * @param records from position to limit
     */
    public static boolean isLegacy(ByteBuffer records) {
        if (records.remaining() <= LegacyFormat.MAGIC_AT) {
            return false;
        }
        byte magic = records.get(records.position() + LegacyFormat.MAGIC_AT);
        return magic == LegacyFormat.MAGIC_0 || magic == LegacyFormat.MAGIC_1;
    }

    /**
     * Whether not even the first entry, of whatever magic, is there as a whole: nothing to append, and nothing wrong in
     * Produce 0–2.
     *
     * @param records from position to limit
     */
    public static boolean isUnfinished(ByteBuffer records) {
        try {
            return new LegacySetReader(records).next().isEmpty();
        } catch (LegacyFormatException malformed) {
            return false;
        }
    }
}
