// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.storage.StorageFixture.NAME;
import static io.kaon.storage.StorageFixture.TOPIC;
import static io.kaon.storage.StorageFixture.join;
import static io.kaon.storage.StorageFixture.readAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.Uuid;
import io.kaon.exec.DiskThreads;
import io.kaon.storage.checkpoint.Disk;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders of deleted topics are put away while topics of the same names are made and written to (S12). */
final class StrayRaceTest {
    private static final int ROUNDS = 100;
    /** Each takes a few syncs of a real disk. */
    private static final int REAL_ROUNDS = 20;

    @TempDir
    private Path path;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void shouldKeepTheNewTopicInWhateverOrderItIsDone(long seed) {
        // Given
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            Deque<Runnable> work = new ArrayDeque<>();
            Path directory = path.resolve(seed + "-" + round);
            prepare(directory);
            StorageFixture storage = new StorageFixture(directory, FaultyDisk.quick(), work::add);
            Uuid nextId = new Uuid(seed, 1_000 + round);
            AtomicReference<Uuid> current = new AtomicReference<>(TOPIC);

            // When
            CompletionStage<Integer> strays =
                    storage.directory().removeStray((name, topicId) -> topicId.equals(current.get()));
            runSome(work, random);
            current.set(nextId);
            CompletionStage<Void> deletion = storage.directory().deleteLog(NAME, TOPIC);
            runSome(work, random);
            CompletionStage<PartitionLog> opening =
                    storage.directory().openLog(NAME, nextId, LogOptions.DEFAULT, storage.owner());
            CompletionStage<Integer> moreStrays =
                    storage.directory().removeStray((name, topicId) -> topicId.equals(current.get()));
            while (!work.isEmpty()) {
                runOne(work, random);
            }
            PartitionLog log = join(opening);
            CompletableFuture<Void> written = CompletableFuture.runAsync(() -> append(log, "new"), storage.owner());
            while (!work.isEmpty()) {
                runOne(work, random);
            }

            // Then
            join(strays);
            join(deletion);
            join(moreStrays);
            join(written);
            assertThat(readAll(log, 0)).as("seed %s, round %s", seed, round).containsExactly("0=new");
            assertThat(directory.resolve(NAME.toString())).isDirectory();
            CompletionStage<Void> closed = storage.directory().close();
            while (!work.isEmpty()) {
                work.poll().run();
            }
            join(closed);
        }
    }

    @Test
    void shouldKeepTheNewTopicWhenThreadsMeet() {
        for (int round = 0; round < REAL_ROUNDS; round++) {
            // Given
            Path directory = path.resolve("threads-" + round);
            prepare(directory);
            try (DiskThreads threads = new DiskThreads("race", 3)) {
                StorageFixture storage = new StorageFixture(directory, Disk.system(), threads);
                Uuid nextId = new Uuid(4, 1_000 + round);

                // When
                CompletionStage<Integer> strays = storage.directory().removeStray((name, id) -> id.equals(nextId));
                PartitionLog log = join(storage.directory().openLog(NAME, nextId, LogOptions.DEFAULT, storage.owner()));
                storage.run(() -> append(log, "new"));
                join(strays);
                join(log.flush());

                // Then
                assertThat(readAll(log, 0)).as("round %s", round).containsExactly("0=new");
                assertThat(directory.resolve(NAME.toString())).isDirectory();
                storage.close();
            }
        }
    }

    private static void prepare(Path directory) {
        StorageFixture storage = new StorageFixture(directory, FaultyDisk.quick());
        storage.appendValues(storage.log(), "old");
        storage.close();
    }

    private static void append(PartitionLog log, String value) {
        log.append(StorageFixture.batch(StorageFixture.START_MS, value), AppendOrigin.CLIENT, 0);
        log.advanceHighWatermark(log.view().logEndOffset());
    }

    private static void runSome(Deque<Runnable> work, Random random) {
        while (!work.isEmpty() && random.nextBoolean()) {
            runOne(work, random);
        }
    }

    private static void runOne(Deque<Runnable> work, Random random) {
        (random.nextBoolean() ? work.pollFirst() : work.pollLast()).run();
    }
}
