// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.legacy;

import static io.kaon.record.legacy.LegacyFormat.ENTRY_OVERHEAD;
import static io.kaon.record.legacy.LegacyFormat.MAGIC_AT;
import static io.kaon.record.legacy.LegacyFormat.MIN_SIZE_0;
import static io.kaon.record.legacy.LegacyFormat.SIZE_AT;

import io.kaon.record.BatchFormat;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Walks the entries of a message set in memory, not looking into wrappers. One thread. */
final class LegacySetReader {
    private final ByteBuffer buffer;
    private int next;

    /** @param buffer big-endian, from position to limit; not moved */
    LegacySetReader(ByteBuffer buffer) {
        this.buffer = buffer;
        this.next = buffer.position();
    }

    /**
     * The next whole entry, of any magic that Kafka ever used. Empty at the end, and where the set ends inside an
     * entry: such a one is passed over, as Kafka does, because answers to old fetches are cut to size. Throws
     * {@link LegacyFormatException} with CORRUPT_MESSAGE for a size or a magic that cannot be.
     */
    Optional<LegacyMessage> next() {
        int left = buffer.limit() - next;
        if (left < ENTRY_OVERHEAD) {
            return Optional.empty();
        }
        int size = buffer.getInt(next + SIZE_AT);
        if (size < MIN_SIZE_0) {
            throw LegacyFormatException.corrupt(
                    "the size field of a message is " + size + ", at least " + MIN_SIZE_0 + " is needed");
        }
        if (left <= MAGIC_AT) {
            return Optional.empty();
        }
        byte magic = buffer.get(next + MAGIC_AT);
        if (magic < 0 || magic > BatchFormat.MAGIC) {
            throw LegacyFormatException.corrupt("a message has magic " + magic);
        }
        if (size > left - ENTRY_OVERHEAD) {
            return Optional.empty();
        }
        LegacyMessage message = new LegacyMessage(buffer, next);
        next += message.sizeInBytes();
        return Optional.of(message);
    }
}
