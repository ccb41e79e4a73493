// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.wire.message.CreatePartitionsRequest;
import io.kaon.wire.message.CreatePartitionsRequest.CreatePartitionsTopic;
import io.kaon.wire.message.CreatePartitionsResponse;
import io.kaon.wire.message.CreateTopicsRequest;
import io.kaon.wire.message.CreateTopicsRequest.CreatableTopic;
import io.kaon.wire.message.CreateTopicsRequest.CreatableTopicConfig;
import io.kaon.wire.message.CreateTopicsResponse;
import io.kaon.wire.message.CreateTopicsResponse.CreatableTopicResult;
import io.kaon.wire.message.DeleteTopicsRequest;
import io.kaon.wire.message.DeleteTopicsRequest.DeleteTopicState;
import io.kaon.wire.message.DeleteTopicsResponse;
import io.kaon.wire.message.MetadataRequest;
import io.kaon.wire.message.MetadataRequest.MetadataRequestTopic;
import io.kaon.wire.message.MetadataResponse;
import io.kaon.wire.message.MetadataResponse.MetadataResponsePartition;
import io.kaon.wire.message.MetadataResponse.MetadataResponseTopic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;

/** Topics: what there is, and orders to make, widen and delete them. Any thread. */
public final class Topics {
    /** As on the wire: the broker's own setting. */
    private static final int BROKER_DEFAULT = -1;

    private static final int TIMEOUT_MS = 20_000;

    private final AdminCaller caller;

    /** @param caller whom to ask */
    public Topics(AdminCaller caller) {
        this.caller = caller;
    }

    /**
     * A topic.
     *
     * @param isInternal whether it belongs to the broker
     * @param partitions in their order
     */
    public record Topic(String name, boolean isInternal, List<Partition> partitions) {
        public Topic {
            partitions = List.copyOf(partitions);
        }

        /** Of its first partition, as Kafka's tools tell it; 0 without partitions. */
        public int replicationFactor() {
            return partitions.isEmpty() ? 0 : partitions.get(0).replicas().size();
        }

        /** The names of its partitions. */
        public List<TopicPartition> partitionNames() {
            return partitions.stream()
                    .map(partition -> new TopicPartition(name, partition.index()))
                    .toList();
        }
    }

    /**
     * A partition.
     *
     * @param leader empty while there is none
     * @param replicas ids of brokers, the preferred leader first
     * @param inSync of those, who has everything
     */
    public record Partition(int index, OptionalInt leader, List<Integer> replicas, List<Integer> inSync) {
        public Partition {
            replicas = List.copyOf(replicas);
            inSync = List.copyOf(inSync);
        }
    }

    /**
     * A topic to be made.
     *
     * @param partitions empty for the broker's {@code num.partitions}
     * @param replicationFactor empty for the broker's default
     * @param configs under Kafka's names
     */
    public record NewTopic(
            String name, OptionalInt partitions, OptionalInt replicationFactor, Map<String, String> configs) {
        public NewTopic {
            configs = Map.copyOf(configs);
        }
    }

    /** All topics, in the order of their names. */
    public CompletionStage<List<Topic>> list() {
        return metadata(null).thenApply(answer -> answer.topics().stream()
                .filter(topic -> topic.errorCode() == ErrorCode.NONE.code())
                .map(Topics::toTopic)
                .sorted(Comparator.comparing(Topic::name))
                .toList());
    }

    /** One topic; fails with UNKNOWN_TOPIC_OR_PARTITION when there is none of that name. */
    public CompletionStage<Topic> describe(String name) {
        List<MetadataRequestTopic> names = new ArrayList<>(List.of(new MetadataRequestTopic().setName(name)));
        return metadata(names).thenApply(answer -> {
            MetadataResponseTopic topic = answer.topics().get(0);
            ErrorCode error = ErrorCode.of(topic.errorCode());
            if (error == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION || error == ErrorCode.INVALID_TOPIC_EXCEPTION) {
                throw new AdminException(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "There is no topic " + name + ".");
            }
            AdminCaller.check(topic.errorCode(), null);
            return toTopic(topic);
        });
    }

    private CompletionStage<MetadataResponse> metadata(List<MetadataRequestTopic> names) {
        return caller.call(
                MetadataResponse.class, new MetadataRequest().setTopics(names).setAllowAutoTopicCreation(false));
    }

    /** Makes a topic. Fails with the broker's reason. */
    public CompletionStage<Void> create(NewTopic topic) {
        return create(topic, false);
    }

    /** Says whether {@link #create} would make the topic: fails as it would. */
    public CompletionStage<Void> validate(NewTopic topic) {
        return create(topic, true);
    }

    private CompletionStage<Void> create(NewTopic topic, boolean validateOnly) {
        List<CreatableTopicConfig> configs = new ArrayList<>();
        topic.configs()
                .forEach((name, value) ->
                        configs.add(new CreatableTopicConfig().setName(name).setValue(value)));
        CreatableTopic creatable = new CreatableTopic()
                .setName(topic.name())
                .setNumPartitions(topic.partitions().orElse(BROKER_DEFAULT))
                .setReplicationFactor((short) topic.replicationFactor().orElse(BROKER_DEFAULT))
                .setConfigs(configs);
        CreateTopicsRequest request = new CreateTopicsRequest()
                .setTopics(new ArrayList<>(List.of(creatable)))
                .setTimeoutMs(TIMEOUT_MS)
                .setValidateOnly(validateOnly);
        return caller.call(CreateTopicsResponse.class, request).thenAccept(answer -> {
            CreatableTopicResult result = answer.topics().get(0);
            AdminCaller.check(result.errorCode(), result.errorMessage());
        });
    }

    /** Widens a topic to so many partitions. Fails with the broker's reason: it can only grow. */
    public CompletionStage<Void> widen(String name, int partitions) {
        CreatePartitionsTopic topic =
                new CreatePartitionsTopic().setName(name).setCount(partitions).setAssignments(null);
        CreatePartitionsRequest request = new CreatePartitionsRequest()
                .setTopics(new ArrayList<>(List.of(topic)))
                .setTimeoutMs(TIMEOUT_MS);
        return caller.call(CreatePartitionsResponse.class, request).thenAccept(answer -> {
            AdminCaller.check(
                    answer.results().get(0).errorCode(), answer.results().get(0).errorMessage());
        });
    }

    /** Deletes a topic with its records. Fails with UNKNOWN_TOPIC_OR_PARTITION when there is none of that name. */
    public CompletionStage<Void> delete(String name) {
        DeleteTopicsRequest request = new DeleteTopicsRequest()
                .setTopics(new ArrayList<>(List.of(new DeleteTopicState().setName(name))))
                .setTimeoutMs(TIMEOUT_MS);
        return caller.call(DeleteTopicsResponse.class, request).thenAccept(answer -> {
            AdminCaller.check(
                    answer.responses().get(0).errorCode(),
                    answer.responses().get(0).errorMessage());
        });
    }

    private static Topic toTopic(MetadataResponseTopic topic) {
        return new Topic(
                topic.name(),
                topic.isInternal(),
                topic.partitions().stream()
                        .map(Topics::toPartition)
                        .sorted(Comparator.comparingInt(Partition::index))
                        .toList());
    }

    private static Partition toPartition(MetadataResponsePartition partition) {
        return new Partition(
                partition.partitionIndex(),
                partition.leaderId() < 0 ? OptionalInt.empty() : OptionalInt.of(partition.leaderId()),
                partition.replicaNodes(),
                partition.isrNodes());
    }
}
