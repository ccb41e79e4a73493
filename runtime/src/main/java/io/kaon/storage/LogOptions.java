// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.common.Checks.require;

import io.kaon.record.Compression;
import io.kaon.record.ValidationRules;
import java.util.Optional;

/**
 * The settings of one partition that are in effect. Immutable; a change is a new one ({@link
 * PartitionLog#reconfigure}).
 *
 * @param rules what a batch must be like
 * @param storedCompression {@code compression.type} with its level; empty for {@code producer}: batches stay as they came
 * @param segments when a new segment begins
 * @param retention what may be deleted
 * @param compaction when it is compacted
 * @param flush when it is synced
 * @param producerIdExpirationMs {@code producer.id.expiration.ms}: a producer that was silent for so long is forgotten
 * @param hotBytes distance from the log end within which what this process wrote is expected in the page cache
 */
public record LogOptions(
        ValidationRules rules,
        Optional<Compression> storedCompression,
        SegmentOptions segments,
        RetentionOptions retention,
        CompactionOptions compaction,
        FlushOptions flush,
        long producerIdExpirationMs,
        long hotBytes) {
    /** Kafka's default of {@code producer.id.expiration.ms}: a day. */
    public static final long DEFAULT_PRODUCER_ID_EXPIRATION_MS = 86_400_000;
    /** 64 MiB: small beside a broker's memory, large beside what tailing consumers lag behind. */
    public static final long DEFAULT_HOT_BYTES = 64L << 20;
    /** A topic with Kafka's defaults. */
    public static final LogOptions DEFAULT = new LogOptions(
            ValidationRules.DEFAULT,
            Optional.empty(),
            SegmentOptions.DEFAULT,
            RetentionOptions.DEFAULT,
            CompactionOptions.DEFAULT,
            FlushOptions.DEFAULT,
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
        return new LogOptions(
                other, storedCompression, segments, retention, compaction, flush, producerIdExpirationMs, hotBytes);
    }

    public LogOptions withStoredCompression(Optional<Compression> other) {
        return new LogOptions(rules, other, segments, retention, compaction, flush, producerIdExpirationMs, hotBytes);
    }

    public LogOptions withSegments(SegmentOptions other) {
        return new LogOptions(
                rules, storedCompression, other, retention, compaction, flush, producerIdExpirationMs, hotBytes);
    }

    public LogOptions withRetention(RetentionOptions other) {
        return new LogOptions(
                rules, storedCompression, segments, other, compaction, flush, producerIdExpirationMs, hotBytes);
    }

    public LogOptions withCompaction(CompactionOptions other) {
        return new LogOptions(
                rules, storedCompression, segments, retention, other, flush, producerIdExpirationMs, hotBytes);
    }

    public LogOptions withFlush(FlushOptions other) {
        return new LogOptions(
                rules, storedCompression, segments, retention, compaction, other, producerIdExpirationMs, hotBytes);
    }

    public LogOptions withProducerIdExpirationMs(long other) {
        return new LogOptions(rules, storedCompression, segments, retention, compaction, flush, other, hotBytes);
    }

    public LogOptions withHotBytes(long other) {
        return new LogOptions(
                rules, storedCompression, segments, retention, compaction, flush, producerIdExpirationMs, other);
    }
}
