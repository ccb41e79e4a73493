// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata;

import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/** All metadata of the cluster at one offset of the journal. Immutable, any thread; its maps are in key order. */
public final class ClusterImage {
    /** Before anything was read. */
    public static final ClusterImage EMPTY = new ClusterImage();

    /** The offset of an image into which nothing was replayed. */
    public static final long NO_OFFSET = -1;

    private static final int NO_CONTROLLER = -1;

    private final long offset;
    private final String clusterId;
    private final int controllerId;
    private final int controllerEpoch;
    private final long nextProducerId;
    private final PersistentMap<String, Short> features;
    private final PersistentMap<Integer, BrokerImage> brokers;
    private final PersistentMap<String, TopicImage> topics;
    private final PersistentMap<Uuid, String> topicNames;
    private final PersistentMap<ConfigResource, PersistentMap<String, String>> configs;

    private ClusterImage() {
        offset = NO_OFFSET;
        clusterId = "";
        controllerId = NO_CONTROLLER;
        controllerEpoch = 0;
        nextProducerId = 0;
        features = PersistentMap.empty();
        brokers = PersistentMap.empty();
        topics = PersistentMap.empty();
        topicNames = PersistentMap.empty();
        configs = PersistentMap.empty();
    }

    ClusterImage(ImageBuilder builder, long offset) {
        this.offset = offset;
        clusterId = builder.clusterId;
        controllerId = builder.controllerId;
        controllerEpoch = builder.controllerEpoch;
        nextProducerId = builder.nextProducerId;
        features = builder.features;
        brokers = builder.brokers;
        topics = builder.topics;
        topicNames = builder.topicNames;
        configs = builder.configs;
    }

    /** Offset of the last journal entry that was replayed into this image; {@link #NO_OFFSET} when there was none. */
    public long offset() {
        return offset;
    }

    /** Empty before the first record. */
    public String clusterId() {
        return clusterId;
    }

    public OptionalInt controllerId() {
        return controllerId == NO_CONTROLLER ? OptionalInt.empty() : OptionalInt.of(controllerId);
    }

    /** 0 before there was a controller. */
    public int controllerEpoch() {
        return controllerEpoch;
    }

    /** Producer ids below this one are given away. */
    public long nextProducerId() {
        return nextProducerId;
    }

    /**
     * The finalized level of each feature; 0 where it was switched off. A feature that is not here was never spoken of:
     * the journal is older than the feature.
     */
    public Map<String, Short> features() {
        return features;
    }

    public Map<Integer, BrokerImage> brokers() {
        return brokers;
    }

    public Optional<BrokerImage> broker(int id) {
        return Optional.ofNullable(brokers.get(id));
    }

    public Optional<TopicImage> topic(String name) {
        return Optional.ofNullable(topics.get(name));
    }

    public Optional<TopicImage> topic(Uuid id) {
        return Optional.ofNullable(topicNames.get(id)).map(topics::get);
    }

    /** In the order of their names. */
    public Iterable<TopicImage> topics() {
        return topics.values();
    }

    /**
     * The topics whose name is not smaller than that one, in order: for answers in pieces, such as
     * DescribeTopicPartitions.
     */
    public Iterable<TopicImage> topicsFrom(String name) {
        Iterable<Map.Entry<String, TopicImage>> entries = topics.from(name);
        return () -> new Mapped<>(entries.iterator(), Map.Entry::getValue);
    }

    public int topicCount() {
        return topics.size();
    }

    /**
     * Whether no topic was made or removed between the two images, as far as that can be told at once; changes of
     * partitions do not count.
     */
    public boolean hasSameTopicNames(ClusterImage other) {
        return topicNames == other.topicNames;
    }

    public Optional<PartitionImage> partition(TopicPartition name) {
        return topic(name.topic()).flatMap(topic -> topic.partition(name.partition()));
    }

    /** The dynamic settings of a resource: only what was set, without defaults. */
    public Map<String, String> configs(ConfigResource resource) {
        return configs.getOrDefault(resource, PersistentMap.empty());
    }

    /** Everything that has dynamic settings. */
    public Iterable<ConfigResource> configuredResources() {
        return configs.keySet();
    }

    PersistentMap<String, Short> featureMap() {
        return features;
    }

    PersistentMap<Integer, BrokerImage> brokerMap() {
        return brokers;
    }

    PersistentMap<String, TopicImage> topicMap() {
        return topics;
    }

    PersistentMap<Uuid, String> topicNameMap() {
        return topicNames;
    }

    PersistentMap<ConfigResource, PersistentMap<String, String>> configMap() {
        return configs;
    }

    /** Same content; the offset does not matter. */
    @Override
    public boolean equals(Object other) {
        return other instanceof ClusterImage that
                && clusterId.equals(that.clusterId)
                && controllerId == that.controllerId
                && controllerEpoch == that.controllerEpoch
                && nextProducerId == that.nextProducerId
                && features.equals(that.features)
                && brokers.equals(that.brokers)
                && topics.equals(that.topics)
                && topicNames.equals(that.topicNames)
                && configs.equals(that.configs);
    }

    @Override
    public int hashCode() {
        return Objects.hash(clusterId, controllerId, controllerEpoch, nextProducerId, brokers, topics, configs);
    }

    @Override
    public String toString() {
        return "image at " + offset + ": " + brokers.size() + " brokers, " + topics.size() + " topics";
    }
}
