// SPDX-License-Identifier: Apache-2.0
package io.kaon.controller;

import io.kaon.common.ErrorCode;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ImageRecords;
import io.kaon.metadata.TopicImage;
import io.kaon.wire.StateMessage;
import io.kaon.wire.message.CreatePartitionsRequest;
import io.kaon.wire.message.CreatePartitionsRequest.CreatePartitionsAssignment;
import io.kaon.wire.message.CreatePartitionsRequest.CreatePartitionsTopic;
import io.kaon.wire.message.CreatePartitionsResponse;
import io.kaon.wire.message.CreatePartitionsResponse.CreatePartitionsTopicResult;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Decides about one CreatePartitions request: an entry for each topic (C7). Used once. */
final class PartitionCreation {
    private final ClusterImage image;
    private final ReplicaPlacement placement;
    private final List<StateMessage> records = new ArrayList<>();

    PartitionCreation(ClusterImage image) {
        this.image = image;
        this.placement = new ReplicaPlacement(image);
    }

    Decision<CreatePartitionsResponse> decide(CreatePartitionsRequest request) {
        Map<String, CreatePartitionsTopic> topics = new LinkedHashMap<>();
        Set<String> duplicates = new HashSet<>();
        for (CreatePartitionsTopic topic : request.topics()) {
            if (topics.put(topic.name(), topic) != null) {
                duplicates.add(topic.name());
            }
        }
        List<CreatePartitionsTopicResult> results = new ArrayList<>();
        for (CreatePartitionsTopic topic : topics.values()) {
            Optional<Rejected> problem = duplicates.contains(topic.name())
                    ? rejected(ErrorCode.INVALID_REQUEST, "The request names this topic more than once.")
                    : decide(topic);
            results.add(new CreatePartitionsTopicResult()
                    .setName(topic.name())
                    .setErrorCode(
                            problem.map(Rejected::code).orElse(ErrorCode.NONE).code())
                    .setErrorMessage(problem.map(Rejected::message).orElse(null)));
        }
        CreatePartitionsResponse response = new CreatePartitionsResponse().setResults(results);
        return new Decision<>(request.validateOnly() ? List.of() : records, response);
    }

    private Optional<Rejected> decide(CreatePartitionsTopic asked) {
        Optional<TopicImage> found = image.topic(asked.name());
        if (found.isEmpty()) {
            return rejected(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "There is no topic of this name.");
        }
        TopicImage topic = found.get();
        int before = topic.partitions().size();
        if (asked.count() <= before) {
            return rejected(
                    ErrorCode.INVALID_PARTITIONS,
                    "The topic has " + before + " partitions already, which " + asked.count() + " would not increase.");
        }
        int added = asked.count() - before;
        if (records.size() + added > Limits.MAX_RECORDS_PER_REQUEST) {
            return rejected(ErrorCode.POLICY_VIOLATION, "One request may not make so many partitions.");
        }
        int replicationFactor = topic.partitions().get(0).replicas().size();
        Optional<Rejected> problem = problem(asked, added, replicationFactor);
        if (problem.isEmpty()) {
            int index = before;
            for (List<Integer> replicas : replicas(asked, added, replicationFactor)) {
                records.add(ImageRecords.partition(topic, placement.newPartition(index++, replicas)));
            }
        }
        return problem;
    }

    private Optional<Rejected> problem(CreatePartitionsTopic asked, int added, int replicationFactor) {
        if (isAutomatic(asked)) {
            return placement.problem(replicationFactor);
        }
        if (asked.assignments().size() != added) {
            return rejected(
                    ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                    "There are " + asked.assignments().size() + " assignments for " + added + " new partitions.");
        }
        int index = asked.count() - added;
        for (CreatePartitionsAssignment assignment : asked.assignments()) {
            Optional<Rejected> problem = placement.problem(index++, assignment.brokerIds(), replicationFactor);
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private List<List<Integer>> replicas(CreatePartitionsTopic asked, int added, int replicationFactor) {
        return isAutomatic(asked)
                ? placement.spread(asked.count() - added, added, replicationFactor)
                : asked.assignments().stream()
                        .map(CreatePartitionsAssignment::brokerIds)
                        .toList();
    }

    private static boolean isAutomatic(CreatePartitionsTopic asked) {
        return asked.assignments() == null || asked.assignments().isEmpty();
    }

    private static Optional<Rejected> rejected(ErrorCode code, String message) {
        return Optional.of(new Rejected(code, message));
    }
}
