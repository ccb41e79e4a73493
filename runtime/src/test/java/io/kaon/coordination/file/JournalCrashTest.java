// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordination.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.coordination.ImageFollower;
import io.kaon.exec.SerialExecutor;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ImageBuilder;
import io.kaon.metadata.MetadataImages;
import io.kaon.metadata.RandomHistory;
import io.kaon.wire.StateMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stops the broker between any two steps of its disk tasks, while small files make snapshots and trimming frequent. */
class JournalCrashTest {
    private static final int SEGMENT_BYTES = 600;
    private static final int ENTRIES = 150;

    @TempDir
    private Path directory;

    private final ArrayDeque<Runnable> disk = new ArrayDeque<>();
    private final SerialExecutor owner = new SerialExecutor("journal", Runnable::run);

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {41, 42, 43})
    void shouldComeBackWithEveryAcknowledgedEntry(long seed) throws IOException {
        // Given
        Random random = new Random(seed);
        List<List<StateMessage>> history = new RandomHistory(seed).entries(ENTRIES);
        List<ClusterImage> images = images(history);
        Path data = Files.createDirectories(directory.resolve("data"));
        FileJournal journal = new FileJournal(data, owner, disk::add, SEGMENT_BYTES);
        owner.execute(() -> journal.follow(new ImageFollower(new MetadataImages())));
        disk.poll().run();
        List<CompletableFuture<Long>> appends = new ArrayList<>();

        // When
        int step = 0;
        while (appends.size() < ENTRIES || !disk.isEmpty()) {
            if (appends.size() < ENTRIES && (disk.isEmpty() || random.nextBoolean())) {
                List<StateMessage> entry = history.get(appends.size());
                owner.execute(() -> appends.add(journal.append(entry).toCompletableFuture()));
            } else {
                takeOne(random).run();
                long acknowledged =
                        appends.stream().filter(CompletableFuture::isDone).count();
                ClusterImage found = imageAfterCrash(data, directory.resolve("crash" + step++));

                // Then what was acknowledged is there, and nothing is there that was not appended
                assertThat(found.offset()).isBetween(acknowledged - 1, (long) appends.size() - 1);
                assertThat(found).isEqualTo(images.get((int) found.offset() + 1));
            }
        }
        assertThat(appends).allMatch(CompletableFuture::isDone);
    }

    /** A snapshot is written beside the appends: either may come first. */
    private Runnable takeOne(Random random) {
        return random.nextBoolean() ? disk.pollFirst() : disk.pollLast();
    }

    private static ClusterImage imageAfterCrash(Path data, Path copy) throws IOException {
        Path from = data.resolve(JournalFolder.NAME);
        Path to = Files.createDirectories(copy.resolve(JournalFolder.NAME));
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        MetadataImages images = new MetadataImages();
        SerialExecutor owner = new SerialExecutor("journal", Runnable::run);
        FileJournal journal = new FileJournal(copy, owner, Runnable::run);
        List<CompletableFuture<Void>> followed = new ArrayList<>();
        owner.execute(
                () -> followed.add(journal.follow(new ImageFollower(images)).toCompletableFuture()));
        assertThat(followed.get(0)).isCompleted();
        owner.execute(journal::close);
        return images.current();
    }

    private static List<ClusterImage> images(List<List<StateMessage>> history) {
        List<ClusterImage> images = new ArrayList<>();
        images.add(ClusterImage.EMPTY);
        for (List<StateMessage> entry : history) {
            ClusterImage before = images.get(images.size() - 1);
            images.add(new ImageBuilder(before).replay(entry).build(images.size() - 1));
        }
        return images;
    }
}
