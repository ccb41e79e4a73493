// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import static io.kaon.replication.ReplicationFixture.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.sim.DiskOperation;
import io.kaon.sim.DiskOperation.Kind;
import io.kaon.sim.SimulatedDisk;
import io.kaon.sim.VirtualTime;
import io.kaon.storage.AppendOrigin;
import io.kaon.storage.AppendResult;
import io.kaon.storage.Appended;
import io.kaon.storage.Durability;
import io.kaon.storage.FlushOptions;
import io.kaon.storage.LogOptions;
import io.kaon.storage.Rejected;
import io.kaon.storage.RetentionOptions;
import io.kaon.storage.SegmentOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an acknowledgement stands for, and what happens where: on a disk that counts, refuses and loses power. */
final class PartitionDurabilityTest {
    private static final Logger STORAGE_LOG = Logger.getLogger("io.kaon.storage");
    private static final Path DIRECTORY = Path.of("/data");
    private static final int TIMEOUT_MS = 30_000;
    /** How long a disk must have been fast before appends come back from the disk threads. */
    private static final int HEALTHY_MS = 2_000;

    private static final long YEAR_MS = 365L * 24 * 3_600_000;
    private static final SegmentOptions SMALL = new SegmentOptions(1000, 1L << 40, 1 << 20, 100);
    private static final LogOptions FSYNC =
            LogOptions.DEFAULT.withFlush(new FlushOptions(Long.MAX_VALUE, Long.MAX_VALUE, Durability.FSYNC));

    private final VirtualTime time = new VirtualTime(1_000_000);
    private final SimulatedDisk disk = new SimulatedDisk(time);
    private final List<DiskOperation> syncs = new ArrayList<>();
    private final List<DiskOperation> onAppendPath = new ArrayList<>();
    private boolean refusesSync;
    private boolean refusesTruncate;
    private long writeTakesMs;
    private ReplicationFixture fixture;

    @BeforeAll
    static void silence() {
        STORAGE_LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void speak() {
        STORAGE_LOG.setLevel(null);
    }

    @BeforeEach
    void open() throws IOException {
        disk.withFolder(DIRECTORY);
        begin();
        disk.with(this::before);
    }

    private void begin() {
        fixture = new ReplicationFixture(DIRECTORY, time, disk);
        fixture.createTopic("events", ReplicationFixture.TOPIC_ID, ReplicationFixture.NODE);
    }

    @AfterEach
    void end() {
        fixture.die();
    }

    private void before(DiskOperation operation) throws IOException {
        if (operation.kind() == Kind.FORCE && operation.isOf(".log")) {
            syncs.add(operation);
        }
        if (operation.kind() == Kind.FORCE && refusesSync) {
            throw new IOException("this disk refuses to sync");
        }
        if (operation.kind() == Kind.TRUNCATE && refusesTruncate) {
            throw new IOException("this disk refuses to truncate");
        }
        if (operation.kind() == Kind.WRITE && operation.isOf(".log")) {
            time.advance(writeTakesMs);
        }
        if (!fixture.mayBlock() && operation.kind() != Kind.WRITE && operation.kind() != Kind.READ) {
            onAppendPath.add(operation);
        }
    }

    @Test
    void shouldServeAllProducesThatWaitWithOneSync() {
        // Given
        fixture.settings = FSYNC;
        append(Acks.ALL, "first").join();
        fixture.holdBlockingWork();
        syncs.clear();

        // When
        List<CompletableFuture<AppendResult>> answers = new ArrayList<>();
        for (int count = 0; count < 64; count++) {
            answers.add(append(Acks.ALL, "value " + count));
        }
        boolean anyBefore = answers.stream().anyMatch(CompletableFuture::isDone);
        fixture.release();

        // Then: one that was under way may have served the first, the next one served all that came meanwhile
        assertThat(anyBefore).isFalse();
        assertThat(syncs).hasSizeBetween(1, 2);
        assertThat(answers).allMatch(CompletableFuture::isDone).allMatch(answer -> answer.join() instanceof Appended);
    }

    @Test
    void shouldShowNobodyWhatIsNotSynced() {
        // Given
        fixture.settings = FSYNC;
        append(Acks.ALL, "first").join();
        fixture.holdBlockingWork();

        // When
        CompletableFuture<AppendResult> one = append(Acks.LEADER, "second");
        long before = partition().highWatermark();
        fixture.release();

        // Then
        assertThat(one).isDone();
        assertThat(before).isOne();
        assertThat(partition().highWatermark()).isEqualTo(2);
    }

    @Test
    void shouldNeverClaimASyncAfterOneThatFailed() {
        // Given
        fixture.settings = FSYNC;
        append(Acks.ALL, "first").join();
        refusesSync = true;

        // When
        AppendResult failed = append(Acks.ALL, "second").join();
        refusesSync = false;
        AppendResult after = append(Acks.ALL, "third").join();

        // Then
        assertThat(((Rejected) failed).code()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(((Rejected) after).code()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(partition().highWatermark()).isOne();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void shouldKeepWhatIsAcknowledgedThroughALossOfPower(long seed) throws IOException {
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            // Given
            fixture.settings = FSYNC.withSegments(SMALL);
            fixture.holdBlockingWork();
            List<CompletableFuture<AppendResult>> answers = new ArrayList<>();
            int appends = 1 + random.nextInt(40);
            for (int count = 0; count < appends; count++) {
                answers.add(append(Acks.ALL, "value " + count + " of round " + round));
                for (int work = random.nextInt(8); work > 0; work--) {
                    fixture.releaseOne();
                }
            }
            long acknowledged = 0;
            for (CompletableFuture<AppendResult> answer : answers) {
                if (answer.isDone()) {
                    acknowledged = Math.max(acknowledged, ((Appended) answer.join()).lastOffset() + 1);
                }
            }

            // When
            fixture.die();
            disk.losePower(random);
            begin();
            fixture.settings = FSYNC.withSegments(SMALL);
            fixture.holdBlockingWork();
            CompletableFuture<?> opened = partition().open().toCompletableFuture();
            fixture.release();
            opened.join();

            // Then
            assertThat(partition().view().logEndOffset())
                    .as("seed %s, round %s", seed, round)
                    .isGreaterThanOrEqualTo(acknowledged);
        }
    }

    @Test
    void shouldAnswerTheAppendThatCompletesFlushMessagesAfterItsSync() {
        // Given
        fixture.settings = LogOptions.DEFAULT.withFlush(new FlushOptions(3, Long.MAX_VALUE, Durability.OS));
        append(Acks.LEADER, "1").join();
        syncs.clear();
        fixture.holdBlockingWork();

        // When
        CompletableFuture<AppendResult> second = append(Acks.LEADER, "2");
        CompletableFuture<AppendResult> third = append(Acks.LEADER, "3");
        CompletableFuture<AppendResult> unsafe = append(Acks.NONE, "4");
        boolean isThirdDone = third.isDone();
        long highWatermark = partition().highWatermark();
        fixture.release();

        // Then
        assertThat(second).isDone();
        assertThat(isThirdDone).isFalse();
        assertThat(highWatermark).isEqualTo(2);
        assertThat(unsafe).isDone();
        assertThat(third.join()).isInstanceOf(Appended.class);
        assertThat(partition().highWatermark()).isEqualTo(4);
        assertThat(syncs).hasSize(1);
    }

    @Test
    void shouldSyncWithinFlushMs() {
        // Given
        fixture.settings = LogOptions.DEFAULT.withFlush(new FlushOptions(Long.MAX_VALUE, 500, Durability.OS));
        append(Acks.ALL, "1").join();
        syncs.clear();

        // When
        time.advance(499);
        int before = syncs.size();
        time.advance(1);
        int atOnce = syncs.size();
        time.advance(10_000);

        // Then
        assertThat(before).isZero();
        assertThat(atOnce).isOne();
        assertThat(syncs).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldNotBringBackDeletedRecordsAfterALossOfPower(long seed) throws IOException {
        // Given
        fixture.settings = FSYNC;
        for (int count = 0; count < 5; count++) {
            append(Acks.ALL, "value " + count).join();
        }
        fixture.holdBlockingWork();
        CompletableFuture<DeleteRecordsOutcome> deleted =
                partition().deleteRecords(3).toCompletableFuture();
        boolean isAnsweredBefore = deleted.isDone();
        while (!deleted.isDone()) {
            fixture.releaseOne();
        }

        // When
        fixture.die();
        disk.losePower(new Random(seed));
        begin();
        partition().open().toCompletableFuture().join();

        // Then
        assertThat(isAnsweredBefore).isFalse();
        assertThat(deleted.join()).isEqualTo(new DeleteRecordsOutcome(ErrorCode.NONE, 3));
        assertThat(partition().view().logStartOffset()).isEqualTo(3);
    }

    @Test
    void shouldLetOthersReadWhatWaitsWhenDurabilityIsGivenUp() {
        // Given
        fixture.settings = FSYNC;
        append(Acks.ALL, "first").join();
        fixture.holdBlockingWork();
        CompletableFuture<AppendResult> waiting = append(Acks.ALL, "second");

        // When
        fixture.settings = LogOptions.DEFAULT;
        fixture.reconfigure();

        // Then
        assertThat(waiting).isDone();
        assertThat(partition().highWatermark()).isEqualTo(2);
    }

    @Test
    void shouldOnlyWriteToOpenFilesOnTheAppendPath() {
        // Given
        fixture.settings = LogOptions.DEFAULT.withSegments(SMALL);
        Random random = new Random(7);
        fixture.holdBlockingWork();
        List<CompletableFuture<AppendResult>> answers = new ArrayList<>();
        onAppendPath.clear();

        // When: rolls with and without a file made before
        for (int count = 0; count < 300; count++) {
            answers.add(append(Acks.ALL, "value " + count));
            for (int work = random.nextInt(4); work > 0; work--) {
                fixture.releaseOne();
            }
        }
        fixture.release();

        // Then
        assertThat(onAppendPath).isEmpty();
        assertThat(partition().view().logEndOffset()).isEqualTo(300);
        for (int count = 0; count < 300; count++) {
            assertThat(((Appended) answers.get(count).join()).baseOffset()).isEqualTo(count);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldOnlyWriteToOpenFilesWhateverElseHappensInTheOwner(long seed) {
        // Given: retention, which takes all that is committed; records that are deleted; syncs; timers
        fixture.settings = FSYNC.withSegments(SMALL)
                .withFlush(new FlushOptions(5, 700, Durability.FSYNC))
                .withRetention(new RetentionOptions(true, false, 1_000, -1, 60_000));
        Random random = new Random(seed);
        append(Acks.ALL, "first").join();
        fixture.holdBlockingWork();
        onAppendPath.clear();
        List<CompletableFuture<AppendResult>> answers = new ArrayList<>();

        // When: what runs on disk threads ends while the owner is busy, so that the owner's thread goes on with it
        for (int count = 0; count < 400; count++) {
            switch (random.nextInt(12)) {
                case 0 -> time.advance(100_000);
                case 1 -> partition().deleteRecords(random.nextBoolean() ? -1 : random.nextInt(count + 1));
                case 2 -> fixture.reconfigure();
                case 3 -> time.advance(random.nextInt(2_000));
                default -> answers.add(append(Acks.ALL, "value " + count));
            }
            for (int work = random.nextInt(5); work > 0; work--) {
                releaseWithinTheOwner();
            }
        }
        while (fixture.hasBlockingWork()) {
            releaseWithinTheOwner();
        }

        // Then
        assertThat(onAppendPath).as("seed %s", seed).isEmpty();
        assertThat(partition().view().logStartOffset()).isPositive();
        for (int count = 0; count < answers.size(); count++) {
            AppendResult answer = answers.get(count).join();
            if (answer instanceof Appended appended) {
                assertThat(appended.baseOffset()).isEqualTo(count + 1);
            } else {
                assertThat(((Rejected) answer).code()).isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
            }
        }
        assertThat(partition().highWatermark()).isEqualTo(answers.size() + 1);
    }

    @Test
    void shouldMoveTheAppendsOfASlowDiskAwayUntilItIsHealthyAgain() {
        // Given
        append(Acks.ALL, "first").join();
        fixture.holdBlockingWork();
        writeTakesMs = 60;
        append(Acks.ALL, "slow").join();
        writeTakesMs = 0;

        // When
        CompletableFuture<AppendResult> away = append(Acks.ALL, "away");
        CompletableFuture<AppendResult> behind = append(Acks.ALL, "behind");
        boolean isAwayDone = away.isDone();
        fixture.releaseOne();
        CompletableFuture<AppendResult> soonAfter = append(Acks.ALL, "soon after");
        boolean isSoonAfterDone = soonAfter.isDone();
        time.advance(HEALTHY_MS);
        fixture.releaseOne();
        CompletableFuture<AppendResult> healthy = append(Acks.ALL, "healthy");

        // Then
        assertThat(isAwayDone).isFalse();
        assertThat(((Appended) away.join()).baseOffset()).isEqualTo(2);
        assertThat(((Appended) behind.join()).baseOffset()).isEqualTo(3);
        assertThat(isSoonAfterDone).isFalse();
        assertThat(((Appended) soonAfter.join()).baseOffset()).isEqualTo(4);
        assertThat(healthy).isDone();
    }

    @Test
    void shouldAnswerWhatWaitsForASyncWhenTheLogCloses() {
        // Given
        fixture.settings = FSYNC;
        append(Acks.ALL, "first").join();
        fixture.holdBlockingWork();
        CompletableFuture<AppendResult> all = append(Acks.ALL, "second");
        CompletableFuture<?> closed = fixture.closeLogs();
        boolean isAnsweredBefore = all.isDone();

        // When
        fixture.release();

        // Then
        assertThat(isAnsweredBefore).isFalse();
        assertThat(closed).isCompleted();
        assertThat(all.join()).isInstanceOf(Appended.class);
    }

    @Test
    void shouldRefuseWhatWaitsForASyncWhenTheLastOneFails() {
        // Given
        fixture.settings = FSYNC;
        append(Acks.ALL, "first").join();
        fixture.holdBlockingWork();
        CompletableFuture<AppendResult> all = append(Acks.ALL, "second");
        refusesSync = true;

        // When
        fixture.closeLogs();
        fixture.release();

        // Then
        assertThat(((Rejected) all.join()).code()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
    }

    @Test
    void shouldAnswerWhatWaitsForASyncWhenThePartitionIsDeleted() {
        // Given
        fixture.settings = FSYNC;
        append(Acks.ALL, "first").join();
        fixture.holdBlockingWork();
        CompletableFuture<AppendResult> waiting = append(Acks.ALL, "second");

        // When
        fixture.removeTopic(ReplicationFixture.TOPIC_ID);
        boolean isAnswered = waiting.isDone();
        fixture.release();

        // Then: and its turn to sync is over, or nobody else would ever have one
        assertThat(isAnswered).isTrue();
        assertThat(((Rejected) waiting.join()).code()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        for (int life = 0; life < 10; life++) {
            Uuid id = new Uuid(2, life);
            fixture.createTopic("events", id, ReplicationFixture.NODE);
            assertThat(append(Acks.ALL, "again").join()).isInstanceOf(Appended.class);
            fixture.holdBlockingWork();
            append(Acks.ALL, "more");
            fixture.removeTopic(id);
            fixture.release();
        }
    }

    @Test
    void shouldAnswerWhatWaitsForASyncWhenTheDiskFailsElsewhere() {
        // Given: the sync waits for its turn, behind the roll of a segment whose name cannot be synced
        fixture.settings = FSYNC.withSegments(SMALL);
        append(Acks.ALL, "first").join();
        fixture.holdBlockingWork();
        CompletableFuture<AppendResult> waiting = append(Acks.ALL, "second");
        refusesSync = true;
        CompletableFuture<AppendResult> rolled = append(Acks.ALL, "x".repeat(850));

        // When
        fixture.release();

        // Then
        assertThat(waiting).isDone();
        assertThat(((Rejected) waiting.join()).code()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(((Rejected) rolled.join()).code()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldAcknowledgeNothingBehindASegmentThatCouldNotBeSealed(long seed) throws IOException {
        // Given: not a sync that fails, but what comes before it
        LogOptions settings = FSYNC.withSegments(new SegmentOptions(1000, 1L << 40, 0, 1 << 20, 100, true));
        fixture.settings = settings;
        append(Acks.ALL, "first").join();
        fixture.holdBlockingWork();
        refusesTruncate = true;
        List<CompletableFuture<AppendResult>> answers = new ArrayList<>();
        for (int count = 0; count < 5; count++) {
            answers.add(append(Acks.ALL, count + "x".repeat(400)));
        }

        // When
        fixture.release();
        fixture.holdBlockingWork();
        List<CompletableFuture<AppendResult>> acknowledged =
                answers.stream().filter(CompletableFuture::isDone).toList();
        fixture.die();
        disk.losePower(new Random(seed));
        refusesTruncate = false;
        begin();
        fixture.settings = settings;
        partition().open().toCompletableFuture().join();

        // Then
        for (CompletableFuture<AppendResult> answer : acknowledged) {
            assertThat(((Appended) answer.join()).lastOffset())
                    .as("seed %s", seed)
                    .isLessThan(partition().view().logEndOffset());
        }
    }

    @Test
    void shouldAcknowledgeOnceTheSegmentBeforeCouldBeSealed() {
        // Given
        fixture.settings = FSYNC.withSegments(new SegmentOptions(1000, 1L << 40, 0, 1 << 20, 100, true));
        append(Acks.ALL, "first").join();
        fixture.holdBlockingWork();
        refusesTruncate = true;
        append(Acks.ALL, "x".repeat(700));
        CompletableFuture<AppendResult> behind = append(Acks.ALL, "x".repeat(700));
        fixture.release();
        boolean isDoneBefore = behind.isDone();

        // When
        refusesTruncate = false;
        time.advance(10_000);

        // Then
        assertThat(isDoneBefore).isFalse();
        assertThat(behind.join()).isInstanceOf(Appended.class);
    }

    @Test
    void shouldSyncWhatWasWrittenBeforeFlushMsWasSet() {
        // Given
        append(Acks.ALL, "1").join();
        syncs.clear();

        // When
        fixture.settings = LogOptions.DEFAULT.withFlush(new FlushOptions(Long.MAX_VALUE, 500, Durability.OS));
        fixture.reconfigure();
        time.advance(500);

        // Then
        assertThat(syncs).hasSize(1);
    }

    @Test
    void shouldForgetTheTimerOfFlushMsWithTheLog() {
        // Given
        fixture.settings = LogOptions.DEFAULT.withFlush(new FlushOptions(Long.MAX_VALUE, YEAR_MS, Durability.OS));
        int before = time.waiting();
        append(Acks.ALL, "1").join();
        int meanwhile = time.waiting();

        // When
        fixture.removeTopic(ReplicationFixture.TOPIC_ID);
        time.advance(10 * 60_000);

        // Then
        assertThat(meanwhile).isEqualTo(before + 1);
        assertThat(time.waiting()).isEqualTo(before);
    }

    /** Unless the owner waits for this very work. */
    private void releaseWithinTheOwner() {
        boolean[] isReleased = {false};
        partition().owner().execute(() -> {
            if (!isReleased[0]) {
                isReleased[0] = true;
                fixture.releaseOne();
            }
        });
        if (!isReleased[0]) {
            isReleased[0] = true;
            fixture.releaseOne();
        }
    }

    private Partition partition() {
        return fixture.partition("events");
    }

    private CompletableFuture<AppendResult> append(Acks acks, String... values) {
        return partition()
                .append(batch(values), acks, TIMEOUT_MS, AppendOrigin.CLIENT)
                .toCompletableFuture();
    }
}
