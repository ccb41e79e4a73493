// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import static io.kaon.common.Checks.require;

/**
 * What a topic asks of a batch. Made once per change of the topic's configuration, not per request.
 *
 * @param maxMessageBytes {@code max.message.bytes}: size of a whole batch with its header
 * @param timestampType {@code message.timestamp.type}
 * @param timestampBeforeMaxMs {@code message.timestamp.before.max.ms}; {@link Long#MAX_VALUE} for no limit
 * @param timestampAfterMaxMs {@code message.timestamp.after.max.ms}; {@link Long#MAX_VALUE} for no limit
 * @param needsKeys whether {@code cleanup.policy} has {@code compact}: then each record needs a key
 * @param origin who made the batch
 * @param compressedDepth how far to look into a compressed batch
 */
public record ValidationRules(
        int maxMessageBytes,
        TimestampType timestampType,
        long timestampBeforeMaxMs,
        long timestampAfterMaxMs,
        boolean needsKeys,
        AppendOrigin origin,
        InspectionDepth compressedDepth) {
    /** Kafka's default of {@code max.message.bytes}: 1 MiB and a header. */
    public static final int DEFAULT_MAX_MESSAGE_BYTES = (1 << 20) + BatchFormat.LOG_OVERHEAD;

    /** Kafka 4's default of {@code message.timestamp.after.max.ms}: an hour. */
    public static final long DEFAULT_TIMESTAMP_AFTER_MAX_MS = 3_600_000;

    /** A topic with Kafka's defaults. */
    public static final ValidationRules DEFAULT = new ValidationRules(
            DEFAULT_MAX_MESSAGE_BYTES,
            TimestampType.CREATE_TIME,
            Long.MAX_VALUE,
            DEFAULT_TIMESTAMP_AFTER_MAX_MS,
            false,
            AppendOrigin.CLIENT,
            InspectionDepth.HEADER);

    public ValidationRules {
        require(maxMessageBytes >= 0, "max.message.bytes must be at least 0, was %s", maxMessageBytes);
        require(
                timestampBeforeMaxMs >= 0,
                "message.timestamp.before.max.ms must be at least 0, was %s",
                timestampBeforeMaxMs);
        require(
                timestampAfterMaxMs >= 0,
                "message.timestamp.after.max.ms must be at least 0, was %s",
                timestampAfterMaxMs);
    }

    /** The same topic, for batches that somebody else made. */
    public ValidationRules withOrigin(AppendOrigin other) {
        if (other == origin) {
            return this;
        }
        return new ValidationRules(
                maxMessageBytes,
                timestampType,
                timestampBeforeMaxMs,
                timestampAfterMaxMs,
                needsKeys,
                other,
                compressedDepth);
    }

    /** Whether a record's own timestamp (ms) may be appended at {@code nowMs}. No timestamp (−1) always may. */
    boolean allowsTimestamp(long timestampMs, long nowMs) {
        return timestampMs == BatchFormat.NO_TIMESTAMP
                || timestampMs >= earliest(nowMs) && timestampMs <= latest(nowMs);
    }

    long earliest(long nowMs) {
        return nowMs - timestampBeforeMaxMs;
    }

    long latest(long nowMs) {
        return timestampAfterMaxMs > Long.MAX_VALUE - nowMs ? Long.MAX_VALUE : nowMs + timestampAfterMaxMs;
    }
}
