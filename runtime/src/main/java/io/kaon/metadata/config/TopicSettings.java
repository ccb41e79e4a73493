// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata.config;

import io.kaon.metadata.ClusterImage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The settings of a topic that are in effect on this broker. Immutable, any thread; a changed image makes a new one.
 */
public final class TopicSettings {
    private final Map<String, String> values;

    private TopicSettings(Map<String, String> values) {
        this.values = values;
    }

    /** The settings of a topic, which need not exist yet. */
    public static TopicSettings of(ClusterImage image, String topic, BrokerSettings settings) {
        EffectiveConfigs effective = new EffectiveConfigs(image, settings);
        Map<String, String> values = new HashMap<>();
        for (ConfigKey key : ConfigCatalogue.topics().keys()) {
            effective.topicValue(topic, key).ifPresent(value -> values.put(key.name(), value));
        }
        return new TopicSettings(values);
    }

    /** Whether old segments are deleted. */
    public boolean isDeleted() {
        return cleanupPolicies().contains("delete");
    }

    /** Whether it is compacted. */
    public boolean isCompacted() {
        return cleanupPolicies().contains("compact");
    }

    /** Milliseconds; −1 for never. */
    public long retentionMs() {
        return bigNumber("retention.ms");
    }

    /** −1 for no bound. */
    public long retentionBytes() {
        return bigNumber("retention.bytes");
    }

    public int segmentBytes() {
        return number("segment.bytes");
    }

    public long segmentMs() {
        return bigNumber("segment.ms");
    }

    public int segmentIndexBytes() {
        return number("segment.index.bytes");
    }

    public int indexIntervalBytes() {
        return number("index.interval.bytes");
    }

    public int maxMessageBytes() {
        return number("max.message.bytes");
    }

    /** Whether records carry the broker's time. */
    public boolean isLogAppendTime() {
        return value("message.timestamp.type").equals("LogAppendTime");
    }

    public long timestampBeforeMaxMs() {
        return bigNumber("message.timestamp.before.max.ms");
    }

    public long timestampAfterMaxMs() {
        return bigNumber("message.timestamp.after.max.ms");
    }

    /** Random share of {@code segment.ms}, in ms, by which segments end earlier. */
    public long segmentJitterMs() {
        return bigNumber("segment.jitter.ms");
    }

    /** Whether a new segment's file has its full size at once. */
    public boolean isPreallocated() {
        return Boolean.parseBoolean(value("preallocate"));
    }

    public long minCompactionLagMs() {
        return bigNumber("min.compaction.lag.ms");
    }

    public long maxCompactionLagMs() {
        return bigNumber("max.compaction.lag.ms");
    }

    public double minCleanableDirtyRatio() {
        return Double.parseDouble(value("min.cleanable.dirty.ratio"));
    }

    public long deleteRetentionMs() {
        return bigNumber("delete.retention.ms");
    }

    /** {@code producer}, {@code uncompressed}, or the name of a codec. */
    public String compressionType() {
        return value("compression.type");
    }

    /**
     * How hard a codec tries.
     *
     * @param codec its name
     * @param otherwise the answer for a codec that has no levels
     */
    public int compressionLevel(String codec, int otherwise) {
        String key = "compression." + codec + ".level";
        return ConfigCatalogue.topics().find(key).isPresent() ? number(key) : otherwise;
    }

    /** Whether the records inside a compressed batch are checked one by one. */
    public boolean isCompressedInspected() {
        return value("kaon.compressed.inspection").equals("records");
    }

    /** Records after which the log is synced. */
    public long flushMessages() {
        return bigNumber("flush.messages");
    }

    /** {@code kaon.durability=fsync}. */
    public boolean isSyncedBeforeCommit() {
        return value("kaon.durability").equals("fsync");
    }

    public long flushMs() {
        return bigNumber("flush.ms");
    }

    public long fileDeleteDelayMs() {
        return bigNumber("file.delete.delay.ms");
    }

    public int minInsyncReplicas() {
        return number("min.insync.replicas");
    }

    /** The value of a key of the catalogue, in its normal notation. */
    public String value(String name) {
        return ConfigCatalogue.topics().get(name).type().normal(values.get(name));
    }

    private List<String> cleanupPolicies() {
        return ConfigType.elements(value("cleanup.policy"));
    }

    private int number(String name) {
        return Integer.parseInt(value(name));
    }

    private long bigNumber(String name) {
        return Long.parseLong(value(name));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TopicSettings that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
