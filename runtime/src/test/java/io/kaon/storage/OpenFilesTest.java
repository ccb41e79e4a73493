// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.storage.StorageFixture.TOPIC;
import static io.kaon.storage.StorageFixture.join;
import static io.kaon.storage.StorageFixture.readAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many files a broker with many partitions has open, and what happens when it may open no more. */
final class OpenFilesTest {
    private static final int PARTITIONS = 1_000;
    private static final int LIMIT = 200;
    private static final long LONG_IDLE_MS = DirectoryUpkeep.IDLE_CHECK_MS * (DirectoryUpkeep.IDLE_TURNS + 2);

    private final FaultyDisk disk = FaultyDisk.quick();

    @TempDir
    private Path path;

    @Test
    void shouldUseMorePartitionsAtOnceThanFilesMayBeOpen() {
        // Given
        disk.openFileLimit = LIMIT;
        StorageFixture storage = new StorageFixture(path, disk);
        List<PartitionLog> logs = new ArrayList<>();

        // When
        for (int index = 0; index < PARTITIONS; index++) {
            logs.add(open(storage, index));
            storage.appendValues(logs.get(index), "a");
        }
        for (PartitionLog log : logs) {
            storage.appendValues(log, "b");
        }

        // Then
        assertThat(logs).allSatisfy(log -> assertThat(readAll(log, 0)).containsExactly("0=a", "1=b"));
        assertThat(disk.openChannels).isLessThan(LIMIT);
        storage.restart();
        assertThat(storage.directory().cleanShutdownEpoch()).isPresent();
        assertThat(disk.openChannels).isZero();
        storage.close();
    }

    @Test
    void shouldRefuseWhileNoFileCanBeOpenedAndGoOnAfterwards() {
        // Given
        StorageFixture storage = new StorageFixture(path, disk);
        PartitionLog log = storage.log();
        storage.appendValues(log, "a");
        storage.time.advance(LONG_IDLE_MS);

        // When
        disk.openFileLimit = 0;
        AppendResult refused = storage.append(log, StorageFixture.batch(storage.time.wallMs(), "b"));
        disk.openFileLimit = LIMIT;
        storage.appendValues(log, "c");

        // Then
        assertThat(refused).isInstanceOfSatisfying(Rejected.class, rejected -> assertThat(rejected.code())
                .isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR));
        assertThat(log.isOnline()).isTrue();
        assertThat(readAll(log, 0)).containsExactly("0=a", "1=c");
        storage.close();
    }

    @Test
    void shouldLeaveNoFileOpenHoweverOftenItIsOpenedAndClosed() {
        // Given
        StorageFixture storage = new StorageFixture(path, disk);

        // When
        for (int cycle = 0; cycle < PARTITIONS; cycle++) {
            PartitionLog log = storage.log();
            storage.appendValues(log, "a");
            join(log.close());
        }

        // Then
        assertThat(disk.openChannels).isZero();
        assertThat(readAll(storage.log(), 0)).hasSize(PARTITIONS);
        storage.close();
    }

    private static PartitionLog open(StorageFixture storage, int index) {
        return join(storage.directory()
                .openLog(new TopicPartition("many", index), TOPIC, LogOptions.DEFAULT, storage.owner()));
    }
}
