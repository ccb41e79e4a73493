// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.storage.StorageFixture.batch;
import static io.kaon.storage.StorageFixture.readAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.sim.DiskOperation;
import io.kaon.sim.DiskOperation.Kind;
import io.kaon.sim.SimulatedDisk;
import io.kaon.sim.VirtualTime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a full disk costs: appends, for a while, and nothing else (R5). */
final class FullDiskTest {
    private static final Logger STORAGE_LOG = Logger.getLogger("io.kaon.storage");
    private static final Path DIRECTORY = Path.of("/full");
    private static final int CAPACITY = 200_000;
    private static final int RESERVE = CAPACITY / 20;
    private static final LogOptions SMALL =
            LogOptions.DEFAULT.withSegments(new SegmentOptions(2000, 1L << 40, 1 << 20, 100));

    private final SimulatedDisk disk = new SimulatedDisk(new VirtualTime(StorageFixture.START_MS));
    private boolean hasRoomForRecordsOnly;
    private StorageFixture storage;

    @BeforeAll
    static void silence() {
        STORAGE_LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void speak() {
        STORAGE_LOG.setLevel(null);
    }

    @BeforeEach
    void open() throws IOException {
        disk.withFolder(DIRECTORY).with(this::refuse).limitTo(CAPACITY);
        storage = new StorageFixture(DIRECTORY, disk);
    }

    @AfterEach
    void end() {
        storage.abandon();
    }

    private void refuse(DiskOperation operation) throws IOException {
        boolean takesRoom = operation.kind() == Kind.WRITE || operation.kind() == Kind.OPEN;
        if (hasRoomForRecordsOnly && takesRoom && !operation.isOf(".log") && !operation.isOf("spare")) {
            throw new IOException("No space left on device");
        }
    }

    @Test
    void shouldRefuseClientsBeforeTheDiskIsFullAndTakeThemAgainWhenThereIsRoom() {
        // Given
        PartitionLog log = storage.log(SMALL);
        String value = "x".repeat(500);
        AppendResult last = storage.append(log, batch(1, value));
        while (last instanceof Appended) {
            last = storage.append(log, batch(1, value));
        }
        long end = log.view().logEndOffset();
        long left = disk.space(DIRECTORY).usableBytes();

        // When
        AppendResult ofCoordinator = storage.inside(() -> log.append(batch(1, "offsets"), AppendOrigin.COORDINATOR, 0));
        disk.limitTo(CAPACITY * 2);
        AppendResult tooEarly = storage.append(log, batch(1, value));
        storage.time.advance(DiskRoom.CHECK_INTERVAL_MS);
        AppendResult after = storage.append(log, batch(1, value));

        // Then
        assertThat(((Rejected) last).code()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(left).isBetween(RESERVE / 2L, (long) RESERVE);
        assertThat(ofCoordinator).isInstanceOf(Appended.class);
        assertThat(tooEarly).isInstanceOf(Rejected.class);
        assertThat(((Appended) after).baseOffset()).isEqualTo(end + 1);
        assertThat(readAll(log, 0)).hasSize((int) end + 2);
        assertThat(storage.directory().isHealthy()).isTrue();
    }

    @Test
    void shouldWriteLaterWhatAFullDiskKeptFromBeingWritten() throws IOException {
        // Given
        PartitionLog log = storage.log(SMALL);
        storage.appendValues(log, "first");
        hasRoomForRecordsOnly = true;

        // When
        for (int count = 0; count < 100; count++) {
            storage.append(log, batch(1, "value " + count));
        }
        storage.run(() -> log.beginLeaderEpoch(7));
        long trusted = log.recoveryPoint();
        boolean isOnline = log.isOnline();
        hasRoomForRecordsOnly = false;
        storage.time.advance(LogFiles.RETRY_MS);

        // Then
        assertThat(isOnline).isTrue();
        assertThat(log.view().segments()).hasSizeGreaterThan(3);
        assertThat(trusted).isZero();
        assertThat(log.recoveryPoint()).isEqualTo(101);
        assertThat(storage.directory().isHealthy()).isFalse();
        storage.crash();
        PartitionLog again = storage.log(SMALL);
        assertThat(again.view().logEndOffset()).isEqualTo(101);
        assertThat(again.view().latestEpoch()).isEqualTo(7);
    }

    @Test
    void shouldKeepEverythingWhenTheDiskStaysFullUntilTheEnd() {
        // Given
        PartitionLog log = storage.log(SMALL);
        storage.appendValues(log, "first");
        hasRoomForRecordsOnly = true;
        for (int count = 0; count < 100; count++) {
            storage.append(log, batch(1, "value " + count));
        }

        // When
        StorageFixture.join(log.close());
        hasRoomForRecordsOnly = false;
        storage.crash();
        PartitionLog again = storage.log(SMALL);

        // Then
        storage.run(() -> again.advanceHighWatermark(again.view().logEndOffset()));
        assertThat(readAll(again, 0)).hasSize(101);
    }
}
