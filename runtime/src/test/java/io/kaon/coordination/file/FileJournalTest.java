// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordination.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.coordination.Journal;
import io.kaon.coordination.JournalException;
import io.kaon.coordination.JournalUndoneException;
import io.kaon.exec.DiskThreads;
import io.kaon.exec.SerialExecutor;
import io.kaon.sim.SimulatedDisk;
import io.kaon.sim.VirtualTime;
import io.kaon.wire.StateMessage;
import io.kaon.wire.state.ConfigRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileJournalTest {
    private static final Executor DIRECT = Runnable::run;

    @TempDir
    private Path directory;

    private SerialExecutor owner = new SerialExecutor("journal", DIRECT);
    private RecordingListener listener = new RecordingListener();

    @Test
    void shouldTellWhatWasAppendedBeforeRestart() {
        // Given
        Journal before = open(FileJournal.DEFAULT_SEGMENT_BYTES);
        append(before, "a", "b");
        append(before, "c");

        // When
        Journal after = reopen(FileJournal.DEFAULT_SEGMENT_BYTES);

        // Then
        assertThat(values()).containsExactly("a", "b", "c");
        assertThat(listener.lastOffset()).isEqualTo(1);
        assertThat(listener.isCaughtUp()).isTrue();
        assertThat(append(after, "d")).isEqualTo(2);
        assertThat(values()).containsExactly("a", "b", "c", "d");
    }

    @Test
    void shouldCompleteOnlyAfterListenerHasSeenEntry() {
        // Given
        Journal journal = open(FileJournal.DEFAULT_SEGMENT_BYTES);

        // When
        CompletionStage<Integer> seen = inside(() -> journal.append(entry("a")).thenApply(offset -> values().size()));

        // Then
        assertThat(seen).isCompletedWithValue(1);
    }

    @Test
    void shouldShareOneSyncAmongAppendsThatWait() {
        // Given
        List<Runnable> tasks = new ArrayList<>();
        FileJournal journal = new FileJournal(directory, owner, tasks::add);
        inside(() -> journal.follow(listener));
        tasks.remove(0).run();

        // When
        List<CompletionStage<Long>> appends = new ArrayList<>();
        for (String value : List.of("a", "b", "c", "d")) {
            appends.add(inside(() -> journal.append(entry(value))));
        }

        // Then the first is on its way alone, the others wait for it together
        assertThat(tasks).hasSize(1);
        tasks.remove(0).run();
        assertThat(appends.get(0)).isCompletedWithValue(0L);
        assertThat(appends.get(3).toCompletableFuture()).isNotDone();
        assertThat(tasks).hasSize(1);
        tasks.remove(0).run();
        assertThat(appends.get(3)).isCompletedWithValue(3L);
        assertThat(tasks).isEmpty();
        assertThat(values()).containsExactly("a", "b", "c", "d");
    }

    @Test
    void shouldKeepEveryAcknowledgedEntryWhereverTheEndIsCut() throws IOException {
        // Given a file that was not closed, and the size at which each entry was acknowledged
        Journal journal = open(FileJournal.DEFAULT_SEGMENT_BYTES);
        List<Long> sizes = new ArrayList<>();
        for (String value : List.of("a", "b", "c")) {
            append(journal, value, value + value);
            sizes.add(Files.size(segment(0)));
        }
        byte[] whole = Files.readAllBytes(segment(0));

        for (int length = 0; length <= whole.length; length++) {
            Files.write(segment(0), Arrays.copyOf(whole, length));

            // When
            Journal after = reopen(FileJournal.DEFAULT_SEGMENT_BYTES);

            // Then
            int size = length;
            long acknowledged = sizes.stream().filter(it -> it <= size).count();
            assertThat(listener.records()).hasSize((int) acknowledged * 2);
            assertThat(append(after, "z")).isEqualTo(acknowledged);
            reopen(FileJournal.DEFAULT_SEGMENT_BYTES);
            assertThat(listener.records()).hasSize((int) acknowledged * 2 + 1);
            Files.delete(segment(0));
        }
    }

    @Test
    void shouldRefuseToStartWhenAnyBitBeforeTheLastEntryIsFlipped() throws IOException {
        // Given
        Journal journal = open(FileJournal.DEFAULT_SEGMENT_BYTES);
        append(journal, "a");
        append(journal, "b");
        long end = Files.size(segment(0));
        append(journal, "c");
        byte[] whole = Files.readAllBytes(segment(0));

        for (int at = 0; at < end; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (1 << at % 8);
            Files.write(segment(0), damaged);

            // When, Then
            assertThatThrownBy(() -> reopen(FileJournal.DEFAULT_SEGMENT_BYTES))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining(segment(0).toString())
                    .hasMessageContaining("put back a copy");
            assertThat(Files.readAllBytes(segment(0))).isEqualTo(damaged);
        }
    }

    @Test
    void shouldNoticeDamageToLastEntryAfterCleanClose() throws IOException {
        // Given
        Journal journal = open(FileJournal.DEFAULT_SEGMENT_BYTES);
        append(journal, "a");
        append(journal, "b");
        long end = Files.size(segment(0));
        assertThat(inside(journal::close)).isCompleted();
        byte[] whole = Files.readAllBytes(segment(0));

        for (int at = 0; at < end; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 4;
            Files.write(segment(0), damaged);

            // When, Then
            assertThatThrownBy(() -> reopen(FileJournal.DEFAULT_SEGMENT_BYTES)).isInstanceOf(JournalException.class);
        }
    }

    @Test
    void shouldGoOnAfterCleanClose() {
        // Given
        Journal journal = open(FileJournal.DEFAULT_SEGMENT_BYTES);
        append(journal, "a");
        inside(journal::close);

        // When
        Journal second = reopen(FileJournal.DEFAULT_SEGMENT_BYTES);
        append(second, "b");
        inside(second::close);
        reopen(FileJournal.DEFAULT_SEGMENT_BYTES);

        // Then
        assertThat(values()).containsExactly("a", "b");
    }

    @Test
    void shouldReplaceOldFilesBySnapshot() throws IOException {
        // Given
        Journal journal = open(200);
        List<String> expected = new ArrayList<>();

        // When
        for (int i = 0; i < 500; i++) {
            append(journal, "value" + i);
            expected.add("value" + i);
        }

        // Then
        try (Stream<Path> files = Files.list(directory.resolve(JournalFolder.NAME))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .filteredOn(name -> name.endsWith(".snapshot"))
                    .hasSize(1);
        }
        Journal after = reopen(200);
        assertThat(listener.snapshots()).isEqualTo(1);
        assertThat(values()).isEqualTo(expected);
        assertThat(append(after, "more")).isEqualTo(500);
    }

    @Test
    void shouldGoOnAndCloseWhenASnapshotBreaks() {
        // Given
        listener.breaksSnapshots = true;
        Journal journal = open(1);

        // When
        append(journal, "a");
        append(journal, "b");

        // Then
        assertThat(inside(journal::close)).isCompleted();
        listener.breaksSnapshots = false;
        reopen(1);
        assertThat(values()).containsExactly("a", "b");
    }

    @Test
    void shouldRefuseDamagedSnapshot() throws IOException {
        // Given
        Journal journal = open(100);
        for (int i = 0; i < 20; i++) {
            append(journal, "value" + i);
        }
        Path snapshot = onlyFile(".snapshot");
        byte[] whole = Files.readAllBytes(snapshot);

        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 1;
            Files.write(snapshot, damaged);

            // When, Then
            assertThatThrownBy(() -> reopen(100))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining(snapshot.toString());
        }
        for (int length = 0; length < whole.length; length++) {
            Files.write(snapshot, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> reopen(100)).isInstanceOf(JournalException.class);
        }
    }

    @Test
    void shouldIgnoreSnapshotThatWasNotFinished() throws IOException {
        // Given
        Journal journal = open(FileJournal.DEFAULT_SEGMENT_BYTES);
        append(journal, "a");
        Path unfinished = directory.resolve(JournalFolder.NAME).resolve("00000000000000000000.snapshot.tmp");
        Files.write(unfinished, new byte[] {1, 2, 3});

        // When
        reopen(FileJournal.DEFAULT_SEGMENT_BYTES);

        // Then
        assertThat(values()).containsExactly("a");
        assertThat(unfinished).doesNotExist();
    }

    @Test
    void shouldRefuseWhenFileIsMissing() throws IOException {
        // Given
        Journal journal = open(100);
        for (int i = 0; i < 20; i++) {
            append(journal, "value" + i);
        }

        // When
        Files.delete(onlyFile(".snapshot"));

        // Then
        assertThatThrownBy(() -> reopen(100))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("missing");
    }

    @Test
    void shouldRefuseNewerFormat() throws IOException {
        // Given
        open(FileJournal.DEFAULT_SEGMENT_BYTES);
        ByteBuffer header = FileHeader.encode(FileHeader.ENTRIES, 0).putShort(8, (short) 9);
        CRC32C crc = new CRC32C();
        crc.update(header.slice(0, FileHeader.BYTES - 4));
        Files.write(
                segment(0),
                header.putInt(FileHeader.BYTES - 4, (int) crc.getValue()).array());

        // When, Then
        assertThatThrownBy(() -> reopen(FileJournal.DEFAULT_SEGMENT_BYTES))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("newer version of Kaon");
    }

    @Test
    void shouldGoOnWhenTheDiskHasRoomAgain() throws IOException {
        // Given
        SimulatedDisk disk =
                new SimulatedDisk(new VirtualTime(0)).withFolder(segment(0).getParent());
        JournalFolder folder = new JournalFolder(directory, disk::open);
        List<Runnable> waiting = new ArrayList<>();
        FileJournal journal = new FileJournal(folder, owner, waiting::add, FileJournal.DEFAULT_SEGMENT_BYTES);
        CompletionStage<Void> following = inside(() -> journal.follow(listener));
        run(waiting);
        joined(following);
        CompletionStage<Long> before = inside(() -> journal.append(entry("before")));
        run(waiting);

        // When
        disk.limitTo(disk.size(segment(0)) + 5);
        CompletionStage<Long> full = inside(() -> journal.append(entry("full")));
        CompletionStage<Long> behind = inside(() -> journal.append(entry("behind")));
        run(waiting);
        disk.limitTo(Long.MAX_VALUE);
        CompletionStage<Long> after = inside(() -> journal.append(entry("after")));
        run(waiting);

        // Then
        assertThat(joined(before)).isZero();
        assertThatThrownBy(() -> joined(full)).isInstanceOf(JournalUndoneException.class);
        assertThatThrownBy(() -> joined(behind)).isInstanceOf(JournalUndoneException.class);
        assertThat(joined(after)).isOne();
        assertThat(values()).containsExactly("before", "after");
        ByteBuffer bytes = ByteBuffer.allocate((int) disk.size(segment(0)));
        disk.open(segment(0), StandardOpenOption.READ).read(bytes, 0);
        Files.write(segment(0), bytes.array());
        listener = new RecordingListener();
        owner = new SerialExecutor("journal", DIRECT);
        open(FileJournal.DEFAULT_SEGMENT_BYTES);
        assertThat(values()).containsExactly("before", "after");
    }

    @Test
    void shouldGoOnInTheOldFileWhileTheDiskHasNoRoomForTheNext() throws IOException {
        // Given
        boolean[] isFull = {false};
        JournalFolder folder = new JournalFolder(directory, (file, options) -> {
            if (isFull[0]) {
                FileChannel.open(file, options).close();
                throw new IOException("No space left on device");
            }
            return FileChannel.open(file, options);
        });
        FileJournal journal = new FileJournal(folder, owner, DIRECT, 1);
        joined(inside(() -> journal.follow(listener)));

        // When
        isFull[0] = true;
        append(journal, "a");
        append(journal, "b");
        boolean isNextThere = Files.exists(segment(1)) || Files.exists(segment(2));
        isFull[0] = false;
        append(journal, "c");
        append(journal, "d");

        // Then
        assertThat(isNextThere).isFalse();
        assertThat(segment(0)).doesNotExist();
        assertThat(segment(4)).exists();
        assertThat(values()).containsExactly("a", "b", "c", "d");
        joined(inside(journal::close));
        reopen(1);
        assertThat(values()).endsWith("d");
    }

    private static void run(List<Runnable> waiting) {
        while (!waiting.isEmpty()) {
            waiting.remove(0).run();
        }
    }

    @Test
    void shouldFailForGoodWhenDiskFails() throws IOException {
        // Given
        Journal journal = open(1);
        Files.createDirectories(segment(1).resolve("in the way")); // where the next file belongs
        CompletionStage<Long> first = inside(() -> journal.append(entry("a")));

        // When
        CompletionStage<Long> second = inside(() -> journal.append(entry("b")));

        // Then
        assertThat(first).isCompletedWithValue(0L);
        assertThat(second.toCompletableFuture()).isCompletedExceptionally();
        assertThat(inside(journal::close)).isCompleted();
    }

    @Test
    void shouldKeepOrderOnRealThreads() {
        // Given
        try (DiskThreads disk = new DiskThreads("disk", 2)) {
            owner = new SerialExecutor("journal", disk);
            FileJournal journal = new FileJournal(directory, owner, disk, 2_000);
            inside(() -> journal.follow(listener)).toCompletableFuture().join();
            List<CompletableFuture<Long>> appends = Collections.synchronizedList(new ArrayList<>());

            // When
            for (int i = 0; i < 1_000; i++) {
                String value = "value" + i;
                appends.add(inside(() -> journal.append(entry(value))).toCompletableFuture());
            }
            CompletableFuture.allOf(appends.toArray(new CompletableFuture<?>[0]))
                    .join();
            inside(journal::close).toCompletableFuture().join();

            // Then
            for (int i = 0; i < 1_000; i++) {
                assertThat(appends.get(i)).isCompletedWithValue((long) i);
            }
        }
        owner = new SerialExecutor("journal", DIRECT);
        List<StateMessage> told = listener.records();
        reopen(2_000);
        assertThat(listener.records()).isEqualTo(told).hasSize(1_000);
    }

    private Journal reopen(long segmentBytes) {
        owner = new SerialExecutor("journal", DIRECT);
        listener = new RecordingListener();
        return open(segmentBytes);
    }

    private Journal open(long segmentBytes) {
        FileJournal journal = new FileJournal(directory, owner, DIRECT, segmentBytes);
        joined(inside(() -> journal.follow(listener)));
        return journal;
    }

    private long append(Journal journal, String... values) {
        return joined(inside(() -> journal.append(entry(values))));
    }

    private <T> CompletionStage<T> inside(Supplier<CompletionStage<T>> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        owner.execute(() -> call.get().whenComplete((value, failure) -> {
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(failure);
            }
        }));
        return result;
    }

    private static <T> T joined(CompletionStage<T> stage) {
        try {
            assertThat(stage.toCompletableFuture()).isDone();
            return stage.toCompletableFuture().join();
        } catch (CompletionException failure) {
            throw (RuntimeException) failure.getCause();
        }
    }

    private List<String> values() {
        return listener.records().stream()
                .map(it -> ((ConfigRecord) it).value())
                .toList();
    }

    private Path segment(long firstOffset) {
        return new JournalFolder(directory).segment(firstOffset);
    }

    private Path onlyFile(String suffix) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(JournalFolder.NAME))) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static List<StateMessage> entry(String... values) {
        List<StateMessage> records = new ArrayList<>();
        for (String value : values) {
            records.add(new ConfigRecord()
                    .setResourceType((byte) 2)
                    .setResourceName("t")
                    .setName("n")
                    .setValue(value));
        }
        return records;
    }
}
