// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.common.Uuid;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.Feature;
import io.kaon.metadata.ImageBuilder;
import io.kaon.wire.StateMessage;
import io.kaon.wire.state.FeatureLevelRecord;
import io.kaon.wire.state.PartitionChangeRecord;
import io.kaon.wire.state.PartitionRecord;
import io.kaon.wire.state.RemoveTopicRecord;
import io.kaon.wire.state.TopicRecord;
import java.util.List;
import java.util.function.Supplier;

/** A cluster's image that tests change: topics, who leads their partitions, and the finalized transaction.version. */
final class FakeMetadata implements Supplier<ClusterImage> {
    private ClusterImage image = ClusterImage.EMPTY;
    private int topics;
    private int epoch;

    @Override
    public ClusterImage get() {
        return image;
    }

    FakeMetadata level(int level) {
        return replay(new FeatureLevelRecord()
                .setName(Feature.TRANSACTION_VERSION.featureName())
                .setFeatureLevel((short) level));
    }

    /** One partition per leader, which may be −1. */
    FakeMetadata topic(String name, int... leaders) {
        Uuid id = new Uuid(0, ++topics);
        replay(new TopicRecord().setName(name).setTopicId(id));
        for (int index = 0; index < leaders.length; index++) {
            replay(new PartitionRecord()
                    .setTopicId(id)
                    .setPartitionIndex(index)
                    .setReplicas(List.of(1, 2, 3))
                    .setIsr(List.of(1, 2, 3))
                    .setLeader(leaders[index]));
        }
        return this;
    }

    void delete(String name) {
        replay(new RemoveTopicRecord()
                .setTopicId(image.topic(name).orElseThrow().id()));
    }

    void lead(String name, int partition, int leader) {
        epoch++;
        replay(new PartitionChangeRecord()
                .setTopicId(image.topic(name).orElseThrow().id())
                .setPartitionIndex(partition)
                .setLeader(leader)
                .setLeaderEpoch(epoch)
                .setPartitionEpoch(epoch));
    }

    private FakeMetadata replay(StateMessage message) {
        image = new ImageBuilder(image).replay(message).build(image.offset() + 1);
        return this;
    }
}
