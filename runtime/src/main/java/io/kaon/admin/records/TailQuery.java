// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.records;

import static io.kaon.common.Checks.require;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What somebody watches.
 *
 * @param rate records a second at most, up to {@value #MAX_RATE}; what comes beyond is counted
 */
public record TailQuery(
        String topic, OptionalInt partition, Optional<TextSearch> search, int rate, PageQuery.Showing showing) {
    public static final int DEFAULT_RATE = 1000;
    public static final int MAX_RATE = 10_000;

    public TailQuery {
        require(rate >= 1 && rate <= MAX_RATE, "rate must be 1 to %s, was %s", MAX_RATE, rate);
    }

    /** All committed records of a topic, as fast as a person would want them. */
    public static TailQuery of(String topic) {
        return new TailQuery(
                topic,
                OptionalInt.empty(),
                Optional.empty(),
                DEFAULT_RATE,
                new PageQuery.Showing(PageQuery.DEFAULT_SHOWN_BYTES, Isolation.READ_COMMITTED));
    }

    public TailQuery rate(int recordsPerSecond) {
        return new TailQuery(topic, partition, search, recordsPerSecond, showing);
    }

    public TailQuery search(TextSearch text) {
        return new TailQuery(topic, partition, Optional.of(text), rate, showing);
    }
}
