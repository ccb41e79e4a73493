// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import io.kaon.metadata.BrokerImage;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.PartitionImage;
import io.kaon.metadata.TopicImage;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A number for all that an assignment rests on in the topics of a group: which of them exist, under what ids, with how
 * many partitions, in which racks. It is written with the group's epoch; another number means another epoch. Leaders
 * and replicas in sync do not count.
 */
final class TopicFingerprint {
    private static final long START = 0x9E3779B97F4A7C15L;

    private final ClusterImage image;
    private final boolean hasRacks;
    private long state = START;

    private TopicFingerprint(ClusterImage image) {
        this.image = image;
        hasRacks = image.brokers().values().stream()
                .anyMatch(broker -> broker.rack().isPresent());
    }

    /** Of the topics with these names that exist; 0 if none does. */
    static long of(Collection<String> names, ClusterImage image) {
        TopicFingerprint fingerprint = new TopicFingerprint(image);
        boolean any = false;
        for (String name : new TreeSet<>(names)) {
            if (image.topic(name).isPresent()) {
                fingerprint.add(image.topic(name).get());
                any = true;
            }
        }
        return any ? fingerprint.state : 0;
    }

    private void add(TopicImage topic) {
        add(topic.id().mostSignificantBits());
        add(topic.id().leastSignificantBits());
        add(topic.name());
        add(topic.partitions().size());
        if (hasRacks) {
            topic.partitions().forEach(this::addRacks);
        }
    }

    private void addRacks(PartitionImage partition) {
        SortedSet<String> racks = new TreeSet<>();
        for (int replica : partition.replicas()) {
            image.broker(replica).flatMap(BrokerImage::rack).ifPresent(racks::add);
        }
        add(racks.size());
        racks.forEach(this::add);
    }

    private void add(String text) {
        add(text.length());
        for (int i = 0; i < text.length(); i++) {
            state = (state ^ text.charAt(i)) * 0x100000001B3L;
        }
        add(0);
    }

    /** A step of a mixing function that depends on every bit of both. */
    private void add(long value) {
        long mixed = state ^ value;
        mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        state = (mixed ^ mixed >>> 31) + START;
    }
}
