// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata;

import io.kaon.wire.StateMessage;
import io.kaon.wire.state.BrokerRecord;
import io.kaon.wire.state.ClusterRecord;
import io.kaon.wire.state.ConfigRecord;
import io.kaon.wire.state.ControllerRecord;
import io.kaon.wire.state.FeatureLevelRecord;
import io.kaon.wire.state.PartitionChangeRecord;
import io.kaon.wire.state.PartitionRecord;
import io.kaon.wire.state.ProducerIdsRecord;
import io.kaon.wire.state.RemoveBrokerRecord;
import io.kaon.wire.state.RemoveTopicRecord;
import io.kaon.wire.state.TopicRecord;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Every record that the metadata journal may hold: how to make an empty one and what replaying it does. */
enum MetadataRecordType {
    CLUSTER(ClusterRecord::new, on(ClusterRecord.class, ImageBuilder::onCluster)),
    CONTROLLER(ControllerRecord::new, on(ControllerRecord.class, ImageBuilder::onController)),
    FEATURE_LEVEL(FeatureLevelRecord::new, on(FeatureLevelRecord.class, ImageBuilder::onFeatureLevel)),
    BROKER(BrokerRecord::new, on(BrokerRecord.class, ImageBuilder::onBroker)),
    REMOVE_BROKER(RemoveBrokerRecord::new, on(RemoveBrokerRecord.class, ImageBuilder::onRemoveBroker)),
    TOPIC(TopicRecord::new, on(TopicRecord.class, ImageBuilder::onTopic)),
    PARTITION(PartitionRecord::new, on(PartitionRecord.class, ImageBuilder::onPartition)),
    PARTITION_CHANGE(PartitionChangeRecord::new, on(PartitionChangeRecord.class, ImageBuilder::onPartitionChange)),
    REMOVE_TOPIC(RemoveTopicRecord::new, on(RemoveTopicRecord.class, ImageBuilder::onRemoveTopic)),
    CONFIG(ConfigRecord::new, on(ConfigRecord.class, ImageBuilder::onConfig)),
    PRODUCER_IDS(ProducerIdsRecord::new, on(ProducerIdsRecord.class, ImageBuilder::onProducerIds));

    private final Supplier<StateMessage> factory;
    private final BiConsumer<ImageBuilder, StateMessage> replay;
    private final short id;

    MetadataRecordType(Supplier<StateMessage> factory, BiConsumer<ImageBuilder, StateMessage> replay) {
        this.factory = factory;
        this.replay = replay;
        this.id = factory.get().recordType();
    }

    /** The type of a number from the journal, if this version knows it. */
    static Optional<MetadataRecordType> of(int id) {
        for (MetadataRecordType type : values()) {
            if (type.id == id) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    StateMessage newRecord() {
        return factory.get();
    }

    void replay(ImageBuilder builder, StateMessage message) {
        replay.accept(builder, message);
    }

    private static <T> BiConsumer<ImageBuilder, StateMessage> on(Class<T> type, BiConsumer<ImageBuilder, T> replay) {
        return (builder, message) -> replay.accept(builder, type.cast(message));
    }
}
