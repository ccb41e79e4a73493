// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata;

import static io.kaon.common.Checks.invariant;

import io.kaon.common.Uuid;
import io.kaon.metadata.ConfigResource.Type;
import io.kaon.wire.StateMessage;
import io.kaon.wire.state.BrokerRecord;
import io.kaon.wire.state.ClusterRecord;
import io.kaon.wire.state.ConfigRecord;
import io.kaon.wire.state.ControllerRecord;
import io.kaon.wire.state.FeatureLevelRecord;
import io.kaon.wire.state.PartitionChangeRecord;
import io.kaon.wire.state.PartitionRecord;
import io.kaon.wire.state.ProducerIdsRecord;
import io.kaon.wire.state.RemoveBrokerRecord;
import io.kaon.wire.state.RemoveTopicRecord;
import io.kaon.wire.state.TopicRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The only way from one image to the next: replays records onto a base and remembers what they changed. Owned by
 * whoever made it. Replaying an entry twice gives the same image as replaying it once; records that contradict the
 * image are an {@link io.kaon.common.InvariantViolation}.
 */
public final class ImageBuilder {
    String clusterId;
    int controllerId;
    int controllerEpoch;
    long nextProducerId;
    PersistentMap<String, Short> features;
    PersistentMap<Integer, BrokerImage> brokers;
    PersistentMap<String, TopicImage> topics;
    PersistentMap<Uuid, String> topicNames;
    PersistentMap<ConfigResource, PersistentMap<String, String>> configs;

    private final Set<String> changedTopics = new HashSet<>();
    private final List<TopicImage> removedTopics = new ArrayList<>();
    private final Set<ConfigResource> changedConfigs = new HashSet<>();
    private boolean brokersChanged;

    public ImageBuilder(ClusterImage base) {
        clusterId = base.clusterId();
        controllerId = base.controllerId().orElse(-1);
        controllerEpoch = base.controllerEpoch();
        nextProducerId = base.nextProducerId();
        features = base.featureMap();
        brokers = base.brokerMap();
        topics = base.topicMap();
        topicNames = base.topicNameMap();
        configs = base.configMap();
    }

    /** Replays a record; {@link IllegalArgumentException} when this version does not know its type. */
    public ImageBuilder replay(StateMessage message) {
        MetadataRecordType.of(message.recordType())
                .orElseThrow(() -> new IllegalArgumentException("no metadata record: " + message))
                .replay(this, message);
        return this;
    }

    /** Replays records in order. */
    public ImageBuilder replay(Iterable<? extends StateMessage> messages) {
        messages.forEach(this::replay);
        return this;
    }

    /** The image with all that was replayed, as of that offset of the journal. The builder may go on. */
    public ClusterImage build(long offset) {
        return new ClusterImage(this, offset);
    }

    /** What was changed since the base. */
    public ImageChange change() {
        return new ImageChange(changedTopics, removedTopics, changedConfigs, brokersChanged);
    }

    void onCluster(ClusterRecord message) {
        invariant(
                clusterId.isEmpty() || clusterId.equals(message.clusterId()),
                "a journal of cluster %s says that it is one of cluster %s",
                clusterId,
                message.clusterId());
        clusterId = message.clusterId();
    }

    void onController(ControllerRecord message) {
        invariant(
                message.controllerEpoch() >= controllerEpoch,
                "controller epoch %s after %s",
                message.controllerEpoch(),
                controllerEpoch);
        controllerId = message.controllerId();
        controllerEpoch = message.controllerEpoch();
        brokersChanged = true;
    }

    void onFeatureLevel(FeatureLevelRecord message) {
        features = features.with(message.name(), message.featureLevel());
    }

    void onBroker(BrokerRecord message) {
        List<ListenerImage> listeners = message.listeners().stream()
                .map(it ->
                        new ListenerImage(it.name(), it.host(), it.port(), SecurityProtocol.of(it.securityProtocol())))
                .toList();
        BrokerImage broker = new BrokerImage(
                message.brokerId(),
                message.brokerEpoch(),
                listeners,
                Optional.ofNullable(message.rack()),
                message.fenced());
        brokers = brokers.with(broker.id(), broker);
        brokersChanged = true;
    }

    void onRemoveBroker(RemoveBrokerRecord message) {
        BrokerImage broker = brokers.get(message.brokerId());
        if (broker != null && broker.epoch() <= message.brokerEpoch()) {
            brokers = brokers.without(message.brokerId());
            brokersChanged = true;
        }
    }

    void onTopic(TopicRecord message) {
        TopicImage before = topics.get(message.name());
        invariant(
                before == null || before.id().equals(message.topicId()),
                "topic %s is made again while it exists",
                message.name());
        if (before == null) {
            topics = topics.with(message.name(), new TopicImage(message.name(), message.topicId(), List.of()));
            topicNames = topicNames.with(message.topicId(), message.name());
            changedTopics.add(message.name());
        }
    }

    void onPartition(PartitionRecord message) {
        SpareReplicas spare = new SpareReplicas(
                message.eligibleLeaderReplicas(),
                message.lastKnownElr(),
                message.addingReplicas(),
                message.removingReplicas());
        put(
                topicOf(message.topicId()),
                new PartitionImage(
                        message.partitionIndex(),
                        message.replicas(),
                        message.isr(),
                        message.leader(),
                        message.leaderEpoch(),
                        message.partitionEpoch(),
                        spare.equals(SpareReplicas.NONE) ? SpareReplicas.NONE : spare));
    }

    void onPartitionChange(PartitionChangeRecord message) {
        TopicImage topic = topicOf(message.topicId());
        PartitionImage before = topic.partitions().get(message.partitionIndex());
        invariant(
                message.leaderEpoch() >= before.leaderEpoch() && message.partitionEpoch() >= before.partitionEpoch(),
                "the epochs of %s-%s would fall",
                topic.name(),
                before.index());
        SpareReplicas spare = before.spare();
        put(
                topic,
                new PartitionImage(
                        before.index(),
                        changed(message.replicas(), before.replicas()),
                        changed(message.isr(), before.isr()),
                        message.leader(),
                        message.leaderEpoch(),
                        message.partitionEpoch(),
                        new SpareReplicas(
                                changed(message.eligibleLeaderReplicas(), spare.eligibleLeaders()),
                                changed(message.lastKnownElr(), spare.lastKnownEligible()),
                                changed(message.addingReplicas(), spare.adding()),
                                changed(message.removingReplicas(), spare.removing()))));
    }

    void onRemoveTopic(RemoveTopicRecord message) {
        String name = topicNames.get(message.topicId());
        if (name == null) {
            return; // replayed before
        }
        removedTopics.add(topics.get(name));
        topics = topics.without(name);
        topicNames = topicNames.without(message.topicId());
        configs = configs.without(ConfigResource.topic(name));
        changedTopics.remove(name);
        changedConfigs.remove(ConfigResource.topic(name));
    }

    void onConfig(ConfigRecord message) {
        Type type = Type.of(message.resourceType())
                .orElseThrow(() -> new IllegalArgumentException("unknown resource type in " + message));
        ConfigResource resource = new ConfigResource(type, message.resourceName());
        PersistentMap<String, String> before = configs.getOrDefault(resource, PersistentMap.empty());
        PersistentMap<String, String> after =
                message.value() == null ? before.without(message.name()) : before.with(message.name(), message.value());
        if (!Objects.equals(before.get(message.name()), message.value())) {
            configs = after.isEmpty() ? configs.without(resource) : configs.with(resource, after);
            changedConfigs.add(resource);
        }
    }

    void onProducerIds(ProducerIdsRecord message) {
        invariant(
                message.nextProducerId() >= nextProducerId,
                "producer ids from %s on would be given twice",
                message.nextProducerId());
        nextProducerId = message.nextProducerId();
    }

    private void put(TopicImage topic, PartitionImage partition) {
        topics = topics.with(topic.name(), topic.with(partition));
        changedTopics.add(topic.name());
    }

    private TopicImage topicOf(Uuid id) {
        String name = topicNames.get(id);
        invariant(name != null, "a record speaks of topic id %s, which does not exist", id);
        return topics.get(name);
    }

    private static List<Integer> changed(List<Integer> now, List<Integer> before) {
        return now == null ? before : now;
    }
}
