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
import io.kaon.record.RecordBatchBuilder;
import io.kaon.storage.AppendOrigin;
import io.kaon.storage.CompactionOptions;
import io.kaon.storage.LogOptions;
import io.kaon.storage.RetentionOptions;
import io.kaon.storage.SegmentOptions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
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
    void shouldNotWaitLongerThanAskedForALogThatOpens() {
        // Given
        fixture.holdBlockingWork();
        CompletableFuture<List<PartitionReadResult>> answer = fetch(1, read(0));
        assertThat(answer).isNotDone();

        // When
        fixture.time.advance(WAIT_MS);

        // Then
        assertThat(answer.join().get(0).error()).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        fixture.release();
    }

    @Test
    void shouldWaitALittleForALogThatOpensEvenIfTheClientWouldNot() {
        // Given
        append("one");
        reopen();
        fixture.holdBlockingWork();
        FetchParams noWait = new FetchParams(1, MANY_BYTES, 0, false);
        CompletableFuture<List<PartitionReadResult>> answer =
                fetcher.fetch(noWait, List.of(read(0)), hurry, Runnable::run).toCompletableFuture();
        assertThat(answer).isNotDone();

        // When
        fixture.release();

        // Then
        assertThat(recordsIn(answer)).isEqualTo(1);
    }

    @Test
    void shouldNotWaitForALogThatOpensWhenALaterRequestHasItsAnswer() {
        // Given
        fixture.holdBlockingWork();
        CompletableFuture<List<PartitionReadResult>> answer = fetch(1, read(0));

        // When
        hurry.complete(null);

        // Then
        assertThat(answer.join().get(0).error()).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        fixture.release();
    }

    @Test
    void shouldReturnLittleAtATimeOfWhatMayHaveToComeFromTheDisk() {
        // Given
        String large = "x".repeat(1_000_000);
        for (int count = 0; count < 6; count++) {
            append(large);
        }
        reopen();
        int sixBatches = 6 * batch(large).remaining();

        // When
        int usual = bytesIn(fetch(new FetchParams(1, 2 * sixBatches, WAIT_MS, false), all(sixBatches)));
        int insisted = bytesIn(fetch(new FetchParams(sixBatches, 2 * sixBatches, WAIT_MS, false), all(sixBatches)));

        // Then
        assertThat(usual).isEqualTo(FetchSnapshot.MAX_COLD_BYTES);
        assertThat(insisted).isEqualTo(sixBatches);
    }

    @Test
    void shouldReadTheNewFilesWhenTheLogIsCompactedUnderARead() {
        // Given
        LogOptions compacted = LogOptions.DEFAULT
                .withRetention(new RetentionOptions(false, true, -1, -1, 0))
                .withSegments(new SegmentOptions(100, Long.MAX_VALUE, 1 << 20, 100))
                .withCompaction(new CompactionOptions(0, Long.MAX_VALUE, 0, 0));
        fixture.settings = compacted;
        for (int count = 0; count < 10; count++) {
            append(keyed("key", "value " + count));
        }
        reopen();
        fixture.settings = compacted.withSegments(SegmentOptions.DEFAULT);
        Deque<Runnable> coldReads = new ArrayDeque<>();
        fetcher = new Fetcher(fixture.partitions, coldReads::add, fixture.time);
        CompletableFuture<List<PartitionReadResult>> answer = fetch(1, read(0));
        fixture.compact();
        fixture.time.advance(10_000);
        assertThat(directory.resolve("events-0/00000000000000000001.log")).doesNotExist();

        // When
        coldReads.remove().run();

        // Then
        assertThat(answer.join().get(0).error()).isEqualTo(ErrorCode.NONE);
        assertThat(recordsIn(answer)).isEqualTo(1);
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

    private static PartitionRead all(int maxBytes) {
        return new PartitionRead(new TopicPartition("events", 0), TOPIC_ID, 0, maxBytes, NO_EPOCH, NO_EPOCH);
    }

    /** The next life of the broker, to which nothing is hot. */
    private void reopen() {
        fixture.close();
        fixture = new ReplicationFixture(directory);
        fixture.createTopic("events", TOPIC_ID, ReplicationFixture.NODE);
        fetcher = new Fetcher(fixture.partitions, fixture.disk, fixture.time);
    }

    private CompletableFuture<List<PartitionReadResult>> fetch(int minBytes, PartitionRead... reads) {
        return fetch(new FetchParams(minBytes, MANY_BYTES, WAIT_MS, false), reads);
    }

    private CompletableFuture<List<PartitionReadResult>> fetch(FetchParams params, PartitionRead... reads) {
        return fetcher.fetch(params, List.of(reads), hurry, Runnable::run).toCompletableFuture();
    }

    private void append(String... values) {
        append(fixture.partition("events"), values);
    }

    private static ByteBuffer keyed(String key, String value) {
        return RecordBatchBuilder.uncompressed()
                .append(1_000_000, key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private static void append(Partition partition, String... values) {
        append(partition, batch(values));
    }

    private void append(ByteBuffer batch) {
        append(fixture.partition("events"), batch);
    }

    private static void append(Partition partition, ByteBuffer batch) {
        partition
                .append(batch, Acks.LEADER, WAIT_MS, AppendOrigin.CLIENT)
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
