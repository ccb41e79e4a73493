// SPDX-License-Identifier: Apache-2.0
package io.kaon.common;

/**
 * A partition by the name of its topic.
 *
 * @param topic the topic's name
 * @param partition the partition's index, from 0
 */
public record TopicPartition(String topic, int partition) implements Comparable<TopicPartition> {
    public TopicPartition {
        Checks.require(partition >= 0, "a partition index is not negative, was %s", partition);
    }

    @Override
    public int compareTo(TopicPartition other) {
        int order = topic.compareTo(other.topic);
        return order != 0 ? order : Integer.compare(partition, other.partition);
    }

    /** As Kafka names the partition's folder: {@code topic-0}. */
    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
