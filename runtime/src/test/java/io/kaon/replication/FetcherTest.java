// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import static io.kaon.replication.ReplicationFixture.TOPIC_ID;
import static io.kaon.replication.ReplicationFixture.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.exec.Scheduler;
import io.kaon.record.RecordBatch;
import io.kaon.storage.AppendOrigin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetcherTest {
    private static final int WAIT_MS = 500;
    private static final int MANY_BYTES = 1 << 20;
    private static final int NO_EPOCH = -1;
    private static final int LEADER_EPOCH = 3;

    @TempDir
    Path directory;

    private final CompletableFuture<Void> hurry = new CompletableFuture<>();
    private ReplicationFixture fixture;
    private Fetcher fetcher;

    @BeforeEach
    void open() {
        fixture = new ReplicationFixture(directory);
        fixture.createTopic("events", TOPIC_ID, ReplicationFixture.NODE);
        fetcher = new Fetcher(fixture.partitions, fixture.disk, fixture.time);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void shouldAnswerAtOnceWhenThereIsEnough() {
        // Given
        append("one");

        // When
        CompletableFuture<List<PartitionReadResult>> answer = fetch(1, read(0));

        // Then
        assertThat(recordsIn(answer)).isEqualTo(1);
    }

    @Test
    void shouldWaitForAnAppend() {
        // Given
        CompletableFuture<List<PartitionReadResult>> answer = fetch(1, read(0));
        assertThat(answer).isNotDone();

        // When
        append("one", "two");

        // Then
        assertThat(recordsIn(answer)).isEqualTo(2);
    }

    @Test
    void shouldWaitForTheBytesThatWereAskedFor() {
        // Given
        int oneBatch = batch("one").remaining();
        CompletableFuture<List<PartitionReadResult>> answer = fetch(oneBatch + 1, read(0));
        append("one");
        assertThat(answer).isNotDone();

        // When
        append("two");

        // Then
        assertThat(answer).isDone();
        assertThat(bytesIn(answer)).isEqualTo(2 * oneBatch);
    }

    @Test
    void shouldAnswerWithNothingWhenItsTimeIsUp() {
        // Given
        CompletableFuture<List<PartitionReadResult>> answer = fetch(1, read(0));

        // When
        fixture.time.advance(WAIT_MS);

        // Then
        assertThat(bytesIn(answer)).isZero();
    }

    @Test
    void shouldAnswerEarlyWhenALaterRequestHasItsAnswer() {
        // Given
        CompletableFuture<List<PartitionReadResult>> answer = fetch(1, read(0));

        // When
        hurry.complete(null);

        // Then
        assertThat(bytesIn(answer)).isZero();
    }

    @Test
    void shouldReturnTheWholeBatchForAnOffsetInsideIt() {
        // Given
        append("one", "two", "three");

        // When
        CompletableFuture<List<PartitionReadResult>> answer = fetch(1, read(2));

        // Then
        assertThat(recordsIn(answer)).isEqualTo(3);
    }

    @Test
    void shouldNotWaitWithAnOffsetThatIsOutOfRange() {
        // When
        CompletableFuture<List<PartitionReadResult>> answer = fetch(1, read(5));

        // Then
        assertThat(answer.join().get(0).error()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
    }

    @Test
    void shouldRefuseOtherLeaderEpochs() {
        // When // Then
        assertThat(errorWithEpoch(LEADER_EPOCH - 1)).isEqualTo(ErrorCode.FENCED_LEADER_EPOCH);
        assertThat(errorWithEpoch(LEADER_EPOCH + 1)).isEqualTo(ErrorCode.UNKNOWN_LEADER_EPOCH);
    }

    @Test
    void shouldNameTheErrorOfAPartitionThatIsNotHere() {
        // When
        CompletableFuture<List<PartitionReadResult>> answer = fetch(
                1, new PartitionRead(new TopicPartition("nothing", 0), Uuid.ZERO, 0, MANY_BYTES, NO_EPOCH, NO_EPOCH));

        // Then
        assertThat(answer.join().get(0).error()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void shouldEndTheWaitWhenTheTopicIsDeleted() {
        // Given
        CompletableFuture<List<PartitionReadResult>> answer = fetch(1, read(0));

        // When
        fixture.removeTopic(TOPIC_ID);

        // Then
        assertThat(answer.join().get(0).error()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void shouldReturnOneBatchHoweverLittleIsAllowed() {
        // Given
        append("one");
        append("two");
        PartitionRead tiny = new PartitionRead(new TopicPartition("events", 0), TOPIC_ID, 0, 1, NO_EPOCH, NO_EPOCH);

        // When
        CompletableFuture<List<PartitionReadResult>> answer = fetch(1, tiny);

        // Then
        assertThat(bytesIn(answer)).isEqualTo(batch("one").remaining());
    }

    @Test
    void shouldAnswerForTheOthersWhenOnePartitionCannotBeRead() throws Exception {
        // Given
        Uuid otherId = new Uuid(4, 4);
        fixture.createTopic("other", otherId, ReplicationFixture.NODE);
        append("one");
        append(fixture.partition("other"), "lost");
        fixture.close();
        fixture = new ReplicationFixture(directory);
        fixture.createTopic("events", TOPIC_ID, ReplicationFixture.NODE);
        fixture.createTopic("other", otherId, ReplicationFixture.NODE);
        fetcher = new Fetcher(fixture.partitions, fixture.disk, fixture.time);
        fixture.partition("events").open().toCompletableFuture().join();
        fixture.partition("other").open().toCompletableFuture().join();
        Files.write(directory.resolve("other-0/00000000000000000000.log"), new byte[0]);
        TopicPartition other = new TopicPartition("other", 0);

        // When
        List<PartitionReadResult> results = fetch(
                        1, read(0), new PartitionRead(other, otherId, 0, MANY_BYTES, NO_EPOCH, NO_EPOCH))
                .join();

        // Then
        assertThat(results)
                .extracting(PartitionReadResult::error)
                .containsExactly(ErrorCode.NONE, ErrorCode.KAFKA_STORAGE_ERROR);
        results.forEach(result -> result.records().release());
    }

    @Test
    void shouldAnswerWhateverBreaks() {
        // Given
        Scheduler broken = (delayMs, task) -> {
            throw new IllegalStateException("no timer");
        };
        fetcher = new Fetcher(fixture.partitions, fixture.disk, broken);
        fixture.partition("events").open().toCompletableFuture().join();

        // When // Then
        assertThat(fetch(1, read(0))).isCompletedExceptionally();
    }

    private ErrorCode errorWithEpoch(int epoch) {
        PartitionRead read =
                new PartitionRead(new TopicPartition("events", 0), TOPIC_ID, 0, MANY_BYTES, epoch, NO_EPOCH);
        return fetch(1, read).join().get(0).error();
    }

    private static PartitionRead read(long offset) {
        return new PartitionRead(new TopicPartition("events", 0), TOPIC_ID, offset, MANY_BYTES, NO_EPOCH, NO_EPOCH);
    }

    private CompletableFuture<List<PartitionReadResult>> fetch(int minBytes, PartitionRead... reads) {
        FetchParams params = new FetchParams(minBytes, MANY_BYTES, WAIT_MS, false);
        return fetcher.fetch(params, List.of(reads), hurry, Runnable::run).toCompletableFuture();
    }

    private void append(String... values) {
        append(fixture.partition("events"), values);
    }

    private static void append(Partition partition, String... values) {
        partition
                .append(batch(values), Acks.LEADER, WAIT_MS, AppendOrigin.CLIENT)
                .toCompletableFuture()
                .join();
    }

    private static int bytesIn(CompletableFuture<List<PartitionReadResult>> answer) {
        PartitionReadResult result = answer.join().get(0);
        int bytes = result.records().sizeInBytes();
        result.records().release();
        return bytes;
    }

    private static int recordsIn(CompletableFuture<List<PartitionReadResult>> answer) {
        PartitionReadResult result = answer.join().get(0);
        int count = RecordBatch.at(result.records().toBuffer(), 0).count();
        result.records().release();
        return count;
    }
}
