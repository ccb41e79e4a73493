// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.config.BrokerSettings;
import io.kaon.metadata.config.TopicSettings;
import io.kaon.record.AppendOrigin;
import io.kaon.record.Compression;
import io.kaon.record.CompressionType;
import io.kaon.record.InspectionDepth;
import io.kaon.record.TimestampType;
import io.kaon.record.ValidationRules;
import io.kaon.storage.CompactionOptions;
import io.kaon.storage.Durability;
import io.kaon.storage.FlushOptions;
import io.kaon.storage.LogOptions;
import io.kaon.storage.RetentionOptions;
import io.kaon.storage.SegmentOptions;
import java.util.Optional;
import java.util.function.BiFunction;

/** Turns the settings of a topic that are in effect under an image into its logs' options. Immutable, any thread. */
public final class TopicLogOptions implements BiFunction<ClusterImage, String, LogOptions> {
    private final BrokerSettings broker;

    /** @param broker the settings that the broker was started with */
    public TopicLogOptions(BrokerSettings broker) {
        this.broker = broker;
    }

    @Override
    public LogOptions apply(ClusterImage image, String topicName) {
        TopicSettings topic = TopicSettings.of(image, topicName, broker);
        RetentionOptions retention = new RetentionOptions(
                topic.isDeleted(),
                topic.isCompacted(),
                topic.retentionMs(),
                topic.retentionBytes(),
                topic.fileDeleteDelayMs());
        CompactionOptions compaction = new CompactionOptions(
                topic.minCompactionLagMs(),
                topic.maxCompactionLagMs(),
                topic.minCleanableDirtyRatio(),
                topic.deleteRetentionMs());
        return LogOptions.DEFAULT
                .withRules(rules(topic))
                .withStoredCompression(storedCompression(topic))
                .withSegments(segments(topic))
                .withRetention(retention)
                .withCompaction(compaction)
                .withFlush(new FlushOptions(topic.flushMessages(), topic.flushMs(), durability(topic)))
                .withProducerIdExpirationMs(broker.producerIdExpirationMs());
    }

    private static Durability durability(TopicSettings topic) {
        return topic.isSyncedBeforeCommit() ? Durability.FSYNC : Durability.OS;
    }

    private static ValidationRules rules(TopicSettings topic) {
        // What gets another codec has to be decompressed anyway, and must be sound.
        boolean isLookedInside =
                topic.isCompressedInspected() || storedCompression(topic).isPresent();
        return new ValidationRules(
                topic.maxMessageBytes(),
                topic.isLogAppendTime() ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME,
                topic.timestampBeforeMaxMs(),
                topic.timestampAfterMaxMs(),
                topic.isCompacted(),
                AppendOrigin.CLIENT,
                isLookedInside ? InspectionDepth.RECORDS : InspectionDepth.HEADER);
    }

    /** Only what lies in a segment that has ended is compacted: so it must end within {@code max.compaction.lag.ms}. */
    private static SegmentOptions segments(TopicSettings topic) {
        return new SegmentOptions(
                topic.segmentBytes(),
                topic.isCompacted() ? Math.min(topic.segmentMs(), topic.maxCompactionLagMs()) : topic.segmentMs(),
                topic.segmentJitterMs(),
                topic.segmentIndexBytes(),
                topic.indexIntervalBytes(),
                topic.isPreallocated());
    }

    private static Optional<Compression> storedCompression(TopicSettings topic) {
        return CompressionType.ofName(topic.compressionType())
                .map(type -> new Compression(type, topic.compressionLevel(type.kafkaName(), type.defaultLevel())));
    }
}
