// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata;

import io.kaon.wire.StateMessage;
import io.kaon.wire.state.BrokerRecord;
import io.kaon.wire.state.ClusterRecord;
import io.kaon.wire.state.ConfigRecord;
import io.kaon.wire.state.ControllerRecord;
import io.kaon.wire.state.FeatureLevelRecord;
import io.kaon.wire.state.PartitionRecord;
import io.kaon.wire.state.ProducerIdsRecord;
import io.kaon.wire.state.TopicRecord;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * An image as the records that make it again: the content of a snapshot. Made lazily while they are iterated, which any
 * thread may do.
 */
public final class ImageRecords implements Iterable<StateMessage> {
    private final ClusterImage image;

    public ImageRecords(ClusterImage image) {
        this.image = image;
    }

    @Override
    public Iterator<StateMessage> iterator() {
        Stream<StateMessage> brokers = stream(image.brokerMap().values()).map(ImageRecords::broker);
        Stream<StateMessage> topics = stream(image.topics()).flatMap(ImageRecords::topic);
        Stream<StateMessage> configs = stream(image.configuredResources()).flatMap(this::configs);
        // concat, unlike a flatMap over the parts, holds no more than one topic at a time
        return Stream.concat(Stream.concat(cluster().stream(), brokers), Stream.concat(topics, configs))
                .iterator();
    }

    /** A broker as a record. */
    public static StateMessage broker(BrokerImage broker) {
        List<BrokerRecord.BrokerListener> listeners = new ArrayList<>();
        for (ListenerImage listener : broker.listeners()) {
            listeners.add(new BrokerRecord.BrokerListener()
                    .setName(listener.name())
                    .setHost(listener.host())
                    .setPort(listener.port())
                    .setSecurityProtocol(listener.protocol().id()));
        }
        return new BrokerRecord()
                .setBrokerId(broker.id())
                .setBrokerEpoch(broker.epoch())
                .setFenced(broker.fenced())
                .setRack(broker.rack().orElse(null))
                .setListeners(listeners);
    }

    /** A topic and its partitions as records. */
    public static Stream<StateMessage> topic(TopicImage topic) {
        StateMessage first = new TopicRecord().setName(topic.name()).setTopicId(topic.id());
        return Stream.concat(Stream.of(first), topic.partitions().stream().map(it -> partition(topic, it)));
    }

    /** A partition of a topic as a record. */
    public static StateMessage partition(TopicImage topic, PartitionImage partition) {
        SpareReplicas spare = partition.spare();
        return new PartitionRecord()
                .setTopicId(topic.id())
                .setPartitionIndex(partition.index())
                .setReplicas(partition.replicas())
                .setIsr(partition.isr())
                .setEligibleLeaderReplicas(spare.eligibleLeaders())
                .setLastKnownElr(spare.lastKnownEligible())
                .setAddingReplicas(spare.adding())
                .setRemovingReplicas(spare.removing())
                .setLeader(partition.leader())
                .setLeaderEpoch(partition.leaderEpoch())
                .setPartitionEpoch(partition.partitionEpoch());
    }

    private List<StateMessage> cluster() {
        List<StateMessage> records = new ArrayList<>();
        if (!image.clusterId().isEmpty()) {
            records.add(new ClusterRecord().setClusterId(image.clusterId()));
        }
        image.controllerId()
                .ifPresent(id -> records.add(
                        new ControllerRecord().setControllerId(id).setControllerEpoch(image.controllerEpoch())));
        image.features()
                .forEach((name, level) ->
                        records.add(new FeatureLevelRecord().setName(name).setFeatureLevel(level)));
        if (image.nextProducerId() > 0) {
            records.add(new ProducerIdsRecord().setBrokerId(-1).setNextProducerId(image.nextProducerId()));
        }
        return records;
    }

    private Stream<StateMessage> configs(ConfigResource resource) {
        return image.configs(resource).entrySet().stream().map(entry -> new ConfigRecord()
                .setResourceType(resource.type().id())
                .setResourceName(resource.name())
                .setName(entry.getKey())
                .setValue(entry.getValue()));
    }

    private static <T> Stream<T> stream(Iterable<T> source) {
        return StreamSupport.stream(source.spliterator(), false);
    }
}
