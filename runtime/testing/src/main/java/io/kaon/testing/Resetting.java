// SPDX-License-Identifier: Apache-2.0
package io.kaon.testing;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Brings a broker back to where a test may begin, by what Kafka's protocol offers, while the application's clients stay
 * connected. Records are deleted up to the end of each partition rather than topics made anew: offsets go on rising, so
 * a consumer at the end reads the next record, and none finds a topic with another id.
 */
final class Resetting {
    private static final RecordsToDelete TO_THE_END = RecordsToDelete.beforeOffset(-1);
    private static final String CLEANUP_POLICY = "cleanup.policy";

    private final KaonClient client;
    private final Admin admin;

    Resetting(KaonClient client) {
        this.client = client;
        this.admin = client.admin();
    }

    /** Deletes all records of topics that are not internal. */
    void emptyTopics() {
        Map<TopicPartition, RecordsToDelete> filled = filled(client.topics());
        if (filled.isEmpty()) {
            return;
        }
        Set<String> compacted = new HashSet<>();
        admin.deleteRecords(filled).lowWatermarks().forEach((partition, deletion) -> {
            try {
                client.await("Emptying " + partition, deletion);
            } catch (PolicyViolationException onlyCompacted) {
                compacted.add(partition.topic());
            } catch (UnknownTopicOrPartitionException gone) {
                return; // Deleted meanwhile: emptier than empty.
            }
        });
        if (!compacted.isEmpty()) {
            emptyCompacted(compacted);
        }
    }

    /** Records of topics that are only compacted cannot be deleted, so they are not only compacted for a moment. */
    private void emptyCompacted(Set<String> topics) {
        setPolicy(
                topics, new AlterConfigOp(new ConfigEntry(CLEANUP_POLICY, "compact,delete"), AlterConfigOp.OpType.SET));
        try {
            client.await(
                    "Emptying compacted topics",
                    admin.deleteRecords(filled(topics)).all());
        } finally {
            setPolicy(topics, new AlterConfigOp(new ConfigEntry(CLEANUP_POLICY, "compact"), AlterConfigOp.OpType.SET));
        }
    }

    private void setPolicy(Set<String> topics, AlterConfigOp change) {
        Map<ConfigResource, Collection<AlterConfigOp>> changes = topics.stream()
                .collect(Collectors.toMap(
                        topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic), topic -> List.of(change)));
        client.await(
                "Changing " + CLEANUP_POLICY,
                admin.incrementalAlterConfigs(changes).all());
    }

    /** Deletes the groups that have no members, with their offsets; the others go on. */
    void forgetGroups() {
        List<String> groups = client.await("Listing groups", admin.listGroups().all()).stream()
                .map(GroupListing::groupId)
                .toList();
        if (groups.isEmpty()) {
            return;
        }
        admin.deleteConsumerGroups(groups).deletedGroups().forEach((group, deletion) -> {
            try {
                client.await("Deleting the group " + group, deletion);
            } catch (GroupNotEmptyException | GroupIdNotFoundException other) {
                return; // In use, or gone by itself.
            }
        });
    }

    /** Deletes the topics that were not there before, but for those that a member of a group reads. */
    void deleteTopicsBut(Set<String> before) {
        Set<String> added = new HashSet<>(client.topics());
        added.removeAll(before);
        if (!added.isEmpty()) {
            added.removeAll(topicsInUse());
            client.deleteTopics(added.toArray(String[]::new));
        }
    }

    private Set<String> topicsInUse() {
        List<String> groups = client.await("Listing groups", admin.listGroups().all()).stream()
                .map(GroupListing::groupId)
                .toList();
        Set<String> inUse = new HashSet<>();
        for (KafkaFuture<ConsumerGroupDescription> answer :
                admin.describeConsumerGroups(groups).describedGroups().values()) {
            try {
                client.await("Describing groups", answer).members().forEach(member -> member.assignment()
                        .topicPartitions()
                        .forEach(partition -> inUse.add(partition.topic())));
            } catch (GroupIdNotFoundException gone) {
                continue;
            }
        }
        return inUse;
    }

    /** What has records: what is empty already costs nothing more. */
    private Map<TopicPartition, RecordsToDelete> filled(Set<String> topics) {
        Map<TopicPartition, OffsetSpec> first = new HashMap<>();
        Map<TopicPartition, OffsetSpec> next = new HashMap<>();
        admin.describeTopics(topics).topicNameValues().forEach((topic, answer) -> {
            try {
                TopicDescription description = client.await("Describing " + topic, answer);
                description.partitions().forEach(partition -> {
                    first.put(new TopicPartition(topic, partition.partition()), OffsetSpec.earliest());
                    next.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest());
                });
            } catch (UnknownTopicOrPartitionException gone) {
                return;
            }
        });
        ListOffsetsResult begins = admin.listOffsets(first);
        ListOffsetsResult ends = admin.listOffsets(next);
        Map<TopicPartition, RecordsToDelete> filled = new HashMap<>();
        for (TopicPartition partition : first.keySet()) {
            try {
                long begin = client.await("Looking into " + partition, begins.partitionResult(partition))
                        .offset();
                long end = client.await("Looking into " + partition, ends.partitionResult(partition))
                        .offset();
                if (begin < end) {
                    filled.put(partition, TO_THE_END);
                }
            } catch (UnknownTopicOrPartitionException gone) {
                continue;
            }
        }
        return filled;
    }
}
