// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.coordinator.PartitionShardLog;
import io.kaon.coordinator.ShardLog;
import io.kaon.coordinator.group.OffsetsTopic;
import io.kaon.exec.DiskThreads;
import io.kaon.metadata.MetadataImages;
import io.kaon.record.Codecs;
import io.kaon.replication.PartitionLookup;
import io.kaon.replication.PartitionRegistry;
import io.kaon.server.handler.TopicCreator;
import java.util.concurrent.CompletionStage;

/** {@code __consumer_offsets} as the cluster's metadata and this broker's partitions have it. */
final class OffsetsTopicInCluster implements OffsetsTopic {
    private final MetadataImages images;
    private final TopicCreator creator;
    private final PartitionRegistry partitions;
    private final DiskThreads disk;
    private final Codecs codecs;
    private final int configuredPartitions;

    OffsetsTopicInCluster(
            MetadataImages images,
            TopicCreator creator,
            PartitionRegistry partitions,
            DiskThreads disk,
            Codecs codecs,
            int configuredPartitions) {
        this.images = images;
        this.creator = creator;
        this.partitions = partitions;
        this.disk = disk;
        this.codecs = codecs;
        this.configuredPartitions = configuredPartitions;
    }

    @Override
    public boolean exists() {
        return images.current().topic(NAME).isPresent();
    }

    @Override
    public int partitionCount() {
        return images.current()
                .topic(NAME)
                .map(topic -> topic.partitions().size())
                .orElse(configuredPartitions);
    }

    @Override
    public CompletionStage<Void> create() {
        return creator.ensureOffsetsTopic().thenAccept(error -> {
            if (error != ErrorCode.NONE) {
                throw new IllegalStateException(NAME + " cannot be created: " + error);
            }
        });
    }

    @Override
    public CompletionStage<ShardLog> open(int partition) {
        return partitions.open(new TopicPartition(NAME, partition)).thenApply(lookup -> {
            if (lookup instanceof PartitionLookup.Found found) {
                return new PartitionShardLog(found.partition(), disk, codecs);
            }
            throw new IllegalStateException(
                    NAME + "-" + partition + " cannot be opened: " + ((PartitionLookup.Missing) lookup).error());
        });
    }
}
