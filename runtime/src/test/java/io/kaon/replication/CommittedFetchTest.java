// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import static io.kaon.replication.ReplicationFixture.TOPIC_ID;
import static io.kaon.replication.ReplicationFixture.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.TopicPartition;
import io.kaon.record.BatchReader;
import io.kaon.record.ControlRecordType;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.storage.AppendOrigin;
import io.kaon.storage.AppendResult;
import io.kaon.storage.Appended;
import io.kaon.storage.producer.TransactionMarker;
import io.kaon.storage.segment.AbortedTransaction;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommittedFetchTest {
    private static final int WAIT_MS = 500;
    private static final int MANY_BYTES = 1 << 20;
    private static final int NO_EPOCH = -1;
    private static final long PRODUCER = 7;

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
    void shouldReadUpToTheFirstOpenTransactionOnly() {
        // Given
        append(batch("before"));
        append(ofTransaction(0));
        append(batch("behind"));

        // When
        PartitionReadResult committed = fetch(1, true).join().get(0);
        PartitionReadResult all = fetch(1, false).join().get(0);

        // Then
        assertThat(batchesIn(committed)).isEqualTo(1);
        assertThat(committed.lastStableOffset()).isEqualTo(1);
        assertThat(committed.highWatermark()).isEqualTo(3);
        assertThat(batchesIn(all)).isEqualTo(3);
        assertThat(all.abortedTransactions()).isEmpty();
    }

    @Test
    void shouldWakeWhenTheMarkerEndsTheTransaction() {
        // Given
        append(ofTransaction(0));
        append(batch("behind"));
        CompletableFuture<List<PartitionReadResult>> answer = fetch(1, true);
        assertThat(answer).isNotDone();

        // When
        append(marker(ControlRecordType.COMMIT));

        // Then
        assertThat(batchesIn(answer.join().get(0))).isEqualTo(3);
    }

    @Test
    void shouldNotCountWhatItMayNotReturn() {
        // Given
        append(batch("before"));
        append(ofTransaction(0));
        int oneBatch = batch("before").remaining();

        // When
        CompletableFuture<List<PartitionReadResult>> enough = fetch(oneBatch, true);
        CompletableFuture<List<PartitionReadResult>> tooMuch = fetch(oneBatch + 1, true);

        // Then
        assertThat(batchesIn(enough.join().get(0))).isEqualTo(1);
        assertThat(tooMuch).isNotDone();
        hurry.complete(null);
        tooMuch.join().get(0).records().release();
    }

    @Test
    void shouldNameTheAbortedTransactionsToReadersOfCommittedRecordsOnly() {
        // Given
        append(ofTransaction(0));
        append(marker(ControlRecordType.ABORT));

        // When
        PartitionReadResult committed = fetch(1, true).join().get(0);
        PartitionReadResult all = fetch(1, false).join().get(0);

        // Then
        assertThat(committed.abortedTransactions()).containsExactly(new AbortedTransaction(PRODUCER, 0, 1, 2));
        assertThat(all.abortedTransactions()).isEmpty();
        committed.records().release();
        all.records().release();
    }

    private static ByteBuffer ofTransaction(int sequence) {
        return RecordBatchBuilder.uncompressed()
                .producer(PRODUCER, (short) 0, sequence)
                .transactional()
                .append(1_000, null, new byte[] {1})
                .build();
    }

    private static ByteBuffer marker(ControlRecordType type) {
        return new TransactionMarker(PRODUCER, (short) 0, type, 0).toBatch(1_000);
    }

    private void append(ByteBuffer records) {
        AppendResult result = fixture.partition("events")
                .append(records, Acks.ALL, WAIT_MS, AppendOrigin.COORDINATOR)
                .toCompletableFuture()
                .join();
        assertThat(result).isInstanceOf(Appended.class);
    }

    private CompletableFuture<List<PartitionReadResult>> fetch(int minBytes, boolean readCommitted) {
        FetchParams params = new FetchParams(minBytes, MANY_BYTES, WAIT_MS, readCommitted);
        PartitionRead read =
                new PartitionRead(new TopicPartition("events", 0), TOPIC_ID, 0, MANY_BYTES, NO_EPOCH, NO_EPOCH);
        return fetcher.fetch(params, List.of(read), hurry, Runnable::run).toCompletableFuture();
    }

    private static int batchesIn(PartitionReadResult result) {
        int count = BatchReader.split(result.records().toBuffer()).batches().size();
        result.records().release();
        return count;
    }
}
