// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import io.kaon.coordinator.group.GroupCoordinator;
import io.kaon.coordinator.group.OffsetsTopic;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ImageChange;
import io.kaon.metadata.ImageListener;
import io.kaon.metadata.PartitionImage;
import io.kaon.metadata.TopicImage;
import java.util.stream.Collectors;

/** Tells the group coordinator which partitions of its topic this broker leads, and which topics are gone. */
final class GroupElections implements ImageListener {
    private final int nodeId;
    private final GroupCoordinator groups;

    GroupElections(int nodeId, GroupCoordinator groups) {
        this.nodeId = nodeId;
        this.groups = groups;
    }

    @Override
    public void onImage(ClusterImage image, ImageChange change) {
        for (TopicImage removed : change.removed()) {
            if (removed.name().equals(OffsetsTopic.NAME)) {
                removed.partitions().forEach(partition -> groups.onResigned(partition.index()));
            }
        }
        if (!change.removed().isEmpty()) {
            groups.onTopicsDeleted(
                    change.removed().stream().map(TopicImage::name).collect(Collectors.toSet()));
        }
        if (change.topics().contains(OffsetsTopic.NAME)) {
            image.topic(OffsetsTopic.NAME).ifPresent(this::elect);
        }
    }

    /** Takes over what the topic's partitions say. */
    void elect(TopicImage topic) {
        for (PartitionImage partition : topic.partitions()) {
            if (partition.leader() == nodeId) {
                groups.onLeader(partition.index(), partition.leaderEpoch());
            } else {
                groups.onResigned(partition.index());
            }
        }
    }
}
