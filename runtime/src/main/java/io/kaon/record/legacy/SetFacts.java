// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.legacy;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What a first look at a message set from a producer tells, every CRC included.
 *
 * @param first the first whole message; only if there is one
 * @param count whole messages, not counting those inside wrappers
 * @param hasWrapper whether one of them is a wrapper
 * @param isTooLarge whether one of them is larger than allowed; the look ends there
 */
record SetFacts(LegacyMessage first, int count, boolean hasWrapper, boolean isTooLarge) {
    /** Throws {@link LegacyFormatException}. */
    static SetFacts of(ByteBuffer set, int maxMessageBytes) {
        LegacySetReader reader = new LegacySetReader(set);
        LegacyMessage first = null;
        int count = 0;
        boolean hasWrapper = false;
        for (Optional<LegacyMessage> next = reader.next(); next.isPresent(); next = reader.next()) {
            LegacyMessage message = next.get();
            first = first == null ? message : first;
            count++;
            if (message.sizeInBytes() > maxMessageBytes) {
                return new SetFacts(first, count, hasWrapper, true);
            }
            if (message.magic() > LegacyFormat.MAGIC_1) {
                throw LegacyFormatException.invalid("a batch of magic " + message.magic() + " in a message set");
            }
            if (!message.isCrcValid()) {
                throw LegacyFormatException.corrupt("the CRC of a message is not that of its bytes");
            }
            hasWrapper |= message.isWrapper();
        }
        return new SetFacts(first, count, hasWrapper, false);
    }
}
