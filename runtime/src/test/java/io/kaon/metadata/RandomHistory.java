// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata;

import io.kaon.common.Uuid;
import io.kaon.wire.StateMessage;
import io.kaon.wire.state.ClusterRecord;
import io.kaon.wire.state.ConfigRecord;
import io.kaon.wire.state.ControllerRecord;
import io.kaon.wire.state.FeatureLevelRecord;
import io.kaon.wire.state.PartitionChangeRecord;
import io.kaon.wire.state.ProducerIdsRecord;
import io.kaon.wire.state.RemoveBrokerRecord;
import io.kaon.wire.state.RemoveTopicRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A legal history of a cluster, made from a seed: every type of record occurs. */
public final class RandomHistory {
    private final Random random;
    private ClusterImage image = ClusterImage.EMPTY;

    public RandomHistory(long seed) {
        random = new Random(seed);
    }

    /** That many entries of the journal. */
    public List<List<StateMessage>> entries(int count) {
        List<List<StateMessage>> entries = new ArrayList<>();
        entries.add(List.of(
                new ClusterRecord().setClusterId("cluster"),
                new ControllerRecord().setControllerId(1).setControllerEpoch(1)));
        image = new ImageBuilder(image).replay(entries.get(0)).build(0);
        while (entries.size() < count) {
            List<StateMessage> entry = entry();
            image = new ImageBuilder(image).replay(entry).build(entries.size());
            entries.add(entry);
        }
        return entries;
    }

    /** The image after all entries. */
    public ClusterImage image() {
        return image;
    }

    private List<StateMessage> entry() {
        switch (random.nextInt(8)) {
            case 0:
                return List.of(ImageRecords.broker(new BrokerImage(
                        random.nextInt(4),
                        image.offset(),
                        List.of(new ListenerImage("PLAINTEXT", "host", 9092, SecurityProtocol.PLAINTEXT)),
                        random.nextBoolean() ? Optional.of("rack") : Optional.empty(),
                        random.nextBoolean())));
            case 1:
                return List.of(
                        new RemoveBrokerRecord().setBrokerId(random.nextInt(4)).setBrokerEpoch(image.offset()));
            case 2:
                return List.of(
                        new ProducerIdsRecord().setBrokerId(1).setNextProducerId(image.nextProducerId() + 1_000));
            case 3:
                return List.of(new FeatureLevelRecord()
                        .setName("feature" + random.nextInt(3))
                        .setFeatureLevel((short) random.nextInt(3)));
            case 4:
                return List.of(new ConfigRecord()
                        .setResourceType(ConfigResource.Type.BROKER.id())
                        .setResourceName("")
                        .setName("key" + random.nextInt(5))
                        .setValue(random.nextBoolean() ? "v" + random.nextInt() : null));
            default:
                return ofTopic("topic" + random.nextInt(12));
        }
    }

    private List<StateMessage> ofTopic(String name) {
        Optional<TopicImage> topic = image.topic(name);
        if (topic.isEmpty()) {
            List<PartitionImage> partitions = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(6); i++) {
                partitions.add(new PartitionImage(i, List.of(1, 2, 3), List.of(1, 2), 1, 0, 0));
            }
            TopicImage made = new TopicImage(name, new Uuid(random.nextLong(), random.nextLong()), partitions);
            return ImageRecords.topic(made).toList();
        }
        if (random.nextInt(4) == 0) {
            return List.of(new RemoveTopicRecord().setTopicId(topic.get().id()));
        }
        if (random.nextBoolean()) {
            return List.of(new ConfigRecord()
                    .setResourceType(ConfigResource.Type.TOPIC.id())
                    .setResourceName(name)
                    .setName("key" + random.nextInt(5))
                    .setValue(random.nextBoolean() ? "v" + random.nextInt() : null));
        }
        PartitionImage partition = topic.get()
                .partitions()
                .get(random.nextInt(topic.get().partitions().size()));
        return List.of(new PartitionChangeRecord()
                .setTopicId(topic.get().id())
                .setPartitionIndex(partition.index())
                .setLeader(random.nextInt(4))
                .setLeaderEpoch(partition.leaderEpoch() + 1)
                .setPartitionEpoch(partition.partitionEpoch() + 1)
                .setIsr(random.nextBoolean() ? List.of(random.nextInt(4)) : null)
                .setEligibleLeaderReplicas(random.nextBoolean() ? List.of(3) : null));
    }
}
