// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.storage.StorageFixture.NAME;
import static io.kaon.storage.StorageFixture.TOPIC;
import static io.kaon.storage.StorageFixture.join;
import static io.kaon.storage.StorageFixture.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.sim.InTurn;
import io.kaon.telemetry.Metrics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What partitions cost that nobody uses, and what is done for them. */
final class ManyPartitionsTest {
    private static final int PARTITIONS = 1_000;
    private static final long LONG_IDLE_MS = DirectoryUpkeep.IDLE_CHECK_MS * (DirectoryUpkeep.IDLE_TURNS + 2);
    private static final RetentionOptions A_MINUTE = new RetentionOptions(true, false, 60_000, -1, 0);

    private final FaultyDisk disk = FaultyDisk.quick();

    @TempDir
    private Path path;

    @Test
    void shouldKeepNoFileOpenForPartitionsThatNobodyUses() {
        // Given
        StorageFixture storage = new StorageFixture(path, disk, new InTurn());
        for (int index = 0; index < PARTITIONS; index++) {
            storage.appendValues(open(storage, index), "a");
        }
        int whileUsed = disk.openChannels;

        // When
        storage.time.advance(LONG_IDLE_MS);

        // Then
        assertThat(whileUsed).isEqualTo(PARTITIONS);
        assertThat(disk.openChannels).isZero();
        storage.close();
    }

    @Test
    void shouldOpenNothingAtTheStartAndLeaveNothingOpenWherePartitionsAreOnlyLookedAt() {
        // Given
        StorageFixture storage = new StorageFixture(path, disk, new InTurn());
        for (int index = 0; index < PARTITIONS; index++) {
            storage.appendValues(open(storage, index), "a");
        }
        storage.restart();
        int afterStart = disk.openChannels;

        // When
        for (int index = 0; index < PARTITIONS; index++) {
            open(storage, index);
        }

        // Then
        assertThat(afterStart).isZero();
        assertThat(disk.openChannels).isZero();
        storage.close();
    }

    @Test
    void shouldGoOnWithALogWhoseFilesWereClosed() {
        // Given
        StorageFixture storage = new StorageFixture(path, disk, new InTurn());
        PartitionLog log = storage.log();
        storage.appendValues(log, "a");
        storage.time.advance(LONG_IDLE_MS);
        boolean wasHot = log.view().isHot(0);

        // When
        boolean needsDisk = storage.inside(() -> log.needsDisk(StorageFixture.batch(storage.time.wallMs(), "b")));
        storage.appendValues(log, "b");

        // Then
        assertThat(wasHot).isFalse();
        assertThat(needsDisk).isTrue();
        assertThat(log.view().isHot(0)).isTrue();
        assertThat(readAll(log, 0)).containsExactly("0=a", "1=b");
        storage.close();
    }

    @Test
    void shouldKeepFilesOpenThatAreUsed() {
        // Given
        StorageFixture storage = new StorageFixture(path, disk, new InTurn());
        PartitionLog log = storage.log();

        // When
        for (int index = 0; index < 20; index++) {
            storage.appendValues(log, "a");
            storage.time.advance(DirectoryUpkeep.IDLE_CHECK_MS);
        }

        // Then
        assertThat(storage.inside(() -> log.needsDisk(StorageFixture.batch(storage.time.wallMs(), "b"))))
                .isFalse();
        storage.close();
    }

    @Test
    void shouldJudgeRetentionOfAClosedPartitionByItsFiles() throws Exception {
        // Given
        StorageFixture storage = new StorageFixture(path, disk, new InTurn());
        storage.appendValues(storage.log(), "a");
        storage.restart();

        // When
        boolean isDueAtOnce = storage.directory().isRetentionDue(NAME, A_MINUTE);
        storage.time.advance(60_001);
        int opens = disk.opens;
        boolean isDueLater = storage.directory().isRetentionDue(NAME, A_MINUTE);
        int moreOpens = disk.opens - opens;

        // Then
        assertThat(isDueAtOnce).isFalse();
        assertThat(isDueLater).isTrue();
        assertThat(moreOpens).isZero();
        assertThat(storage.directory().isRetentionDue(NAME, new RetentionOptions(true, false, -1, 0, 0)))
                .isTrue();
        assertThat(storage.directory().isRetentionDue(NAME, new RetentionOptions(false, true, 1, 0, 0)))
                .isFalse();
        assertThat(disk.openChannels).isZero();
        storage.close();
    }

    @Test
    void shouldSyncALogThatHasGoneQuiet() {
        // Given
        StorageFixture storage = new StorageFixture(path, disk, new InTurn());
        PartitionLog log = storage.log();
        storage.appendValues(log, "a", "b");

        // When
        storage.time.advance(3 * DirectoryUpkeep.QUIET_CHECK_MS);

        // Then
        assertThat(log.recoveryPoint()).isEqualTo(2);
        assertThat(log.isSynced()).isTrue();
        storage.close();
    }

    @Test
    void shouldNotWaitForTheDiskInARecoveryThatFindsEverythingWhole() {
        // Given
        StorageFixture storage = new StorageFixture(path, disk, new InTurn());
        storage.appendValues(storage.log(), "a", "b");
        storage.crash();
        int forces = disk.forces;

        // When
        PartitionLog log = storage.log();

        // Then
        assertThat(disk.forces).isEqualTo(forces);
        assertThat(log.recoveryPoint()).isZero();
        storage.run(() -> log.advanceHighWatermark(2));
        assertThat(readAll(log, 0)).containsExactly("0=a", "1=b");
        storage.close();
    }

    @Test
    void shouldListWhatNeedsRecoveryUntilItIsOpened() throws Exception {
        // Given
        StorageFixture storage = new StorageFixture(path, disk, new InTurn());
        storage.appendValues(open(storage, 0), "a");
        storage.appendValues(open(storage, 1), "a");
        storage.crash();
        open(storage, 1);

        // When / Then
        assertThat(storage.directory().unrecovered()).containsExactly(name(0));
        storage.restart();
        assertThat(storage.directory().unrecovered()).containsExactly(name(0));
        storage.close();
    }

    @Test
    void shouldEndCleanAlthoughAPartitionIsDamaged() throws Exception {
        // Given
        StorageFixture storage = new StorageFixture(path, disk, new InTurn());
        storage.appendValues(open(storage, 0), "a");
        storage.appendValues(open(storage, 1), "a");
        storage.restart();
        Files.write(path.resolve(name(0).toString()).resolve("00000000000000000000.log"), new byte[100]);

        // When
        assertThatThrownBy(() -> open(storage, 0)).isInstanceOf(CompletionException.class);
        double offline = offline(storage.directory().metrics());
        storage.restart();

        // Then
        assertThat(offline).isEqualTo(1);
        assertThat(storage.directory().cleanShutdownEpoch()).isPresent();
        assertThat(readAll(open(storage, 1), 0)).containsExactly("0=a");
        storage.close();
    }

    @Test
    void shouldPutNothingAwayOfATopicThatWasMadeAgainWhileItLooksForStrays() {
        // Given
        StorageFixture storage = new StorageFixture(path, disk, new InTurn());
        storage.appendValues(storage.log(), "old");
        storage.restart();
        Uuid nextId = new Uuid(1, 1);

        // When
        join(storage.directory().removeStray((name, topicId) -> topicId.equals(nextId)));
        PartitionLog next = join(storage.directory().openLog(NAME, nextId, LogOptions.DEFAULT, storage.owner()));
        storage.appendValues(next, "new");
        int second = join(storage.directory().removeStray((name, topicId) -> topicId.equals(nextId)));

        // Then
        assertThat(second).isZero();
        assertThat(readAll(next, 0)).containsExactly("0=new");
        storage.close();
    }

    private static double offline(Metrics metrics) {
        return metrics.samples().stream()
                .filter(sample -> sample.name().name().equals("kaon.log.partitions.offline"))
                .mapToDouble(Metrics.Sample::value)
                .sum();
    }

    private static PartitionLog open(StorageFixture storage, int index) {
        return join(storage.directory().openLog(name(index), TOPIC, LogOptions.DEFAULT, storage.owner()));
    }

    private static TopicPartition name(int index) {
        return new TopicPartition("many", index);
    }
}
