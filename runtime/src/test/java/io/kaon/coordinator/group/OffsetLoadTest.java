// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.coordinator.KeyValue;
import io.kaon.coordinator.PartitionOnDisk;
import io.kaon.coordinator.ShardClock;
import io.kaon.coordinator.ShardLog;
import io.kaon.coordinator.ShardOptions;
import io.kaon.sim.VirtualTime;
import io.kaon.wire.message.OffsetFetchRequest;
import io.kaon.wire.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.kaon.wire.message.OffsetFetchResponse;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator that takes over a big partition must not keep its groups waiting. */
final class OffsetLoadTest {
    private static final int GROUPS = 1_000;
    private static final int PARTITIONS_PER_GROUP = Integer.getInteger("kaon.load.partitions", 1_000);
    private static final int RECORDS_PER_BATCH = 10;
    private static final long LIMIT_NS = 5_000_000_000L;

    private final VirtualTime time = new VirtualTime(1_000_000);

    @TempDir
    Path directory;

    @Test
    void shouldLoadAMillionLiveOffsetsInLessThanFiveSeconds() {
        try (PartitionOnDisk partition = new PartitionOnDisk(directory, OffsetsTopic.NAME, time)) {
            // Given
            ShardLog log = partition.log();
            fill(log);
            GroupCoordinator coordinator = coordinator(log);
            long usedBefore = usedBytes();

            // When
            long startNs = System.nanoTime();
            long cpuBeforeNs = cpuNs();
            coordinator.onLeader(0, 1);
            OffsetFetchResponse response = fetchAll(coordinator, "group-7");
            long cpuNs = cpuNs() - cpuBeforeNs;
            long tookNs = System.nanoTime() - startNs;

            // Then
            assertThat(response.groups().get(0).topics()).hasSize(10).allSatisfy(topic -> assertThat(topic.partitions())
                    .hasSize(PARTITIONS_PER_GROUP / 10));
            assertThat(cpuNs).isLessThan(LIMIT_NS);
            long offsets = (long) GROUPS * PARTITIONS_PER_GROUP;
            System.out.printf(
                    "%,d offsets loaded in %d ms (%d ms of processor time), %d bytes each%n",
                    offsets, tookNs / 1_000_000, cpuNs / 1_000_000, (usedBytes() - usedBefore) / offsets);
            coordinator.close();
        }
    }

    private void fill(ShardLog log) {
        GroupRecordCodec codec = new GroupRecordCodec();
        log.owner().execute(() -> {
            List<KeyValue> batch = new ArrayList<>();
            for (int group = 0; group < GROUPS; group++) {
                for (int index = 0; index < PARTITIONS_PER_GROUP; index++) {
                    TopicPartition partition = new TopicPartition("topic-" + index % 10, index / 10);
                    OffsetEntry entry =
                            new OffsetEntry(index, 3, "", 1_000_000 + index, -1).ofTopic(new Uuid(9, index % 10));
                    batch.add(codec.encode(new GroupRecord.OffsetCommitted("group-" + group, partition, entry)));
                    if (batch.size() == RECORDS_PER_BATCH) {
                        log.append(batch, 1_000_000);
                        batch.clear();
                    }
                }
            }
        });
    }

    private GroupCoordinator coordinator(ShardLog log) {
        return new GroupCoordinator(
                new TopicOfOneShard(log),
                GroupOptions.DEFAULTS,
                ShardOptions.DEFAULTS,
                new ShardClock(time, time),
                GroupPorts.of(() -> new UUID(0, 1)));
    }

    private OffsetFetchResponse fetchAll(GroupCoordinator coordinator, String groupId) {
        OffsetFetchRequestGroup group =
                new OffsetFetchRequestGroup().setGroupId(groupId).setTopics(null);
        return coordinator
                .fetchOffsets(
                        new GroupRequest("client", "/in-jvm", (short) 8),
                        new OffsetFetchRequest().setGroups(List.of(group)))
                .toCompletableFuture()
                .join();
    }

    /** Of all threads: the same on a busy machine. */
    private static long cpuNs() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return LongStream.of(threads.getAllThreadIds())
                .map(threads::getThreadCpuTime)
                .filter(ns -> ns > 0)
                .sum();
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
