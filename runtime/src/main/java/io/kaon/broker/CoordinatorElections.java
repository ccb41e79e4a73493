// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ImageChange;
import io.kaon.metadata.ImageListener;
import io.kaon.metadata.PartitionImage;
import io.kaon.metadata.TopicImage;

/** Tells a coordinator which partitions of its topic this broker leads. */
final class CoordinatorElections implements ImageListener {
    private final int nodeId;
    private final String topic;
    private final Shards shards;

    /** The coordinator, as far as elections matter to it. */
    interface Shards {
        void onLeader(int partition, int leaderEpoch);

        void onResigned(int partition);
    }

    /** @param topic the coordinator's own */
    CoordinatorElections(int nodeId, String topic, Shards shards) {
        this.nodeId = nodeId;
        this.topic = topic;
        this.shards = shards;
    }

    @Override
    public void onImage(ClusterImage image, ImageChange change) {
        for (TopicImage removed : change.removed()) {
            if (removed.name().equals(topic)) {
                removed.partitions().forEach(partition -> shards.onResigned(partition.index()));
            }
        }
        if (change.topics().contains(topic)) {
            elect(image);
        }
    }

    /** Takes over what the topic's partitions say. */
    void elect(ClusterImage image) {
        image.topic(topic).ifPresent(found -> found.partitions().forEach(this::elect));
    }

    private void elect(PartitionImage partition) {
        if (partition.leader() == nodeId) {
            shards.onLeader(partition.index(), partition.leaderEpoch());
        } else {
            shards.onResigned(partition.index());
        }
    }
}
