// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.storage.StorageFixture.NAME;
import static io.kaon.storage.StorageFixture.TOPIC;
import static io.kaon.storage.StorageFixture.batch;
import static io.kaon.storage.StorageFixture.join;
import static io.kaon.storage.StorageFixture.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.storage.checkpoint.Disk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogDirectoryTest {
    @TempDir
    private Path path;

    @Test
    void shouldRefuseADirectoryThatIsInUse() {
        // Given
        StorageFixture storage = new StorageFixture(path);

        // When / Then
        assertThatThrownBy(storage::open)
                .isInstanceOf(LogDirectoryException.class)
                .hasMessageContaining("in use by another broker");
        storage.close();
    }

    @Test
    void shouldRefuseADirectoryOfAnotherClusterOrBroker() {
        // Given
        StorageFixture storage = new StorageFixture(path);
        storage.close();

        // When / Then
        assertThatThrownBy(() -> open(storage, Optional.of("other"), 0))
                .isInstanceOf(LogDirectoryException.class)
                .hasMessageContaining("belongs to the cluster test-cluster, not to other");
        assertThatThrownBy(() -> open(storage, Optional.empty(), 5))
                .isInstanceOf(LogDirectoryException.class)
                .hasMessageContaining("node id 0, not to 5");
    }

    @Test
    void shouldRefuseADirectoryThatANewerVersionWrote() throws Exception {
        // Given
        StorageFixture storage = new StorageFixture(path);
        storage.close();
        Path file = path.resolve("meta.properties");
        Files.writeString(file, Files.readString(file).replace("kaon.format=1", "kaon.format=2"));

        // When / Then
        assertThatThrownBy(storage::open)
                .isInstanceOf(LogDirectoryException.class)
                .hasMessageContaining("newer version");
    }

    @Test
    void shouldRefuseAPathThatIsNoDirectory() throws Exception {
        // Given
        Path file = Files.createFile(path.resolve("file"));

        // When / Then
        assertThatThrownBy(() -> new StorageFixture(file))
                .isInstanceOf(LogDirectoryException.class)
                .hasMessageContaining("cannot be used");
    }

    @Test
    void shouldKeepTheIdsOfAnewDirectory() {
        // Given
        StorageFixture storage = new StorageFixture(path.resolve("new"));
        Uuid id = storage.directory().directoryId();

        // When
        storage.restart();

        // Then
        assertThat(storage.directory().directoryId()).isEqualTo(id);
        assertThat(storage.directory().clusterId()).isEqualTo("test-cluster");
        storage.close();
    }

    @Test
    void shouldFindPartitionsWithoutOpeningThem() throws Exception {
        // Given
        StorageFixture storage = new StorageFixture(path);
        storage.appendValues(storage.log(), "a");
        storage.restart();
        Files.createDirectory(path.resolve("no partition"));

        // When / Then
        assertThat(storage.directory().existing()).containsExactly(new LogDescriptor(NAME, Optional.of(TOPIC)));
        storage.close();
    }

    @Test
    void shouldServeNothingOldWhenATopicIsMadeAgain() {
        // Given
        StorageFixture storage = new StorageFixture(path);
        PartitionLog old = storage.log();
        storage.appendValues(old, "old");

        // When
        join(old.delete());
        PartitionLog log = join(storage.directory().openLog(NAME, new Uuid(1, 1), LogOptions.DEFAULT, storage.owner()));
        storage.appendValues(log, "new");

        // Then
        assertThat(readAll(log, 0)).containsExactly("0=new");
        storage.close();
    }

    @Test
    void shouldNotTakeTheLogStartOfADeletedTopicForThatOfTheNextOneAfterACrash() {
        // Given
        StorageFixture storage = new StorageFixture(path);
        PartitionLog old = storage.log();
        for (int index = 0; index < 10; index++) {
            storage.appendValues(old, "old");
        }
        storage.run(() -> old.advanceLogStartOffset(9));
        join(old.delete());
        Uuid nextId = new Uuid(1, 1);
        storage.appendValues(open(storage, nextId), "a", "b", "c");

        // When
        storage.crash();

        // Then
        assertThat(readCommitted(storage, open(storage, nextId))).containsExactly("0=a", "1=b", "2=c");
        storage.close();
    }

    @Test
    void shouldNotTakeTheLogStartOfATopicDeletedInAnEarlierLifeForThatOfTheNextOne() {
        // Given
        StorageFixture storage = new StorageFixture(path);
        PartitionLog old = storage.log();
        for (int index = 0; index < 10; index++) {
            storage.appendValues(old, "old");
        }
        storage.run(() -> old.advanceLogStartOffset(9));
        storage.crash();
        join(storage.directory().removeStray((name, topicId) -> false));
        Uuid nextId = new Uuid(1, 1);
        storage.appendValues(open(storage, nextId), "a");

        // When
        storage.crash();

        // Then
        assertThat(readCommitted(storage, open(storage, nextId))).containsExactly("0=a");
        storage.close();
    }

    @Test
    void shouldWaitForAPartitionThatIsBeingOpenedBeforeItLetsGoOfTheDirectory() {
        // Given
        Deque<Runnable> work = new ArrayDeque<>();
        StorageFixture storage = new StorageFixture(path, Disk.system(), work::add);
        var opening = storage.directory().openLog(NAME, TOPIC, LogOptions.DEFAULT, storage.owner());

        // When
        var closed = storage.directory().close();

        // Then
        assertThat(work).hasSize(1);
        while (!work.isEmpty()) {
            work.poll().run();
        }
        assertThat(opening.toCompletableFuture()).isCompletedExceptionally();
        assertThat(closed.toCompletableFuture()).isCompleted();
    }

    @Test
    void shouldStayHealthyWhenAPartitionIsDeletedWhileRetentionLooksAtIt() {
        // Given
        FaultyDisk disk = new FaultyDisk();
        StorageFixture storage = new StorageFixture(path, disk);
        PartitionLog first = storage.log(retaining(3_600_000, -1));
        for (int hour = 0; hour < 3; hour++) {
            storage.append(first, batch(storage.time.wallMs() - (9 - hour) * 3_600_000L, "hour " + hour));
        }
        storage.restart();
        PartitionLog log = storage.log(retaining(3_600_000, -1));
        AtomicBoolean isDeleted = new AtomicBoolean();
        disk.beforeOpen = file -> {
            if (file.toString().endsWith(".timeindex") && isDeleted.compareAndSet(false, true)) {
                join(log.delete());
            }
        };

        // When
        storage.time.advance(300_000);

        // Then
        assertThat(isDeleted).isTrue();
        assertThat(storage.directory().isHealthy()).isTrue();
        storage.close();
    }

    @Test
    void shouldPutAwayPartitionsThatAreNotItsOwn() throws Exception {
        // Given
        StorageFixture storage = new StorageFixture(path);
        storage.appendValues(storage.log(), "a");
        storage.restart();

        // When
        int kept = join(storage.directory().removeStray((name, id) -> id.equals(TOPIC)));
        int removed = join(storage.directory().removeStray((name, id) -> false));

        // Then
        assertThat(kept).isZero();
        assertThat(removed).isEqualTo(1);
        assertThat(storage.directory().existing()).isEmpty();
        assertThat(path.resolve(NAME.toString())).doesNotExist();
        storage.close();
    }

    @Test
    void shouldDeleteALogThatIsNotOpenOnlyUnderItsTopicId() throws Exception {
        // Given
        StorageFixture storage = new StorageFixture(path);
        storage.appendValues(storage.log(), "a");
        storage.restart();

        // When
        join(storage.directory().deleteLog(NAME, new Uuid(3, 3)));
        int before = storage.directory().existing().size();
        join(storage.directory().deleteLog(NAME, TOPIC));

        // Then
        assertThat(before).isEqualTo(1);
        assertThat(storage.directory().existing()).isEmpty();
        storage.close();
    }

    @Test
    void shouldDeleteATopicWithTheLongestName() {
        // Given
        StorageFixture storage = new StorageFixture(path);
        TopicPartition name = new TopicPartition("t".repeat(249), 7);
        PartitionLog log = join(storage.directory().openLog(name, TOPIC, LogOptions.DEFAULT, storage.owner()));
        storage.appendValues(log, "a");

        // When
        join(log.delete());

        // Then
        assertThat(path.resolve(name.toString())).doesNotExist();
        storage.close();
    }

    @Test
    void shouldDeleteOldSegmentsByTime() {
        // Given
        StorageFixture storage = new StorageFixture(path);
        PartitionLog log = storage.log(retaining(3_600_000, -1));
        for (int hour = 0; hour < 10; hour++) {
            storage.append(log, batch(storage.time.wallMs() - (9 - hour) * 3_600_000L - 1, "hour " + hour));
        }

        // When
        storage.time.advance(300_000);

        // Then
        assertThat(log.view().logStartOffset()).isEqualTo(9);
        assertThat(readAll(log, 9)).containsExactly("9=hour 9");
        storage.close();
    }

    @Test
    void shouldDeleteEvenTheLastSegmentWhenItIsTooOld() {
        // Given
        StorageFixture storage = new StorageFixture(path);
        PartitionLog log = storage.log(retaining(3_600_000, -1));
        storage.append(log, batch(storage.time.wallMs() - 7_200_000, "old"));

        // When
        storage.time.advance(300_000);
        Appended next = storage.appendValues(log, "next");

        // Then
        assertThat(log.view().logStartOffset()).isEqualTo(1);
        assertThat(next.baseOffset()).isEqualTo(1);
        storage.close();
    }

    @Test
    void shouldDeleteOldSegmentsBySizeButNothingThatIsNotCommitted() {
        // Given
        StorageFixture storage = new StorageFixture(path);
        PartitionLog log = storage.log(retaining(-1, 300));
        for (int count = 0; count < 10; count++) {
            storage.run(() -> log.append(batch(1, "v"), AppendOrigin.CLIENT, 0));
        }
        storage.run(() -> log.advanceHighWatermark(3));

        // When
        storage.time.advance(300_000);
        long uncommitted = log.view().logStartOffset();
        storage.run(() -> log.advanceHighWatermark(10));
        storage.time.advance(300_000);

        // Then
        assertThat(uncommitted).isEqualTo(3);
        assertThat(log.view().logStartOffset()).isEqualTo(5);
        assertThat(log.sizeInBytes()).isBetween(300L, 368L);
        storage.close();
    }

    @Test
    void shouldKeepEverythingOfACompactedTopic() {
        // Given
        StorageFixture storage = new StorageFixture(path);
        PartitionLog log = storage.log(LogOptions.DEFAULT
                .withSegments(new SegmentOptions(100, 1L << 40, 1 << 20, 10))
                .withRetention(new RetentionOptions(false, true, 1, 1, 0)));
        for (int count = 0; count < 10; count++) {
            storage.appendValues(log, "v");
        }

        // When
        storage.time.advance(600_000);

        // Then
        assertThat(log.view().logStartOffset()).isZero();
        storage.close();
    }

    @Test
    void shouldKnowOffsetsOfPartitionsThatNobodyOpened() {
        // Given
        StorageFixture storage = new StorageFixture(path);
        PartitionLog log = storage.log();
        storage.appendValues(log, "a", "b", "c");
        storage.run(() -> log.advanceLogStartOffset(2));

        // When
        storage.restart();
        storage.restart();
        PartitionLog again = storage.log();

        // Then
        assertThat(again.view().logStartOffset()).isEqualTo(2);
        assertThat(again.view().highWatermark()).isEqualTo(3);
        storage.close();
    }

    private static LogOptions retaining(long retentionMs, long retentionBytes) {
        return LogOptions.DEFAULT
                .withSegments(new SegmentOptions(100, 1L << 40, 1 << 20, 10))
                .withRetention(new RetentionOptions(true, false, retentionMs, retentionBytes, 1000));
    }

    private static List<String> readCommitted(StorageFixture storage, PartitionLog log) {
        storage.run(() -> log.advanceHighWatermark(log.view().logEndOffset()));
        return readAll(log, log.view().logStartOffset());
    }

    private static PartitionLog open(StorageFixture storage, Uuid topicId) {
        return join(storage.directory().openLog(NAME, topicId, LogOptions.DEFAULT, storage.owner()));
    }

    private static LogDirectory open(StorageFixture storage, Optional<String> clusterId, int nodeId) {
        return LogDirectory.open(LogDirectoryOptions.of(storage.path, clusterId, nodeId), storage.ports());
    }
}
