// SPDX-License-Identifier: Apache-2.0
package io.kaon.controller;

import io.kaon.metadata.BrokerImage;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ImageRecords;
import io.kaon.metadata.PartitionImage;
import io.kaon.metadata.TopicImage;
import io.kaon.wire.StateMessage;
import io.kaon.wire.state.PartitionChangeRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Decides what a broker's registration changes: it gets a new broker epoch (S5), and whatever it leads, or may lead
 * because nobody does, it leads in a new leader epoch. So what it writes from now on is told from a tail that a power
 * loss may have taken, and clients that were ahead of the log notice. After a clean end there is no such tail: what it
 * leads it leads on, and a start costs nothing per partition.
 */
final class BrokerRegistration {
    private final ClusterImage image;
    private final OptionalLong cleanEpoch;

    /** @param cleanEpoch the broker epoch of a life that has ended clean */
    BrokerRegistration(ClusterImage image, OptionalLong cleanEpoch) {
        this.image = image;
        this.cleanEpoch = cleanEpoch;
    }

    /** @param broker with its new epoch, which is also the answer */
    Decision<Long> decide(BrokerImage broker) {
        List<StateMessage> records = new ArrayList<>();
        records.add(ImageRecords.broker(broker));
        boolean leadsOn = hasLostNothing(broker);
        for (TopicImage topic : image.topics()) {
            for (PartitionImage partition : topic.partitions()) {
                if (leads(broker, partition) && !(leadsOn && partition.hasLeader())) {
                    records.add(new PartitionChangeRecord()
                            .setTopicId(topic.id())
                            .setPartitionIndex(partition.index())
                            .setLeader(broker.id())
                            .setLeaderEpoch(partition.leaderEpoch() + 1)
                            .setPartitionEpoch(partition.partitionEpoch() + 1));
                }
            }
        }
        return new Decision<>(records, broker.epoch());
    }

    /** Whether its last life, the one in which it led, has ended clean. */
    private boolean hasLostNothing(BrokerImage broker) {
        return image.broker(broker.id())
                .filter(last -> cleanEpoch.isPresent() && last.epoch() == cleanEpoch.getAsLong())
                .isPresent();
    }

    private static boolean leads(BrokerImage broker, PartitionImage partition) {
        return partition.leader() == broker.id()
                || !partition.hasLeader() && partition.isr().contains(broker.id());
    }
}
