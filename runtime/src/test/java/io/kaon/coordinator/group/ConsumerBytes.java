// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.Uuid;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ImageBuilder;
import io.kaon.wire.BufferWriter;
import io.kaon.wire.Message;
import io.kaon.wire.message.ConsumerProtocolAssignment;
import io.kaon.wire.message.ConsumerProtocolSubscription;
import io.kaon.wire.state.PartitionRecord;
import io.kaon.wire.state.TopicRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Bytes as Kafka's consumers put them into the classic protocol, and a cluster with topics for them. */
final class ConsumerBytes {
    private ConsumerBytes() {}

    /** Topics {@code topic-0}, {@code topic-1} … of that many partitions each, on broker 0. */
    static ClusterImage image(int topics, int partitions) {
        ImageBuilder builder = new ImageBuilder(ClusterImage.EMPTY);
        for (int topic = 0; topic < topics; topic++) {
            builder.replay(new TopicRecord().setName("topic-" + topic).setTopicId(idOf(topic)));
            for (int partition = 0; partition < partitions; partition++) {
                builder.replay(new PartitionRecord()
                        .setTopicId(idOf(topic))
                        .setPartitionIndex(partition)
                        .setReplicas(List.of(0))
                        .setIsr(List.of(0)));
            }
        }
        return builder.build(1);
    }

    static Uuid idOf(int topic) {
        return new Uuid(7, topic + 1);
    }

    static byte[] subscription(String... topics) {
        return subscription(List.of(), topics);
    }

    /** Of version 3, by a member that owns these partitions of {@code topic-0}. */
    static byte[] subscription(List<Integer> owned, String... topics) {
        return subscription(-1, owned, topics);
    }

    /** As above, by a member that was given them in that generation. */
    static byte[] subscription(int generation, List<Integer> owned, String... topics) {
        ConsumerProtocolSubscription subscription =
                new ConsumerProtocolSubscription().setTopics(List.of(topics)).setGenerationId(generation);
        if (!owned.isEmpty()) {
            subscription.setOwnedPartitions(List.of(new ConsumerProtocolSubscription.TopicPartition()
                    .setTopic("topic-0")
                    .setPartitions(owned)));
        }
        return versioned(subscription, ConsumerProtocolSubscription.HIGHEST_VERSION);
    }

    static byte[] assignment(List<Integer> partitions) {
        return assignment(partitions, null);
    }

    static byte[] assignment(List<Integer> partitions, byte[] userData) {
        return versioned(
                new ConsumerProtocolAssignment()
                        .setUserData(userData)
                        .setAssignedPartitions(List.of(new ConsumerProtocolAssignment.TopicPartition()
                                .setTopic("topic-0")
                                .setPartitions(partitions))),
                ConsumerProtocolAssignment.HIGHEST_VERSION);
    }

    /** The partitions of {@code topic-0} in an assignment. */
    static List<Integer> partitions(byte[] assignment) {
        List<Integer> partitions = new ArrayList<>();
        EmbeddedProtocol.assignment(assignment)
                .orElseThrow()
                .assignedPartitions()
                .forEach(topic -> partitions.addAll(topic.partitions()));
        return partitions;
    }

    private static byte[] versioned(Message message, short version) {
        BufferWriter out = new BufferWriter();
        out.writeShort(version);
        message.write(out, version);
        ByteBuffer written = out.toBuffer();
        byte[] bytes = new byte[written.remaining()];
        written.get(bytes);
        return bytes;
    }
}
