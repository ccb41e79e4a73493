// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin;

import io.kaon.admin.Configs.Resource;
import io.kaon.admin.Topics.Topic;
import io.kaon.common.TopicPartition;
import io.kaon.wire.message.DescribeLogDirsRequest;
import io.kaon.wire.message.DescribeLogDirsRequest.DescribableLogDirTopic;
import io.kaon.wire.message.DescribeLogDirsResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * What topics hold: four calls to the broker, however many topics are asked for. Any thread.
 */
public final class TopicFigures {
    private static final String CLEANUP_POLICY = "cleanup.policy";

    private final AdminCaller caller;
    private final Offsets offsets;

    /** @param caller whom to ask */
    public TopicFigures(AdminCaller caller) {
        this.caller = caller;
        this.offsets = Offsets.known(caller);
    }

    /**
     * What a partition holds.
     *
     * @param logEndOffset the high watermark, which consumers see as the end
     * @param sizeBytes of this broker's files
     */
    public record PartitionFigures(long logStartOffset, long logEndOffset, long sizeBytes) {
        static final PartitionFigures UNKNOWN = new PartitionFigures(0, 0, 0);

        /** How many offsets there are: compacted and transactional logs hold fewer records than that. */
        public long records() {
            return Math.max(0, logEndOffset - logStartOffset);
        }
    }

    /** What some topics hold. */
    public record Figures(Map<TopicPartition, PartitionFigures> partitions, Map<String, String> cleanupPolicies) {
        public Figures {
            partitions = Map.copyOf(partitions);
            cleanupPolicies = Map.copyOf(cleanupPolicies);
        }

        /** Of one partition; zeros when it cannot tell. */
        public PartitionFigures of(TopicPartition partition) {
            return partitions.getOrDefault(partition, PartitionFigures.UNKNOWN);
        }

        /** See {@link PartitionFigures#records}. */
        public long records(Topic topic) {
            return topic.partitionNames().stream()
                    .mapToLong(name -> of(name).records())
                    .sum();
        }

        /** Of all its partitions here. */
        public long sizeBytes(Topic topic) {
            return topic.partitionNames().stream()
                    .mapToLong(name -> of(name).sizeBytes())
                    .sum();
        }

        /** Kafka's {@code cleanup.policy}; empty when it cannot be told. */
        public String cleanupPolicy(String topic) {
            return cleanupPolicies.getOrDefault(topic, "");
        }
    }

    /** The figures of those topics. */
    public CompletionStage<Figures> of(Collection<Topic> topics) {
        List<TopicPartition> partitions = topics.stream()
                .flatMap(topic -> topic.partitionNames().stream())
                .toList();
        CompletionStage<Map<TopicPartition, Long>> starts = offsets.earliest(partitions);
        CompletionStage<Map<TopicPartition, Long>> ends = offsets.latest(partitions);
        CompletionStage<Map<TopicPartition, Long>> sizes = sizes(topics);
        CompletionStage<Map<String, String>> policies = policies(topics);
        return starts.thenCompose(first -> ends.thenCompose(last -> sizes.thenCombine(policies, (bytes, cleanup) -> {
            Map<TopicPartition, PartitionFigures> figures = new HashMap<>();
            for (TopicPartition name : partitions) {
                long start = first.getOrDefault(name, 0L);
                figures.put(
                        name,
                        new PartitionFigures(
                                start, Math.max(start, last.getOrDefault(name, start)), bytes.getOrDefault(name, 0L)));
            }
            return new Figures(figures, cleanup);
        })));
    }

    private CompletionStage<Map<TopicPartition, Long>> sizes(Collection<Topic> topics) {
        List<DescribableLogDirTopic> asked = new ArrayList<>();
        for (Topic topic : topics) {
            List<Integer> indexes = new ArrayList<>();
            topic.partitions().forEach(partition -> indexes.add(partition.index()));
            asked.add(new DescribableLogDirTopic().setTopic(topic.name()).setPartitions(indexes));
        }
        return caller.call(DescribeLogDirsResponse.class, new DescribeLogDirsRequest().setTopics(asked))
                .thenApply(answer -> {
                    Map<TopicPartition, Long> sizes = new HashMap<>();
                    answer.results().forEach(directory -> directory.topics().forEach(topic -> topic.partitions()
                            .forEach(partition -> sizes.merge(
                                    new TopicPartition(topic.name(), partition.partitionIndex()),
                                    partition.partitionSize(),
                                    Long::sum))));
                    return sizes;
                });
    }

    private CompletionStage<Map<String, String>> policies(Collection<Topic> topics) {
        List<Resource> resources =
                topics.stream().map(topic -> Resource.topic(topic.name())).toList();
        return new Configs(caller).values(resources, CLEANUP_POLICY);
    }
}
