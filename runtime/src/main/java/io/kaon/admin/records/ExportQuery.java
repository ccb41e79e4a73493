// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.records;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is exported.
 *
 * @param partition the only one, or empty for all of them, one after the other
 * @param from where each partition begins: an offset or a timestamp; empty for its beginning
 * @param to where each partition ends, exclusive: an offset, or the first record that is not older than a timestamp;
 *     empty for its end now
 */
public record ExportQuery(
        String topic, OptionalInt partition, Optional<Position> from, Optional<Position> to, Isolation isolation) {
    /** The committed records of the whole topic. */
    public static ExportQuery of(String topic) {
        return new ExportQuery(
                topic, OptionalInt.empty(), Optional.empty(), Optional.empty(), Isolation.READ_COMMITTED);
    }
}
