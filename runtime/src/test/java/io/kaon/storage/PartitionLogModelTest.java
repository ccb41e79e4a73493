// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.storage.StorageFixture.join;
import static io.kaon.storage.StorageFixture.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.record.Record;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random appends, rolls, flushes, deletions, truncations, restarts and crashes against a list in memory. */
final class PartitionLogModelTest {
    private static final int STEPS = 400;
    private static final int SEEDS = 20;
    private static final int PRODUCERS = 3;
    private static final Logger STORAGE_LOG = Logger.getLogger("io.kaon.storage");

    @TempDir
    private Path path;

    private record Entry(long offset, String value, long timestamp, int epoch) {}

    private Random random;
    private StorageFixture storage;
    private PartitionLog log;
    private LogOptions options;
    private final List<Entry> model = new ArrayList<>();
    private final int[] nextSequence = new int[PRODUCERS];
    private long logStart;
    private int epoch;
    private long firstProducer;

    @BeforeAll
    static void silence() {
        STORAGE_LOG.setLevel(Level.SEVERE);
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
    void shouldBehaveAsAList(long seed) {
        // Given
        random = new Random(seed);
        options = randomOptions();
        storage = new StorageFixture(path, FaultyDisk.quick());
        log = storage.log(options);

        // When
        for (int step = 0; step < STEPS; step++) {
            step();
            compare();
        }

        // Then
        storage.restart();
        reopen();
        compareAll();
        storage.close();
    }

    private void step() {
        int dice = random.nextInt(100);
        if (dice < 70) {
            append();
        } else if (dice < 76) {
            join(log.flush());
        } else if (dice < 80) {
            storage.restart();
            reopen();
        } else if (dice < 84) {
            storage.crash();
            reopen();
        } else if (dice < 87) {
            deleteRecords();
        } else if (dice < 90) {
            truncate();
        } else if (dice < 94) {
            options = randomOptions();
            storage.run(() -> log.reconfigure(options));
        } else if (dice < 97) {
            storage.time.advance(random.nextInt(100_000));
        } else {
            epoch++;
            storage.run(() -> log.beginLeaderEpoch(epoch));
        }
    }

    private void reopen() {
        log = storage.log(options);
        storage.run(() -> {
            log.advanceHighWatermark(log.view().logEndOffset());
            log.beginLeaderEpoch(epoch);
        });
    }

    private LogOptions randomOptions() {
        int segmentBytes = 300 + random.nextInt(3000);
        int indexInterval = random.nextInt(400);
        int indexBytes = random.nextInt(3) == 0 ? 100 : 1 << 20;
        return LogOptions.DEFAULT
                .withSegments(new SegmentOptions(segmentBytes, 1 + random.nextInt(3_000), indexBytes, indexInterval))
                .withHotBytes(random.nextInt(5000));
    }

    private void append() {
        int producer = random.nextInt(PRODUCERS + 1);
        int count = 1 + random.nextInt(3);
        long timestamp = storage.time.wallMs() - random.nextInt(2_000);
        RecordBatchBuilder builder = RecordBatchBuilder.uncompressed();
        int wrong = random.nextInt(8) == 0 ? 1 + random.nextInt(5) : 0;
        if (producer < PRODUCERS) {
            builder.producer(firstProducer + producer, (short) 0, nextSequence[producer] + wrong);
        }
        long baseOffset = logEnd();
        List<Entry> added = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            String value = "v" + random.nextInt() + "x".repeat(random.nextInt(60));
            long at = timestamp + random.nextInt(100);
            builder.append(at, null, value.getBytes(StandardCharsets.UTF_8));
            added.add(new Entry(baseOffset + index, value, at, epoch));
        }
        ByteBuffer batch = builder.build();
        AppendResult result = storage.inside(() -> log.append(batch.duplicate(), AppendOrigin.CLIENT, epoch));
        storage.run(() -> log.advanceHighWatermark(log.view().logEndOffset()));
        if (producer < PRODUCERS && wrong > 0 && result instanceof Rejected rejected) {
            assertThat(rejected.code()).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
            return;
        }
        Appended appended = (Appended) result;
        assertThat(appended.baseOffset()).isEqualTo(baseOffset);
        model.addAll(added);
        if (producer < PRODUCERS) {
            nextSequence[producer] += wrong + count;
            repeat(batch, appended);
        }
    }

    private void repeat(ByteBuffer batch, Appended first) {
        if (random.nextInt(4) == 0) {
            batch.putLong(0, 0);
            if (random.nextInt(3) == 0) {
                storage.crash();
                reopen();
            }
            AppendResult again = storage.inside(() -> log.append(batch, AppendOrigin.CLIENT, epoch));
            assertThat(again).isEqualTo(new Appended(first.baseOffset(), first.lastOffset(), -1, logStart, true));
        }
    }

    private void deleteRecords() {
        long to = logStart + random.nextInt((int) (logEnd() - logStart) / 2 + 1);
        storage.run(() -> log.advanceLogStartOffset(to));
        logStart = to;
    }

    private void truncate() {
        long to = logEnd() - random.nextInt((int) Math.min(10, logEnd() - logStart + 1));
        join(storage.inside(() -> log.truncateTo(to)));
        long end = log.view().logEndOffset();
        assertThat(end).isBetween(Math.max(logStart, to - 3), to);
        model.removeIf(entry -> entry.offset() >= end);
        // What the producers wrote last is gone, so their sequences are unknown here: others go on.
        firstProducer += PRODUCERS;
        Arrays.fill(nextSequence, 0);
    }

    private long logEnd() {
        return log.view().logEndOffset();
    }

    private void compare() {
        LogView view = log.view();
        long expectedEnd = model.isEmpty() ? 0 : model.get(model.size() - 1).offset() + 1;
        assertThat(view.logEndOffset()).isEqualTo(Math.max(expectedEnd, logStart));
        assertThat(view.logStartOffset()).isEqualTo(logStart);
        if (view.logEndOffset() == logStart) {
            return;
        }
        long offset = logStart + random.nextInt((int) (view.logEndOffset() - logStart));
        RecordBatch batch = read(view, offset, 1 + random.nextInt(500)).get(0);
        assertThat(offset).isBetween(batch.baseOffset(), batch.lastOffset());
        compareBatch(batch);
        long timestamp = model.get((int) offset).timestamp() - random.nextInt(3);
        assertThat(view.offsetForTimestamp(timestamp, view.highWatermark())).isEqualTo(firstAt(timestamp));
        assertThat(view.maxTimestamp(view.highWatermark())).isEqualTo(largest());
    }

    private void compareBatch(RecordBatch batch) {
        for (Record record : batch.records(StorageFixture.LIMITS)) {
            Entry expected = model.get((int) record.offset());
            assertThat(record.offset()).isEqualTo(expected.offset());
            assertThat(StandardCharsets.UTF_8.decode(record.value().duplicate()).toString())
                    .isEqualTo(expected.value());
            assertThat(record.timestamp()).isEqualTo(expected.timestamp());
            assertThat(batch.partitionLeaderEpoch()).isEqualTo(expected.epoch());
        }
    }

    private Optional<TimestampOffset> firstAt(long timestamp) {
        return model.stream()
                .filter(entry -> entry.offset() >= logStart && entry.timestamp() >= timestamp)
                .findFirst()
                .map(entry -> new TimestampOffset(entry.timestamp(), entry.offset(), entry.epoch()));
    }

    private Optional<TimestampOffset> largest() {
        long largest = model.stream()
                .filter(entry -> entry.offset() >= logStart)
                .mapToLong(Entry::timestamp)
                .max()
                .orElse(-1);
        return firstAt(largest);
    }

    private void compareAll() {
        long offset = logStart;
        while (offset < logEnd()) {
            for (RecordBatch batch : read(log.view(), offset, 700)) {
                compareBatch(batch);
                offset = batch.nextOffset();
            }
        }
        assertThat(offset).isEqualTo(logEnd());
    }
}
