// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.exec.DiskThreads;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ConfigResource;
import io.kaon.metadata.ImageBuilder;
import io.kaon.metadata.MetadataImages;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.record.RecordLimits;
import io.kaon.record.codec.StandardCodecs;
import io.kaon.sim.VirtualTime;
import io.kaon.storage.DeadProcess;
import io.kaon.storage.LogDirectory;
import io.kaon.storage.LogDirectoryOptions;
import io.kaon.storage.LogOptions;
import io.kaon.storage.StoragePorts;
import io.kaon.storage.checkpoint.Disk;
import io.kaon.storage.compaction.CompactorOptions;
import io.kaon.wire.StateMessage;
import io.kaon.wire.state.ConfigRecord;
import io.kaon.wire.state.PartitionRecord;
import io.kaon.wire.state.RemoveTopicRecord;
import io.kaon.wire.state.TopicRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Real logs in a temporary directory under a cluster image that the test writes. One thread; what blocks waits in {@code blocking}. */
final class ReplicationFixture implements AutoCloseable {
    static final int NODE = 0;
    static final Uuid TOPIC_ID = new Uuid(1, 1);

    final VirtualTime time;
    final MetadataImages images = new MetadataImages();
    final DiskThreads disk = new DiskThreads("test-disk", 1);
    final PartitionRegistry partitions;
    private final Deque<Runnable> blocking = new ArrayDeque<>();
    private final Executor inTurn = Runnable::run;
    private final LogDirectory logs;
    private boolean holdsBack;
    private int changes;
    /** Happens once, right after somebody has looked at the image. */
    Runnable afterLook = () -> {};

    boolean hasBadSettings;
    LogOptions settings = LogOptions.DEFAULT;
    /** Whether disk work runs now: anything may block. */
    private boolean mayBlock;

    ReplicationFixture(Path directory) {
        this(directory, new VirtualTime(1_000_000), Disk.system());
    }

    ReplicationFixture(Path directory, VirtualTime time, Disk system) {
        this.time = time;
        long[] lastId = {100};
        logs = LogDirectory.open(
                LogDirectoryOptions.of(directory, Optional.empty(), NODE),
                new StoragePorts(
                        system,
                        this::runBlocking,
                        time,
                        time,
                        RecordLimits.of(new StandardCodecs()),
                        () -> new Uuid(7, ++lastId[0])));
        partitions = new PartitionRegistry(NODE, this::look, logs, (image, topic) -> settings(), inTurn, time);
        images.subscribe(partitions);
    }

    private ClusterImage look() {
        ClusterImage seen = images.current();
        Runnable next = afterLook;
        afterLook = () -> {};
        next.run();
        return seen;
    }

    private LogOptions settings() {
        if (hasBadSettings) {
            throw new IllegalArgumentException("bad settings");
        }
        return settings;
    }

    /** As {@link #release()}, the newest work first. */
    void releaseNewestFirst() {
        while (!blocking.isEmpty()) {
            blocking.pollLast().run();
        }
        holdsBack = false;
    }

    /** From now on what would run on disk threads waits until {@link #release()}. */
    void holdBlockingWork() {
        holdsBack = true;
    }

    void release() {
        holdsBack = false;
        while (!blocking.isEmpty()) {
            runNow(blocking.poll());
        }
    }

    /** Runs what waits for a disk thread, and what comes of it, and goes on holding back. */
    void releaseSome() {
        release();
        holdsBack = true;
    }

    /** One piece of the work that waits for a disk thread; false when there is none. */
    boolean releaseOne() {
        Runnable next = blocking.poll();
        if (next != null) {
            runNow(next);
        }
        return next != null;
    }

    boolean hasBlockingWork() {
        return !blocking.isEmpty();
    }

    /** The data directory. */
    LogDirectory logs() {
        return logs;
    }

    /** How many pieces of work wait for a disk thread. */
    int waitingWork() {
        return blocking.size();
    }

    boolean mayBlock() {
        return mayBlock;
    }

    private void runNow(Runnable work) {
        boolean before = mayBlock;
        mayBlock = true;
        work.run();
        mayBlock = before;
    }

    /** Gives all partitions the settings that count now. */
    void reconfigure() {
        change(new ConfigRecord()
                .setResourceType(ConfigResource.Type.TOPIC.id())
                .setResourceName("events")
                .setName("retention.ms")
                .setValue(Integer.toString(++changes)));
    }

    void createTopic(String name, Uuid id, int leader) {
        change(
                new TopicRecord().setName(name).setTopicId(id),
                new PartitionRecord()
                        .setTopicId(id)
                        .setPartitionIndex(0)
                        .setReplicas(List.of(leader))
                        .setIsr(List.of(leader))
                        .setLeader(leader)
                        .setLeaderEpoch(3));
    }

    void removeTopic(Uuid id) {
        change(new RemoveTopicRecord().setTopicId(id));
    }

    Partition partition(String topic) {
        return ((PartitionLookup.Found) partitions.find(new TopicPartition(topic, 0))).partition();
    }

    static ByteBuffer batch(String... values) {
        RecordBatchBuilder builder = RecordBatchBuilder.uncompressed();
        for (String value : values) {
            builder.append(1_000_000, null, value.getBytes(StandardCharsets.UTF_8));
        }
        return builder.build();
    }

    private void runBlocking(Runnable work) {
        if (holdsBack) {
            blocking.add(work);
        } else {
            runNow(work);
        }
    }

    private void change(StateMessage... records) {
        ImageBuilder builder = new ImageBuilder(images.current()).replay(List.of(records));
        ClusterImage next = builder.build(images.current().offset() + 1);
        images.publish(next, builder.change());
    }

    /** Compacts what is due, as soon as time moves on. */
    void compact() {
        logs.startCompaction(Runnable::run, new CompactorOptions(true, 1, 1 << 20, 0.9, 1 << 16, Double.MAX_VALUE, 1));
    }

    /** The clean end of all logs. */
    CompletableFuture<Void> closeLogs() {
        return logs.close().toCompletableFuture();
    }

    /** The end of the process without a word. */
    void die() {
        blocking.clear();
        holdsBack = true;
        DeadProcess.letGo(logs);
        disk.close();
    }

    @Override
    public void close() {
        logs.close();
        disk.close();
    }
}
