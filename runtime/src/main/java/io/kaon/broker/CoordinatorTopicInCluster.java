// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.coordinator.PartitionShardLog;
import io.kaon.coordinator.ShardLog;
import io.kaon.coordinator.group.OffsetsTopic;
import io.kaon.coordinator.transaction.TransactionsTopic;
import io.kaon.exec.DiskThreads;
import io.kaon.metadata.MetadataImages;
import io.kaon.record.Codecs;
import io.kaon.record.Compression;
import io.kaon.replication.PartitionLookup;
import io.kaon.replication.PartitionRegistry;
import io.kaon.server.handler.TopicCreator;
import java.util.concurrent.CompletionStage;

/** The topic of a coordinator as the cluster's metadata and this broker's partitions have it. */
final class CoordinatorTopicInCluster implements OffsetsTopic, TransactionsTopic {
    private final String topic;
    private final int configuredPartitions;
    private final Cluster cluster;
    private final Compression compression;

    /**
     * Where topics are.
     *
     * @param creator makes those that are not there
     * @param disk where shards are read
     */
    record Cluster(
            MetadataImages images,
            TopicCreator creator,
            PartitionRegistry partitions,
            DiskThreads disk,
            Codecs codecs) {}

    /** @param configuredPartitions how many it gets when it is made */
    CoordinatorTopicInCluster(String topic, int configuredPartitions, Cluster cluster) {
        this(topic, configuredPartitions, cluster, Compression.NONE);
    }

    /** @param compression of what the coordinator writes */
    CoordinatorTopicInCluster(String topic, int configuredPartitions, Cluster cluster, Compression compression) {
        this.topic = topic;
        this.configuredPartitions = configuredPartitions;
        this.cluster = cluster;
        this.compression = compression;
    }

    @Override
    public boolean exists() {
        return cluster.images.current().topic(topic).isPresent();
    }

    @Override
    public int partitionCount() {
        return cluster.images
                .current()
                .topic(topic)
                .map(found -> found.partitions().size())
                .orElse(configuredPartitions);
    }

    @Override
    public CompletionStage<Void> create() {
        return cluster.creator.ensureInternal(topic).thenAccept(error -> {
            if (error != ErrorCode.NONE) {
                throw new IllegalStateException(topic + " cannot be created: " + error);
            }
        });
    }

    @Override
    public CompletionStage<ShardLog> open(int partition) {
        return cluster.partitions.open(new TopicPartition(topic, partition)).thenApply(lookup -> {
            if (lookup instanceof PartitionLookup.Found found) {
                return new PartitionShardLog(found.partition(), cluster.disk, cluster.codecs, compression);
            }
            throw new IllegalStateException(
                    topic + "-" + partition + " cannot be opened: " + ((PartitionLookup.Missing) lookup).error());
        });
    }
}
