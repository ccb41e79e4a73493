// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.common.Checks.require;

import io.kaon.record.ValidationRules;

/**
 * The settings of one partition that are in effect. Immutable; a change is a new one ({@link
 * PartitionLog#reconfigure}).
 *
 * @param rules what a batch must be like
 * @param segments when a new segment begins
 * @param retention what may be deleted
 * @param producerIdExpirationMs {@code producer.id.expiration.ms}: a producer that was silent for so long is forgotten
 * @param hotBytes distance from the log end within which what this process wrote is expected in the page cache
 */
public record LogOptions(
        ValidationRules rules,
        SegmentOptions segments,
        RetentionOptions retention,
        long producerIdExpirationMs,
        long hotBytes) {
    /** Kafka's default of {@code producer.id.expiration.ms}: a day. */
    public static final long DEFAULT_PRODUCER_ID_EXPIRATION_MS = 86_400_000;
    /** 64 MiB: small beside a broker's memory, large beside what tailing consumers lag behind. */
    public static final long DEFAULT_HOT_BYTES = 64L << 20;
    /** A topic with Kafka's defaults. */
    public static final LogOptions DEFAULT = new LogOptions(
            ValidationRules.DEFAULT,
            SegmentOptions.DEFAULT,
            RetentionOptions.DEFAULT,
            DEFAULT_PRODUCER_ID_EXPIRATION_MS,
            DEFAULT_HOT_BYTES);

    public LogOptions {
        require(
                producerIdExpirationMs >= 1,
                "producer.id.expiration.ms must be at least 1, was %s",
                producerIdExpirationMs);
        require(hotBytes >= 0, "hotBytes must be at least 0, was %s", hotBytes);
    }

    public LogOptions withRules(ValidationRules other) {
        return new LogOptions(other, segments, retention, producerIdExpirationMs, hotBytes);
    }

    public LogOptions withSegments(SegmentOptions other) {
        return new LogOptions(rules, other, retention, producerIdExpirationMs, hotBytes);
    }

    public LogOptions withRetention(RetentionOptions other) {
        return new LogOptions(rules, segments, other, producerIdExpirationMs, hotBytes);
    }

    public LogOptions withProducerIdExpirationMs(long other) {
        return new LogOptions(rules, segments, retention, other, hotBytes);
    }

    public LogOptions withHotBytes(long other) {
        return new LogOptions(rules, segments, retention, producerIdExpirationMs, other);
    }
}
