// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.storage.StorageFixture.NAME;
import static io.kaon.storage.StorageFixture.TOPIC;
import static io.kaon.storage.StorageFixture.batch;
import static io.kaon.storage.StorageFixture.batchOf;
import static io.kaon.storage.StorageFixture.join;
import static io.kaon.storage.StorageFixture.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogRecoveryTest {
    private static final LogOptions SMALL =
            LogOptions.DEFAULT.withSegments(new SegmentOptions(400, 1L << 40, 1 << 20, 50));
    private static final String FIRST = "00000000000000000000";

    /** Thousands of damaged files mean thousands of warnings. */
    private static final Logger STORAGE_LOG = Logger.getLogger("io.kaon.storage");

    @TempDir
    private Path path;

    @BeforeAll
    static void silence() {
        STORAGE_LOG.setLevel(Level.SEVERE);
    }

    @AfterAll
    static void speak() {
        STORAGE_LOG.setLevel(null);
    }

    @Test
    void shouldHaveEverythingAfterACleanEnd() {
        // Given
        StorageFixture storage = new StorageFixture(path, FaultyDisk.quick());
        List<String> before = fill(storage, SMALL, 50);

        // When
        storage.restart();
        boolean isClean = storage.directory().cleanShutdownEpoch().isPresent();
        PartitionLog log = storage.log(SMALL);
        committed(storage, log);

        // Then
        assertThat(isClean).isTrue();
        assertThat(readAll(log, 0)).isEqualTo(before);
        storage.close();
    }

    @Test
    void shouldHaveEverythingAfterKillMinusNine() {
        // Given
        StorageFixture storage = new StorageFixture(path, FaultyDisk.quick());
        List<String> before = fill(storage, SMALL, 50);

        // When
        storage.crash();
        PartitionLog log = storage.log(SMALL);
        committed(storage, log);

        // Then
        assertThat(storage.directory().cleanShutdownEpoch()).isEmpty();
        assertThat(readAll(log, 0)).isEqualTo(before);
        assertThat(storage.appendValues(log, "next").baseOffset()).isEqualTo(50);
        storage.close();
    }

    /** More than one buffer of whoever reads the file, with batches across the buffers' ends. */
    @Test
    void shouldHaveEverythingOfALargeSegmentAfterKillMinusNine() {
        // Given
        StorageFixture storage = new StorageFixture(path, FaultyDisk.quick());
        List<String> before = fill(storage, LogOptions.DEFAULT, 3000);
        PartitionLog log = storage.log();
        storage.run(() -> log.append(batch(1, "x".repeat(100_000)), AppendOrigin.CLIENT, 0));
        storage.run(() -> log.append(batch(1, "end"), AppendOrigin.CLIENT, 0));

        // When
        storage.crash();
        PartitionLog again = storage.log();
        committed(storage, again);

        // Then
        assertThat(readAll(again, 0))
                .hasSize(3002)
                .startsWith(before.toArray(new String[0]))
                .endsWith("3001=end");
        storage.close();
    }

    @Test
    void shouldKeepThePrefixWhenTheFileIsCutAnywhere() throws Exception {
        // Given
        StorageFixture storage = new StorageFixture(path, FaultyDisk.quick());
        List<String> before = fill(storage, LogOptions.DEFAULT, 4);
        storage.abandon();
        Path file = path.resolve(NAME + "/" + FIRST + ".log");
        byte[] whole = Files.readAllBytes(file);
        int batch = whole.length / 4;

        for (int length = 0; length <= whole.length; length++) {
            // When
            Files.write(file, Arrays.copyOf(whole, length));
            List<String> after = reopen(storage);

            // Then
            assertThat(after).isEqualTo(before.subList(0, length / batch));
        }
    }

    @Test
    void shouldNeverInventRecordsWhenABitIsFlipped() throws Exception {
        // Given
        StorageFixture storage = new StorageFixture(path, FaultyDisk.quick());
        List<String> before = fill(storage, LogOptions.DEFAULT, 3);
        storage.abandon();
        Path file = path.resolve(NAME + "/" + FIRST + ".log");
        byte[] whole = Files.readAllBytes(file);
        int batch = whole.length / 3;

        for (int bit = 0; bit < whole.length * 8; bit++) {
            // When
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, flipped);
            List<String> after = reopen(storage);

            // Then: the leader epoch (bytes 12 to 15) is outside the CRC and changes no record.
            int at = bit / 8 % batch;
            boolean isEpoch = at >= 12 && at < 16;
            assertThat(after).as("bit %s", bit).isEqualTo(isEpoch ? before : before.subList(0, bit / 8 / batch));
        }
    }

    @Test
    void shouldDropSegmentsBehindADamagedOne() throws Exception {
        // Given
        StorageFixture storage = new StorageFixture(path, FaultyDisk.quick());
        List<String> before = fill(storage, SMALL, 40);
        Path log = path.resolve(NAME.toString());
        List<Path> segments = segments(log);
        storage.abandon();
        Path damaged = segments.get(segments.size() - 3);
        byte[] bytes = Files.readAllBytes(damaged);
        bytes[bytes.length - 1] ^= 1;
        Files.write(damaged, bytes);

        // When
        List<String> after = reopen(storage);

        // Then
        assertThat(after).isNotEmpty().isEqualTo(before.subList(0, after.size()));
        assertThat(segments(log)).hasSize(segments.size() - 2);
    }

    @Test
    void shouldReadOnlyWhatWasNotFlushed() throws Exception {
        // Given
        StorageFixture storage = new StorageFixture(path, FaultyDisk.quick());
        PartitionLog log = storage.log();
        for (int count = 0; count < 300; count++) {
            storage.appendValues(log, "value " + count);
        }
        join(log.flush());
        storage.time.advance(60_000);
        storage.appendValues(log, "unflushed");
        storage.abandon();
        // Damage in the flushed part is for reads to find: recovery must not even look.
        Path file = path.resolve(NAME + "/" + FIRST + ".log");
        byte[] bytes = Files.readAllBytes(file);
        bytes[70] ^= 1;
        Files.write(file, bytes);

        // When
        storage.open();
        PartitionLog again = storage.log();

        // Then
        assertThat(again.view().logEndOffset()).isEqualTo(301);
        storage.close();
    }

    @Test
    void shouldRebuildIndexesThatAreMissingOrWrong() throws Exception {
        // Given
        StorageFixture storage = new StorageFixture(path, FaultyDisk.quick());
        List<String> before = fill(storage, SMALL, 60);
        storage.close();
        try (var files = Files.list(path.resolve(NAME.toString()))) {
            for (Path file : files.toList()) {
                if (file.toString().endsWith(".index")) {
                    Files.delete(file);
                } else if (file.toString().endsWith(".timeindex")) {
                    Files.write(file, new byte[] {1, 2, 3});
                }
            }
        }

        // When
        storage.open();
        PartitionLog log = storage.log(SMALL);
        committed(storage, log);

        // Then
        assertThat(readAll(log, 0)).isEqualTo(before);
        assertThat(log.view().offsetForTimestamp(0, 60)).isPresent();
        storage.close();
    }

    @Test
    void shouldRecogniseRepeatedBatchesAfterACrashAndAfterACleanEnd() {
        // Given
        StorageFixture storage = new StorageFixture(path, FaultyDisk.quick());
        PartitionLog log = storage.log();
        for (int batch = 0; batch < 6; batch++) {
            storage.append(log, batchOf(5, 0, batch, "v" + batch));
        }

        // When
        storage.crash();
        AppendResult afterCrash = storage.append(storage.log(), batchOf(5, 0, 2, "v2"));
        storage.restart();
        PartitionLog again = storage.log();
        AppendResult afterEnd = storage.append(again, batchOf(5, 0, 1, "v1"));
        AppendResult next = storage.append(again, batchOf(5, 0, 6, "v6"));

        // Then
        assertThat(afterCrash).isEqualTo(new Appended(2, 2, -1, 0, true));
        assertThat(afterEnd).isEqualTo(new Appended(1, 1, -1, 0, true));
        assertThat(next).isEqualTo(new Appended(6, 6, -1, 0, false));
        storage.close();
    }

    @Test
    void shouldKnowProducersWithoutAnySnapshot() throws Exception {
        // Given
        StorageFixture storage = new StorageFixture(path, FaultyDisk.quick());
        PartitionLog log = storage.log(SMALL);
        for (int batch = 0; batch < 20; batch++) {
            storage.append(log, batchOf(5, 0, batch, "v" + batch));
        }
        storage.close();
        try (var files = Files.list(path.resolve(NAME.toString()))) {
            for (Path file : files.toList()) {
                if (file.toString().endsWith(".snapshot")) {
                    Files.write(file, new byte[] {0, 1, 2});
                }
            }
        }

        // When
        storage.open();
        AppendResult repeated = storage.append(storage.log(SMALL), batchOf(5, 0, 17, "v17"));

        // Then
        assertThat(repeated).isEqualTo(new Appended(17, 17, -1, 0, true));
        storage.close();
    }

    @Test
    void shouldRefuseALaterBatchOfAProducerThatANewPartitionDoesNotKnow() {
        // Given
        StorageFixture storage = new StorageFixture(path, FaultyDisk.quick());
        PartitionLog log = storage.log();

        // When
        AppendResult later = storage.append(log, batchOf(5, 0, 1, "second"));
        AppendResult first = storage.append(log, batchOf(5, 0, 0, "first"));

        // Then
        assertThat(((Rejected) later).code()).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(first).isInstanceOf(Appended.class);
        storage.close();
    }

    @Test
    void shouldReadEpochsFromTheBatchesWhenTheirCheckpointIsTorn() throws Exception {
        // Given
        StorageFixture storage = new StorageFixture(path, FaultyDisk.quick());
        PartitionLog log = storage.log();
        storage.run(() -> log.append(batch(1, "a", "b"), AppendOrigin.CLIENT, 2));
        storage.run(() -> log.append(batch(1, "c"), AppendOrigin.CLIENT, 5));
        storage.close();
        Path checkpoint = path.resolve(NAME + "/leader-epoch-checkpoint");
        byte[] whole = Files.readAllBytes(checkpoint);

        for (int length = 0; length < whole.length; length++) {
            // When
            Files.write(checkpoint, Arrays.copyOf(whole, length));
            storage.open();
            PartitionLog again = storage.log();

            // Then
            assertThat(again.view().endOffsetFor(2)).isEqualTo(new EpochEnd(2, 2));
            assertThat(again.view().latestEpoch()).isEqualTo(5);
            assertThat(checkpoint).hasBinaryContent(whole);
            storage.close();
        }
    }

    @Test
    void shouldGoOnWhereRecordsWereDeletedAfterTheTailWasLost() throws Exception {
        // Given
        StorageFixture storage = new StorageFixture(path, FaultyDisk.quick());
        PartitionLog log = storage.log();
        fillLog(storage, log, 10);
        storage.run(() -> log.advanceLogStartOffset(8));
        storage.abandon();
        Files.write(path.resolve(NAME + "/" + FIRST + ".log"), new byte[0]);

        // When
        storage.open();
        PartitionLog again = storage.log();
        Appended appended = storage.appendValues(again, "next");

        // Then
        assertThat(appended.baseOffset()).isEqualTo(8);
        assertThat(readAll(again, 8)).containsExactly("8=next");
        storage.close();
    }

    @Test
    void shouldUseASpareFileThatACrashLeftWithRecords() throws Exception {
        // Given
        StorageFixture storage = new StorageFixture(path, FaultyDisk.quick());
        List<String> before = fill(storage, SMALL, 40);
        storage.abandon();
        List<Path> segments = segments(path.resolve(NAME.toString()));
        Path last = segments.get(segments.size() - 1);
        Files.move(last, last.resolveSibling("next-segment.spare"), StandardCopyOption.REPLACE_EXISTING);

        // When
        List<String> after = reopen(storage);

        // Then
        assertThat(after).isEqualTo(before);
        assertThat(last).exists();
    }

    @Test
    void shouldRecoverAPartitionThatNobodyOpenedBetweenACrashAndACleanEnd() throws Exception {
        // Given
        StorageFixture storage = new StorageFixture(path, FaultyDisk.quick());
        List<String> before = fill(storage, LogOptions.DEFAULT, 3);
        storage.abandon();
        Path file = path.resolve(NAME + "/" + FIRST + ".log");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));

        // When
        storage.open();
        storage.restart();
        PartitionLog log = storage.log();
        committed(storage, log);

        // Then
        assertThat(readAll(log, 0)).isEqualTo(before.subList(0, 2));
        storage.restart();
        assertThat(path.resolve("kaon-unrecovered-partitions")).doesNotExist();
        storage.close();
    }

    @Test
    void shouldLeaveDamageToWhatWasSyncedForAPersonToSee() throws Exception {
        // Given
        StorageFixture storage = new StorageFixture(path, FaultyDisk.quick());
        fill(storage, LogOptions.DEFAULT, 3);
        storage.close();
        Path file = path.resolve(NAME + "/" + FIRST + ".log");
        byte[] whole = Files.readAllBytes(file);
        byte[] cut = Arrays.copyOf(whole, whole.length - 1);
        Files.write(file, cut);
        TopicPartition other = new TopicPartition("other", 0);

        // When
        storage.open();

        // Then
        assertThatThrownBy(storage::log).hasMessageContaining("was synced, but is damaged at position");
        assertThat(file).hasBinaryContent(cut);
        PartitionLog unharmed = join(storage.directory().openLog(other, TOPIC, LogOptions.DEFAULT, storage.owner()));
        assertThat(storage.appendValues(unharmed, "a").baseOffset()).isZero();
        storage.close();
    }

    @Test
    void shouldTakeDataWithoutATopicIdForDamage() throws Exception {
        // Given
        StorageFixture storage = new StorageFixture(path, FaultyDisk.quick());
        fill(storage, LogOptions.DEFAULT, 3);
        storage.close();
        Files.delete(path.resolve(NAME + "/partition.metadata"));

        // When
        storage.open();

        // Then
        assertThatThrownBy(storage::log).hasMessageContaining("partition.metadata");
        storage.close();
    }

    @Test
    void shouldNeverServeTheRecordsOfADeletedTopic() {
        // Given
        StorageFixture storage = new StorageFixture(path, FaultyDisk.quick());
        fill(storage, LogOptions.DEFAULT, 3);
        storage.restart();

        // When
        PartitionLog log =
                join(storage.directory().openLog(NAME, new Uuid(55, 66), LogOptions.DEFAULT, storage.owner()));

        // Then
        assertThat(log.view().logEndOffset()).isZero();
        assertThat(storage.appendValues(log, "new").baseOffset()).isZero();
        storage.close();
    }

    @Test
    void shouldTruncateAndGoOn() {
        // Given
        StorageFixture storage = new StorageFixture(path, FaultyDisk.quick());
        PartitionLog log = storage.log(SMALL);
        for (int batch = 0; batch < 40; batch++) {
            int sequence = batch;
            storage.run(() -> log.append(batchOf(5, 0, sequence, "v" + sequence), AppendOrigin.CLIENT, sequence / 10));
        }

        // When
        join(storage.inside(() -> log.truncateTo(25)));
        AppendResult next = storage.append(log, batchOf(5, 0, 25, "other"));

        // Then
        assertThat(next).isEqualTo(new Appended(25, 25, -1, 0, false));
        assertThat(readAll(log, 24)).containsExactly("24=v24", "25=other");
        assertThat(log.view().latestEpoch()).isEqualTo(2);
        storage.close();
    }

    private List<String> reopen(StorageFixture storage) {
        storage.open();
        PartitionLog log = storage.log(LogOptions.DEFAULT);
        committed(storage, log);
        List<String> values = readAll(log, 0);
        storage.abandon();
        return values;
    }

    private static void committed(StorageFixture storage, PartitionLog log) {
        storage.run(() -> log.advanceHighWatermark(log.view().logEndOffset()));
    }

    private static List<String> fill(StorageFixture storage, LogOptions options, int count) {
        PartitionLog log = join(storage.directory().openLog(NAME, TOPIC, options, storage.owner()));
        return fillLog(storage, log, count);
    }

    private static List<String> fillLog(StorageFixture storage, PartitionLog log, int count) {
        List<String> values = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            String value = String.format("%05d", index);
            storage.appendValues(log, value);
            values.add(index + "=" + value);
        }
        return values;
    }

    private static List<Path> segments(Path folder) throws Exception {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
    }
}
