// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client;

import io.kaon.common.Uuid;
import io.kaon.wire.message.MetadataRequest;
import io.kaon.wire.message.MetadataResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.protocol.Errors;

/** Asks the broker which topics there are, and makes them by asking when the broker allows it. Any thread. */
public final class TopicDirectory {
    private final BrokerCalls calls;
    private final TopicSettings settings;

    public TopicDirectory(BrokerCalls calls, TopicSettings settings) {
        this.calls = calls;
        this.settings = settings;
    }

    /** How old may be what is known of topics. */
    public long maxAgeMs() {
        return settings.maxAgeMs();
    }

    /**
     * What the broker knows of some topics.
     *
     * @param partitions how many partitions each topic has that is there
     * @param errors why another one is not
     */
    public record Topics(String clusterId, Node node, Map<String, Integer> partitions, Map<String, Errors> errors) {
        /** How many partitions a topic has, 0 when it is not there. */
        public int partitionCount(String topic) {
            return partitions.getOrDefault(topic, 0);
        }

        public List<PartitionInfo> partitionsOf(String topic) {
            List<PartitionInfo> found = new ArrayList<>();
            Node[] replicas = {node};
            for (int partition = 0; partition < partitionCount(topic); partition++) {
                found.add(new PartitionInfo(topic, partition, node, replicas, replicas));
            }
            return found;
        }

        /** As Kafka's assignors want it. */
        public Cluster toCluster() {
            List<PartitionInfo> all = new ArrayList<>();
            partitions.keySet().forEach(topic -> all.addAll(partitionsOf(topic)));
            return new Cluster(clusterId, List.of(node), all, Set.of(), Set.of());
        }
    }

    /**
     * Looks topics up by name; one that is missing is made if {@code allow.auto.create.topics} and the broker's
     * {@code auto.create.topics.enable} say so.
     */
    public CompletableFuture<Topics> lookUp(Collection<String> names) {
        return lookUp(names, settings.isCreating());
    }

    /** Looks topics up by name; none is made. */
    public CompletableFuture<Topics> lookUpExisting(Collection<String> names) {
        return lookUp(names, false);
    }

    private CompletableFuture<Topics> lookUp(Collection<String> names, boolean allowAutoTopicCreation) {
        MetadataRequest request = new MetadataRequest().setAllowAutoTopicCreation(allowAutoTopicCreation);
        List<MetadataRequest.MetadataRequestTopic> topics = new ArrayList<>();
        names.forEach(name -> topics.add(new MetadataRequest.MetadataRequestTopic().setName(name)));
        return ask(request.setTopics(topics), false);
    }

    /** All topics that a pattern may match. */
    public CompletableFuture<Topics> all() {
        return ask(everything(), settings.isInternalExcluded());
    }

    /** All topics, the broker's own too. */
    public CompletableFuture<Topics> allWithInternal() {
        return ask(everything(), false);
    }

    private static MetadataRequest everything() {
        return new MetadataRequest().setAllowAutoTopicCreation(false).setTopics(null);
    }

    /** The names of those of the topics that there are. */
    public CompletableFuture<Map<Uuid, String>> namesOf(Collection<Uuid> ids) {
        List<MetadataRequest.MetadataRequestTopic> topics = new ArrayList<>();
        ids.forEach(id -> topics.add(
                new MetadataRequest.MetadataRequestTopic().setTopicId(id).setName(null)));
        MetadataRequest request =
                new MetadataRequest().setAllowAutoTopicCreation(false).setTopics(topics);
        return calls.call(MetadataResponse.class, request).thenApply(response -> {
            Map<Uuid, String> names = new HashMap<>();
            response.topics().stream()
                    .filter(topic -> Errors.forCode(topic.errorCode()) == Errors.NONE)
                    .forEach(topic -> names.put(topic.topicId(), topic.name()));
            return names;
        });
    }

    private CompletableFuture<Topics> ask(MetadataRequest request, boolean withoutInternal) {
        return calls.call(MetadataResponse.class, request).thenApply(response -> read(response, withoutInternal));
    }

    private static Topics read(MetadataResponse response, boolean withoutInternal) {
        Map<String, Integer> partitions = new HashMap<>();
        Map<String, Errors> errors = new HashMap<>();
        for (MetadataResponse.MetadataResponseTopic topic : response.topics()) {
            if (withoutInternal && topic.isInternal()) {
                continue;
            }
            Errors error = Errors.forCode(topic.errorCode());
            if (error == Errors.NONE && !topic.partitions().isEmpty()) {
                partitions.put(topic.name(), topic.partitions().size());
            } else {
                errors.put(topic.name(), error);
            }
        }
        Node node = response.brokers().stream()
                .findFirst()
                .map(broker -> new Node(broker.nodeId(), broker.host(), broker.port()))
                .orElse(Node.noNode());
        return new Topics(response.clusterId(), node, partitions, errors);
    }
}
