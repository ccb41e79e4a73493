// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import static io.kaon.replication.ReplicationFixture.TOPIC_ID;
import static io.kaon.replication.ReplicationFixture.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.storage.AppendOrigin;
import io.kaon.storage.AppendResult;
import io.kaon.storage.Appended;
import io.kaon.storage.Rejected;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionTest {
    private static final int TIMEOUT_MS = 1000;

    @TempDir
    Path directory;

    private ReplicationFixture fixture;

    @BeforeEach
    void open() {
        fixture = new ReplicationFixture(directory);
        fixture.createTopic("events", TOPIC_ID, ReplicationFixture.NODE);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void shouldCommitWhatASingleReplicaHasWritten() {
        // When
        AppendResult result = append("one", "two").join();

        // Then
        assertThat(result).isInstanceOfSatisfying(Appended.class, appended -> assertThat(appended.lastOffset())
                .isEqualTo(1));
        assertThat(fixture.partition("events").highWatermark()).isEqualTo(2);
    }

    @Test
    void shouldKeepTheOrderOfAppendsThatCameBeforeTheLogWasOpen() {
        // Given
        fixture.holdBlockingWork();
        List<Long> offsets = new ArrayList<>();
        CompletableFuture<AppendResult> first = append("first");
        CompletableFuture<AppendResult> second = append("second");

        // When
        fixture.release();

        // Then
        offsets.add(((Appended) first.join()).baseOffset());
        offsets.add(((Appended) second.join()).baseOffset());
        assertThat(offsets).containsExactly(0L, 1L);
    }

    @Test
    void shouldTellListenersOfEachCommit() {
        // Given
        List<Long> committed = new ArrayList<>();
        fixture.partition("events").onCommitted(committed::add);

        // When
        append("one").join();
        append("two", "three").join();

        // Then
        assertThat(committed).containsExactly(1L, 3L);
    }

    @Test
    void shouldMoveTheLogStartOffset() {
        // Given
        append("one", "two", "three").join();

        // When
        DeleteRecordsOutcome outcome = fixture.partition("events")
                .deleteRecords(2)
                .toCompletableFuture()
                .join();

        // Then
        assertThat(outcome).isEqualTo(new DeleteRecordsOutcome(ErrorCode.NONE, 2));
    }

    @Test
    void shouldDeleteUpToTheHighWatermarkWhenAskedForMinusOne() {
        // Given
        append("one", "two").join();

        // When
        DeleteRecordsOutcome outcome = fixture.partition("events")
                .deleteRecords(-1)
                .toCompletableFuture()
                .join();

        // Then
        assertThat(outcome.lowWatermark()).isEqualTo(2);
    }

    @Test
    void shouldRefuseToDeletePastTheHighWatermark() {
        // Given
        append("one").join();

        // When
        DeleteRecordsOutcome outcome = fixture.partition("events")
                .deleteRecords(5)
                .toCompletableFuture()
                .join();

        // Then
        assertThat(outcome.error()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
    }

    @Test
    void shouldRefuseAppendsOfADeletedTopic() {
        // Given
        append("one").join();
        Partition before = fixture.partition("events");
        fixture.removeTopic(TOPIC_ID);

        // When
        AppendResult result = before.append(batch("late"), Acks.ALL, TIMEOUT_MS, AppendOrigin.CLIENT)
                .toCompletableFuture()
                .join();

        // Then
        assertThat(result).isInstanceOfSatisfying(Rejected.class, rejected -> assertThat(rejected.code())
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
    }

    @Test
    void shouldNotShowTheDataOfATopicThatWasDeletedAndMadeAgain() {
        // Given
        append("old").join();
        fixture.removeTopic(TOPIC_ID);
        fixture.createTopic("events", new Uuid(2, 2), ReplicationFixture.NODE);

        // When
        AppendResult result = append("new").join();

        // Then
        assertThat(((Appended) result).baseOffset()).isZero();
    }

    @Test
    void shouldNotKeepAPartitionWhoseTopicWasDeletedWhileItWasLookedFor() {
        // Given
        Uuid nextId = new Uuid(2, 2);
        fixture.afterLook = () -> {
            fixture.removeTopic(TOPIC_ID);
            fixture.createTopic("events", nextId, ReplicationFixture.NODE);
        };

        // When
        Partition found = fixture.partition("events");

        // Then
        assertThat(found.topicId()).isEqualTo(nextId);
    }

    @Test
    void shouldNeverRenameTheFolderOfANewTopicForADeletionThatIsLate() {
        // Given
        append("old").join();
        fixture.holdBlockingWork();
        fixture.removeTopic(TOPIC_ID);
        fixture.createTopic("events", new Uuid(2, 2), ReplicationFixture.NODE);
        fixture.removeTopic(new Uuid(2, 2));
        fixture.createTopic("events", new Uuid(3, 3), ReplicationFixture.NODE);
        CompletableFuture<AppendResult> appended = append("new");

        // When
        fixture.releaseNewestFirst();

        // Then
        assertThat(appended.join()).isInstanceOf(Appended.class);
        assertThat(directory.resolve("events-0")).isDirectory();
    }

    @Test
    void shouldSayWhyThereIsNothingToReadAfterADeletion() {
        // Given
        append("one").join();
        Partition before = fixture.partition("events");

        // When
        fixture.removeTopic(TOPIC_ID);

        // Then
        assertThatThrownBy(before::view)
                .isInstanceOfSatisfying(PartitionUnavailable.class, failure -> assertThat(failure.error())
                        .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
    }

    @Test
    void shouldOpenALogLaterThatCouldNotBeOpened() throws Exception {
        // Given
        Path obstacle = Files.writeString(directory.resolve("events-0"), "no folder");
        assertThat(codeOf(append("one").join())).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);

        // When
        Files.delete(obstacle);
        AppendResult tooEarly = append("one").join();
        fixture.time.advance(LazyLog.REOPEN_DELAY_MS);
        AppendResult later = append("one").join();

        // Then
        assertThat(codeOf(tooEarly)).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(later).isInstanceOf(Appended.class);
    }

    @Test
    void shouldAnswerWhenTheSettingsOfALogAreBad() {
        // Given
        fixture.hasBadSettings = true;

        // When // Then
        assertThat(codeOf(append("one").getNow(null))).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
    }

    @Test
    void shouldAnswerTheNextWhenOneThatWaitedForTheLogBreaks() {
        // Given
        fixture.holdBlockingWork();
        CompletableFuture<AppendResult> broken = fixture.partition("events")
                .append(null, Acks.ALL, TIMEOUT_MS, AppendOrigin.CLIENT)
                .toCompletableFuture();
        CompletableFuture<AppendResult> next = append("one");

        // When
        fixture.release();

        // Then
        assertThat(broken).isCompletedExceptionally();
        assertThat(next).isCompletedWithValueMatching(Appended.class::isInstance);
    }

    @Test
    void shouldNotFindAPartitionThatSomebodyElseLeads() {
        // Given
        fixture.createTopic("elsewhere", new Uuid(3, 3), 7);

        // When
        PartitionLookup lookup = fixture.partitions.find(new TopicPartition("elsewhere", 0));

        // Then
        assertThat(lookup).isEqualTo(new PartitionLookup.Missing(ErrorCode.NOT_LEADER_OR_FOLLOWER));
    }

    @Test
    void shouldNotFindWhatDoesNotExist() {
        // When // Then
        assertThat(fixture.partitions.find(new TopicPartition("nothing", 0)))
                .isEqualTo(new PartitionLookup.Missing(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
        assertThat(fixture.partitions.find(new TopicPartition("events", 1)))
                .isEqualTo(new PartitionLookup.Missing(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
        assertThat(fixture.partitions.find(new Uuid(9, 9), 0))
                .isEqualTo(new PartitionLookup.Missing(ErrorCode.UNKNOWN_TOPIC_ID));
    }

    private static ErrorCode codeOf(AppendResult result) {
        return ((Rejected) result).code();
    }

    private CompletableFuture<AppendResult> append(String... values) {
        return fixture.partition("events")
                .append(batch(values), Acks.ALL, TIMEOUT_MS, AppendOrigin.CLIENT)
                .toCompletableFuture();
    }
}
