// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.storage.CompactionFixture.COMPACTED;
import static io.kaon.storage.CompactionFixture.DELETE_RETENTION_MS;
import static io.kaon.storage.CompactionFixture.text;
import static io.kaon.storage.StorageFixture.join;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.record.Record;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.record.RecordIterator;
import io.kaon.sim.SimulatedDisk;
import io.kaon.sim.VirtualTime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The power goes, or the process dies, at each change that a round of compaction makes on the disk. */
final class CompactionCrashTest {
    private static final Path PATH = Path.of("data");
    private static final long SEEDS = Long.getLong("kaon.compaction.crash.seeds", 4);
    private static final int MAX_CHANGES = 2_000;
    private static final Logger STORAGE_LOG = Logger.getLogger("io.kaon.storage");

    @BeforeAll
    static void silence() {
        STORAGE_LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void speak() {
        STORAGE_LOG.setLevel(null);
    }

    static LongStream seeds() {
        return LongStream.range(0, SEEDS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldNeitherLoseNorBringBackAnythingWhenThePowerGoes(long seed) throws IOException {
        shouldSurvive(seed, SimulatedDisk::losePower);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldNeitherLoseNorBringBackAnythingWhenTheProcessDies(long seed) throws IOException {
        shouldSurvive(seed, (disk, random) -> disk.killProcess());
    }

    private static void shouldSurvive(long seed, BiConsumer<SimulatedDisk, Random> death) throws IOException {
        boolean hasDied = true;
        for (int changes = 0; hasDied; changes++) {
            assertThat(changes).isLessThan(MAX_CHANGES);
            Random random = new Random(seed * MAX_CHANGES + changes);
            SimulatedDisk disk = new SimulatedDisk(new VirtualTime(0)).withFolder(PATH);
            CompactionFixture fixture = new CompactionFixture(PATH, disk);
            // Given
            Map<String, String> newest = fill(fixture);

            // When
            disk.powerOffAfter(changes, random);
            fixture.compact();
            hasDied = disk.isOff();
            fixture.begin(() -> death.accept(disk, random));

            // Then
            String when = "seed " + seed + ", change " + changes;
            assertThat(read(fixture)).as(when).isEqualTo(newest);
            shouldHaveNoLeftovers(disk, when);
            finish(fixture, newest, when);
            fixture.close();
        }
    }

    /** A log of several segments, compacted once, with tombstones whose time has come, and new records. */
    private static Map<String, String> fill(CompactionFixture fixture) {
        fixture.use(COMPACTED.withSegments(new SegmentOptions(700, Long.MAX_VALUE, 1 << 20, 100)));
        for (int index = 0; index < 20; index++) {
            fixture.append(fixture.batch(
                    RecordBatchBuilder.uncompressed(), "k" + index % 7, "old" + index, "gone" + index % 3, "old"));
        }
        for (int index = 0; index < 3; index++) {
            fixture.put("gone" + index, null);
        }
        fixture.roll();
        fixture.compact();
        fixture.storage.time.advance(DELETE_RETENTION_MS + 1);
        for (int index = 0; index < 20; index++) {
            fixture.put("k" + index % 5, "new" + index);
        }
        fixture.roll();
        join(fixture.log().flush());
        return read(fixture);
    }

    /** What counts: the newest value of each key; a tombstone is as good as nothing. */
    private static Map<String, String> read(CompactionFixture fixture) {
        Map<String, String> newest = new TreeMap<>();
        for (RecordBatch batch : fixture.batches()) {
            try (RecordIterator records = batch.records(StorageFixture.LIMITS)) {
                while (records.hasNext()) {
                    Record record = records.next();
                    if (record.hasValue()) {
                        newest.put(text(record.key()), text(record.value()));
                    } else {
                        newest.remove(text(record.key()));
                    }
                }
            }
        }
        return newest;
    }

    private static void shouldHaveNoLeftovers(SimulatedDisk disk, String when) throws IOException {
        assertThat(disk.list(PATH.resolve(StorageFixture.NAME.toString())))
                .as(when)
                .noneMatch(file ->
                        file.toString().endsWith(".swap") || file.toString().endsWith(".cleaned"));
    }

    private static void finish(CompactionFixture fixture, Map<String, String> newest, String when) {
        fixture.compact();
        assertThat(read(fixture)).as(when).isEqualTo(newest);
        fixture.put("k0", "newest");
        fixture.restart();
        newest.put("k0", "newest");
        assertThat(read(fixture)).as(when).isEqualTo(newest);
    }
}
