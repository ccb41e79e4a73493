// SPDX-License-Identifier: Apache-2.0
package io.kaon.controller;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ConfigResource;
import io.kaon.metadata.ImageBuilder;
import io.kaon.metadata.ImageRecords;
import io.kaon.metadata.InternalTopics;
import io.kaon.metadata.PartitionImage;
import io.kaon.metadata.TopicImage;
import io.kaon.metadata.TopicNames;
import io.kaon.metadata.config.BrokerSettings;
import io.kaon.metadata.config.ConfigDescriber;
import io.kaon.metadata.config.ConfigEntry;
import io.kaon.wire.StateMessage;
import io.kaon.wire.message.CreateTopicsRequest;
import io.kaon.wire.message.CreateTopicsRequest.CreatableReplicaAssignment;
import io.kaon.wire.message.CreateTopicsRequest.CreatableTopic;
import io.kaon.wire.message.CreateTopicsResponse;
import io.kaon.wire.message.CreateTopicsResponse.CreatableTopicConfigs;
import io.kaon.wire.message.CreateTopicsResponse.CreatableTopicResult;
import io.kaon.wire.state.ConfigRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Decides about one CreateTopics request: an entry for each topic, each of them made as a whole or not at all (C7).
 * What was decided for one topic counts for the next. Used once.
 */
final class TopicCreation {
    private static final int USE_DEFAULT = -1;

    private final BrokerSettings settings;
    private final ConfigDescriber describer;
    private final Supplier<Uuid> ids;
    private final List<StateMessage> records = new ArrayList<>();
    private ClusterImage image;

    /** @param ids makes ids that were never used */
    TopicCreation(ClusterImage image, BrokerSettings settings, Supplier<Uuid> ids) {
        this.image = image;
        this.settings = settings;
        this.describer = new ConfigDescriber(settings);
        this.ids = ids;
    }

    Decision<CreateTopicsResponse> decide(CreateTopicsRequest request) {
        Map<String, CreatableTopic> topics = new LinkedHashMap<>();
        Set<String> duplicates = new HashSet<>();
        for (CreatableTopic topic : request.topics()) {
            if (topics.put(topic.name(), topic) != null) {
                duplicates.add(topic.name());
            }
        }
        List<CreatableTopicResult> results = new ArrayList<>();
        for (CreatableTopic topic : topics.values()) {
            results.add(
                    duplicates.contains(topic.name())
                            ? refused(topic, ErrorCode.INVALID_REQUEST, "The request names this topic more than once.")
                            : decide(topic, request.validateOnly()));
        }
        CreateTopicsResponse response = new CreateTopicsResponse().setTopics(results);
        return new Decision<>(request.validateOnly() ? List.of() : records, response);
    }

    private CreatableTopicResult decide(CreatableTopic topic, boolean validateOnly) {
        Map<String, String> configs = configs(topic);
        Optional<Rejected> problem = nameProblem(topic.name())
                .or(() -> configProblem(topic, configs))
                .or(() -> partitionProblem(topic));
        if (problem.isPresent()) {
            return refused(topic, problem.get().code(), problem.get().message());
        }
        List<List<Integer>> replicas = replicas(topic);
        if (records.size() + replicas.size() + configs.size() >= Limits.MAX_RECORDS_PER_REQUEST) {
            return refused(topic, ErrorCode.POLICY_VIOLATION, "One request may not make so many partitions.");
        }
        TopicImage made = topic(topic.name(), replicas);
        List<StateMessage> changes = new ArrayList<>(ImageRecords.topic(made).toList());
        configs.forEach((name, value) -> changes.add(new ConfigRecord()
                .setResourceType(ConfigResource.Type.TOPIC.id())
                .setResourceName(topic.name())
                .setName(name)
                .setValue(value)));
        image = new ImageBuilder(image).replay(changes).build(image.offset());
        records.addAll(changes);
        return made(made, validateOnly);
    }

    private Optional<Rejected> nameProblem(String name) {
        if (name.equals(InternalTopics.CLUSTER_METADATA)) {
            return rejected(ErrorCode.TOPIC_AUTHORIZATION_FAILED, "Nobody may make a topic of this name.");
        }
        Optional<String> problem = TopicNames.problem(name);
        if (problem.isPresent()) {
            return rejected(ErrorCode.INVALID_TOPIC_EXCEPTION, problem.get());
        }
        if (image.topic(name).isPresent()) {
            return rejected(ErrorCode.TOPIC_ALREADY_EXISTS, "The topic '" + name + "' exists already.");
        }
        return TopicNames.collision(image, name)
                .map(other -> new Rejected(
                        ErrorCode.INVALID_TOPIC_EXCEPTION,
                        "The name '" + name + "' differs from the topic '" + other + "' only by '.' and '_'."));
    }

    private static Optional<Rejected> configProblem(CreatableTopic topic, Map<String, String> configs) {
        if (topic.configs().stream().anyMatch(config -> config.value() == null)) {
            return rejected(ErrorCode.INVALID_CONFIG, "A setting of a new topic cannot be null.");
        }
        return ConfigAlteration.problem(ConfigResource.topic(topic.name()), configs, Map.of());
    }

    private Optional<Rejected> partitionProblem(CreatableTopic topic) {
        if (!topic.assignments().isEmpty()) {
            return assignmentProblem(topic);
        }
        if (topic.replicationFactor() < USE_DEFAULT || topic.replicationFactor() == 0) {
            return rejected(
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    "The replication factor must be positive, or -1 for the default.");
        }
        if (topic.numPartitions() < USE_DEFAULT || topic.numPartitions() == 0) {
            return rejected(
                    ErrorCode.INVALID_PARTITIONS, "The number of partitions must be positive, or -1 for the default.");
        }
        if (numPartitions(topic) > Limits.MAX_RECORDS_PER_REQUEST) {
            return rejected(ErrorCode.POLICY_VIOLATION, "One request may not make so many partitions.");
        }
        return new ReplicaPlacement(image).problem(replicationFactor(topic));
    }

    private Optional<Rejected> assignmentProblem(CreatableTopic topic) {
        if (topic.replicationFactor() != USE_DEFAULT || topic.numPartitions() != USE_DEFAULT) {
            return rejected(
                    ErrorCode.INVALID_REQUEST,
                    "With an assignment of replicas, number of partitions and replication factor must be -1.");
        }
        ReplicaPlacement placement = new ReplicaPlacement(image);
        Map<Integer, List<Integer>> assigned = new TreeMap<>();
        int replicationFactor = topic.assignments().get(0).brokerIds().size();
        for (CreatableReplicaAssignment assignment : topic.assignments()) {
            int partition = assignment.partitionIndex();
            if (assigned.put(partition, assignment.brokerIds()) != null) {
                return rejected(
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        "Partition " + partition + " is assigned more than once.");
            }
            Optional<Rejected> problem = placement.problem(partition, assignment.brokerIds(), replicationFactor);
            if (problem.isPresent()) {
                return problem;
            }
        }
        int expected = 0;
        for (int partition : assigned.keySet()) {
            if (partition != expected++) {
                return rejected(
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT, "Assigned partitions must count from 0 without gaps.");
            }
        }
        return Optional.empty();
    }

    private List<List<Integer>> replicas(CreatableTopic topic) {
        if (topic.assignments().isEmpty()) {
            return new ReplicaPlacement(image).spread(0, numPartitions(topic), replicationFactor(topic));
        }
        Map<Integer, List<Integer>> byIndex = new TreeMap<>();
        topic.assignments().forEach(it -> byIndex.put(it.partitionIndex(), it.brokerIds()));
        return List.copyOf(byIndex.values());
    }

    private TopicImage topic(String name, List<List<Integer>> replicas) {
        ReplicaPlacement placement = new ReplicaPlacement(image);
        List<PartitionImage> partitions = new ArrayList<>(replicas.size());
        for (List<Integer> brokers : replicas) {
            partitions.add(placement.newPartition(partitions.size(), brokers));
        }
        return new TopicImage(name, ids.get(), partitions);
    }

    private CreatableTopicResult made(TopicImage topic, boolean validateOnly) {
        List<CreatableTopicConfigs> configs = new ArrayList<>();
        for (ConfigEntry entry : describer.topic(image, topic.name())) {
            configs.add(new CreatableTopicConfigs()
                    .setName(entry.name())
                    .setValue(entry.value().orElse(null))
                    .setReadOnly(entry.isReadOnly())
                    .setConfigSource(entry.source().id())
                    .setIsSensitive(entry.key().isSensitive()));
        }
        return new CreatableTopicResult()
                .setName(topic.name())
                .setTopicId(validateOnly ? Uuid.ZERO : topic.id())
                .setErrorMessage(null)
                .setNumPartitions(topic.partitions().size())
                .setReplicationFactor(
                        (short) topic.partitions().get(0).replicas().size())
                .setConfigs(configs);
    }

    /** What the client set, over what an internal topic always has. The last value of a key counts. */
    private Map<String, String> configs(CreatableTopic topic) {
        Map<String, String> configs = new TreeMap<>(internalConfigs(topic));
        topic.configs().stream()
                .filter(config -> config.value() != null)
                .forEach(config -> configs.put(config.name(), config.value()));
        return configs;
    }

    /** Without these, retention would delete what the broker itself has to remember. */
    private Map<String, String> internalConfigs(CreatableTopic topic) {
        String name = topic.name();
        if (name.equals(InternalTopics.CONSUMER_OFFSETS)) {
            return Map.of(
                    "cleanup.policy", "compact",
                    "compression.type", "producer",
                    "segment.bytes", Integer.toString(settings.offsetsTopicSegmentBytes()));
        }
        if (name.equals(InternalTopics.TRANSACTION_STATE)) {
            return Map.of(
                    "cleanup.policy",
                    "compact",
                    "compression.type",
                    "uncompressed",
                    "min.insync.replicas",
                    // More than there are replicas, and nothing could ever be written.
                    Integer.toString(Math.max(1, Math.min(settings.transactionTopicMinIsr(), replicaCount(topic)))),
                    "segment.bytes",
                    Integer.toString(settings.transactionTopicSegmentBytes()));
        }
        return name.equals(InternalTopics.SHARE_GROUP_STATE) ? Map.of("cleanup.policy", "delete") : Map.of();
    }

    private int numPartitions(CreatableTopic topic) {
        if (topic.numPartitions() != USE_DEFAULT) {
            return topic.numPartitions();
        }
        if (topic.name().equals(InternalTopics.CONSUMER_OFFSETS)) {
            return settings.offsetsTopicPartitions();
        }
        return topic.name().equals(InternalTopics.TRANSACTION_STATE)
                ? settings.transactionTopicPartitions()
                : settings.numPartitions();
    }

    private int replicaCount(CreatableTopic topic) {
        return topic.assignments().isEmpty()
                ? replicationFactor(topic)
                : topic.assignments().get(0).brokerIds().size();
    }

    /**
     * Internal topics are made with fewer replicas when there are fewer brokers: the first user need not wait for
     * more.
     */
    private int replicationFactor(CreatableTopic topic) {
        if (topic.replicationFactor() != USE_DEFAULT) {
            return topic.replicationFactor();
        }
        int brokers = Math.max(1, image.brokers().size());
        if (topic.name().equals(InternalTopics.CONSUMER_OFFSETS)) {
            return Math.min(brokers, settings.offsetsTopicReplicationFactor());
        }
        return topic.name().equals(InternalTopics.TRANSACTION_STATE)
                ? Math.min(brokers, settings.transactionTopicReplicationFactor())
                : settings.defaultReplicationFactor();
    }

    private static CreatableTopicResult refused(CreatableTopic topic, ErrorCode code, String message) {
        return new CreatableTopicResult()
                .setName(topic.name())
                .setErrorCode(code.code())
                .setErrorMessage(message);
    }

    private static Optional<Rejected> rejected(ErrorCode code, String message) {
        return Optional.of(new Rejected(code, message));
    }
}
