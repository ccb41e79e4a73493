// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.exec.DiskThreads;
import io.kaon.metadata.ImageBuilder;
import io.kaon.metadata.MetadataImages;
import io.kaon.record.Compression;
import io.kaon.record.RecordLimits;
import io.kaon.record.codec.StandardCodecs;
import io.kaon.replication.Partition;
import io.kaon.replication.PartitionLookup;
import io.kaon.replication.PartitionRegistry;
import io.kaon.sim.VirtualTime;
import io.kaon.storage.LogDirectory;
import io.kaon.storage.LogDirectoryOptions;
import io.kaon.storage.LogOptions;
import io.kaon.storage.StoragePorts;
import io.kaon.storage.checkpoint.Disk;
import io.kaon.wire.state.PartitionRecord;
import io.kaon.wire.state.TopicRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One partition of a topic as a real log in a directory; what reads it runs on a thread of its own. */
public final class PartitionOnDisk implements AutoCloseable {
    private static final int NODE = 0;
    private static final Uuid TOPIC_ID = new Uuid(1, 1);

    private final DiskThreads disk = new DiskThreads("test-disk", 1);
    private final LogDirectory logs;
    private final Partition partition;
    private long lastId = 100;

    public PartitionOnDisk(Path directory, String topic, VirtualTime time) {
        logs = LogDirectory.open(
                LogDirectoryOptions.of(directory, Optional.empty(), NODE),
                new StoragePorts(
                        Disk.system(),
                        Runnable::run,
                        time,
                        time,
                        RecordLimits.of(new StandardCodecs()),
                        () -> new Uuid(7, ++lastId)));
        MetadataImages images = new MetadataImages();
        PartitionRegistry partitions = new PartitionRegistry(
                NODE, images::current, logs, (image, name) -> LogOptions.DEFAULT, Runnable::run, time);
        images.subscribe(partitions);
        ImageBuilder builder = new ImageBuilder(images.current())
                .replay(List.of(
                        new TopicRecord().setName(topic).setTopicId(TOPIC_ID),
                        new PartitionRecord()
                                .setTopicId(TOPIC_ID)
                                .setPartitionIndex(0)
                                .setReplicas(List.of(NODE))
                                .setIsr(List.of(NODE))
                                .setLeader(NODE)
                                .setLeaderEpoch(0)));
        images.publish(builder.build(1), builder.change());
        partition = ((PartitionLookup.Found) partitions
                        .open(new TopicPartition(topic, 0))
                        .toCompletableFuture()
                        .join())
                .partition();
    }

    /** As a coordinator of this broker would open it. */
    public ShardLog log() {
        return new PartitionShardLog(partition, disk, new StandardCodecs());
    }

    /** Whose batches are compressed. */
    public ShardLog log(Compression compression) {
        return new PartitionShardLog(partition, disk, new StandardCodecs(), compression);
    }

    @Override
    public void close() {
        logs.close().toCompletableFuture().join();
        disk.close();
    }
}
