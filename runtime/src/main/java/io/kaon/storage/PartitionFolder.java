// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.storage.checkpoint.Disk;
import io.kaon.storage.checkpoint.LeaderEpochCheckpoint;
import io.kaon.storage.checkpoint.LeaderEpochs;
import io.kaon.storage.checkpoint.PartitionMetadataFile;
import io.kaon.storage.checkpoint.SyncFailedException;
import io.kaon.storage.producer.ProducerEntry;
import io.kaon.storage.producer.ProducerSnapshotFile;
import io.kaon.storage.segment.SegmentFiles;
import io.kaon.storage.segment.SegmentLoader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A partition's folder: what is in it beside the segments, and its end. Blocks.
 *
 * @param disk where
 * @param path the folder
 * @param name the partition
 * @param topicId the topic's id
 */
record PartitionFolder(Disk disk, Path path, TopicPartition name, Uuid topicId) {
    SegmentLoader segments() {
        return new SegmentLoader(files());
    }

    SegmentFiles files() {
        return new SegmentFiles(disk, path);
    }

    /**
     * Makes the folder, with the topic's id in it. Neither syncs nor renames, because the log's owner calls it at
     * the first
     * append; {@link #sync} follows on a disk thread. An id that a crash has torn belongs to a partition without
     * synced data.
     */
    void create() throws IOException {
        disk.createDirectories(path);
        ByteBuffer content =
                ByteBuffer.wrap(PartitionMetadataFile.contentFor(topicId).getBytes(StandardCharsets.UTF_8));
        try (FileChannel channel = openMetadata()) {
            while (content.hasRemaining()) {
                channel.write(content);
            }
        }
    }

    /** Makes durable what {@link #create} made. */
    void sync() throws IOException {
        try (FileChannel channel =
                disk.open(PartitionMetadataFile.in(disk, path).file(), StandardOpenOption.WRITE)) {
            SyncFailedException.sync(channel);
        }
        SyncFailedException.syncFolder(disk, path);
        SyncFailedException.syncFolder(disk, path.toAbsolutePath().getParent());
    }

    private FileChannel openMetadata() throws IOException {
        return disk.open(
                PartitionMetadataFile.in(disk, path).file(),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
    }

    void writeEpochs(LeaderEpochs epochs) throws IOException {
        LeaderEpochCheckpoint.in(disk, path).write(epochs);
    }

    void writeSnapshot(long offset, List<ProducerEntry> producers) throws IOException {
        new ProducerSnapshotFile(disk, files().path(offset, SegmentFiles.SNAPSHOT)).write(producers);
    }

    /** Renames the folder so that no partition is found under it any more; answers its new path. */
    Path markDeleted(Uuid random) throws IOException {
        Path target = path.resolveSibling(PartitionName.deletedName(name, random));
        disk.rename(path, target);
        disk.syncDirectory(path.toAbsolutePath().getParent());
        return target;
    }

    /** Removes a folder and everything in it, two levels deep at most. */
    static void remove(Disk disk, Path folder) throws IOException {
        for (Path file : disk.list(folder)) {
            disk.delete(file);
        }
        disk.delete(folder);
    }
}
