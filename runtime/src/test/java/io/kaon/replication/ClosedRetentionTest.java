// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import static io.kaon.replication.ReplicationFixture.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.Uuid;
import io.kaon.sim.SimulatedDisk;
import io.kaon.sim.VirtualTime;
import io.kaon.storage.AppendOrigin;
import io.kaon.storage.LogOptions;
import io.kaon.storage.RetentionOptions;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Retention of partitions that nobody has used since the start. */
final class ClosedRetentionTest {
    private static final Path DIRECTORY = Path.of("/data");
    private static final long INTERVAL_MS = 300_000;
    private static final LogOptions AN_HOUR =
            LogOptions.DEFAULT.withRetention(new RetentionOptions(true, false, 3_600_000, -1, 0));

    private final VirtualTime time = new VirtualTime(1_000_000);
    private final SimulatedDisk disk = new SimulatedDisk(time);
    private ReplicationFixture fixture;

    @BeforeEach
    void write() throws IOException {
        disk.withFolder(DIRECTORY);
        begin();
        fixture.partition("events")
                .append(batch("x"), Acks.LEADER, 1_000, AppendOrigin.CLIENT)
                .toCompletableFuture()
                .join();
        fixture.close();
        begin();
    }

    private void begin() {
        fixture = new ReplicationFixture(DIRECTORY, time, disk);
        fixture.settings = AN_HOUR;
        fixture.createTopic("events", new Uuid(1, 1), ReplicationFixture.NODE);
    }

    @AfterEach
    void end() {
        fixture.die();
    }

    @Test
    void shouldOpenAPartitionOnlyWhenSomethingOfItIsTooOld() {
        // Given
        Partition partition = fixture.partition("events");
        new ClosedRetention(fixture.partitions, fixture.logs(), time, INTERVAL_MS).start();

        // When
        time.advance(3_000_000);
        boolean wasOpenEarlier = partition.isOpen();
        time.advance(1_000_000);

        // Then
        assertThat(wasOpenEarlier).isFalse();
        assertThat(partition.isOpen()).isTrue();
        assertThat(partition.view().logStartOffset()).isEqualTo(1);
    }

    @Test
    void shouldSeeASettingThatHasChanged() {
        // Given
        Partition partition = fixture.partition("events");
        new ClosedRetention(fixture.partitions, fixture.logs(), time, INTERVAL_MS).start();
        time.advance(INTERVAL_MS);

        // When
        fixture.settings = LogOptions.DEFAULT.withRetention(new RetentionOptions(true, false, 60_000, -1, 0));
        time.advance(INTERVAL_MS);

        // Then
        assertThat(partition.isOpen()).isTrue();
        assertThat(partition.view().logStartOffset()).isEqualTo(1);
    }

    @Test
    void shouldOpenNothingOnceItIsStopped() {
        // Given
        Partition partition = fixture.partition("events");
        ClosedRetention retention = new ClosedRetention(fixture.partitions, fixture.logs(), time, INTERVAL_MS);
        retention.start();

        // When
        retention.stop();
        time.advance(10_000_000);

        // Then
        assertThat(partition.isOpen()).isFalse();
    }

    @Test
    void shouldLeaveAPartitionAloneWhoseTopicIsGone() throws IOException {
        // Given
        new ClosedRetention(fixture.partitions, fixture.logs(), time, INTERVAL_MS).start();
        fixture.holdBlockingWork();

        // When
        time.advance(5_000_000);
        fixture.removeTopic(new Uuid(1, 1));
        fixture.release();

        // Then
        assertThat(fixture.logs().isHealthy()).isTrue();
        assertThat(fixture.logs().existing()).isEmpty();
    }
}
