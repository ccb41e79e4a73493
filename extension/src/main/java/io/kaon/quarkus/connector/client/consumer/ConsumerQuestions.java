// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import io.kaon.quarkus.connector.client.BrokerCalls;
import io.kaon.quarkus.connector.client.Deadline;
import io.kaon.quarkus.connector.client.TopicDirectory;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * What an application asks a consumer about topics and offsets, whether they are the consumer's or not. Each waits for
 * the broker's answer. No state.
 */
record ConsumerQuestions(OffsetQueries offsets, TopicDirectory directory) {
    /** The beginning or the end of each partition. */
    Map<TopicPartition, Long> ends(Collection<TopicPartition> wanted, OffsetReset end, Deadline deadline) {
        Map<TopicPartition, Long> timestamps = new HashMap<>();
        wanted.forEach(partition -> timestamps.put(partition, end.timestamp(0)));
        Map<TopicPartition, Long> ends = new HashMap<>();
        offsetsForTimes(timestamps, deadline).forEach((partition, offset) -> ends.put(partition, offset.offset()));
        return ends;
    }

    /** The first record at or after a time, for each partition that has one. */
    Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(Map<TopicPartition, Long> times, Deadline deadline) {
        return BrokerCalls.await(offsets.offsets(times), deadline, "ListOffsets");
    }

    /** The partitions of a topic, which is made by asking where that is allowed. */
    List<PartitionInfo> partitionsFor(String topic, Deadline deadline) {
        return BrokerCalls.await(directory.lookUp(Set.of(topic)), deadline, "Metadata")
                .partitionsOf(topic);
    }

    /** All topics, the broker's own too. */
    Map<String, List<PartitionInfo>> listTopics(Deadline deadline) {
        TopicDirectory.Topics topics = BrokerCalls.await(directory.allWithInternal(), deadline, "Metadata");
        Map<String, List<PartitionInfo>> answer = new HashMap<>();
        topics.partitions().keySet().forEach(topic -> answer.put(topic, topics.partitionsOf(topic)));
        return answer;
    }
}
