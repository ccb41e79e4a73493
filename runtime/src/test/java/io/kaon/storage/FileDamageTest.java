// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.storage.StorageFixture.LIMITS;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.exec.SerialExecutor;
import io.kaon.record.Record;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.sim.SimulatedDisk;
import io.kaon.sim.VirtualTime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each file of a data directory, cut at each byte and with one bit flipped anywhere, after a clean end and after another.
 * Whatever is wrong, the damaged partition opens to a part of what was written, or is refused with an
 * {@link IOException} that names a file or folder; or the whole directory is, by a {@link LogDirectoryException}. The
 * other partition has all of its records.
 */
final class FileDamageTest {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final TopicPartition DAMAGED = new TopicPartition("orders", 3);
    private static final TopicPartition SOUND = new TopicPartition("orders", 4);
    private static final Uuid TOPIC = new Uuid(7, 8);
    private static final LogOptions SMALL =
            LogOptions.DEFAULT.withSegments(new SegmentOptions(700, Long.MAX_VALUE / 2, 1 << 20, 100));
    private static final int RECORDS = 20;
    private static final Logger STORAGE_LOG = Logger.getLogger("io.kaon.storage");

    private final VirtualTime time = new VirtualTime(1_700_000_000_000L);
    private final SerialExecutor owner = new SerialExecutor("test", Runnable::run);
    private final Path data = Path.of("/damage/host" + COUNT.incrementAndGet(), "data");
    private SimulatedDisk disk;
    private Optional<LogDirectory> open = Optional.empty();

    @BeforeAll
    static void silence() {
        STORAGE_LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void speak() {
        STORAGE_LOG.setLevel(null);
    }

    @BeforeEach
    void prepare() throws IOException {
        disk = new SimulatedDisk(time).withFolder(data.getParent());
    }

    @AfterEach
    void letGo() throws IOException {
        if (open.isPresent()) {
            open.get().abandon();
        }
    }

    private LogDirectory open() {
        StoragePorts ports =
                new StoragePorts(disk, Runnable::run, time, time, LIMITS, () -> new Uuid(99, COUNT.incrementAndGet()));
        LogDirectory directory = LogDirectory.open(LogDirectoryOptions.of(data, Optional.of("test-cluster"), 0), ports);
        open = Optional.of(directory);
        return directory;
    }

    private PartitionLog log(LogDirectory directory, TopicPartition name) {
        return directory
                .openLog(name, TOPIC, SMALL, owner)
                .toCompletableFuture()
                .join();
    }

    /** Two partitions with the same records; deleted records and several epochs, so that every file says something. */
    private List<String> fill(boolean endsClean) throws IOException {
        LogDirectory directory = open();
        for (TopicPartition name : List.of(DAMAGED, SOUND)) {
            PartitionLog log = log(directory, name);
            for (int count = 0; count < RECORDS; count++) {
                append(log, count);
            }
            run(() -> log.advanceLogStartOffset(3));
        }
        time.advance(LogDirectoryOptions.DEFAULT_CHECKPOINT_INTERVAL_MS);
        if (endsClean) {
            directory.close().toCompletableFuture().join();
        } else {
            directory.abandon();
        }
        open = Optional.empty();
        List<String> written = new ArrayList<>();
        for (int count = 0; count < RECORDS; count++) {
            written.add("value " + count);
        }
        return written;
    }

    private void append(PartitionLog log, int count) {
        ByteBuffer batch = RecordBatchBuilder.uncompressed()
                .producer(5, (short) 0, count)
                .append(time.wallMs() + count, null, ("value " + count).getBytes(StandardCharsets.UTF_8))
                .build();
        run(() -> {
            assertThat(log.append(batch, AppendOrigin.CLIENT, count / 6)).isInstanceOf(Appended.class);
            log.advanceHighWatermark(log.view().logEndOffset());
        });
    }

    private void run(Runnable task) {
        CompletableFuture.runAsync(task, owner).join();
    }

    private byte[] read(Path file) throws IOException {
        try (FileChannel channel = disk.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
            channel.read(bytes, 0);
            return bytes.array();
        }
    }

    private void write(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel = disk.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(bytes), 0);
        }
    }

    private List<Path> filesOf(boolean isLog) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path file : disk.list(data.resolve(DAMAGED.toString()))) {
            if (file.toString().endsWith(".log") == isLog) {
                files.add(file);
            }
        }
        if (!isLog) {
            for (Path file : disk.list(data)) {
                if (disk.list(file).isEmpty() && !file.endsWith(".lock")) {
                    files.add(file);
                }
            }
        }
        files.sort(null);
        return files;
    }

    /** The whole disk, to begin anew each time. */
    private record Saved(Path file, byte[] bytes) {}

    private List<Saved> save() throws IOException {
        List<Saved> saved = new ArrayList<>();
        for (Path folder : List.of(data, data.resolve(DAMAGED.toString()), data.resolve(SOUND.toString()))) {
            for (Path file : disk.list(folder)) {
                if (disk.list(file).isEmpty()) {
                    saved.add(new Saved(file, read(file)));
                }
            }
        }
        return saved;
    }

    private void restore(List<Saved> saved) throws IOException {
        disk = new SimulatedDisk(time).withFolder(data.getParent());
        for (Saved one : saved) {
            disk.createDirectories(one.file().getParent());
            write(one.file(), one.bytes());
        }
    }

    @ParameterizedTest(name = "after a clean end: {0}")
    @ValueSource(booleans = {true, false})
    void shouldNotBeMisledByAnyFileThatIsCut(boolean endsClean) throws IOException {
        // Given
        List<String> written = fill(endsClean);
        List<Saved> saved = save();
        for (Path file : filesOf(false)) {
            byte[] whole = read(file);
            for (int length = 0; length < whole.length; length++) {
                // When
                restore(saved);
                write(file, Arrays.copyOf(whole, length));

                // Then
                check(written, file + " cut at " + length);
            }
            restore(saved);
            disk.delete(file);
            check(written, file + " missing");
            restore(saved);
        }
    }

    @ParameterizedTest(name = "after a clean end: {0}")
    @ValueSource(booleans = {true, false})
    void shouldNotBeMisledByAnyBitThatIsFlipped(boolean endsClean) throws IOException {
        // Given
        List<String> written = fill(endsClean);
        List<Saved> saved = save();
        for (Path file : filesOf(false)) {
            byte[] whole = read(file);
            for (int bit = 0; bit < whole.length * 8; bit++) {
                // When
                restore(saved);
                byte[] flipped = whole.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                write(file, flipped);

                // Then
                check(written, file + " with bit " + bit + " flipped");
            }
            restore(saved);
        }
    }

    @ParameterizedTest(name = "after a clean end: {0}")
    @ValueSource(booleans = {true, false})
    void shouldNeverInventRecordsFromADamagedLog(boolean endsClean) throws IOException {
        // Given
        List<String> written = fill(endsClean);
        List<Saved> saved = save();
        for (Path file : filesOf(true)) {
            byte[] whole = read(file);
            for (int at = 0; at < whole.length; at++) {
                // When
                restore(saved);
                write(file, Arrays.copyOf(whole, at));
                check(written, file + " cut at " + at);
                restore(saved);
                byte[] flipped = whole.clone();
                flipped[at] ^= (byte) (1 << at % 8);
                write(file, flipped);

                // Then
                check(written, file + " with a bit of byte " + at + " flipped");
            }
        }
    }

    private void check(List<String> written, String what) throws IOException {
        LogDirectory directory;
        try {
            directory = open();
        } catch (LogDirectoryException refused) {
            assertThat(refused).as(what).hasMessageContaining(data.toString());
            return;
        }
        try {
            assertThat(readAll(log(directory, SOUND)))
                    .as("the other partition, %s", what)
                    .isSubsetOf(written);
            assertThat(readAll(log(directory, DAMAGED))).as(what).isSubsetOf(written);
        } catch (CompletionException refused) {
            assertThat(causeOf(refused)).as(what).isInstanceOf(IOException.class);
        } catch (LogReadException refused) {
            assertThat(refused).as(what).hasMessageContaining(DAMAGED.toString());
        } catch (AssertionError refused) {
            // What was synced before is sent as it is, as Kafka does; who reads it looks at the CRC.
            assertThat(refused.getMessage()).as(what).contains("a batch with a wrong CRC");
        } finally {
            directory.abandon();
            open = Optional.empty();
        }
    }

    private static Throwable causeOf(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? causeOf(failure.getCause())
                : failure;
    }

    /** Without the offsets: no CRC covers them, and what was synced before is not looked at again, as in Kafka. */
    private List<String> readAll(PartitionLog log) {
        run(() -> log.advanceHighWatermark(log.view().logEndOffset()));
        List<String> values = new ArrayList<>();
        LogView view = log.view();
        long offset = view.logStartOffset();
        while (offset < view.highWatermark()
                && view.read(offset, view.highWatermark(), 1 << 20, true) instanceof ReadResult.Region region) {
            List<RecordBatch> found = StorageFixture.batches(region);
            for (RecordBatch batch : found) {
                for (Record record : batch.records(LIMITS)) {
                    values.add(StandardCharsets.UTF_8
                            .decode(record.value().duplicate())
                            .toString());
                }
                offset = batch.nextOffset();
            }
            if (found.isEmpty()) {
                break;
            }
        }
        return values;
    }
}
