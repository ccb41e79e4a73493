// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.storage.CompactionFixture.COMPACTED;
import static io.kaon.storage.CompactionFixture.DELETE_RETENTION_MS;
import static io.kaon.storage.CompactionFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.record.Compression;
import io.kaon.record.CompressionType;
import io.kaon.record.ControlRecordType;
import io.kaon.record.Record;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.record.RecordHeader;
import io.kaon.record.RecordIterator;
import io.kaon.storage.checkpoint.Disk;
import io.kaon.storage.checkpoint.OffsetCheckpoint;
import io.kaon.storage.compaction.CompactorOptions;
import io.kaon.storage.producer.TransactionMarker;
import io.kaon.storage.segment.AbortedTransaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random records, tombstones, transactions, codecs, time, restarts and crashes on a compacted log, against a list of all
 * that was ever written.
 */
final class CompactionModelTest {
    private static final int STEPS = 250;
    private static final long SEEDS = Long.getLong("kaon.compaction.seeds", 30);
    private static final long FIRST_SEED = Long.getLong("kaon.compaction.first.seed", 0);
    private static final int KEYS = 12;
    private static final int PRODUCERS = 3;
    private static final Logger STORAGE_LOG = Logger.getLogger("io.kaon.storage");

    @TempDir
    private Path path;

    private enum Fate {
        OPEN,
        COMMITTED,
        ABORTED
    }

    private static final class Written {
        private final String key;
        private final String value;
        private final long timestamp;
        private Fate fate;

        Written(String key, String value, long timestamp, Fate fate) {
            this.key = key;
            this.value = value;
            this.timestamp = timestamp;
            this.fate = fate;
        }
    }

    private Random random;
    private CompactionFixture fixture;
    private final TreeMap<Long, Written> model = new TreeMap<>();
    private final int[] nextSequence = new int[PRODUCERS];
    private final Map<Long, List<Long>> openTransactions = new HashMap<>();
    private int counter;

    @BeforeAll
    static void silence() {
        STORAGE_LOG.setLevel(Level.SEVERE);
    }

    @AfterAll
    static void speak() {
        STORAGE_LOG.setLevel(null);
    }

    static LongStream seeds() {
        return LongStream.range(FIRST_SEED, FIRST_SEED + SEEDS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldKeepWhatCompactionMustKeep(long seed) throws IOException {
        // Given
        random = new Random(seed);
        fixture = new CompactionFixture(path);
        fixture.use(randomOptions());

        // When
        for (int step = 0; step < STEPS; step++) {
            step();
            compare();
        }

        // Then
        endTransactions();
        shouldHaveForgottenWhatIsPast();
        fixture.close();
    }

    private void step() {
        int dice = random.nextInt(100);
        if (dice < 45) {
            append();
        } else if (dice < 60) {
            appendTransactional();
        } else if (dice < 66) {
            endOneTransaction();
        } else if (dice < 76) {
            roll();
            fixture.compact();
        } else if (dice < 80) {
            fixture.compact();
        } else if (dice < 86) {
            fixture.storage.time.advance(random.nextInt((int) DELETE_RETENTION_MS));
        } else if (dice < 90) {
            fixture.restart();
        } else if (dice < 94) {
            fixture.crash();
        } else if (dice < 96) {
            deleteRecords();
        } else if (dice < 98) {
            fixture.use(randomOptions());
        } else {
            fixture.use(randomMemory());
        }
    }

    private LogOptions randomOptions() {
        int segmentBytes = List.of(900, 3_000, 20_000, 1 << 20).get(random.nextInt(4));
        long minLagMs = random.nextInt(3) == 0 ? random.nextInt(5_000) : 0;
        return COMPACTED
                .withSegments(new SegmentOptions(segmentBytes, Long.MAX_VALUE, 1 << 20, 64))
                .withCompaction(new CompactionOptions(minLagMs, Long.MAX_VALUE, 0, DELETE_RETENTION_MS));
    }

    private CompactorOptions randomMemory() {
        long mapBytes = random.nextBoolean() ? 1 : 1 << 20;
        int ioBytes = random.nextBoolean() ? 1 : 256 << 10;
        return new CompactorOptions(true, 1, mapBytes, 1, ioBytes, Double.MAX_VALUE, CompactionFixture.BACKOFF_MS);
    }

    private void roll() {
        noteAll(fixture.roll(), List.of("roll"), List.of("over"), Fate.COMMITTED);
    }

    private void append() {
        RecordBatchBuilder builder = RecordBatchBuilder.compressed(StorageFixture.LIMITS.codecs(), randomCodec());
        int producer = random.nextInt(PRODUCERS + 1);
        List<String> keys = new ArrayList<>();
        List<String> values = new ArrayList<>();
        if (producer < PRODUCERS) {
            builder.producer(100 + producer, (short) 0, nextSequence[producer]);
        }
        fill(builder, keys, values);
        Appended appended = fixture.append(builder.build());
        assertThat(appended.duplicate()).isFalse();
        if (producer < PRODUCERS) {
            nextSequence[producer] += keys.size();
        }
        noteAll(appended, keys, values, Fate.COMMITTED);
    }

    private Compression randomCodec() {
        CompressionType[] types = CompressionType.values();
        return Compression.of(types[random.nextInt(types.length)]);
    }

    private void fill(RecordBatchBuilder builder, List<String> keys, List<String> values) {
        int count = 1 + random.nextInt(5);
        for (int index = 0; index < count; index++) {
            String key = random.nextInt(20) == 0 ? null : "k" + random.nextInt(KEYS);
            String value = random.nextInt(4) == 0 ? null : "v" + counter++ + "x".repeat(random.nextInt(60));
            keys.add(key);
            values.add(value);
            builder.append(
                    fixture.storage.time.wallMs(),
                    wrap(key),
                    wrap(value),
                    random.nextInt(4) == 0
                            ? List.of(new RecordHeader("of", wrap(value == null ? "nothing" : value)))
                            : List.of());
        }
    }

    private static ByteBuffer wrap(String text) {
        return text == null ? null : ByteBuffer.wrap(CompactionFixture.bytes(text));
    }

    private void noteAll(Appended appended, List<String> keys, List<String> values, Fate fate) {
        for (int index = 0; index < keys.size(); index++) {
            model.put(
                    appended.baseOffset() + index,
                    new Written(keys.get(index), values.get(index), fixture.storage.time.wallMs(), fate));
        }
    }

    private final int[] transactionalSequence = new int[PRODUCERS];

    private void appendTransactional() {
        int producer = random.nextInt(PRODUCERS);
        RecordBatchBuilder builder = RecordBatchBuilder.compressed(StorageFixture.LIMITS.codecs(), randomCodec())
                .transactional()
                .producer(200 + producer, (short) 0, transactionalSequence[producer]);
        List<String> keys = new ArrayList<>();
        List<String> values = new ArrayList<>();
        fill(builder, keys, values);
        Appended appended = fixture.append(builder.build());
        transactionalSequence[producer] += keys.size();
        noteAll(appended, keys, values, Fate.OPEN);
        List<Long> offsets = openTransactions.computeIfAbsent(200L + producer, ignored -> new ArrayList<>());
        for (int index = 0; index < keys.size(); index++) {
            offsets.add(appended.baseOffset() + index);
        }
    }

    private void endOneTransaction() {
        if (!openTransactions.isEmpty()) {
            List<Long> producers = new ArrayList<>(openTransactions.keySet());
            end(producers.get(random.nextInt(producers.size())), random.nextBoolean());
        }
    }

    private void endTransactions() {
        for (long producer : List.copyOf(openTransactions.keySet())) {
            end(producer, random.nextBoolean());
        }
    }

    private void end(long producer, boolean commits) {
        ControlRecordType type = commits ? ControlRecordType.COMMIT : ControlRecordType.ABORT;
        ByteBuffer marker = new TransactionMarker(producer, (short) 0, type, 1).toBatch(fixture.storage.time.wallMs());
        fixture.appendMarker(marker);
        for (long offset : openTransactions.remove(producer)) {
            // DeleteRecords may have taken it.
            if (model.containsKey(offset)) {
                model.get(offset).fate = commits ? Fate.COMMITTED : Fate.ABORTED;
            }
        }
    }

    private void deleteRecords() {
        LogView view = fixture.log().view();
        long room = Math.min(view.highWatermark(), view.lastStableOffset()) - view.logStartOffset();
        if (room > 0) {
            long offset = view.logStartOffset() + random.nextInt((int) Math.min(20, room));
            fixture.storage.run(() -> fixture.log().advanceLogStartOffset(offset));
        }
    }

    private void compare() throws IOException {
        LogView view = fixture.log().view();
        List<Record> all = readable(false);
        long last = -1;
        Set<Long> offsets = new HashSet<>();
        for (Record record : all) {
            assertThat(record.offset()).isGreaterThan(last);
            last = record.offset();
            offsets.add(last);
            shouldBeAsWritten(record);
        }
        long activeBase = view.segments().isEmpty()
                ? 0
                : view.segments().get(view.segments().size() - 1).baseOffset();
        assertThat(offsets)
                .containsAll(model.tailMap(Math.max(activeBase, view.logStartOffset()))
                        .keySet());
        shouldBeCompactedBelow(checkpoint(), all);
        shouldShowTheNewest(view);
    }

    private void shouldBeAsWritten(Record record) {
        Written written = model.get(record.offset());
        assertThat(written).as("offset %s", record.offset()).isNotNull();
        assertThat(text(record.key())).isEqualTo(String.valueOf(written.key));
        assertThat(text(record.value())).isEqualTo(String.valueOf(written.value));
        assertThat(record.timestamp()).isEqualTo(written.timestamp);
        for (RecordHeader header : record.headers()) {
            assertThat(header.key()).isEqualTo("of");
            assertThat(text(header.value())).isEqualTo(written.value == null ? "nothing" : written.value);
        }
    }

    private void shouldBeCompactedBelow(long checkpoint, Collection<Record> all) {
        Map<String, Long> seen = new HashMap<>();
        for (Record record : all) {
            if (record.offset() < checkpoint) {
                assertThat(record.hasKey())
                        .as("offset %s has a key", record.offset())
                        .isTrue();
                assertThat(model.get(record.offset()).fate).isEqualTo(Fate.COMMITTED);
                Long other = seen.put(text(record.key()), record.offset());
                assertThat(other)
                        .as("two of one key below %s: %s", checkpoint, record)
                        .isNull();
            }
        }
    }

    private void shouldShowTheNewest(LogView view) {
        Map<String, Long> expected = new HashMap<>();
        model.subMap(view.logStartOffset(), view.lastStableOffset()).forEach((offset, written) -> {
            if (written.fate == Fate.COMMITTED && written.key != null) {
                expected.put(written.key, offset);
            }
        });
        Map<String, Long> actual = new HashMap<>();
        for (Record record : readable(true)) {
            if (record.hasKey()) {
                actual.put(text(record.key()), record.offset());
            }
        }
        expected.forEach((key, offset) -> {
            Written written = model.get(offset);
            boolean mayBeGone =
                    written.value == null && fixture.storage.time.wallMs() - written.timestamp >= DELETE_RETENTION_MS;
            if (!mayBeGone || actual.containsKey(key)) {
                assertThat(actual)
                        .as(
                                "%s: %s of transaction %s, age %s",
                                key, written.value, written.fate, fixture.storage.time.wallMs() - written.timestamp)
                        .containsEntry(key, offset);
            }
        });
        assertThat(expected.keySet()).containsAll(actual.keySet());
    }

    /** What a consumer gets: with transactions, as the protocol tells it to leave out what was aborted (C4). */
    private List<Record> readable(boolean isCommittedOnly) {
        LogView view = fixture.log().view();
        List<AbortedTransaction> aborted =
                new ArrayList<>(view.abortedTransactions(view.logStartOffset(), view.lastStableOffset())
                        .orElseThrow());
        Set<Long> abortedProducers = new HashSet<>();
        List<Record> result = new ArrayList<>();
        for (RecordBatch batch : fixture.batches()) {
            while (!aborted.isEmpty() && aborted.get(0).firstOffset() <= batch.lastOffset()) {
                abortedProducers.add(aborted.remove(0).producerId());
            }
            boolean isPastStable = batch.baseOffset() >= view.lastStableOffset();
            boolean isHidden = batch.isTransactional() && abortedProducers.contains(batch.producerId());
            if (batch.isControl()) {
                assertThat(batch.count()).isLessThanOrEqualTo(1);
                TransactionMarker.of(batch, StorageFixture.LIMITS)
                        .filter(TransactionMarker::isAbort)
                        .ifPresent(marker -> abortedProducers.remove(marker.producerId()));
            } else if (!isCommittedOnly || (!isHidden && !isPastStable)) {
                try (RecordIterator records = batch.records(StorageFixture.LIMITS)) {
                    records.forEachRemaining(record -> {
                        if (record.offset() >= view.logStartOffset()) {
                            result.add(record);
                        }
                    });
                }
            }
        }
        return result;
    }

    private long checkpoint() {
        try {
            return new OffsetCheckpoint(Disk.system(), path.resolve(CleanerCheckpoint.FILE_NAME))
                    .read()
                    .orElse(Map.of())
                    .getOrDefault(StorageFixture.NAME, 0L);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Two rounds, with time between them in which all tombstones and markers come to their end. */
    private void shouldHaveForgottenWhatIsPast() throws IOException {
        fixture.use(COMPACTED);
        fixture.use(
                new CompactorOptions(true, 1, 1 << 20, 0.9, 64 << 10, Double.MAX_VALUE, CompactionFixture.BACKOFF_MS));
        for (int round = 0; round < 4; round++) {
            roll();
            fixture.compact();
            compare();
            fixture.storage.time.advance(DELETE_RETENTION_MS + 1);
        }
        int aborts = 0;
        for (RecordBatch batch : fixture.batches()) {
            boolean isOld = batch.lastOffset() < checkpoint() - 4;
            try (RecordIterator records = batch.records(StorageFixture.LIMITS)) {
                records.forEachRemaining(record ->
                        assertThat(isOld && !record.hasValue()).as("%s", record).isFalse());
            }
            aborts += TransactionMarker.of(batch, StorageFixture.LIMITS)
                            .filter(TransactionMarker::isAbort)
                            .isPresent()
                    ? 1
                    : 0;
        }
        // A producer whose newest state is a marker keeps it; and a commit stays as long as a record of it counts.
        assertThat(aborts).isLessThanOrEqualTo(PRODUCERS);
    }
}
