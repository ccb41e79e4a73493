// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.replication.PartitionLookup;
import io.kaon.sim.DiskOperation;
import io.kaon.sim.DiskOperation.Kind;
import io.kaon.sim.SimulatedDisk;
import io.kaon.sim.VirtualTime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The settings that say when a log is synced, changed while the topic is in use: the disk sees what that does. */
final class SyncSettingsEffectTest {
    @TempDir
    Path data;

    /** The high watermark at each sync of a log's records: what others could read before it. */
    private final List<Long> readableAtSync = new ArrayList<>();

    private SettingsFixture topic;

    @BeforeEach
    void start() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(new VirtualTime(TestBroker.START_MS)).withFolder(data);
        topic = new SettingsFixture(data, Map.of(), disk);
        disk.with(this::before);
        topic.produce(1, 10);
        readableAtSync.clear();
    }

    @AfterEach
    void stop() {
        topic.close();
    }

    private void before(DiskOperation operation) {
        if (operation.kind() == Kind.FORCE && operation.isOf(".log")) {
            readableAtSync.add(highWatermark());
        }
    }

    @Test
    void shouldShowNoRecordBeforeItsSyncWithDurabilityFsync() {
        // Given
        topic.produce(1, 10);
        int before = readableAtSync.size();

        // When
        assertThat(topic.alter("kaon.durability", "fsync")).isEqualTo(ErrorCode.NONE);
        readableAtSync.clear();
        topic.produce(3, 10);

        // Then
        assertThat(before).isZero();
        assertThat(readableAtSync).containsExactly(2L, 3L, 4L);
        assertThat(highWatermark()).isEqualTo(5);

        // And when
        topic.alter("kaon.durability", "os");
        topic.produce(2, 10);

        // Then
        assertThat(readableAtSync).hasSize(3);
        assertThat(highWatermark()).isEqualTo(7);
    }

    @Test
    void shouldSyncAtOnceWhatIsThereWhenDurabilityBecomesFsync() {
        // When
        topic.alter("kaon.durability", "fsync");

        // Then
        assertThat(readableAtSync).hasSize(1);
    }

    @Test
    void shouldTakeDurabilityFromTheBrokersDefault() {
        // When
        assertThat(topic.alterBroker("kaon.durability", "fsync")).isEqualTo(ErrorCode.NONE);
        readableAtSync.clear();
        topic.produce(2, 10);
        topic.alter("kaon.durability", "os");
        topic.produce(2, 10);

        // Then
        assertThat(readableAtSync).containsExactly(1L, 2L);
    }

    @Test
    void shouldSyncAfterFlushMessages() {
        // When
        topic.alter("flush.messages", "3");
        topic.produce(2, 10);
        List<Long> third = List.copyOf(readableAtSync);
        topic.produce(2, 10);
        int fifth = readableAtSync.size();
        topic.produce(1, 10);

        // Then: the one that completes the number waits
        assertThat(third).containsExactly(2L);
        assertThat(fifth).isOne();
        assertThat(readableAtSync).containsExactly(2L, 5L);
        assertThat(highWatermark()).isEqualTo(6);
    }

    @Test
    void shouldSyncWithinFlushMs() {
        // When: what is there counts too
        topic.alter("flush.ms", "700");
        topic.broker.time.advance(699);
        int before = readableAtSync.size();
        topic.broker.time.advance(1);
        int first = readableAtSync.size();
        topic.broker.time.advance(10_000);
        int idle = readableAtSync.size();
        topic.produce(1, 10);
        topic.broker.time.advance(700);

        // Then
        assertThat(before).isZero();
        assertThat(first).isOne();
        assertThat(idle).isOne();
        assertThat(readableAtSync).hasSize(2);
    }

    private long highWatermark() {
        PartitionLookup found = topic.broker.partitions.find(new TopicPartition(SettingsFixture.TOPIC, 0));
        return ((PartitionLookup.Found) found).partition().highWatermark();
    }
}
