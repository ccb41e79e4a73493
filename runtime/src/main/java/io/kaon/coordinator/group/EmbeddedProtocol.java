// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.Uuid;
import io.kaon.coordinator.group.assignor.Assignment;
import io.kaon.coordinator.group.assignor.PartitionSet;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.TopicImage;
import io.kaon.wire.BufferReader;
import io.kaon.wire.BufferWriter;
import io.kaon.wire.MalformedFrameException;
import io.kaon.wire.message.ConsumerProtocolAssignment;
import io.kaon.wire.message.ConsumerProtocolSubscription;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What Kafka's consumers tell each other inside the bytes of the classic protocol. The coordinator reads and writes it
 * only where a group moves between the protocols, or lives in both. Each structure has its version in front:
 *
 * <pre>
 * subscription  int16 version │ topics │ user data │ owned partitions (1) │ generation (2) │ rack (3)
 * assignment    int16 version │ partitions by topic │ user data
 * </pre>
 */
final class EmbeddedProtocol {
    private EmbeddedProtocol() {}

    /** Empty if the bytes are no subscription. A version that we do not know yet is read as the newest we do. */
    static Optional<ConsumerProtocolSubscription> subscription(byte[] bytes) {
        try {
            BufferReader in = new BufferReader(ByteBuffer.wrap(bytes));
            short version = versionOf(in.readShort(), ConsumerProtocolSubscription.HIGHEST_VERSION);
            return Optional.of(ConsumerProtocolSubscription.from(in, version));
        } catch (MalformedFrameException noSubscription) {
            return Optional.empty();
        }
    }

    /** Empty if the bytes are no assignment. No bytes at all are the assignment of somebody who has none yet. */
    static Optional<ConsumerProtocolAssignment> assignment(byte[] bytes) {
        if (bytes.length == 0) {
            return Optional.of(new ConsumerProtocolAssignment());
        }
        try {
            BufferReader in = new BufferReader(ByteBuffer.wrap(bytes));
            short version = versionOf(in.readShort(), ConsumerProtocolAssignment.HIGHEST_VERSION);
            return Optional.of(ConsumerProtocolAssignment.from(in, version));
        } catch (MalformedFrameException noAssignment) {
            return Optional.empty();
        }
    }

    /**
     * An assignment in bytes.
     *
     * @param subscription of the member that is to read it: it gets the version that it speaks
     */
    static byte[] write(ConsumerProtocolAssignment assignment, byte[] subscription) {
        short spoken = subscription.length < Short.BYTES
                ? 0
                : ByteBuffer.wrap(subscription).getShort();
        short version = (short) Math.max(0, Math.min(spoken, ConsumerProtocolAssignment.HIGHEST_VERSION));
        BufferWriter out = new BufferWriter();
        out.writeShort(version);
        assignment.write(out, version);
        ByteBuffer written = out.toBuffer();
        byte[] bytes = new byte[written.remaining()];
        written.get(bytes);
        return bytes;
    }

    /** With ids instead of names; topics that do not exist are left out. */
    static Assignment partitions(ConsumerProtocolAssignment assignment, ClusterImage image) {
        Map<String, List<Integer>> byName = new HashMap<>();
        assignment.assignedPartitions().forEach(topic -> byName.computeIfAbsent(
                        topic.topic(), ignored -> new ArrayList<>())
                .addAll(topic.partitions()));
        return partitions(byName, image);
    }

    /** What the member says that it owns, with ids instead of names. */
    static Assignment owned(ConsumerProtocolSubscription subscription, ClusterImage image) {
        Map<String, List<Integer>> byName = new HashMap<>();
        subscription.ownedPartitions().forEach(topic -> byName.computeIfAbsent(
                        topic.topic(), ignored -> new ArrayList<>())
                .addAll(topic.partitions()));
        return partitions(byName, image);
    }

    private static Assignment partitions(Map<String, List<Integer>> byName, ClusterImage image) {
        Map<Uuid, PartitionSet> byId = new HashMap<>();
        byName.forEach((name, partitions) ->
                image.topic(name).ifPresent(topic -> byId.put(topic.id(), PartitionSet.copyOf(partitions))));
        return new Assignment(byId);
    }

    /** With names instead of ids, in their order; topics that do not exist any more are left out. */
    static ConsumerProtocolAssignment named(Assignment assignment, ClusterImage image) {
        List<ConsumerProtocolAssignment.TopicPartition> topics = new ArrayList<>();
        assignment.topics().forEach((id, partitions) -> image.topic(id)
                .map(TopicImage::name)
                .ifPresent(name -> topics.add(new ConsumerProtocolAssignment.TopicPartition()
                        .setTopic(name)
                        .setPartitions(listOf(partitions)))));
        topics.sort(Comparator.comparing(ConsumerProtocolAssignment.TopicPartition::topic));
        return new ConsumerProtocolAssignment().setAssignedPartitions(topics);
    }

    private static List<Integer> listOf(PartitionSet partitions) {
        List<Integer> list = new ArrayList<>(partitions.size());
        for (int place = 0; place < partitions.size(); place++) {
            list.add(partitions.get(place));
        }
        return list;
    }

    private static short versionOf(short version, short highest) {
        if (version < 0) {
            throw new MalformedFrameException(0, "a version is not negative, was " + version);
        }
        return version > highest ? highest : version;
    }
}
