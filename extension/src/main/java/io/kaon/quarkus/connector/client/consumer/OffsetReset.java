// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.ConfigException;

/**
 * Where a partition without a position begins: the values of {@code auto.offset.reset}.
 *
 * @param back how far before now, only for {@link Kind#BY_DURATION}
 */
record OffsetReset(Kind kind, Duration back) {
    static final OffsetReset EARLIEST = new OffsetReset(Kind.EARLIEST, Duration.ZERO);
    static final OffsetReset LATEST = new OffsetReset(Kind.LATEST, Duration.ZERO);
    static final OffsetReset NONE = new OffsetReset(Kind.NONE, Duration.ZERO);

    private static final String BY_DURATION = "by_duration:";
    private static final long EARLIEST_TIMESTAMP = -2;
    private static final long LATEST_TIMESTAMP = -1;

    enum Kind {
        EARLIEST,
        LATEST,
        NONE,
        BY_DURATION
    }

    static OffsetReset of(String text) {
        String value = text.toLowerCase(Locale.ROOT);
        return switch (value) {
            case "earliest" -> EARLIEST;
            case "latest" -> LATEST;
            case "none" -> NONE;
            default -> {
                if (!value.startsWith(BY_DURATION)) {
                    throw refused(text);
                }
                yield new OffsetReset(Kind.BY_DURATION, duration(text));
            }
        };
    }

    private static Duration duration(String text) {
        try {
            Duration back = Duration.parse(text.substring(BY_DURATION.length()));
            if (!back.isNegative()) {
                return back;
            }
        } catch (DateTimeParseException e) {
            ConfigException refused = refused(text);
            refused.initCause(e);
            throw refused;
        }
        throw refused(text);
    }

    private static ConfigException refused(String text) {
        return new ConfigException(
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                text,
                "must be earliest, latest, none or by_duration: and a duration such as PT1H");
    }

    /**
     * What ListOffsets takes for it.
     *
     * @param nowMs the time at which the position is asked for
     */
    long timestamp(long nowMs) {
        return switch (kind) {
            case EARLIEST -> EARLIEST_TIMESTAMP;
            case BY_DURATION -> Math.max(0, nowMs - back.toMillis());
            case LATEST, NONE -> LATEST_TIMESTAMP;
        };
    }
}
