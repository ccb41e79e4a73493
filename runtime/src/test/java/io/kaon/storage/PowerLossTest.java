// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.exec.SerialExecutor;
import io.kaon.sim.DiskOperation;
import io.kaon.sim.DiskOperation.Kind;
import io.kaon.sim.SimulatedDisk;
import io.kaon.sim.VirtualTime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** What the simulation of crashes has found, each told on its own. */
final class PowerLossTest {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final TopicPartition NAME = new TopicPartition("orders", 0);
    private static final Uuid TOPIC = new Uuid(1, 2);
    private static final LogOptions SMALL =
            LogOptions.DEFAULT.withSegments(new SegmentOptions(400, Long.MAX_VALUE / 2, 1 << 20, 0));
    private static final Logger STORAGE_LOG = Logger.getLogger("io.kaon.storage");

    private final Path data = Path.of("/power/host" + COUNT.incrementAndGet(), "data");
    private final VirtualTime time = new VirtualTime(1_700_000_000_000L);
    private final SimulatedDisk disk = new SimulatedDisk(time);
    private final SerialExecutor owner = new SerialExecutor("test", Runnable::run);
    private Optional<SimulatedLife> life = Optional.empty();

    PowerLossTest() throws IOException {
        disk.withFolder(data.getParent());
    }

    @BeforeAll
    static void silence() {
        STORAGE_LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void speak() {
        STORAGE_LOG.setLevel(null);
    }

    @AfterEach
    void end() {
        life.ifPresent(SimulatedLife::end);
        life = Optional.empty();
    }

    private SimulatedLife start() {
        life = Optional.of(new SimulatedLife(data, disk, time, new Random(1)));
        return life.get();
    }

    private PartitionLog open(SimulatedLife in, Uuid topicId) throws IOException {
        return in.finish(in.opening(NAME, topicId, SMALL, owner));
    }

    private void append(PartitionLog log, int count) {
        for (int index = 0; index < count; index++) {
            ByteBuffer batch = StorageFixture.batch(time.wallMs(), "value");
            run(() -> {
                assertThat(log.append(batch, AppendOrigin.CLIENT, 0)).isInstanceOf(Appended.class);
                log.advanceHighWatermark(log.view().logEndOffset());
            });
        }
    }

    private void run(Runnable task) {
        CompletableFuture.runAsync(task, owner).join();
    }

    private void losePower(long seed) {
        end();
        disk.losePower(new Random(seed));
    }

    private void kill() {
        end();
        disk.killProcess();
    }

    @RepeatedTest(20)
    void shouldKeepWhatARecoveryFoundAfterAKill(RepetitionInfo repetition) throws IOException {
        // Given a partition that a killed process has left, with nothing of it synced
        append(open(start(), TOPIC), 5);
        kill();
        SimulatedLife second = start();
        second.finish(open(second, TOPIC).flush());

        // When
        losePower(repetition.getCurrentRepetition());

        // Then
        assertThat(open(start(), TOPIC).view().logEndOffset()).isEqualTo(5);
    }

    @RepeatedTest(20)
    void shouldKeepWhatWasFlushedInADirectoryThatIsNew(RepetitionInfo repetition) throws IOException {
        // Given
        SimulatedLife first = start();
        PartitionLog log = open(first, TOPIC);
        append(log, 5);
        first.finish(log.flush());

        // When
        losePower(repetition.getCurrentRepetition());

        // Then
        assertThat(open(start(), TOPIC).view().logEndOffset()).isEqualTo(5);
    }

    @Test
    void shouldKeepWhatFollowsAPreallocatedSegmentThatWasNotSealed() throws IOException {
        // Given a segment with zeros behind its batches, and another one behind it
        LogOptions options =
                LogOptions.DEFAULT.withSegments(new SegmentOptions(400, Long.MAX_VALUE / 2, 0, 1 << 20, 0, true));
        SimulatedLife first = start();
        PartitionLog log = first.finish(first.opening(NAME, TOPIC, options, owner));
        append(log, 1);
        first.workAll();
        while (log.view().segments().size() < 2) {
            append(log, 1);
        }
        long end = log.view().logEndOffset();

        // When
        kill();

        // Then
        SimulatedLife second = start();
        PartitionLog again = second.finish(second.opening(NAME, TOPIC, options, owner));
        assertThat(again.view().logEndOffset()).isEqualTo(end);
    }

    @RepeatedTest(20)
    void shouldLeaveNoHoleWhenATruncationIsInterrupted(RepetitionInfo repetition) throws IOException {
        // Given
        Random random = new Random(repetition.getCurrentRepetition());
        SimulatedLife first = start();
        PartitionLog log = open(first, TOPIC);
        for (int round = 0; round < 10; round++) {
            append(log, 3);
            first.workAll();
        }
        first.finish(log.flush());
        time.advance(100_000);
        first.workAll();

        // When
        disk.powerOffAfter(random.nextInt(25), random);
        try {
            first.finish(CompletableFuture.supplyAsync(() -> log.truncateTo(4), owner)
                    .join());
        } catch (IOException off) {
            assertThat(disk.isOff()).isTrue();
        }
        losePower(repetition.getCurrentRepetition());

        // Then
        PartitionLog again = open(start(), TOPIC);
        run(() -> again.advanceHighWatermark(again.view().logEndOffset()));
        assertThat(StorageFixture.readAll(again, 0)).hasSize((int) again.view().logEndOffset());
        assertThat(again.view().logEndOffset()).isBetween(4L, 30L);
    }

    @Test
    void shouldWriteTheLowerRecoveryPointBeforeItCuts() throws IOException {
        // Given
        List<DiskOperation> operations = new ArrayList<>();
        SimulatedLife only = start();
        PartitionLog log = open(only, TOPIC);
        append(log, 5);
        only.finish(log.flush());
        time.advance(100_000);
        only.workAll();
        disk.with(operations::add);

        // When
        only.finish(
                CompletableFuture.supplyAsync(() -> log.truncateTo(2), owner).join());

        // Then
        List<Kind> kinds = operations.stream()
                .filter(operation -> operation.isOf(".log") || operation.isOf(DirectoryState.RECOVERY_POINTS + ".tmp"))
                .map(DiskOperation::kind)
                .filter(kind -> kind == Kind.RENAME || kind == Kind.TRUNCATE)
                .toList();
        assertThat(kinds).startsWith(Kind.RENAME, Kind.TRUNCATE);
    }

    @Test
    void shouldNotGiveANewTopicTheHighWatermarkOfAnEarlierOne() throws IOException {
        // Given a high watermark on disk, and the topic is gone when the checkpoints are written again
        SimulatedLife first = start();
        PartitionLog log = open(first, TOPIC);
        append(log, 5);
        time.advance(100_000);
        first.workAll();
        first.finish(log.delete());
        first.finish(first.directory().close());
        end();

        // When another one of that name has records that nobody committed, and the process dies
        Uuid newer = new Uuid(3, 4);
        PartitionLog made = open(start(), newer);
        run(() -> made.append(StorageFixture.batch(1, "a", "b", "c"), AppendOrigin.CLIENT, 0));
        kill();

        // Then
        assertThat(open(start(), newer).view().highWatermark()).isZero();
    }

    @Test
    void shouldNotMoveTheLogStartBackWhenACrashBroughtSegmentsBack() throws IOException {
        // Given a log whose start is on disk, and whose deleted segments are there again
        SimulatedLife first = start();
        PartitionLog log = open(first, TOPIC);
        for (int round = 0; round < 10; round++) {
            append(log, 3);
            first.workAll();
        }
        run(() -> log.advanceLogStartOffset(20));
        first.work(1);
        Path old = data.resolve(NAME + "/00000000000000000000.log");
        first.workAll();
        kill();
        try (FileChannel channel = disk.open(old, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(StorageFixture.batch(1, "deleted"));
        }

        // When
        PartitionLog again = open(start(), TOPIC);

        // Then
        assertThat(again.view().logStartOffset()).isEqualTo(20);
        assertThat(again.view().segments().get(0).baseOffset()).isBetween(1L, 20L);
        assertThat(disk.size(old)).isEqualTo(-1);
    }

    @Test
    void shouldTakeEverybodyForUnrecoveredWhenTheListIsDamaged() throws IOException {
        // Given a clean end after a crash, in between of which nobody opened the partition
        append(open(start(), TOPIC), 5);
        kill();
        SimulatedLife idle = start();
        idle.finish(idle.directory().close());
        end();
        try (FileChannel channel = disk.open(data.resolve(DirectoryState.UNRECOVERED), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[7]), 0);
        }
        disk.killProcess();

        // When the last batch is damaged too, which only a recovery can notice
        try (FileChannel channel = disk.open(
                data.resolve(NAME + "/00000000000000000000.log"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[3]), channel.size() - 3);
        }

        // Then
        assertThat(open(start(), TOPIC).view().logEndOffset()).isEqualTo(4);
    }
}
