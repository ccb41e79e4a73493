// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import java.util.Locale;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.ConfigException;

/** Where a partition without a position begins: the values of {@code auto.offset.reset}. */
enum OffsetReset {
    EARLIEST(-2),
    LATEST(-1),
    NONE(0);

    private final long timestamp;

    OffsetReset(long timestamp) {
        this.timestamp = timestamp;
    }

    /** What ListOffsets takes for it in the place of a timestamp. */
    long timestamp() {
        return timestamp;
    }

    static OffsetReset of(String text) {
        try {
            return valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(
                    ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                    text,
                    "must be earliest, latest or none in this application");
        }
    }
}
